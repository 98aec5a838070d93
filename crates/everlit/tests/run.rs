//! `everlit run` and `everlit token`: the token where a program wants it, and a command that is none the worse for it.
//!
//! What needs a signal or a terminal is tested on Unix only.
#![cfg_attr(windows, allow(dead_code, reason = "helpers of tests that need signals"))]
#![allow(clippy::disallowed_methods, reason = "tests start programs and look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use everlit_testkit::started;
use support::{Call, FAKE_TOKEN, Meta, Project};

/// A program that was started and is listened to, line by line.
struct Started {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Started {
    fn of(call: Call) -> Self {
        let mut command = call.into_command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = started(|| command.spawn()).unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Waits for the next line.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    #[cfg(unix)]
    fn signal(&mut self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Windows has no signals: the program ends at once.
    #[cfg(windows)]
    fn signal(&mut self, _name: &str) {
        self.child.kill().unwrap();
    }

    /// Stops what runs until it is told to end.
    fn stopped(mut self) -> support::Run {
        self.signal("TERM");
        self.ended(i32::from(cfg!(windows)))
    }

    /// Waits for its end.
    fn ended(mut self, code: i32) -> support::Run {
        let mut rest = Vec::new();
        std::io::Read::read_to_end(&mut self.lines, &mut rest).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Call::ended(&Output { stdout: rest, ..output }).ended(code)
    }
}

/// `everlit run` with this script, for `sh` or for Windows' `cmd`.
fn run_script(project: &Project, sh: &str, cmd: &str) -> Vec<&'static str> {
    [&["run", "--"], project.script(sh, cmd)].concat()
}

fn prints_the_token(project: &Project) -> Vec<&'static str> {
    run_script(project, "echo \"$IG_ACCESS_TOKEN\"", "echo %IG_ACCESS_TOKEN%")
}

#[test]
fn a_command_gets_the_fresh_token_in_its_environment() {
    let meta = Meta::friendly();
    let due = meta.token_of_age(40);
    let project = Project::holding(&due).with_metadata(&due, 40);
    let run = project.everlit(&prints_the_token(&project)).asking(&meta).run().ended(0);
    assert_eq!(run.stdout.trim_end(), meta.newest(), "the token was due and is refreshed first\n{run}");
    assert_ne!(meta.newest(), due);
    assert!(!run.stderr.contains(&meta.newest()), "{run}");
}

#[test]
fn the_token_in_the_files_wins_over_the_environment() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(5);
    let project = Project::holding(&token).with_metadata(&token, 5);
    let call = project.everlit(&prints_the_token(&project)).asking(&meta);
    assert_eq!(call.env("IG_ACCESS_TOKEN", "IGAAfakeOLDERfake").run().ended(0).stdout.trim_end(), token);
}

#[test]
fn p3_never_leaked_everlits_secrets_do_not_reach_the_command() {
    let (meta, project) = (Meta::friendly(), Project::new());
    let call = project
        .everlit(&run_script(&project, "env", "set"))
        .asking(&meta)
        .env("EVERLIT_NOTIFY_OPS_URL", "https://x.example/canaryFAKE");
    let run = call.env("EVERLIT_HEARTBEAT_B_URL", "https://x.example/canaryFAKE").env("SITE", "rose").run();
    run.ended(0).says("SITE=rose").never_shows("canaryFAKE");
}

#[test]
fn run_exits_with_the_status_of_its_command() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(5);
    let project = Project::holding(&token).with_metadata(&token, 5);
    for code in [0, 7, 255] {
        let line = run_script(&project, &format!("exit {code}"), &format!("exit /b {code}"));
        project.everlit(&line).asking(&meta).run().ended(code);
    }
    #[cfg(unix)]
    for (signal, code) in [("TERM", 143), ("KILL", 137)] {
        let line = run_script(&project, &format!("kill -{signal} $$"), "");
        project.everlit(&line).asking(&meta).run().ended(code);
    }
}

#[test]
fn a_command_that_cannot_start_gets_the_shells_exit_code() {
    let project = Project::new();
    let no_program = if cfg!(windows) { "no-program.exe" } else { "no-program" };
    project.write(no_program, "");
    for (program, code) in [("no-such-program-anywhere", 127), ("./no-program", 126)] {
        let run = project.everlit(&["run", "--", program]).asking(&Meta::friendly()).run().ended(code);
        run.notes(&format!("cannot run {program}")).never_shows(FAKE_TOKEN);
        project.everlit(&["explain", "exit", &code.to_string()]).run().ended(0).says("everlit run");
    }
}

/// A command that starts a server beside itself and prints its id; the second time, it ends.
fn wrapper_of(server: &str) -> String {
    format!("[ -e once ] && echo again && exit 5; : >once; {server} >/dev/null 2>&1 & echo $!; wait")
}

fn runs(process: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", process]).output().unwrap();
    let state = String::from_utf8(output.stdout).unwrap();
    !state.trim().is_empty() && !state.starts_with('Z')
}

#[cfg(unix)]
#[test]
fn a_restart_ends_every_process_of_the_old_command() {
    let meta = Meta::friendly();
    let (old, new) = (meta.token_of_age(5), meta.token_of_age(2));
    for server in ["sleep 600", "setsid sleep 600", "sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'"] {
        let project = Project::holding(&old).with_metadata(&old, 5);
        let script = wrapper_of(server);
        let arguments = ["run", "--restart-on-refresh", "--grace", "1", "--", "sh", "-c", &script];
        let mut started = Started::of(project.everlit(&arguments).asking(&meta));
        let server = started.line();
        assert!(runs(&server));
        project.write(".env.local", format!("IG_ACCESS_TOKEN={new}\n"));
        assert_eq!(started.line(), "again");
        assert!(!runs(&server), "{script}");
        started.ended(5);
    }
}

#[cfg(windows)]
#[test]
fn a_restart_ends_every_process_of_the_old_command() {
    let meta = Meta::friendly();
    let (old, new) = (meta.token_of_age(5), meta.token_of_age(2));
    let project = Project::holding(&old).with_metadata(&old, 5);
    let everlit = env!("CARGO_BIN_EXE_everlit");
    let serve = format!("if exist once echo again& exit /b 5\ntype nul >once\n\"{everlit}\" --quiet sandbox --port 0");
    let line = [&["run", "--restart-on-refresh", "--"], project.script("", &serve)].concat();
    let mut started = Started::of(project.everlit(&line).asking(&meta));
    let address = started.line().replace("Sandbox on http://", "");
    let serves = || std::net::TcpStream::connect(&address).is_ok();
    assert!(serves());
    project.write(".env.local", format!("IG_ACCESS_TOKEN={new}\n"));
    assert_eq!(started.line(), "again");
    assert!(!serves(), "a process of the old command is left");
    started.ended(5);
}

/// `script` gives the program a terminal, whose keyboard the command may read.
#[cfg(target_os = "linux")]
#[cfg(unix)]
#[test]
fn a_restart_on_a_terminal_ends_every_process_too() {
    let meta = Meta::friendly();
    let (old, new) = (meta.token_of_age(5), meta.token_of_age(2));
    let project = Project::holding(&old).with_metadata(&old, 5);
    project.write("serve", wrapper_of("sleep 600"));
    let line = format!("{} run --restart-on-refresh -- sh serve", env!("CARGO_BIN_EXE_everlit"));
    let mut started = Started::of(project.at_a_terminal(&line).asking(&meta));
    let mut line_like =
        |wanted: fn(&str) -> bool| std::iter::repeat_with(|| started.line()).find(|line| wanted(line)).unwrap();
    // A terminal shows everlit's own messages too.
    let server = line_like(|line| line.parse::<u32>().is_ok());
    assert!(runs(&server));
    project.write(".env.local", format!("IG_ACCESS_TOKEN={new}\n"));
    line_like(|line| line == "again");
    assert!(!runs(&server));
    started.ended(5);
}

#[cfg(unix)]
#[test]
fn what_a_command_leaves_behind_ends_with_it() {
    let project = Project::new();
    let call = project.everlit(&["run", "--", "sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $!; exit 7"]);
    let run = call.asking(&Meta::friendly()).run().ended(7);
    assert!(!runs(run.stdout.trim()));
}

#[test]
fn without_a_token_the_command_is_not_started() {
    let project = Project::empty();
    let run = project.everlit(&run_script(&project, "echo started", "echo started")).run().ended(2);
    run.never_shows("started").notes("Could not load current token from .env.local");
}

#[test]
fn a_site_starts_with_its_token_even_if_meta_rejects_it() {
    let meta = Meta::friendly();
    let due = meta.token_of_age(40);
    let project = Project::holding(&due).with_metadata(&due, 40);
    meta.sandbox.with(|meta| meta.set_state(support::USERNAME, everlit_sandbox::State::PasswordChanged));
    let run = project.everlit(&prints_the_token(&project)).asking(&meta).run().ended(0).notes("needs a person");
    assert_eq!(run.stdout.trim_end(), due);
}

#[cfg(unix)]
#[test]
fn signals_reach_the_command_and_its_exit_code_comes_back() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(5);
    let project = Project::holding(&token).with_metadata(&token, 5);
    for (name, code) in [("TERM", 31), ("HUP", 32), ("USR1", 33), ("INT", 34)] {
        let script = "trap 'exit 31' TERM; trap 'exit 32' HUP; trap 'exit 33' USR1; trap 'exit 34' INT; \
                      echo ready; while :; do sleep 0.05; done";
        let call = project.everlit(&["run", "--", "sh", "-c", script]).asking(&meta);
        let mut started = Started::of(call);
        assert_eq!(started.line(), "ready");
        started.signal(name);
        started.ended(code);
    }
}

#[cfg(unix)]
#[test]
fn a_new_token_restarts_or_signals_the_command() {
    let meta = Meta::friendly();
    let (old, new) = (meta.token_of_age(5), meta.token_of_age(2));
    let script = "trap 'echo told; exit 9' USR2; echo $IG_ACCESS_TOKEN; while :; do sleep 0.05; done";
    for (flag, expected) in [(&["--restart-on-refresh"][..], new.as_str()), (&["--signal", "usr2"], "told")] {
        let project = Project::holding(&old).with_metadata(&old, 5);
        let call = project.everlit(&[&["run"], flag, &["--", "sh", "-c", script]].concat()).asking(&meta);
        let mut started = Started::of(call);
        assert_eq!(started.line(), old);
        // As another run of everlit, or a person, puts it in place.
        project.write(".env.local", format!("IG_ACCESS_TOKEN={new}\n"));
        assert_eq!(started.line(), expected);
        if expected == "told" {
            started.ended(9);
        } else {
            started.signal("TERM");
            started.ended(143);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_briefly_unreadable_account_keeps_its_token() {
    let meta = Meta::friendly();
    let (old, new, other) = (meta.token_of_age(5), meta.token_of_age(2), meta.token_of_age(4));
    let toml = "[account.a]\nenv_file = \"a.env\"\nkey = \"A\"\n[account.b]\nenv_file = \"b.env\"\nkey = \"B\"\n";
    let project = Project::empty().with_file("everlit.toml", toml);
    project.write("scripts/a-token.json", metadata_of(&old));
    project.write("scripts/b-token.json", metadata_of(&other));
    let project = project.with_file("a.env", &format!("A={old}\n")).with_file("b.env", &format!("B={other}\n"));
    let script = "echo $A $B; while :; do sleep 0.05; done";
    let call = project.everlit(&["run", "--restart-on-refresh", "--", "sh", "-c", script]).asking(&meta);
    let mut started = Started::of(call);
    assert_eq!(started.line(), format!("{old} {other}"));
    project.remove("b.env");
    project.write("a.env", format!("A={new}\n"));
    assert_eq!(started.line(), format!("{new} {other}"));
    started.signal("TERM");
    started.ended(143);
}

/// What the older script notes about a token of five days.
fn metadata_of(token: &str) -> String {
    let expires_at = support::unix_now() + 55 * 86_400;
    format!("{{\"access_token\": \"{}...\", \"expires_at\": {expires_at}}}", &token[..20])
}

#[cfg(unix)]
#[test]
fn a_command_that_ignores_its_end_is_killed_first() {
    let meta = Meta::friendly();
    let (old, new) = (meta.token_of_age(5), meta.token_of_age(2));
    let project = Project::holding(&old).with_metadata(&old, 5);
    let script = "trap '' TERM; echo $$; while :; do sleep 0.05; done";
    let arguments = ["run", "--restart-on-refresh", "--grace", "0", "--", "sh", "-c", script];
    let mut started = Started::of(project.everlit(&arguments).asking(&meta));
    let first: u32 = started.line().parse().unwrap();
    project.write(".env.local", format!("IG_ACCESS_TOKEN={new}\n"));
    let second: u32 = started.line().parse().unwrap();
    assert_ne!(first, second);
    let is_there = |process: u32| {
        Command::new("kill").args(["-0", &process.to_string()]).stderr(Stdio::null()).status().unwrap().success()
    };
    assert!(!is_there(first));
    Command::new("kill").args(["-KILL", &second.to_string()]).status().unwrap();
    started.ended(137);
}

#[cfg(target_os = "linux")]
#[cfg(unix)]
#[test]
fn as_pid_1_it_reaps_children_and_forwards_signals() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(5);
    let project = Project::holding(&token).with_metadata(&token, 5);
    // An orphan ends; whoever is the first process has to bury it. Then the container is stopped.
    let script = r#"
        sh -c '(true) & echo $!' > orphan
        read -r orphan < orphan
        while [ -e "/proc/$orphan" ]; do sleep 0.05; done
        echo buried
        trap 'echo stopped; exit 5' TERM
        kill -TERM 1
        while :; do sleep 0.05; done
    "#;
    let call = project.everlit_under(&support::as_pid_1(), &["run", "--", "sh", "-c", script]).asking(&meta);
    let run = call.run().ended(5);
    assert_eq!(run.stdout, "buried\nstopped\n", "{run}");
}

#[cfg(unix)]
#[test]
fn watch_refreshes_what_is_due_and_stops_on_a_signal() {
    let meta = Meta::friendly();
    for (name, code) in [("TERM", 0), ("INT", 130)] {
        let due = meta.token_of_age(40);
        let project = Project::holding(&due).with_metadata(&due, 40);
        let mut started = Started::of(project.everlit(&["refresh", "--watch"]).asking(&meta));
        while !started.line().starts_with("Next:") {}
        assert!(project.read(".env.local").contains(&meta.newest()));
        started.signal(name);
        started.ended(code).never_shows(&meta.newest());
    }
}

#[cfg(unix)]
#[test]
fn p2_never_lost_a_token_in_flight_survives_a_shutdown() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(31));
    meta.holds_back_the_refresh();
    let mut started = Started::of(project.everlit(&["run", "--", "true"]).asking(&meta));
    meta.awaits_the_refresh(&mut started.child);
    started.signal("TERM");
    meta.lets_go();
    started.ended(143);
    assert!(project.read(".env.local").contains(&meta.newest()), "Meta's answer was waited for");
}

#[test]
fn watch_does_not_start_with_unreadable_settings() {
    let project = Project::new().with_file("everlit.toml", "threshold_days = = 3\n");
    project.everlit(&["refresh", "--watch"]).run().ended(2).notes("everlit.toml: line 1");
}

#[test]
fn watch_prints_a_json_document_for_each_reported_pass() {
    let meta = Meta::friendly();
    for args in [["refresh", "--watch", "--json"], ["--json", "refresh", "--watch"], ["refresh", "--json", "--watch"]] {
        let due = meta.token_of_age(40);
        let project = Project::holding(&due).with_metadata(&due, 40);
        let mut started = Started::of(project.everlit(&args).asking(&meta));
        let mut document = String::new();
        while !document.ends_with("\n}\n") {
            document += started.line().trim_end();
            document.push('\n');
        }
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!((&document["schema"], &document["exit_code"]), (&"everlit.refresh/1".into(), &0.into()));
        started.stopped().never_shows(&meta.newest());
    }
}

#[test]
fn a_pipe_gets_the_token_and_nothing_else() {
    let project = Project::new();
    let run = project.everlit(&["token"]).run().ended(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (FAKE_TOKEN, ""));
    let run = project.everlit(&["token", "--newline"]).run().ended(0);
    assert_eq!(run.stdout, format!("{FAKE_TOKEN}\n"));
    project.everlit(&["token", "--json"]).run().ended(2).never_shows(FAKE_TOKEN);
}

#[test]
fn a_dead_token_is_not_printed() {
    let meta = Meta::friendly();
    let dead = meta.token_of_age(61);
    let project = Project::holding(&dead).with_metadata(&dead, 61);
    project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    let run = project.everlit(&["token"]).run().ended(3).notes("Next:");
    assert_eq!(run.stdout, "");
}

#[test]
fn with_several_accounts_one_must_be_named() {
    let meta = Meta::friendly();
    let (shop, cafe) = (meta.token_of_age(5), meta.token_of_age(2));
    let toml =
        "[account.shop]\nkey = \"SHOP_TOKEN\"\n[account.cafe]\nkey = \"CAFE_TOKEN\"\n[account.bar]\nkey = \"BAR\"\n";
    let env = format!("SHOP_TOKEN={shop}\nCAFE_TOKEN={cafe}\n");
    let project = Project::empty().with_file("everlit.toml", toml).with_file(".env.local", &env);
    let run = project.everlit(&["token"]).run().ended(2).notes("Next: everlit token --account shop");
    assert_eq!(run.stdout, "");
    let run = project.everlit(&["token", "--account", "cafe"]).run().ended(0);
    assert_eq!(run.stdout, cafe);
    let line = run_script(&project, "echo $SHOP_TOKEN $CAFE_TOKEN", "echo %SHOP_TOKEN% %CAFE_TOKEN%");
    let run = project.everlit(&line).asking(&meta).run().ended(0);
    let fresh = project.read(".env.local").replace("SHOP_TOKEN=", "").replace("\nCAFE_TOKEN=", " ");
    assert_eq!(run.stdout.trim_end(), fresh.trim_end(), "one without a token is told and left out");
    run.notes("bar: Could not load current token from .env.local: BAR is not set there");
}

/// As a terminal that is closed sends it.
#[cfg(target_os = "linux")]
#[cfg(unix)]
#[test]
fn under_nohup_a_hangup_ends_nothing() {
    let (meta, project) = (Meta::friendly(), Project::new());
    let script = "trap 'exit 33' USR1; kill -s HUP $$; echo alive; while :; do sleep 0.05; done";
    let everlit = env!("CARGO_BIN_EXE_everlit");
    let mut started =
        Started::of(project.command_line(&["nohup", everlit, "run", "--", "sh", "-c", script]).asking(&meta));
    assert_eq!(started.line(), "alive");
    started.signal("HUP");
    started.signal("USR1");
    started.ended(33);
}

#[cfg(target_os = "linux")]
#[cfg(unix)]
#[test]
fn a_token_not_written_in_full_is_a_failure() {
    let project = Project::new();
    let mut command = project.everlit(&["token"]).into_command();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    let run = Call::ended(&output).ended(1).notes("cannot write to stdout").never_shows(FAKE_TOKEN);
    run.notes("Next: everlit token\n");
}

/// `script` gives the program a terminal.
#[cfg(target_os = "linux")]
#[cfg(unix)]
#[test]
fn a_terminal_shows_a_token_only_with_reveal() {
    let project = Project::new();
    let everlit = env!("CARGO_BIN_EXE_everlit");
    let on_a_terminal = |flags: &str| {
        let line = format!("{everlit} token {flags}");
        project.command_line(&["script", "--quiet", "--return", "--command", &line, "/dev/null"]).run()
    };
    on_a_terminal("").ended(2).never_shows(FAKE_TOKEN).says("everlit token --reveal");
    on_a_terminal("--reveal").ended(0).says(FAKE_TOKEN);
}
