//! The promises that everlit makes, each with a test that names it. P8 is shown where the keeper's own tests are.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::process::{Child, Stdio};

use everlit_sandbox::{
    Endpoint, Fault, Injection, Issue, Kind, MetaError, OldAfterRefresh, OneOf, RefreshUnder24h, State,
};
use everlit_testkit::started;
use serde_json::json;
use support::{Meta, Project, Run, USERNAME};

const ENV: &str = ".env.local";
const CANDIDATE: &str = ".everlit/candidate";
const METADATA: &str = "scripts/instagram-token.json";

fn due(meta: &Meta) -> Project {
    let token = meta.token_of_age(31);
    Project::holding(&token).with_metadata(&token, 31)
}

fn start(project: &Project, meta: &Meta) -> Child {
    let mut command = project.everlit(&["refresh"]).asking(meta).into_command();
    started(|| command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()).unwrap()
}

/// Waits for something that the running program is about to do.
fn wait_until(child: &mut Child, mut done: impl FnMut() -> bool) {
    while !done() {
        assert!(child.try_wait().unwrap().is_none(), "the program has ended before");
        std::thread::yield_now();
    }
}

fn is_alive(meta: &Meta, token: &str) -> bool {
    meta.sandbox.with(|meta| {
        let now = meta.now;
        meta.token(token).is_some_and(|token| token.state_at(now) == State::Live)
    })
}

#[test]
fn p1_never_worse_only_a_better_token_replaces_a_working_one() {
    let alter = |field: &str, value| Fault::Alter { field: field.to_owned(), value };
    let faults = [
        alter("access_token", json!(null)),
        alter("access_token", json!("undefined")),
        alter("access_token", json!(format!("{}\nX=1", support::FAKE_TOKEN))),
        alter("expires_in", json!(0)),
        alter("expires_in", json!(60)),
        alter("expires_in", json!(5 * 86_400)),
        alter("expires_in", json!(i64::MAX)),
        Fault::OtherAccount,
        Fault::Empty { status: 200 },
        Fault::Error(MetaError::new(190, "Invalid OAuth access token")),
        Fault::Error(MetaError::new(4, "Application request limit reached")),
        Fault::Error(MetaError::new(10, "Application does not have permission for this action")),
    ];
    for fault in faults {
        let meta = Meta::friendly();
        let project = due(&meta);
        let (env, token) = (project.read(ENV), meta.newest());
        meta.inject(Injection::new(fault.clone()).at(Endpoint::Refresh));
        let run = project.everlit(&["refresh"]).asking(&meta).run();
        assert!(matches!(run.code, Some(3 | 4)), "{fault:?}\n{run}");
        assert_eq!(project.read(ENV), env, "{fault:?}\n{run}");
        assert!(is_alive(&meta, &token) && !project.has(CANDIDATE), "{fault:?}\n{run}");
    }
}

/// Meta kills the old token as it hands out the new one, and everlit is killed before the new one is in use.
#[test]
fn p2_never_lost_a_received_token_survives_a_kill() {
    let meta = Meta::with(|knobs| knobs.old_after_refresh = OldAfterRefresh::Dies);
    let project = due(&meta);
    let (env, old) = (project.read(ENV), meta.newest());
    meta.holds_back_the_refresh();
    let mut run = start(&project, &meta);
    meta.awaits_the_refresh(&mut run);
    meta.sandbox.with(|meta| {
        meta.clear_injections();
        meta.inject(Injection::new(Fault::Slow { millis: 60_000 }).at(Endpoint::Me));
    });
    wait_until(&mut run, || project.has(CANDIDATE) && project.read(CANDIDATE).contains(&meta.newest()));
    run.kill().unwrap();
    run.wait().unwrap();

    assert_eq!(project.read(ENV), env, "wholly old");
    assert!(!is_alive(&meta, &old), "or this test shows nothing");
    meta.lets_go();
    project.everlit(&["status"]).run().ended(4).says("the next run puts it in place");
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("recovered").says("an earlier run was interrupted while saving");
    assert_eq!(meta.refreshes(), 1, "and Meta was not asked for another");
    assert_eq!(project.read(ENV), env.replace(&old, &meta.newest()));
    assert!(is_alive(&meta, &meta.newest()) && !project.has(CANDIDATE));
}

/// Secrets on every way in; everything that comes out is searched for them.
#[test]
fn p3_never_leaked_no_secret_is_in_any_output() {
    let app_secret = "cafe4a4e1eafcafe4a4e1eafcafe4a4e";
    let meta = Meta::friendly();
    let token = meta.token_of_age(31);
    let project = Project::holding(&token).with_metadata(&token, 31);
    let env = project.read(ENV) + "OTHER_SECRET=canaryFAKEcanaryFAKEcanaryFAKE\n";
    project.write(ENV, &env);
    let echo = format!(
        "Error validating access token: {token} at https://graph.instagram.com/refresh_access_token?access_token={token}\
         &client_secret={app_secret} ({})",
        token.replace('A', "%41")
    );
    let mut runs: Vec<Run> = Vec::new();
    let mut run = |arguments: &[&str]| {
        let call = project.everlit(arguments).asking(&meta);
        runs.push(call.env("META_APP_ID", "1000000000000001").env("META_APP_SECRET", app_secret).run());
    };
    let show = |run: &mut dyn FnMut(&[&str])| {
        for arguments in [
            &["status"][..],
            &["status", "--live"],
            &["status", "--json"],
            &["status", "--check"],
            &["refresh", "--dry-run"],
            &["refresh", "--json"],
            &["history"],
            &["history", "--json"],
            &["doctor"],
            &["doctor", "--json"],
            &["explain", "190"],
            &["schedule", "print", "cron"],
            &["schedule", "print", "compose", "--json"],
            &["schedule", "print", "windows", "--output", "schedule"],
        ] {
            run(arguments);
        }
    };

    // Meta repeats the token in its errors, and then in the name of the account.
    for error in [MetaError::new(190, &echo), MetaError::new(100, &echo), MetaError::new(9_999, &echo)] {
        meta.inject(Injection::new(Fault::Error(error)).times(1));
        run(&["refresh", "--force"]);
    }
    show(&mut run);
    let altered = Fault::Alter { field: "username".to_owned(), value: json!(token) };
    meta.inject(Injection::new(altered).at(Endpoint::Me).times(2));
    run(&["refresh", "--force"]);
    show(&mut run);
    run(&["refresh", "--force", "--key", "OTHER_SECRET"]);
    run(&["status", "--key", "OTHER_SECRET"]);
    run(&["doctor", "--key", "OTHER_SECRET"]);

    let new = meta.newest();
    assert_ne!(new, token, "a refresh went well in between");
    let secrets = [token.as_str(), &new, app_secret, "canaryFAKEcanaryFAKEcanaryFAKE"];
    for run in &runs {
        assert_holds_none(&secrets, &run.to_string(), "a run's output");
    }
    for (name, content) in project.files() {
        if name != ENV {
            assert_holds_none(&secrets, &String::from_utf8_lossy(&content), &name);
        }
    }
    assert!(part_of_a_secret(&secrets, &project.read(ENV)).is_some(), "or the search finds nothing");
}

/// A person pastes a secret where something else belongs: it is refused or not, and never repeated.
#[test]
fn p3_never_leaked_by_repeating_misplaced_input() {
    const META_URL: &str = "EVERLIT_META_URL";
    const NOWHERE: &str = "http://127.0.0.1:1";
    let token = "IGAAfakeFAKEfake0fakeFAKEcanaryFAKEcanaryFAKEcanaryFAKEcanaryFAKE";
    let hook = "https://hooks.slack.com/services/T0FAKE/B0FAKE/canaryFAKEcanary";
    for text in [
        format!("env_file = \"{token}\"\n"),
        format!("metadata = \"{token}\"\n"),
        format!("{token} = 1\n"),
        format!("[notify.ops]\n{token} = 1\n"),
        format!("[notify.{token}]\nkind = \"slack\"\n"),
    ] {
        let project = Project::new().with_file("everlit.toml", &text);
        for arguments in
            [&["status"][..], &["status", "--json"], &["refresh"], &["doctor", "--json"], &["notify", "list"]]
        {
            never_repeated(&project.everlit(arguments).env(META_URL, NOWHERE).run(), &text);
        }
    }
    let table = [
        &["--env-file", token, "refresh"][..],
        &["--env-file", token, "status", "--json"],
        &["--env-file", token, "schedule", "print", "cron"],
        &["--env-file", token, "doctor"],
        &["--metadata", token, "status"],
        &["--key", token, "status"],
        &["--account", token, "status"],
        &["--account", hook, "status"],
        &["--ca-file", token, "refresh"],
        &["--color", token, "status"],
        &["-C", token, "status"],
        &["man", token],
        &["run", "--", token],
        &["schedule", "print", "cron", "-o", token],
        &["schedule", "print", "cron", "--json", "-o", token],
        &["explain", token],
        &["connect", token],
        &["init", token],
        &[token],
        &[hook],
        &["notify", "add", token, "--kind", "slack"],
        &["notify", "add", hook, "--kind", "slack"],
        &["notify", "add", "ops", "--kind", "slack", hook],
        &["notify", "add", "ops", "--kind", hook],
        &["notify", "add", "ops", "--kind", "slack", "--url", hook],
        &["notify", "test", hook],
        &["notify", "remove", hook],
    ];
    for arguments in table {
        // `-o` makes a folder.
        never_repeated(&Project::new().everlit(arguments).env(META_URL, NOWHERE).run(), &arguments.join(" "));
    }
    for name in ["EVERLIT_ENV_FILE", "EVERLIT_METADATA", "EVERLIT_KEY", "EVERLIT_CA_FILE", META_URL] {
        for command in ["status", "doctor"] {
            never_repeated(&Project::new().everlit(&[command]).env(META_URL, NOWHERE).env(name, token).run(), name);
        }
    }
    for url in ["http://u:canaryFAKE@127.0.0.1:1/", "http://127.0.0.1:1/?canaryFAKE"] {
        for command in ["status", "refresh", "doctor"] {
            never_repeated(&Project::new().everlit(&[command]).env(META_URL, url).run().ended(2), url);
        }
    }
    // Where it belongs it is printed whole.
    let printed = Project::holding(token).everlit(&["token"]).run().ended(0).stdout;
    assert_eq!(printed.trim_end(), token);
}

#[track_caller]
fn never_repeated(run: &Run, place: &str) {
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(!said.is_empty() && !said.contains("canary"), "{place}\n{run}");
}

#[track_caller]
fn assert_holds_none(secrets: &[&str], text: &str, place: &str) {
    if let Some(part) = part_of_a_secret(secrets, text) {
        panic!("{place} holds {part:?} of a secret\n{text}");
    }
}

/// The 20 characters that the metadata shows are allowed; any ten characters behind them are not.
fn part_of_a_secret<'a>(secrets: &[&'a str], text: &str) -> Option<&'a str> {
    let parts = secrets.iter().flat_map(|secret| {
        let hidden = secret.get(20..).filter(|rest| rest.len() >= 16).unwrap_or(secret);
        (0..=hidden.len() - 10).map(move |at| &hidden[at..at + 10])
    });
    parts.into_iter().find(|part| text.contains(*part))
}

/// The process list, the environment of children and a core dump are outputs too.
#[cfg(target_os = "linux")]
#[test]
fn p3_never_leaked_by_the_running_process() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let token = meta.newest();
    meta.inject(Injection::new(Fault::Slow { millis: 60_000 }).at(Endpoint::Refresh));
    let mut run = start(&project, &meta);
    wait_until(&mut run, || meta.refreshes() == 1);
    let of = |name: &str| fs::read(format!("/proc/{}/{name}", run.id())).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    for name in ["cmdline", "environ", "comm"] {
        assert_holds_none(&[&token], &text(of(name)), name);
    }
    let limits = text(of("limits"));
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "no core dump: {core}");
    assert_eq!(
        text(of("coredump_filter")).trim_matches(['0', '\n']),
        "",
        "no memory for a program that collects dumps"
    );
    run.kill().unwrap();
    run.wait().unwrap();

    // And it starts nothing that could see more.
    let meta = Meta::friendly();
    let project = due(&meta);
    let trace = project.home().join("trace");
    let strace = ["strace", "-f", "-s", "4096", "-v", "-e", "trace=execve", "-o", trace.to_str().unwrap()];
    project.everlit_under(&strace, &["refresh"]).asking(&meta).run().ended(0);
    let trace = fs::read_to_string(&trace).unwrap();
    assert_eq!(trace.matches("execve(").count(), 1, "{trace}");
}

/// Of ten accounts one reply hangs, one record is garbage, one token is dead, one file is not there: six others are renewed at
/// once. (A panic cannot be had from outside: the heart has its own test of one.)
#[test]
fn p4_one_accounts_failure_never_affects_another() {
    let meta = Meta::friendly();
    let token = |name: &str| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(31));
    let names = ["hangs", "garbage", "dead", "a", "b", "c", "d", "e", "f"];
    let tokens: Vec<_> = names.iter().map(|name| (*name, token(name))).collect();
    let old = |name: &str| tokens.iter().find(|(other, _)| *other == name).unwrap().1.as_str();
    let mut project = Project::empty().with_file("scripts/garbage-token.json", "\u{0}{{{");
    let mut toml = String::new();
    for (name, token) in &tokens {
        project = project.with_file(&format!("{name}.env"), &format!("T={token}\n"));
        toml.push_str(&["[account.", name, "]\nenv_file = \"", name, ".env\"\nkey = \"T\"\n"].concat());
    }
    project.write("everlit.toml", toml + "[account.missing]\nenv_file = \"missing.env\"\n");
    meta.inject(Injection::new(Fault::Slow { millis: 60_000 }).for_account("hangs"));
    meta.sandbox.with(|meta| meta.set_state(old("dead"), State::PasswordChanged));

    let mut command = project.everlit(&["refresh", "--json", "--timeout", "20"]).asking(&meta).into_command();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut run = started(|| command.spawn()).unwrap();
    let newest = |name: &str| meta.sandbox.with(|meta| meta.newest_token(name).unwrap().text.to_string());
    let is_new = |name: &str| {
        let env = project.read(&format!("{name}.env"));
        !env.contains(old(name)) && env == format!("T={}\n", newest(name))
    };
    let unfinished =
        || project.files().values().any(|content| String::from_utf8_lossy(content).contains("everlit-candidate/1"));
    let others = ["garbage", "a", "b", "c", "d", "e", "f"];
    wait_until(&mut run, || others.into_iter().all(is_new) && !unfinished());
    run.kill().unwrap();
    run.wait().unwrap();

    // The next run tells how each of them stands.
    meta.lets_go();
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    run.says("10 accounts: 1 refreshed, 7 healthy, 1 needs a person, 1 unreadable").says("missing.env: no such file");
    let run = project.everlit(&["status", "--json"]).run().ended(3);
    let accounts = run.json()["accounts"].as_array().unwrap().clone();
    let states: Vec<_> =
        accounts.iter().map(|a| (a["name"].as_str().unwrap(), a["exit_code"].as_u64().unwrap())).collect();
    let expected = [
        ("hangs", 0),
        ("garbage", 0),
        ("dead", 3),
        ("a", 0),
        ("b", 0),
        ("c", 0),
        ("d", 0),
        ("e", 0),
        ("f", 0),
        ("missing", 2),
    ];
    assert_eq!(states, expected);
    assert_eq!(project.read("dead.env"), format!("T={}\n", old("dead")));
}

/// Whatever fails, the reason and the next step are on the screen, and still there when somebody looks later.
#[test]
fn p5_never_silent_every_failure_has_a_cause_and_a_next_step() {
    let error = |code, subcode| MetaError::new(code, "Words of Meta").subcode(subcode);
    let table = [
        (error(190, 460), 3, "reconnect"),
        (error(190, 459), 3, "account_owner"),
        (error(190, 492), 3, "app_owner"),
        (MetaError::new(10, "Words of Meta"), 3, "app_owner"),
        (MetaError::new(101, "Words of Meta"), 2, "config"),
        (MetaError::new(4, "Words of Meta"), 4, "back_off"),
        (MetaError::new(9_999, "Words of Meta"), 4, "unknown"),
    ];
    for (error, code, cause) in table {
        let meta = Meta::friendly();
        let project = due(&meta);
        meta.inject(Injection::new(Fault::Error(error.clone())));
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(code);
        run.says("Refresh failed ").says("Words of Meta").says("Next: ");
        let status = project.everlit(&["status"]).run().ended(code);
        assert!(format!("{status}").contains("Words of Meta"), "{status}");
        let status = project.everlit(&["status", "--json"]).run().ended(code).json();
        let account = &status["accounts"][0];
        assert_eq!(account["failure"]["cause"], cause, "{error:?}");
        assert!(account["next"]["command"].is_array() || account["next"]["note"].is_string(), "{error:?}: {account}");
        let check = project.everlit(&["status", "--check"]).run().ended(code);
        assert_eq!(check.stdout.lines().count(), 1, "{check}");
        let events = project.read_json(METADATA)["everlit"]["events"].as_array().unwrap().clone();
        assert_eq!(events.last().unwrap()["what"], "failed");
        // Quiet is not silent.
        let run = project.everlit(&["refresh", "--quiet"]).asking(&meta).run().ended(code);
        run.says("Next: ");
    }
}

/// A crash loop starts the program again and again.
#[test]
fn p6_never_a_nuisance_a_crash_loop_does_not_storm_meta() {
    let young = Meta::with(|knobs| knobs.refresh_under_24h = OneOf::only(RefreshUnder24h::Error190));
    let token = young.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged(3_600));
    let young_project = Project::holding(&token);
    let mut scenes = vec![(young, young_project)];
    for error in [
        MetaError::new(4, "Application request limit reached"),
        MetaError::new(190, "Invalid OAuth access token"),
        MetaError::new(190, "Session has been invalidated").subcode(460),
        MetaError::new(9_999, "Who knows"),
    ] {
        let meta = Meta::friendly();
        let project = due(&meta);
        meta.inject(Injection::new(Fault::Error(error)));
        scenes.push((meta, project));
    }
    for (meta, project) in scenes {
        project.everlit(&["refresh"]).asking(&meta).run();
        let calls = meta.calls();
        assert!((1..=3).contains(&calls), "{calls} calls in one run");
        for _ in 0..10 {
            project.everlit(&["refresh"]).asking(&meta).run();
        }
        assert_eq!(meta.calls(), calls, "asked again before the time");
        let violations = meta.sandbox.with(|meta| meta.violations().map(|v| v.rule).collect::<Vec<_>>());
        // Nobody could know that the token was young before Meta had said so.
        assert!(violations.iter().all(|rule| *rule == everlit_sandbox::Rule::NoRefreshUnder24h), "{violations:?}");
    }
}

#[test]
fn p7_your_bytes_are_yours_only_the_token_changes() {
    let files: [&[u8]; 7] = [
        b"\xef\xbb\xbfA=1\r\nIG_ACCESS_TOKEN=@\r\nB=2\r\n",
        b"# caf\xe9\nA='x\ny'\nIG_ACCESS_TOKEN=\"@\" # mine\n\n\n",
        b"IG_ACCESS_TOKEN=@",
        b"export IG_ACCESS_TOKEN='@'\nIG_USER_ID=1\n\t \nA=$B\n",
        b"#IG_ACCESS_TOKEN=old\nIG_ACCESS_TOKEN_OLD=keep\nIG_ACCESS_TOKEN=@\nA=\"multi\nIG_ACCESS_TOKEN=inside\n\"\n",
        b"IG_ACCESS_TOKEN=@\nA=1\nIG_ACCESS_TOKEN=@\n",
        b"A=\\\nIG_ACCESS_TOKEN=@\n",
    ];
    for (number, file) in files.into_iter().enumerate() {
        let meta = Meta::friendly();
        let token = meta.token_of_age(31);
        let with =
            |token: &str| -> Vec<u8> { file.split(|byte| *byte == b'@').collect::<Vec<_>>().join(token.as_bytes()) };
        let project = Project::empty();
        project.write(ENV, with(&token));
        project.set_mode(ENV, 0o664);
        let run = project.everlit(&["refresh"]).asking(&meta).run();
        let after = fs::read(project.path().join(ENV)).unwrap();
        match run.code {
            Some(0) => assert_eq!(after, with(&meta.newest()), "file {number}\n{run}"),
            // Refused for a reason, and then not a byte is touched and Meta is not asked.
            Some(2) => {
                assert_eq!((after, meta.calls()), (with(&token), 0), "file {number}\n{run}");
                assert!(number == 6 || number == 4, "file {number} is one that every parser reads alike\n{run}");
            }
            _ => panic!("file {number}\n{run}"),
        }
        project.assert_mode(ENV, 0o664);
    }
}
