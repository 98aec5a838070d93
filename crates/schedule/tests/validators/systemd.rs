//! systemd units, system and user.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use everlit_schedule::{Job, JobError, Scheduler};

use crate::{PROGRAM, accepts, job, names, refuses, render, text, words_of, write};

/// Runs `systemd-analyze verify` on all units in the folder. It needs a runtime folder, which a test does not have.
fn verify(folder: &Path, manager: &str) -> (bool, String) {
    let units: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    let run = folder.join("run");
    fs::create_dir_all(&run).unwrap();
    let mut command = Command::new("systemd-analyze");
    command.args([manager, "verify", "--man=no"]).args(units);
    command.env("XDG_RUNTIME_DIR", run).env("SYSTEMD_LOG_LEVEL", "debug").env("LC_ALL", "C.UTF-8");
    let ended = command
        .output()
        .unwrap_or_else(|error| panic!("cannot run systemd-analyze ({error}): tools/setup-tests.sh installs it"));
    (ended.status.success(), text(&ended))
}

#[test]
fn systemd_reads_the_intended_command_and_folder() {
    for (scheduler, manager) in [(Scheduler::SystemdSystem, "--system"), (Scheduler::SystemdUser, "--user")] {
        let scratch = tempfile::tempdir().unwrap();
        let jobs: BTreeMap<String, Job> =
            names::many().iter().map(|folder| job(folder)).map(|job| (job.label().to_owned(), job)).collect();
        for job in jobs.values() {
            write(scratch.path(), &render(scheduler, job));
        }
        let (well, said) = verify(scratch.path(), manager);
        let complaints: Vec<&str> = said.lines().filter(|line| complains(line)).collect();
        assert!(well && complaints.is_empty(), "{manager} well: {well}\n{}", complaints.join("\n"));

        let mut seen = 0;
        for unit in said.split("-> Unit ").skip(1) {
            let name = unit.split(":\n").next().unwrap();
            let Some(job) = name.strip_suffix(".service").and_then(|label| jobs.get(label)) else { continue };
            let command = unit.lines().find_map(|line| line.trim().strip_prefix("Command Line: ")).unwrap();
            // The dump shows the line before variables are expanded; `$$` is a dollar sign (systemd.service(5)).
            let message: Vec<String> = words_of(command).iter().map(|word| word.replace("$$", "$")).collect();
            assert_eq!(message, job.argv(), "{command}");
            if scheduler == Scheduler::SystemdSystem && !job.folder().starts_with("/home") {
                let lines = || unit.lines().map(str::trim_start);
                let written = lines().find_map(|line| line.strip_prefix("ReadWritePaths: "));
                assert_eq!(written, Some(job.folder()), "{name}");
            }
            seen += 1;
        }
        assert_eq!(seen, jobs.len());
    }
}

/// Whether a log line complains about our unit. Some system calls in systemd's own lists are newer than the kernel headers.
fn complains(line: &str) -> bool {
    let about_ours = line.contains(".service:") || line.contains(".timer:");
    let bad = ["Unknown", "Failed to parse", "Invalid", "ignoring", "not absolute", "not executable", "bad-setting"];
    about_ours
        && line.contains("everlit-")
        && bad.iter().any(|word| line.contains(word))
        && !line.contains("Failed to parse system call")
}

#[test]
fn systemd_complains_about_a_misspelt_setting() {
    let scratch = tempfile::tempdir().unwrap();
    let files = write(scratch.path(), &render(Scheduler::SystemdSystem, &job("/srv/bakery")));
    let text = fs::read_to_string(&files[0]).unwrap();
    fs::write(&files[0], text.replace("ProtectClock", "ProtectClok")).unwrap();
    let (_, said) = verify(scratch.path(), "--system");
    assert!(said.lines().any(complains), "a validator that accepts anything is useless");
}

#[test]
fn a_system_unit_has_an_exposure_of_at_most_15() {
    for folder in ["/srv/bakery", "/home/ada/site", "/root", "/run/user/1000/site", "/tmp/site"] {
        for program in ["/usr/bin/everlit", "/home/ada/bin/everlit"] {
            let scratch = tempfile::tempdir().unwrap();
            let job = Job::new(program.as_ref(), folder.as_ref(), "web1").unwrap().with_user("ada").unwrap();
            let files = write(scratch.path(), &render(Scheduler::SystemdSystem, &job));
            let said = accepts(
                "systemd-analyze",
                &["security".as_ref(), "--offline=true".as_ref(), "--threshold=15".as_ref(), files[0].as_ref()],
            );
            assert!(said.contains("Overall exposure level"), "{said}");
        }
    }
    let scratch = tempfile::tempdir().unwrap();
    let files = write(scratch.path(), &render(Scheduler::SystemdUser, &job("/srv/bakery")));
    assert!(refuses(
        "systemd-analyze",
        &["security".as_ref(), "--offline=true".as_ref(), "--threshold=15".as_ref(), files[0].as_ref()]
    ));
}

#[test]
fn a_home_is_hidden_but_for_the_project_and_the_program() {
    let unit = |program: &str, folder: &str| {
        let job = Job::new(program.as_ref(), folder.as_ref(), "web1").unwrap().with_user("ada").unwrap();
        render(Scheduler::SystemdSystem, &job.also_writing(&["/etc/site".as_ref()]).unwrap()).remove(0).text
    };
    let outside = unit("/usr/bin/everlit", "/srv/site");
    assert!(
        outside.contains("\nReadWritePaths=/srv/site\nReadWritePaths=-/etc/site\nProtectHome=yes\nPrivateTmp=yes\n"),
        "{outside}"
    );
    let inside = unit("/home/ada/bin/everlit", "/home/ada/my site");
    assert!(
        inside.contains(
            "\nProtectHome=tmpfs\nBindPaths=\"/home/ada/my site\"\nBindReadOnlyPaths=/home/ada/bin/everlit\n"
        ),
        "{inside}"
    );
    let with_it = unit("/home/ada/site/node_modules/.bin/everlit", "/home/ada/site");
    assert!(with_it.contains("\nBindPaths=/home/ada/site\nPrivateTmp=yes\n"), "{with_it}");
    let reads = Job::new("/usr/bin/everlit".as_ref(), "/srv/site".as_ref(), "web1").unwrap().with_user("ada").unwrap();
    let reads = reads.also_reading(&["/home/ada/ca.pem".as_ref(), "/etc/ca.pem".as_ref()]).unwrap();
    let reads = render(Scheduler::SystemdSystem, &reads).remove(0).text;
    assert!(reads.contains("\nProtectHome=tmpfs\nBindReadOnlyPaths=-/home/ada/ca.pem\nPrivateTmp=yes\n"), "{reads}");
    let program_only = unit("/home/ada/bin/everlit", "/srv/site");
    assert!(program_only.contains("\nProtectHome=tmpfs\nBindReadOnlyPaths=/home/ada/bin/everlit\n"), "{program_only}");
    assert!(!unit("/usr/bin/everlit", "/tmp/site").contains("PrivateTmp"), "the project is in the machine's /tmp");
    assert!(unit("/usr/bin/everlit", "/homely/site").contains("ReadWritePaths=/homely/site\n"));
}

#[test]
fn the_timer_fires_once_on_each_of_the_next_days() {
    let job = job("/srv/bakery");
    let timer = &render(Scheduler::SystemdSystem, &job)[1].text;
    let expression = timer.lines().find_map(|line| line.strip_prefix("OnCalendar=")).unwrap();
    let said = accepts("systemd-analyze", &["calendar".as_ref(), "--iterations=40".as_ref(), expression.as_ref()]);
    let time = format!(" {}:00 ", job.time());
    let mut days: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("Next elapse: ") || line.contains("Iter. #") || line.contains("Iteration #"))
        .map(|line| line.split_once(": ").unwrap().1)
        .inspect(|line| assert!(line.contains(&time), "{line}"))
        .collect();
    let all = days.len();
    days.dedup();
    assert_eq!((all, days.len()), (40, 40), "{said}");
}

#[test]
fn a_missing_user_or_an_unstartable_program_is_refused() {
    let job = Job::new(PROGRAM.as_ref(), "/srv/bakery".as_ref(), "web1").unwrap();
    assert_eq!(Scheduler::SystemdSystem.render(&job), Err(JobError::UserMissing(Scheduler::SystemdSystem)));
    assert!(Scheduler::SystemdUser.render(&job).is_ok());
    for program in ["/opt/$x/everlit", "/opt/it's/everlit", "/opt/\"x\"/everlit", "/opt/a\\b/everlit"] {
        let job = Job::new(program.as_ref(), "/srv/bakery".as_ref(), "web1").unwrap();
        assert!(matches!(Scheduler::SystemdUser.render(&job), Err(JobError::Unwritable { .. })), "{program}");
    }
    assert!(matches!(
        job.with_user("SHOP\\ada").map(|job| Scheduler::SystemdSystem.render(&job)),
        Ok(Err(JobError::BadUser(_)))
    ));
}

#[test]
fn a_program_with_an_odd_name_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let program = scratch.path().join("a b & 50% %h é; c");
    fs::copy(PROGRAM, &program).unwrap();
    let job = Job::new(&program, "/srv/bakery".as_ref(), "web1").unwrap();
    let units = scratch.path().join("units");
    fs::create_dir(&units).unwrap();
    write(&units, &render(Scheduler::SystemdUser, &job));
    // systemd refuses a program that does not exist or is not executable.
    let (well, said) = verify(&units, "--user");
    assert!(well, "{said}");
    fs::remove_file(&program).unwrap();
    assert!(!verify(&units, "--user").0);
}
