//! crontab.

use std::fs;

use everlit_schedule::{Job, JobError, Scheduler};

use crate::{accepts, ask, job, names, refuses, render, text, words_of, write};

fn block(job: &Job) -> Result<String, JobError> {
    Scheduler::Cron.render(job).map(|mut files| files.remove(0).text)
}

#[test]
fn debians_crontab_accepts_the_block_of_any_folder() {
    let scratch = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for folder in names::many() {
        all += &block(&job(&folder)).unwrap();
    }
    let file = scratch.path().join("all.cron");
    fs::write(&file, &all).unwrap();
    accepts("crontab", &["-n".as_ref(), file.as_ref()]);
    fs::write(&file, all.replacen(" * * * ", " * 13 * ", 1)).unwrap();
    assert!(refuses("crontab", &["-n".as_ref(), file.as_ref()]), "a validator that accepts anything is useless");
}

#[test]
fn cron_hands_the_intended_command_to_sh() {
    for folder in names::many() {
        let job = job(&folder);
        let block = block(&job).unwrap();
        let line = block.lines().find(|line| !line.starts_with('#')).unwrap();
        let mut fields = line.splitn(6, ' ');
        let (minute, hour) = (fields.next().unwrap(), fields.next().unwrap());
        assert_eq!((minute.parse(), hour.parse()), (Ok(job.time().minute()), Ok(job.time().hour())));
        assert!(fields.by_ref().take(3).all(|field| field == "*"));
        let command = fields.next().unwrap();
        for (cron, command) in
            [("Debian's", debian(command)), ("Vixie's", vixie(command)), ("BusyBox", command.to_owned())]
        {
            let mut message = words_of(&command);
            assert_eq!(message.remove(0), "PATH=/usr/local/bin:/usr/bin:/bin");
            assert_eq!(message, job.argv(), "{cron} cron, {line}");
        }
    }
}

/// crontab(5): the first `%` that has no backslash before it ends the command; a backslash before `%` goes.
fn debian(command: &str) -> String {
    let mut read = String::new();
    let mut rest = command.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if rest.peek() == Some(&'%') => read.extend(rest.next()),
            '%' => break,
            c => read.push(c),
        }
    }
    read
}

/// Older ones also make one backslash of two.
fn vixie(command: &str) -> String {
    let mut read = String::new();
    let mut rest = command.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if matches!(rest.peek(), Some('%' | '\\')) => read.extend(rest.next()),
            // What follows has no special meaning.
            '\\' => {
                read.push(c);
                read.extend(rest.next());
            }
            '%' => break,
            c => read.push(c),
        }
    }
    read
}

#[test]
fn a_line_longer_than_cron_reads_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let of = |len: usize| Job::new("/bin/true".as_ref(), format!("/{}", "a".repeat(len)).as_ref(), "web1").unwrap();
    let fits = (1..1000).rev().find(|&len| block(&of(len)).is_ok()).unwrap();
    let longest = write(scratch.path(), &render(Scheduler::Cron, &of(fits)));
    accepts("crontab", &["-n".as_ref(), longest[0].as_ref()]);
    let error = block(&of(fits + 1)).unwrap_err();
    assert!(matches!(error, JobError::TooLong { scheduler: Scheduler::Cron, .. }));
    assert!(error.to_string().contains("shorten the paths"), "{error}");

    // crontab refuses it, too.
    let text_of_longest = fs::read_to_string(&longest[0]).unwrap();
    fs::write(&longest[0], text_of_longest.replacen("/aaa", "/aaaaaaa", 1)).unwrap();
    let ended = ask("crontab", &["-n".as_ref(), longest[0].as_ref()]);
    assert!(!ended.status.success(), "{}", text(&ended));
}
