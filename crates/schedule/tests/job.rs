//! Which jobs are possible, and their names.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use everlit_schedule::{HostedMachine, Job, JobError, Scheduler};
use proptest::prelude::*;

fn of(folder: &str) -> Result<Job, JobError> {
    Job::new("/usr/bin/everlit".as_ref(), folder.as_ref(), "web1")
}

#[test]
fn the_label_names_the_folder_and_is_unique_to_its_path() {
    assert_eq!(of("/srv/Bäckerei Müller (alt)").unwrap().label(), "everlit-b-ckerei-m-ller-alt-dfa024e4");
    let (one, other) = (of("/srv/a/site").unwrap(), of("/srv/b/site").unwrap());
    assert!(one.label().starts_with("everlit-site-") && one.label() != other.label());
    assert!(of("/").unwrap().label().starts_with("everlit-site-"));
    assert_eq!(of("/srv/site/").unwrap(), of("/srv/site").unwrap());
    let windows = Job::new(r"C:\everlit.exe".as_ref(), r"\\?\D:\Kunden\Shop".as_ref(), "PC7").unwrap();
    assert!(windows.label().starts_with("everlit-shop-") && windows.folder() == r"D:\Kunden\Shop");
}

#[test]
fn flags_come_before_the_command() {
    let job = of("/srv/site").unwrap().with_flags(vec!["--account".to_owned(), "shop".to_owned()]).unwrap();
    let message = ["/usr/bin/everlit", "-C", "/srv/site", "--account", "shop", "refresh", "--quiet", "--no-input"];
    assert_eq!(job.argv(), message);
}

#[test]
fn what_no_scheduler_can_handle_is_refused() {
    let said = |folder: &str| of(folder).unwrap_err().to_string();
    assert_eq!(said("site"), "the project folder must be an absolute path, not `site`");
    assert_eq!(
        said("/srv/two\nlines"),
        "the project folder contains a line break (U+000A), which schedulers cannot handle"
    );
    for invisible in ['\0', '\r', '\t', '\u{7f}', '\u{85}', '\u{2028}', '\u{FEFF}', '\u{FFFE}', '\u{1FFFF}'] {
        assert!(said(&format!("/srv/{invisible}")).contains(&format!("U+{:04X}", u32::from(invisible))));
    }
    let job = of("/srv/site").unwrap();
    assert!(matches!(job.clone().with_flags(vec!["a\nb".to_owned()]), Err(JobError::BadCharacter { .. })));
    for user in ["", "-ada", "a:b", "ada ", "a%b", "a\nb"] {
        assert_eq!(job.clone().with_user(user), Err(JobError::BadUser(user.to_owned())));
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_not_unicode_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let folder = std::ffi::OsStr::from_bytes(b"/srv/\xff");
    let error = Job::new("/usr/bin/everlit".as_ref(), folder.as_ref(), "web1").unwrap_err();
    assert_eq!(error.to_string(), "the project folder is not Unicode text (/srv/\u{fffd})");
}

#[test]
fn every_file_says_how_many_runs_may_be_missed() {
    use Scheduler::{AwsLambda, Cloudflare, ComposeService, KubernetesService, Netlify, SystemdService, Vercel};
    let machine = HostedMachine { has_sources: true, ..HostedMachine::default() };
    let job = of("/srv/site").unwrap().with_user("ada").unwrap().on_hosted_machine(machine);
    let vault = job.clone().of_vault(true);
    // A service does not run: it keeps running.
    let services = [SystemdService, ComposeService, KubernetesService];
    for scheduler in Scheduler::ALL.into_iter().filter(|scheduler| !services.contains(scheduler)) {
        let files = scheduler.render(&job).unwrap();
        assert!(
            files.iter().any(|file| file.text.contains("due with 30 left, so ") && file.text.contains("29 ")),
            "{scheduler}"
        );
        let of_vault = scheduler.render(&vault).unwrap();
        let says = |text: &str| of_vault.iter().any(|file| file.text.contains(text));
        assert!(says("due with 20 to 40 left, so ") && says("19 ") && !says("29 "), "{scheduler}");
        // The names that these look for.
        let is_named_by_platform = [AwsLambda, Vercel, Netlify, Cloudflare].contains(&scheduler);
        let is_named = |name: &str| is_named_by_platform || name.starts_with(job.label());
        assert!(files.iter().all(|file| is_named(&file.name) && file.text.ends_with('\n')));
        assert_eq!(Scheduler::from_name(scheduler.name()), Some(scheduler));
    }
}

proptest! {
    #[test]
    fn a_label_is_valid_for_every_scheduler(name in "[^\0/]{1,300}") {
        if let Ok(job) = of(&format!("/srv/{name}")) {
            let label = job.label();
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            // Kubernetes accepts 52 characters for a CronJob, and no `-` at an end.
            prop_assert!(label.len() <= 47 && label.chars().all(fits) && !label.contains("--"), "{}", label);
        }
    }

    #[test]
    fn any_folder_is_a_job_or_is_refused_and_no_format_breaks_on_it(folder in "\\PC{0,60}") {
        if let Ok(job) = of(&format!("/{folder}")) {
            for scheduler in Scheduler::ALL {
                if let Ok(files) = scheduler.render(&job) {
                    prop_assert!(!files.is_empty());
                }
            }
        }
    }
}

#[test]
fn a_windows_path_is_refused_for_schedulers_of_unix() {
    let job = Job::new(r"C:\tools\everlit.exe".as_ref(), r"C:/sites\shop".as_ref(), "pc").unwrap();
    let job = job.with_user("ada").unwrap();
    for scheduler in [Scheduler::Cron, Scheduler::SystemdSystem, Scheduler::SystemdUser, Scheduler::Launchd] {
        assert_eq!(scheduler.render(&job), Err(JobError::WindowsPath(scheduler)));
    }
    let [windows, compose] = [Scheduler::Windows, Scheduler::Compose].map(|scheduler| scheduler.render(&job));
    assert!(windows.is_ok() && compose.is_ok());
}
