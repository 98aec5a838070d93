//! `everlit schedule install | show | remove` with a real crontab, real unit files, and scripts in place of the schedulers
//! that cannot run here.
//!
//! The real `crontab` runs in a mount namespace with crontabs of its own, so this machine's do not change.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]
#![allow(clippy::disallowed_methods, reason = "tests create files and users directly")]

mod support;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

use support::machine::{CRONTAB, CronDaemon};
use support::{FAKE_TOKEN, Meta, Project, Run};

/// A project whose token is 10 days old: a run does not call Meta.
fn project() -> Project {
    Project::new().with_metadata(FAKE_TOKEN, 10).verified()
}

/// A machine whose programs are scripts that log their calls.
struct Machine {
    project: Project,
}

impl Machine {
    fn with(project: Project, programs: &[(&str, &str)]) -> Self {
        for (name, script) in programs {
            project.write(&format!("../bin/{name}"), format!("#!/bin/sh\n{script}\n"));
            project.set_mode(&format!("../bin/{name}"), 0o755);
        }
        Self { project }
    }

    fn bin(&self) -> PathBuf {
        self.project.path().parent().unwrap().join("bin")
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let path = format!("{}:/usr/bin:/bin", self.bin().display());
        self.project.everlit(arguments).env("PATH", path).run()
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.bin().join("calls")).unwrap_or_default()
    }
}

fn table(machine: &Machine) -> Vec<u8> {
    fs::read(machine.bin().join("table")).unwrap_or_default()
}

const INSTALL: [&str; 4] = ["schedule", "install", "--with", "cron"];

/// Installs into cron, whatever else this machine has.
fn with_cron(machine: &Machine, more: &[&str]) -> Run {
    machine.run(&[&INSTALL[..], more].concat())
}

#[test]
fn install_verifies_the_job_and_runs_it_as_cron_will() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let run = with_cron(&machine, &[]).ended(0);
    let run = run.says("✓ installed").says("next run").says("test run in the scheduler's environment succeeded");
    run.notes("first install everlit somewhere permanent");
    let text = String::from_utf8(table(&machine)).unwrap();
    assert!(text.starts_with("# BEGIN everlit-site-") && text.contains(" refresh --quiet --no-input\n"), "{text}");
    let shown = machine.run(&["schedule", "show", "--json"]).ended(0).json();
    assert_eq!(shown["schema"], "everlit.schedule/1");
    assert_eq!((&shown["schedules"][0]["scheduler"], &shown["schedules"][0]["works"]), (&"cron".into(), &true.into()));
    assert!(shown["schedules"][0]["next_run_at"].as_str().unwrap().ends_with('Z'), "{shown}");
}

#[test]
fn install_says_once_that_nobody_is_told_without_a_channel() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let said = |run: &Run| run.to_string().matches("nobody is told when a person is needed").count();
    assert_eq!(said(&with_cron(&machine, &[]).ended(0)), 1);
    machine.project.write("everlit.toml", "[notify.ops]\nkind = \"command\"\ncommand = [\"/bin/sh\"]\n");
    assert_eq!(said(&with_cron(&machine, &[]).ended(0)), 0);
}

#[test]
fn a_second_install_or_removal_changes_nothing() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let theirs = b"MAILTO=ada\n0 5 * * * /usr/bin/backup # Gr\xfc\xdfe\n";
    fs::write(machine.bin().join("table"), theirs).unwrap();
    with_cron(&machine, &["--no-run"]).ended(0).says("✓ installed");
    let once = table(&machine);
    assert!(once.starts_with(theirs) && once.len() > theirs.len());
    with_cron(&machine, &["--no-run"]).ended(0).says("already installed");
    assert_eq!(table(&machine), once);
    assert_eq!(machine.calls().matches("crontab -\n").count(), 1, "written once\n{}", machine.calls());
    machine.run(&["schedule", "remove"]).ended(0).says("✓ removed everlit-site-");
    assert_eq!(table(&machine), theirs, "byte for byte");
    machine.run(&["schedule", "remove"]).ended(0).says("no job for this folder is installed");
    machine.run(&["schedule", "show"]).ended(3).says("Next: everlit schedule install");
}

#[test]
fn an_empty_crontab_is_removed() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    with_cron(&machine, &["--no-run"]).ended(0);
    machine.run(&["schedule", "remove"]).ended(0);
    assert!(!machine.bin().join("table").exists());
}

#[test]
fn a_dry_run_prints_the_steps_and_changes_nothing() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let run = with_cron(&machine, &["--dry-run"]).ended(0).says("would run crontab -").notes("nothing is changed");
    run.says("\n# BEGIN everlit-site-").says(" refresh --quiet --no-input\n");
    assert!(table(&machine).is_empty());
}

#[test]
fn changed_flags_update_the_job_in_place() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    with_cron(&machine, &["--no-run"]).ended(0);
    fs::write(machine.bin().join("table"), [table(&machine), b"1 1 * * * after\n".to_vec()].concat()).unwrap();
    with_cron(&machine, &["--no-run", "--threshold-days", "40"]).ended(0).says("✓ updated");
    let text = String::from_utf8(table(&machine)).unwrap();
    assert!(text.contains("--threshold-days 40 refresh") && text.ends_with("1 1 * * * after\n"), "{text}");
    assert_eq!(text.matches("# BEGIN ").count(), 1);
}

#[test]
fn an_edited_job_is_reported_and_kept_without_force() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    with_cron(&machine, &["--no-run"]).ended(0);
    let edited = String::from_utf8(table(&machine)).unwrap().replace(" refresh --quiet", " refresh");
    fs::write(machine.bin().join("table"), &edited).unwrap();
    with_cron(&machine, &[])
        .ended(2)
        .notes("was edited by hand; left unchanged")
        .notes("everlit schedule install --force");
    machine.run(&["schedule", "remove"]).ended(2).notes("everlit schedule remove --force");
    assert_eq!(table(&machine), edited.as_bytes());
    let shown = machine.run(&["schedule", "show"]).ended(3).says("edited by hand: it is no longer what everlit wrote");
    shown.says("Next: everlit schedule install --force");
    with_cron(&machine, &["--no-run", "--force"]).ended(0).says("✓ updated");
    assert!(table(&machine) != edited.as_bytes());
}

#[test]
fn a_pasted_block_is_managed_like_an_installed_one() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let printed = machine.run(&["schedule", "print", "cron"]).ended(0).stdout;
    fs::write(machine.bin().join("table"), &printed).unwrap();
    machine.run(&["schedule", "show"]).ended(0).says("✓ cron");
    with_cron(&machine, &["--no-run"]).ended(0).says("already installed");
    assert_eq!(table(&machine), printed.as_bytes());
}

#[test]
fn doctor_reports_an_edited_job() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let meta = Meta::friendly();
    let doctor = || {
        let path = format!("{}:/usr/bin:/bin", machine.bin().display());
        machine
            .project
            .everlit(&["doctor", "--verbose"])
            .env("PATH", path)
            .env("EVERLIT_META_URL", meta.sandbox.url())
            .run()
    };
    with_cron(&machine, &["--no-run"]).ended(0);
    doctor().says("cron runs it daily; next run");
    let edited = String::from_utf8(table(&machine)).unwrap().replace(" refresh --quiet", " refresh");
    fs::write(machine.bin().join("table"), edited).unwrap();
    doctor().says("the job in cron was edited and is no longer what everlit wrote");
}

#[test]
fn an_edited_line_is_never_called_fine() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    with_cron(&machine, &["--no-run"]).ended(0);
    let written = String::from_utf8(table(&machine)).unwrap();
    let folder = format!("-C {} ", machine.project.path().display());
    let elsewhere = format!("-C {}2 ", machine.project.path().display());
    let line = written.lines().find(|line| line.contains(" refresh ")).unwrap();
    for changed in [line.replace(" refresh ", " refersh "), line.replace(&folder, &elsewhere)] {
        fs::write(machine.bin().join("table"), written.replace(line, &changed)).unwrap();
        let run = machine.run(&["schedule", "show"]).ended(3).says("may not refresh this folder");
        run.says("Next: everlit schedule install --force");
        with_cron(&machine, &["--no-run", "--force"]).ended(0).says("✓ updated");
        assert_eq!(String::from_utf8(table(&machine)).unwrap(), written);
    }
}

#[test]
fn a_block_without_its_end_mark_is_reported_and_repaired() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    with_cron(&machine, &["--no-run"]).ended(0);
    let written = String::from_utf8(table(&machine)).unwrap();
    let mine = "# mine\n0 5 * * * /usr/bin/backup\n";
    let broken: String = written.split_inclusive('\n').filter(|line| !line.starts_with("# END ")).collect();
    fs::write(machine.bin().join("table"), format!("{broken}{mine}")).unwrap();
    let run = machine.run(&["schedule", "show"]).ended(3).says("edited by hand");
    run.says("Next: everlit schedule install --force");
    with_cron(&machine, &["--no-run", "--force"]).ended(0).says("✓ updated");
    assert_eq!(String::from_utf8(table(&machine)).unwrap(), format!("{written}{mine}"));
    fs::write(machine.bin().join("table"), format!("{broken}{mine}")).unwrap();
    machine.run(&["schedule", "remove", "--force"]).ended(0).says("✓ removed");
    assert_eq!(String::from_utf8(table(&machine)).unwrap(), mine);
}

#[test]
fn a_moved_project_keeps_its_job() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    with_cron(&machine, &["--no-run"]).ended(0);
    let before = String::from_utf8(table(&machine)).unwrap();
    let other = machine.project.path().parent().unwrap().join("moved");
    fs::create_dir(&other).unwrap();
    fs::rename(machine.project.path(), other.join("site")).unwrap();
    fs::create_dir(machine.project.path().with_file_name("elsewhere")).unwrap();
    let path = format!("{}:/usr/bin:/bin", machine.bin().display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_everlit"));
    command.env_clear().env("PATH", path).env("HOME", machine.project.home()).current_dir(other.join("site"));
    let ended = command.args(INSTALL).arg("--no-run").output().unwrap();
    support::Call::ended(&ended).ended(0).says("✓ updated").notes("no longer exists");
    let text = String::from_utf8(table(&machine)).unwrap();
    assert!(text.contains("/moved/site") && text.matches("# BEGIN ").count() == 1 && text != before, "{text}");
}

#[test]
fn remove_gone_keeps_the_job_of_this_folder() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    with_cron(&machine, &["--no-run"]).ended(0);
    let only_ours = table(&machine);
    let other = machine.project.path().parent().unwrap().join("other");
    fs::create_dir(&other).unwrap();
    machine.run(&[&["-C", other.to_str().unwrap()], &INSTALL[..], &["--no-run"]].concat()).ended(0);
    fs::remove_dir(&other).unwrap();
    machine.run(&["schedule", "show"]).ended(0).says("no longer exists: everlit schedule remove --gone removes it");
    machine.run(&["schedule", "remove", "--gone"]).ended(0).says("removed everlit-other-");
    assert_eq!(table(&machine), only_ours);
    machine.run(&["schedule", "remove", "--gone"]).ended(0).says("no job for a folder that no longer exists");
    assert_eq!(table(&machine), only_ours);
}

#[test]
fn with_a_stand_in_for_meta_there_is_no_test_run() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let path = format!("{}:/usr/bin:/bin", machine.bin().display());
    let call = machine.project.everlit(&INSTALL).env("PATH", path).env("EVERLIT_META_URL", "http://127.0.0.1:1");
    let run = call.run().ended(0).notes("scheduled runs call the real Meta, so install makes no test run");
    assert!(!run.stdout.contains("test run"), "{run}");
}

#[test]
fn an_older_line_for_the_folder_is_reported_and_kept() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let line = format!("0 2 */30 * * cd {} && npm run refresh-instagram-token\n", machine.project.path().display());
    fs::write(machine.bin().join("table"), &line).unwrap();
    machine.run(&["schedule", "show"]).ended(0).says("a job that everlit did not install runs this").says("0 2 */30");
    with_cron(&machine, &["--no-run"]).ended(0).notes("another job already runs this");
    machine.run(&["schedule", "remove"]).ended(0).says("Next: remove the other job by hand");
    assert_eq!(table(&machine), line.as_bytes());
}

#[test]
fn what_works_in_a_shell_but_not_in_cron_is_found_at_once() {
    let _cron = CronDaemon::started();
    // Only a variable of the shell leads to the token.
    let project = Project::empty().with_file("secrets.env", &format!("MY_TOKEN={FAKE_TOKEN}\n"));
    let machine = Machine::with(project, &[("crontab", CRONTAB)]);
    fs::write(machine.bin().join("table"), "SHELL=/no/such/shell\n").unwrap();
    with_cron(&machine, &[]).ended(2).says("test run in the scheduler's environment could not start");
    fs::write(machine.bin().join("table"), "").unwrap();
    // The missing env file is missing there, too: the run's own exit code comes through.
    let run = with_cron(&machine, &[]).ended(2);
    run.says("environment failed with exit code 2").says("Could not load current token from");
}

#[test]
fn a_user_without_the_right_to_a_crontab_learns_whom_to_ask() {
    let denied = "echo 'You (ada) are not allowed to use this program (crontab)' >&2; exit 1";
    let machine = Machine::with(project(), &[("crontab", denied)]);
    with_cron(&machine, &[]).ended(3).notes("may not have a crontab").notes("/etc/cron.allow");
}

#[test]
fn an_unreadable_crontab_is_never_written() {
    let broken =
        r#"echo "crontab $*" >> "$(dirname "$0")/calls"; echo 'crontabs/ada: fopen: Permission denied' >&2; exit 1"#;
    let machine = Machine::with(project(), &[("crontab", broken)]);
    with_cron(&machine, &["--force"]).ended(3).notes("Permission denied");
    assert!(!machine.calls().contains("crontab -\n"), "{}", machine.calls());
}

#[test]
fn without_any_scheduler_the_next_step_is_watch_or_print() {
    let machine = Machine::with(project(), &[("id", "echo ada")]);
    let path = machine.bin().display().to_string();
    let run = machine.project.everlit(&["schedule", "install"]).env("PATH", path).run();
    run.ended(2)
        .notes("no scheduler found: ")
        .notes("Next: everlit refresh --watch")
        .notes("everlit schedule print --help");
}

#[test]
fn a_program_in_the_npx_cache_is_reported() {
    let _cron = CronDaemon::started();
    for (cache, fix) in
        [(".npm/_npx/0a1b", "npm install --save-dev everlit"), (".cache/pnpm/dlx-12", "pnpm add --save-dev everlit")]
    {
        let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
        let folder = machine.project.home().join(cache).join("node_modules/@everlit/linux-x64/bin");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(env!("CARGO_BIN_EXE_everlit"), folder.join("everlit")).unwrap();
        let path = format!("{}:/usr/bin:/bin", machine.bin().display());
        let program = folder.join("everlit");
        let message = [&[program.to_str().unwrap()], &INSTALL[..]].concat();
        let run = machine.project.command_line(&message).env("PATH", path).run().ended(0);
        run.notes(&format!("{fix}; then install the schedule again")).says(&format!("Next: {fix}"));
    }
}

#[test]
fn check_reads_only_the_crontab_lines_of_this_folder() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB)]);
    let site = machine.project.path();
    let mut text = format!(
        "MAILTO=ada\n0 2 1 * * cd /srv/other && npm run refresh-instagram-token\n0 5 1 * * /usr/bin/backup {0}\n\
         0 2 */30 * * cd {0} && npm run refresh-instagram-token\n",
        site.display()
    );
    fs::write(machine.bin().join("table"), &text).unwrap();
    let run = machine.run(&["schedule", "check"]).ended(3);
    let run = run.says("0 2 */30 * *  crontab of").says(", line 4").says("189 of 1000 sites");
    assert!(!run.stdout.contains("0 2 1 * *") && !run.stdout.contains("0 5 1 * *"), "{}", run.stdout);

    text = text.replace("0 2 */30", "0 26 */30");
    fs::write(machine.bin().join("table"), &text).unwrap();
    machine.run(&["schedule", "check"]).ended(3).notes("cannot read crontab of").notes("line 4, column 3");

    fs::remove_file(machine.bin().join("table")).unwrap();
    with_cron(&machine, &["--no-run"]).ended(0);
    let checked = machine.run(&["schedule", "check", "--json"]).ended(0).json();
    assert_eq!((checked["schedules"].as_array().unwrap().len(), &checked["unreadable"]), (1, &serde_json::json!([])));
    let ours = &checked["schedules"][0];
    assert_eq!(
        (&ours["safe"], &ours["runs_a_year"], &ours["warnings"]),
        (&true.into(), &365.into(), &serde_json::json!([]))
    );
}

#[test]
fn check_reports_an_unreadable_crontab() {
    let machine = Machine::with(project(), &[("crontab", "echo 'crontabs/ada: fopen: Permission denied' >&2; exit 1")]);
    machine.run(&["schedule", "check"]).ended(3).notes("cannot read crontab of").notes("Permission denied");
}

#[test]
fn check_reads_installed_timers_and_those_made_by_hand() {
    let machine = systemd_user(LINGERS);
    machine.run(&WITH_SYSTEMD).ended(0);
    machine.run(&["schedule", "check"]).ended(0).says("everlit-site-").says(".timer, line ").says("Safe: none of 1000");
    machine.run(&["schedule", "remove"]).ended(0);
    let units = machine.project.home().join(".config/systemd/user");
    let service = format!("[Service]\nExecStart=everlit -C {} refresh\n", machine.project.path().display());
    fs::write(units.join("token.service"), service).unwrap();
    fs::write(units.join("monthly.timer"), "[Timer]\nOnCalendar=monthly\nUnit=token.service\n").unwrap();
    fs::write(units.join("backup.timer"), "[Timer]\nOnCalendar=yearly\n").unwrap();
    let run = machine.run(&["schedule", "check"]).ended(3);
    let run = run.says("monthly.timer, line 2").says("Not safe").says("Persistent=true is missing");
    assert!(!run.stdout.contains("yearly"), "{}", run.stdout);
}

/// The answer of systemctl where another init is process 1 (systemd 252).
const NO_SYSTEMD: &str = r#"echo "System has not been booted with systemd as init system (PID 1). Can't operate." >&2
echo "Failed to connect to bus: Host is down" >&2; exit 1"#;

#[test]
fn cron_is_used_if_systemctl_exists_but_systemd_does_not_run() {
    let _cron = CronDaemon::started();
    let machine = Machine::with(project(), &[("crontab", CRONTAB), ("systemctl", NO_SYSTEMD)]);
    machine.run(&["schedule", "install", "--no-run"]).ended(0).says("cron");
    assert!(!table(&machine).is_empty());
    let run = machine.run(&["schedule", "install", "--with", "systemd"]);
    run.ended(2).notes("not been booted with systemd").notes("--with cron");
}

/// A user's systemd with the answers that systemctl(1) documents; a file stores what is enabled.
const SYSTEMCTL: &str = r#"cd "$(dirname "$0")" || exit 9
echo "systemctl $*" >> calls
case "$*" in
  *"show --property=Version"*) echo Version=252 ;;
  *"enable everlit-"*) touch enabled ;;
  *"disable"*) rm -f enabled ;;
  *"show "*.timer*) echo LoadState=loaded
    if [ -f enabled ]; then echo UnitFileState=enabled; echo ActiveState=active
      echo "NextElapseUSecRealtime=Tue 2026-11-24 09:17:00 UTC"; else echo UnitFileState=disabled; echo ActiveState=inactive; fi ;;
  *"show "*.service*) echo "Result=${RESULT:-success}"; echo "ExecMainStatus=$(cat status 2>/dev/null || echo 0)"
    echo "ExecMainExitTimestamp=Mon 2026-11-23 09:17:00 UTC" ;;
  *"restart "*) ;;
  *"start "*) [ -f status ] && { echo "Job failed." >&2; exit 1; } || exit 0 ;;
esac"#;
const LINGERS: &str = r#"echo "loginctl $*" >> "$(dirname "$0")/calls"; echo Linger=yes"#;

fn systemd_user(linger: &str) -> Machine {
    Machine::with(project(), &[("systemctl", SYSTEMCTL), ("loginctl", linger), ("journalctl", "exit 1")])
}

const WITH_SYSTEMD: [&str; 4] = ["schedule", "install", "--with", "systemd-user"];

#[test]
fn units_are_installed_started_and_removed_without_a_trace() {
    let machine = systemd_user(LINGERS);
    let run = machine.run(&WITH_SYSTEMD).ended(0);
    run.says("24 Nov 2026 09:17 UTC").says("succeeded");
    let units = machine.project.home().join(".config/systemd/user");
    let names: Vec<_> = fs::read_dir(&units).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let calls = machine.calls();
    for call in ["--user daemon-reload", "--user enable everlit-site-", "--user start everlit-site-"] {
        assert!(calls.contains(call), "{call}\n{calls}");
    }
    machine.run(&WITH_SYSTEMD).ended(0).says("already installed");
    assert_eq!(machine.calls().matches("daemon-reload").count(), 1);
    machine.run(&["schedule", "remove"]).ended(0).says("removed everlit-site-");
    assert_eq!(fs::read_dir(&units).unwrap().count(), 0);
    machine.run(&["schedule", "remove"]).ended(0).says("no job for this folder is installed");
}

#[test]
fn an_edited_unit_is_never_called_fine() {
    let machine = systemd_user(LINGERS);
    machine.run(&WITH_SYSTEMD).ended(0);
    let units = machine.project.home().join(".config/systemd/user");
    for entry in fs::read_dir(&units).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("[Unit]", "[Unit]\n# mine")).unwrap();
        machine.run(&["schedule", "show"]).ended(3).says("edited by hand");
        machine.run(&WITH_SYSTEMD).ended(2).notes("everlit schedule install --force");
        fs::write(&path, text).unwrap();
    }
    machine.run(&["schedule", "show"]).ended(0);
}

#[test]
fn install_re_enables_a_disabled_timer() {
    let machine = systemd_user(LINGERS);
    machine.run(&WITH_SYSTEMD).ended(0);
    fs::remove_file(machine.bin().join("enabled")).unwrap();
    let run = machine.run(&["schedule", "show"]).ended(3);
    run.says("the timer is disabled, not enabled").says("Next: everlit schedule install");
    machine.run(&WITH_SYSTEMD).ended(0).says("✓ updated");
}

#[test]
fn a_timer_that_systemd_does_not_run_is_never_safe() {
    let machine = systemd_user(LINGERS);
    machine.run(&WITH_SYSTEMD).ended(0);
    machine.run(&["schedule", "check"]).ended(0).says("Safe");
    let units = machine.project.home().join(".config/systemd/user");
    let names = fs::read_dir(&units).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let timer = names.into_iter().find(|name| name.strip_suffix(".timer").is_some()).unwrap();
    let drop_ins = units.join(format!("{timer}.d"));
    fs::create_dir(&drop_ins).unwrap();
    fs::write(drop_ins.join("a.conf"), "[Unit]\nConditionACPower=true\n").unwrap();
    machine.run(&["schedule", "check"]).ended(3).says("ConditionACPower= decides whether it runs");
    fs::remove_file(drop_ins.join("a.conf")).unwrap();
    // Not even root reads a folder as a file.
    fs::create_dir(drop_ins.join("b.conf")).unwrap();
    machine.run(&["schedule", "check"]).ended(3).says("/b.conf cannot be read").says("Not known to be safe");
    fs::remove_dir_all(&drop_ins).unwrap();
    fs::create_dir(units.join("refresh-token.timer")).unwrap();
    machine.run(&["schedule", "check"]).ended(3).notes("refresh-token.timer: the unit is masked, empty or unreadable");
    fs::remove_dir(units.join("refresh-token.timer")).unwrap();
    fs::remove_file(machine.bin().join("enabled")).unwrap();
    machine
        .run(&["schedule", "check"])
        .ended(3)
        .says("the timer is disabled, not enabled")
        .says("Not known to be safe");
    // A masked unit is a link to an empty file.
    fs::remove_file(units.join(&timer)).unwrap();
    std::os::unix::fs::symlink("/dev/null", units.join(&timer)).unwrap();
    machine.run(&["schedule", "check"]).ended(3).notes("the unit is masked");
}

#[test]
fn lingering_that_is_denied_needs_a_person() {
    let linger = r#"echo "loginctl $*" >> "$(dirname "$0")/calls"
case "$1" in enable-linger) echo 'Could not enable linger: Access denied' >&2; exit 1 ;; *) echo Linger=no ;; esac"#;
    let machine = systemd_user(linger);
    machine.run(&WITH_SYSTEMD).ended(3).says("because lingering is off").says("sudo loginctl enable-linger");
    assert!(machine.calls().contains("loginctl enable-linger"));
}

#[test]
fn a_service_that_cannot_start_is_explained() {
    let machine = systemd_user(LINGERS);
    fs::write(machine.bin().join("status"), "203").unwrap();
    machine.run(&WITH_SYSTEMD).ended(2).says("cannot start the program (EXEC)");
    fs::write(machine.bin().join("status"), "3").unwrap();
    machine.run(&WITH_SYSTEMD).ended(3).says("exit code 3").says("Next: everlit explain exit 3");
}

#[test]
fn a_new_scheduler_replaces_the_job_in_the_old_one() {
    let _cron = CronDaemon::started();
    let programs = [("crontab", CRONTAB), ("systemctl", SYSTEMCTL), ("loginctl", LINGERS), ("journalctl", "exit 1")];
    let machine = Machine::with(project(), &programs);
    with_cron(&machine, &["--no-run"]).ended(0);
    machine.run(&WITH_SYSTEMD).ended(0).notes("removed the same job from crontab of");
    assert!(table(&machine).is_empty());
    // From then on it stays there.
    machine.run(&["schedule", "show"]).ended(0).says("systemd-user");
}

/// Runs a shell script with the real `crontab` and no crontabs yet. `$EVERLIT` is the program.
fn over_private_crontabs(project: &Project, script: &str) -> Run {
    // Anybody but root becomes root of a namespace without the machine's other users.
    let start: &[&str] = if is_root() { &["unshare"] } else { &["unshare", "--map-root-user"] };
    in_namespace(project, start, script)
}

/// The same with the machine's other users: only root can give a folder to somebody else and act for them.
fn as_root_over_private_crontabs(project: &Project, script: &str) -> Run {
    let sudo: &[&str] = if is_root() { &[] } else { &["sudo", "--non-interactive", "--preserve-env"] };
    // The test, which is not root, could not remove root's files.
    let owner = fs::metadata(project.path()).map(|folder| folder.uid()).unwrap();
    let script = format!("trap 'chown -R {owner} .' EXIT\n{script}");
    in_namespace(project, &[sudo, &["unshare"]].concat(), &script)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").map(|own| own.uid() == 0).unwrap()
}

fn in_namespace(project: &Project, start: &[&str], script: &str) -> Run {
    let setup = "set -eu; command -v crontab >/dev/null || { echo 'crontab is missing: run tools/setup-tests.sh' >&2; exit 99; }
        mount -t tmpfs tmpfs /var/spool/cron; mkdir -m 1730 /var/spool/cron/crontabs\n";
    let script = format!("{setup}{script}");
    let message = [start, &["--mount", "sh", "-c", &script]].concat();
    project.command_line(&message).env("EVERLIT", env!("CARGO_BIN_EXE_everlit")).run()
}

#[test]
fn the_real_crontab_accepts_returns_and_removes_the_block() {
    let _cron = CronDaemon::started();
    let script = r#"
        printf '# mine\n0 5 * * * /bin/true\n' | crontab -
        crontab -l > before
        "$EVERLIT" schedule install --with cron
        "$EVERLIT" schedule install --with cron --no-run | grep 'already installed'
        crontab -l | tail -n +3 | head -n 1 | grep '^# BEGIN everlit-site-'
        "$EVERLIT" schedule show
        "$EVERLIT" schedule remove
        crontab -l | cmp - before
        crontab -r
        "$EVERLIT" schedule install --with cron --no-run
        "$EVERLIT" schedule remove
        if crontab -l; then echo "an empty crontab was left"; exit 1; fi
        printf '0 5 * * * /bin/true\n0 2 */30 * * cd %s && npm run refresh-instagram-token\n' "$PWD" | crontab -
        "$EVERLIT" schedule check || [ $? = 3 ]
        crontab -r"#;
    let run = over_private_crontabs(&project(), script).ended(0);
    run.says("succeeded").says("0 2 */30 * *  crontab of").says("line 2").says("Not safe").notes("no crontab for");
}

#[test]
fn a_folder_of_another_user_gets_a_job_of_that_user() {
    let _cron = CronDaemon::started();
    let script = r#"
        chown -R nobody .
        "$EVERLIT" schedule install --with cron --no-run
        crontab -u nobody -l | grep '^# BEGIN everlit-site-'
        if crontab -l; then echo "it is in the crontab of root"; exit 1; fi
        "$EVERLIT" schedule remove
        if crontab -u nobody -l; then echo "an empty crontab was left"; exit 1; fi"#;
    let project = project();
    let run = as_root_over_private_crontabs(&project, script);
    run.ended(0).says("crontab of nobody").notes("no crontab for root");
}

#[test]
fn the_real_systemctl_enables_the_units() {
    let machine = systemd_user(LINGERS);
    machine.run(&[&WITH_SYSTEMD[..], &["--no-run"]].concat()).ended(0);
    let units = machine.project.home().join(".config/systemd/user");
    let root = machine.bin().join("root");
    let system = root.join("etc/systemd/system");
    fs::create_dir_all(&system).unwrap();
    let mut timer = String::new();
    for entry in fs::read_dir(&units).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        fs::copy(units.join(&name), system.join(&name)).unwrap();
        timer = if name.strip_suffix(".timer").is_some() { name } else { timer };
    }
    let systemctl = |verb: &str| {
        let output = Command::new("systemctl").arg("--root").arg(&root).args([verb, &timer]).output();
        let output = output.unwrap_or_else(|error| panic!("systemctl ({error}): run tools/setup-tests.sh"));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(systemctl("is-enabled"), "disabled");
    systemctl("enable");
    assert_eq!(systemctl("is-enabled"), "enabled");
    // The link points to the unit's place below that root.
    assert!(system.join("timers.target.wants").join(&timer).is_symlink());
}

#[test]
fn no_secret_reaches_a_scheduler_or_a_program() {
    let _cron = CronDaemon::started();
    let secret = "fa4e5a4db0c500000000000000000001";
    let noting = format!("env >> \"$(dirname \"$0\")/environment\"\n{CRONTAB}");
    let machine = Machine::with(project(), &[("crontab", &noting)]);
    let path = format!("{}:/usr/bin:/bin", machine.bin().display());
    let call = machine.project.everlit(&INSTALL).env("PATH", path).env("META_APP_ID", "123456");
    let run = call.env("META_APP_SECRET", secret).env("IG_ACCESS_TOKEN", FAKE_TOKEN).run().ended(0);
    run.never_shows(secret).never_shows(FAKE_TOKEN).notes(".everlit/secrets.env");
    let environment = fs::read_to_string(machine.bin().join("environment")).unwrap();
    let all = format!("{environment}{}{}", String::from_utf8(table(&machine)).unwrap(), machine.calls());
    assert!(!all.contains(secret) && !all.contains(FAKE_TOKEN), "{all}");
}
