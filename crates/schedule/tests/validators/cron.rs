//! crontab.

use std::fs;

use everlit_schedule::{Job, JobError, Scheduler, cron};

use crate::{accepts, ask, job, names, refuses, render, text, words_of, write};

#[test]
fn debians_crontab_takes_the_block_whatever_the_folder_is_called() {
    let scratch = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for folder in names::many() {
        all += &cron::block(&job(&folder)).unwrap();
    }
    let file = scratch.path().join("all.cron");
    fs::write(&file, &all).unwrap();
    accepts("crontab", &["-n".as_ref(), file.as_ref()]);
    fs::write(&file, all.replacen(" * * * ", " * 13 * ", 1)).unwrap();
    assert!(refuses("crontab", &["-n".as_ref(), file.as_ref()]), "a judge that takes anything is none");
}

#[test]
fn what_cron_hands_to_sh_is_the_command_that_was_meant() {
    for folder in names::many() {
        let job = job(&folder);
        let block = cron::block(&job).unwrap();
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
            // Whatever follows has no meaning to it.
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
fn a_block_is_put_in_replaced_and_taken_out_and_every_other_line_stays() {
    let own = "MAILTO=ada@example.org\n# BEGIN something else\n0 4 * * 1 backup\n";
    let shop = job("/srv/shop");
    let bakery = job("/srv/bakery");
    for before in [own.to_owned(), own.trim_end().to_owned(), String::new()] {
        let with_both = cron::with_block(&cron::with_block(&before, &shop).unwrap(), &bakery).unwrap();
        assert_eq!(cron::with_block(&with_both, &shop).unwrap(), with_both, "twice is once");
        assert_eq!(cron::find_block(&with_both, bakery.label()), Some(&*cron::block(&bakery).unwrap()));

        let later = shop.clone().at(everlit_schedule::TimeOfDay::new(23, 58).unwrap());
        let moved = cron::with_block(&with_both, &later).unwrap();
        assert!(moved.contains("\n58 23 * * * ") && moved.lines().count() == with_both.lines().count());

        let without = cron::without_block(&moved, shop.label()).unwrap();
        let without = cron::without_block(&without, bakery.label()).unwrap();
        assert_eq!(without.trim_end(), before.trim_end());
        assert_eq!(cron::without_block(&without, shop.label()), None);
    }
}

#[test]
fn a_mark_without_its_partner_is_no_block() {
    let block = cron::block(&job("/srv/shop")).unwrap();
    let (label, lines) = (job("/srv/shop").label().to_owned(), block.lines().count());
    let without_end: String = block.split_inclusive('\n').take(lines - 1).collect();
    assert_eq!(cron::find_block(&without_end, &label), None);
    let twice = format!("{without_end}0 4 * * 1 backup\n{block}");
    assert_eq!(cron::without_block(&twice, &label), Some(format!("{without_end}0 4 * * 1 backup\n")));
}

#[test]
fn a_line_that_is_longer_than_cron_reads_is_refused_and_the_longest_is_taken() {
    let scratch = tempfile::tempdir().unwrap();
    let of = |len: usize| Job::new("/bin/true".as_ref(), format!("/{}", "a".repeat(len)).as_ref(), "web1").unwrap();
    let fits = (1..1000).rev().find(|&len| cron::block(&of(len)).is_ok()).unwrap();
    let longest = write(scratch.path(), &render(Scheduler::Cron, &of(fits)));
    accepts("crontab", &["-n".as_ref(), longest[0].as_ref()]);
    let error = cron::block(&of(fits + 1)).unwrap_err();
    assert!(matches!(error, JobError::TooLong { scheduler: Scheduler::Cron, .. }));
    assert!(error.to_string().contains("use a shorter path"), "{error}");

    // What is refused is what crontab would refuse.
    let text_of_longest = fs::read_to_string(&longest[0]).unwrap();
    fs::write(&longest[0], text_of_longest.replacen("/aaa", "/aaaaaaa", 1)).unwrap();
    let ended = ask("crontab", &["-n".as_ref(), longest[0].as_ref()]);
    assert!(!ended.status.success(), "{}", text(&ended));
}
