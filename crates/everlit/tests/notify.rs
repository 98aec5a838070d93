//! People are notified once of what they must know, and exit codes do not depend on it. A local server plays every
//! service.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use std::io::Write as _;
use std::process::Stdio;

use everlit_sandbox::{Issue, Kind, State};
use everlit_testkit::started;
use support::service::Service;
use support::{Call, Meta, Project, Run, SHELL, USERNAME};

const TOML: &str = "everlit.toml";
const SECRETS: &str = ".everlit/secrets.env";
const ALERTS: &str = ".everlit/alerts.json";

/// A project whose token is due, with these lines as settings.
fn project(meta: &Meta, toml: &str) -> Project {
    let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(31));
    Project::holding(&token).with_metadata(&token, 31).with_file(TOML, toml)
}

fn refresh(project: &Project, meta: &Meta, secrets: &[(&str, String)]) -> Run {
    let call = project.everlit(&["refresh"]).asking(meta);
    secrets.iter().fold(call, |call, (name, value)| call.env(name, value)).run()
}

fn kill_token(meta: &Meta) {
    meta.sandbox.with(|meta| meta.set_state(USERNAME, State::PasswordChanged));
}

fn put_a_dead_one(project: &Project, meta: &Meta) {
    let dead = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(31).state(State::PasswordChanged));
    project.write(".env.local", format!("IG_ACCESS_TOKEN={dead}\n"));
}

#[test]
fn a_dead_token_is_reported_once_over_many_runs() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let project = project(&meta, "[notify.ops]\nkind = \"slack\"\n");
    let token = meta.newest();
    let secrets = [("EVERLIT_NOTIFY_OPS_URL", format!("{}/services/T0/B0/canaryFAKEcanary", service.address))];
    kill_token(&meta);
    for _ in 0..5 {
        refresh(&project, &meta, &secrets).ended(3).never_shows("canaryFAKE");
    }
    let sent = service.at("/services/");
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(
        sent[0].contains("everlit -C ") && sent[0].contains("site connect") && sent[0].contains("action required"),
        "{}",
        sent[0]
    );
    assert!(!sent[0].contains(&token[20..30]), "{}", sent[0]);
    assert!(project.has(ALERTS));

    // A person replaces the token.
    let env = project.read(".env.local");
    let new = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(2));
    project.write(".env.local", env.replace(&token, &new));
    for _ in 0..3 {
        refresh(&project, &meta, &secrets).ended(0);
    }
    let sent = service.at("/services/");
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent[1].contains("recovered"), "{}", sent[1]);
    assert!(!project.has(ALERTS), "nothing is stored about healthy accounts");
}

#[test]
fn without_news_nothing_is_sent_and_no_file_is_written() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let project = project(&meta, "[notify.ops]\nkind = \"slack\"\n");
    let secrets = [("EVERLIT_NOTIFY_OPS_URL", format!("{}/x", service.address))];
    refresh(&project, &meta, &secrets).ended(0);
    let before = project.lasting_files();
    refresh(&project, &meta, &secrets).ended(0);
    assert_eq!(project.lasting_files(), before);
    assert_eq!(service.lines(), [""; 0]);
    assert!(
        before.keys().all(|name| !["told", "telling", "alert"].iter().any(|part| name.contains(part))),
        "{:?}",
        before.keys()
    );
}

#[test]
fn p5_doctor_finds_that_nobody_would_be_told() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let project = project(&meta, "[notify.ops]\nkind = \"slack\"\n");
    let secrets = [("EVERLIT_NOTIFY_OPS_URL", format!("{}/x", service.address))];
    let (name, value) = &secrets[0];
    project.everlit(&["doctor"]).asking(&meta).env(name, value).run().never_shows("no channel accepted");
    service.answers(404);
    kill_token(&meta);
    refresh(&project, &meta, &secrets).ended(3);
    let doctor = project.everlit(&["doctor"]).asking(&meta).env(name, value).run().ended(3);
    doctor.says("no channel accepted the last message: nobody is told when a person is needed");
}

#[test]
fn a_monitor_hears_which_channel_takes_no_message() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let project = project(&meta, "[notify.ops]\nkind = \"slack\"\n");
    let secrets = [("EVERLIT_NOTIFY_OPS_URL", format!("{}/x", service.address))];
    kill_token(&meta);
    refresh(&project, &meta, &secrets).ended(3);
    service.answers(404);
    let new = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(2));
    project.write(".env.local", format!("IG_ACCESS_TOKEN={new}\n"));
    refresh(&project, &meta, &secrets).ended(0);
    let check = project.everlit(&["status", "--check"]).asking(&meta).run().ended(0);
    check.says("OK: 1 token safe, last message could not be sent to ops");
}

#[test]
fn a_fallback_receives_what_another_channel_missed() {
    let (meta, ops, pager) = (Meta::friendly(), Service::new(), Service::new());
    let toml = "[notify.ops]\nkind = \"slack\"\n\n[notify.pager]\nkind = \"slack\"\nfallback = true\n";
    let project = project(&meta, toml);
    let secrets = [
        ("EVERLIT_NOTIFY_OPS_URL", format!("{}/ops-canaryFAKE", ops.address)),
        ("EVERLIT_NOTIFY_PAGER_URL", format!("{}/pager-canaryFAKE", pager.address)),
    ];
    ops.answers(404);
    kill_token(&meta);
    let run = refresh(&project, &meta, &secrets).ended(3).notes("a message could not be sent to ops");
    run.never_shows("canaryFAKE");
    let sent = pager.at("/pager");
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains("ops"), "it names the channel that failed: {}", sent[0]);

    let status = project.everlit(&["status"]).run().ended(3).says("last message could not be sent to ops");
    status.never_shows("canaryFAKE");
    let json = project.everlit(&["status", "--json"]).run().json();
    assert_eq!(json["notify"][0]["name"], "ops");
    assert!(json["notify"][0]["failure"].as_str().unwrap().contains("404"), "{json}");
    assert!(json["notify"][1]["failure"].is_null(), "{json}");

    // The next run does not page again. Once the channel works, it gets what it missed.
    refresh(&project, &meta, &secrets).ended(3);
    assert_eq!(pager.at("/pager").len(), 1);
    ops.answers(200);
    let test =
        secrets.iter().fold(project.everlit(&["notify", "test", "ops"]), |call, (name, value)| call.env(name, value));
    test.run().ended(0).says("accepted");
    refresh(&project, &meta, &secrets).ended(3);
    assert!(ops.at("/ops").last().unwrap().contains("action required"), "{:?}", ops.at("/ops"));
    assert_eq!(pager.at("/pager").len(), 1);
    let json = project.everlit(&["status", "--json"]).run().json();
    assert!(json["notify"][0]["failure"].is_null(), "{json}");
}

/// One without its secret, one with an invalid URL, one without a signing secret, one with a broken mail server.
#[test]
fn broken_channels_do_not_stop_tokens_from_being_refreshed() {
    let meta = Meta::friendly();
    let toml = "[notify.none]\nkind = \"slack\"\n[notify.odd]\nkind = \"teams\"\n[notify.signed]\nkind = \"webhook\"\n\
                [notify.mail]\nkind = \"email\"\nserver = \"\\u0000\"\nfrom = \"nobody\"\nto = \"nobody\"\n\
                [heartbeat.beat]\nkind = \"healthchecks\"\n";
    let project = project(&meta, toml);
    let secrets = [("EVERLIT_NOTIFY_ODD_URL", "ftp://canaryFAKEcanary".to_owned())];
    let run = refresh(&project, &meta, &secrets).ended(0).notes("EVERLIT_HEARTBEAT_BEAT_URL is not set");
    run.says("refreshed").never_shows("canaryFAKE");
    let status = project.everlit(&["status"]).run().ended(0);
    status.says("heartbeat beat could not be sent");
    put_a_dead_one(&project, &meta);
    let run = refresh(&project, &meta, &secrets).ended(3);
    for name in ["none", "odd", "signed", "mail"] {
        assert!(run.stderr.contains(&format!("could not be sent to {name}: ")), "{name}\n{run}");
    }
    let doctor = project.everlit(&["doctor", "--json"]).asking(&meta).run();
    let broken = doctor.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["check"] == "notify" && f["level"] == "problem")
        .count();
    assert_eq!(broken, 6, "each of them, and that nobody hears: {doctor}");
}

#[test]
fn heartbeats_report_start_and_outcome() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let project = project(&meta, "metrics_file = \"out/everlit.prom\"\n\n[heartbeat.daily]\nkind = \"healthchecks\"\n");
    std::fs::create_dir(project.path().join("out")).unwrap();
    let secrets = [("EVERLIT_HEARTBEAT_DAILY_URL", format!("{}/ping/canaryFAKEcanary", service.address))];
    refresh(&project, &meta, &secrets).ended(0);
    put_a_dead_one(&project, &meta);
    refresh(&project, &meta, &secrets).ended(3);
    let paths: Vec<String> =
        service.lines().iter().map(|line| line.split(['?', ' ']).nth(1).unwrap().to_owned()).collect();
    let base = "/ping/canaryFAKEcanary";
    assert_eq!(paths, [format!("{base}/start"), base.to_owned(), format!("{base}/start"), format!("{base}/fail")]);

    let metrics = project.read("out/everlit.prom");
    assert!(
        metrics.contains("state=\"needs_person\"} 1") && metrics.contains("everlit_run_success_timestamp_seconds"),
        "{metrics}"
    );
    project.assert_mode("out/everlit.prom", 0o644);
    // A monitor that is down is reported until it is up again.
    service.answers(404);
    refresh(&project, &meta, &secrets).ended(3).notes("the heartbeat daily could not be sent");
    let json = project.everlit(&["status", "--json"]).run().json();
    assert!(json["heartbeats"][0]["failure"].as_str().is_some(), "{json}");
    service.answers(200);
    refresh(&project, &meta, &secrets).ended(3);
    let json = project.everlit(&["status", "--json"]).run().json();
    assert!(json["heartbeats"][0]["failure"].is_null(), "{json}");
}

#[test]
fn url_heartbeats_can_have_start_and_failure_urls() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let project = project(&meta, "[heartbeat.daily]\nkind = \"url\"\n");
    let address = |path: &str| format!("{}/{path}/canaryFAKEcanary", service.address);
    let secrets = [
        ("EVERLIT_HEARTBEAT_DAILY_URL", address("end")),
        ("EVERLIT_HEARTBEAT_DAILY_URL_START", address("begin")),
        ("EVERLIT_HEARTBEAT_DAILY_URL_FAIL", address("fail")),
    ];
    refresh(&project, &meta, &secrets).ended(0).never_shows("canaryFAKE");
    put_a_dead_one(&project, &meta);
    refresh(&project, &meta, &secrets).ended(3).never_shows("canaryFAKE");
    let received: Vec<String> = service.lines().iter().map(|line| line.split('/').nth(1).unwrap().to_owned()).collect();
    assert_eq!(received, ["begin", "end", "begin", "fail"]);
}

#[test]
fn a_run_over_some_accounts_reports_no_success() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let toml = "metrics_file = \"all.prom\"\n[heartbeat.daily]\nkind = \"healthchecks\"\n\
                [account.shop]\nkey = \"SHOP_TOKEN\"\n[account.cafe]\nkey = \"CAFE_TOKEN\"\n";
    let env = format!("SHOP_TOKEN={}\nCAFE_TOKEN={}\n", meta.token_of_age(31), meta.token_of_age(31));
    let project = Project::empty().with_file("everlit.toml", toml).with_file(".env.local", &env);
    let address = format!("{}/ping/canaryFAKEcanary", service.address);
    let run = |more: &[&str]| {
        let call = project.everlit(&[&["refresh"], more].concat()).asking(&meta);
        call.env("EVERLIT_HEARTBEAT_DAILY_URL", &address).run().ended(0);
    };
    let is_success = |line: &String| line.contains("canaryFAKEcanary?");
    run(&["--account", "shop"]);
    assert!(!service.lines().iter().any(is_success), "{:?}", service.lines());
    assert!(!project.has("all.prom"), "it would contain the numbers of one account only");
    run(&[]);
    assert!(service.lines().iter().any(is_success) && project.has("all.prom"), "{:?}", service.lines());
}

#[test]
fn a_misspelled_setting_is_an_error_that_names_it() {
    let table = [
        ("[notify.ops]\nkind = \"slak\"\n", "`notify.ops.kind` must be one of slack"),
        ("[notify.ops]\n", "`notify.ops.kind` must be one of slack"),
        ("[notify.ops]\nkind = \"slack\"\nfall_back = true\n", "unknown setting `notify.ops.fall_back`"),
        ("[notify.ops]\nkind = \"slack\"\nfallback = \"yes\"\n", "`notify.ops.fallback` must be true or false"),
        ("[notify.ops]\nkind = \"slack\"\nserver = \"x\"\n", "unknown setting `notify.ops.server`"),
        ("[notify.ops]\nkind = \"email\"\nserver = \"x\"\nfrom = \"a@b\"\n", "`notify.ops.to` is missing"),
        (
            "[notify.ops]\nkind = \"email\"\nserver = \"x\"\nfrom = \"a@b\"\nto = \"a@b\"\nsecurity = \"ssl\"\n",
            "starttls, tls, none",
        ),
        ("[notify.ops]\nkind = \"command\"\ncommand = \"mail\"\n", "`notify.ops.command` must be a non-empty list"),
        ("[notify.\"o p s\"]\nkind = \"slack\"\n", "letters, digits"),
        ("[notify.a-b]\nkind = \"slack\"\n[heartbeat.A_B]\nkind = \"url\"\n", "too similar"),
        ("[heartbeat.x]\nkind = \"pager\"\n", "`heartbeat.x.kind` must be one of healthchecks"),
        ("[heartbeat.x]\nkind = \"url\"\nurl = \"https://canaryFAKE.example\"\n", "unknown setting `heartbeat.x.url`"),
        ("notify = 7\n", "[notify.ops]"),
        ("metrics_file = 7\n", "`metrics_file` must be a path"),
        ("metrics_file = \".env.local\"\n", "`metrics_file` must be a path that ends in .prom"),
    ];
    for (toml, message) in table {
        let run = Project::new().with_file(TOML, toml).everlit(&["status"]).run().ended(2);
        assert!(run.stderr.contains(message), "{toml}\n{run}");
        run.never_shows("canaryFAKE");
    }
}

fn add(project: &Project, arguments: &[&str], stdin: &str) -> Run {
    let mut command = project.everlit(&[&["notify", "add"], arguments].concat()).into_command();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = started(|| command.spawn()).unwrap();
    // A refused command does not read its input.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    Call::ended(&child.wait_with_output().unwrap())
}

#[test]
fn add_is_idempotent_and_keeps_secrets_out_of_the_settings() {
    let service = Service::new();
    let toml = "# Mine.\nthreshold_days = 25 # as agreed\n\n[notify.old]\nkind   =   \"ntfy\"   # the phone\n";
    let project = Project::new().with_file(TOML, toml);
    let url = format!("{}/services/canaryFAKEcanary", service.address);
    for round in 0..2 {
        let before = project.files();
        let run = add(&project, &["ops", "--kind", "slack", "--stdin"], &format!("{url}\n")).ended(0);
        run.says("Next: everlit notify test ops").never_shows("canaryFAKE");
        assert_eq!(project.files() == before, round == 1, "round {round}");
    }
    let settings = project.read(TOML);
    assert!(settings.starts_with(toml), "{settings}");
    assert!(settings.contains("[notify.ops]\nkind = \"slack\"\n") && !settings.contains("canaryFAKE"), "{settings}");
    assert_eq!(project.read(SECRETS), format!("EVERLIT_NOTIFY_OPS_URL={url}\n"));
    project.assert_mode(SECRETS, 0o600);
    let list = project.everlit(&["notify", "list"]).run().ended(0).says("127.0.0.1").says("ops");
    list.never_shows("canaryFAKE");
    let json = project.everlit(&["notify", "list", "--json"]).run().ended(0);
    assert_eq!(
        (&json.json()["schema"], &json.json()["notify"][1]["goes_to"]),
        (&"everlit.notify/1".into(), &"127.0.0.1".into())
    );
    json.never_shows("canaryFAKE");
    project.everlit(&["notify", "test", "ops"]).run().ended(0).says("accepted");
    assert_eq!(service.at("/services").len(), 1);
    service.answers(410);
    let run = project.everlit(&["notify", "test", "ops"]).run().ended(3).never_shows("canaryFAKE");
    assert!(run.stderr.contains("410"), "{run}");
    service.answers(400);
    project.everlit(&["notify", "test", "ops", "--json"]).run().ended(3).never_shows("canaryFAKE");

    for round in 0..2 {
        let run = project.everlit(&["notify", "remove", "ops"]).run();
        let (exit, said) = if round == 0 { (0, "removed ops") } else { (2, "nothing was changed") };
        let run = run.ended(exit);
        assert!(run.stdout.contains(said) || run.stderr.contains(said), "round {round}: {run}");
        assert_eq!((project.read(TOML), project.read(SECRETS)), (toml.to_owned(), String::new()), "round {round}");
    }
}

#[test]
fn a_test_claims_no_more_than_the_answer_says() {
    let service = Service::new();
    let toml = "[notify.ops]\nkind = \"slack\"\n[heartbeat.daily]\nkind = \"url\"\n";
    let project = Project::empty().with_file(TOML, toml);
    let url = |path: &str| format!("{}/{path}", service.address);
    let test = project.everlit(&["notify", "test"]).env("EVERLIT_NOTIFY_OPS_URL", url("ops"));
    let run = test.env("EVERLIT_HEARTBEAT_DAILY_URL", url("daily")).run().ended(0);
    run.says("ops (slack): accepted\n").says("daily (url): accepted; any 2xx answer counts as that\n");
}

#[test]
fn add_and_remove_say_exactly_what_they_changed() {
    let project = Project::empty();
    let ops = ["ops", "--kind", "slack", "--stdin"];
    add(&project, &ops, "http://127.0.0.1:9/canaryFAKE1").ended(0).says("added ops to everlit.toml");
    let run = add(&project, &ops, "http://127.0.0.1:9/canaryFAKE2").ended(0).says("changed ops");
    assert!(!run.stdout.contains("added"), "{run}");
    project.everlit(&["notify", "remove", "ops"]).run().ended(0).says("removed ops from everlit.toml, and its secret");
    project.everlit(&["notify", "add", "cmd", "--kind", "command", "--", "/bin/true"]).run().ended(0).says("added cmd");
    let run = project.everlit(&["notify", "remove", "cmd"]).run().ended(0).says("removed cmd from everlit.toml");
    assert!(!run.stdout.contains("secret"), "{run}");
}

#[cfg(windows)]
#[test]
fn a_channel_finds_its_batch_file_as_a_shell_does() {
    let toml = "[notify.ops]\nkind = \"command\"\ncommand = [\"alert\"]\n\n[notify.near]\nkind = \"command\"\ncommand = ['.\\bin\\alert']\n";
    let project = Project::empty().with_file(TOML, toml).with_file("bin/alert.cmd", "@exit /b 0\r\n");
    let path = project.path().join("bin").to_str().unwrap().to_owned();
    for name in ["ops", "near"] {
        project.everlit(&["notify", "test", name]).env("PATH", &path).run().ended(0).says("accepted");
    }
}

#[cfg(unix)]
#[test]
fn a_world_readable_secrets_file_is_reported() {
    let project = Project::empty().with_file(".everlit/secrets.env", "A=1\n");
    project.set_mode(".everlit/secrets.env", 0o644);
    let run = add(&project, &["ops", "--kind", "slack", "--stdin"], "https://hooks.slack.example/services/canaryFAKE");
    run.ended(0).notes("chmod 600 .everlit/secrets.env");
}

#[test]
fn every_kind_can_be_added_and_passes_doctor() {
    let table: [(&[&str], &str, &str); 12] = [
        (&["a", "--kind", "slack"], "https://hooks.example/a", "[notify.a]\nkind = \"slack\"\n"),
        (&["a", "--kind", "discord"], "https://hooks.example/a", "[notify.a]\nkind = \"discord\"\n"),
        (
            &["a", "--kind", "teams", "--fallback"],
            "https://hooks.example/a",
            "[notify.a]\nkind = \"teams\"\nfallback = true\n",
        ),
        (&["a", "--kind", "ntfy"], "https://ntfy.example/topic", "[notify.a]\nkind = \"ntfy\"\n"),
        (&["a", "--kind", "webhook"], "https://hooks.example/a", "[notify.a]\nkind = \"webhook\"\n"),
        (
            &[
                "a",
                "--kind",
                "email",
                "--server",
                "m.example",
                "--from",
                "a@b.example",
                "--to",
                "c@d.example",
                "--to",
                "e@f.example",
                "--user",
                "u",
            ],
            "hunter2",
            "[notify.a]\nkind = \"email\"\nserver = \"m.example\"\nfrom = \"a@b.example\"\n\
             to = [\"c@d.example\", \"e@f.example\"]\nuser = \"u\"\n",
        ),
        (
            &["a", "--kind", "command", "--", SHELL, "-s", "x"],
            "",
            &format!("[notify.a]\nkind = \"command\"\ncommand = [\"{SHELL}\", \"-s\", \"x\"]\n"),
        ),
        (&["a", "--kind", "healthchecks"], "https://hc.example/u", "[heartbeat.a]\nkind = \"healthchecks\"\n"),
        (&["a", "--kind", "uptime-kuma"], "https://hc.example/api/push/u", "[heartbeat.a]\nkind = \"uptime-kuma\"\n"),
        (&["a", "--kind", "cronitor"], "https://hc.example/u", "[heartbeat.a]\nkind = \"cronitor\"\n"),
        (&["a", "--kind", "snitch"], "https://hc.example/u", "[heartbeat.a]\nkind = \"snitch\"\n"),
        (&["a", "--kind", "url"], "https://hc.example/u", "[heartbeat.a]\nkind = \"url\"\n"),
    ];
    for (arguments, secret, toml) in table {
        let project = Project::new();
        let stdin: &[&str] = if secret.is_empty() { &[] } else { &["--stdin"] };
        let run = add(&project, &[&[arguments[0]], stdin, &arguments[1..]].concat(), secret).ended(0);
        assert_eq!(project.read(TOML), toml, "{arguments:?}");
        let doctor = project.everlit(&["doctor", "--json"]).run();
        let problems = doctor.json()["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["check"] == "notify" && f["level"] == "problem");
        assert!(!problems, "{arguments:?}\n{doctor}");
        let is_webhook = arguments.contains(&"webhook");
        assert_eq!(run.stdout.contains("whsec_"), is_webhook, "{run}");
        if is_webhook {
            let again =
                add(&project, &["a", "--kind", "webhook", "--stdin"], secret).ended(0).says("nothing was changed");
            again.never_shows("whsec_");
        }
    }
}

const HEARTBEAT: &str = "EVERLIT_HEARTBEAT_A_URL=https://hc.example/u\n";

#[test]
fn additional_secrets_are_read_from_further_lines() {
    let ntfy = ["a", "--kind", "ntfy", "--stdin"];
    let url = ["a", "--kind", "url", "--stdin"];
    let topic = "EVERLIT_NOTIFY_A_URL=https://ntfy.example/t\n";
    let token = "EVERLIT_NOTIFY_A_TOKEN=tk_canaryFAKE\n";
    let start = "EVERLIT_HEARTBEAT_A_URL_START=https://hc.example/s\n";
    let fail = "EVERLIT_HEARTBEAT_A_URL_FAIL=https://hc.example/f\n";
    for (arguments, stdin, secrets) in [
        (ntfy, "https://ntfy.example/t\ntk_canaryFAKE\n", [topic, token].concat()),
        (ntfy, "\r\n https://ntfy.example/t \r\n tk_canaryFAKE \r\n\r\n", [topic, token].concat()),
        (ntfy, "https://ntfy.example/t\n", topic.to_owned()),
        (url, "https://hc.example/u", HEARTBEAT.to_owned()),
        (url, "https://hc.example/u\nhttps://hc.example/s\n", [HEARTBEAT, start].concat()),
        (url, "https://hc.example/u\n\nhttps://hc.example/f\n", [HEARTBEAT, fail].concat()),
        (url, "https://hc.example/u\nhttps://hc.example/s\nhttps://hc.example/f", [HEARTBEAT, start, fail].concat()),
    ] {
        let project = Project::new();
        add(&project, &arguments, stdin).ended(0).never_shows("canaryFAKE");
        assert_eq!(project.read(SECRETS), secrets, "{stdin:?}");
        // A single line replaces only the URL.
        let changed = secrets.replace("/t\n", "/t2\n").replace("/u\n", "/u2\n");
        let address = changed.lines().next().unwrap().split_once('=').unwrap().1;
        add(&project, &arguments, address).ended(0);
        assert_eq!(project.read(SECRETS), changed, "{stdin:?}");
        project.everlit(&["notify", "remove", "a"]).run().ended(0);
        assert_eq!(project.read(SECRETS), "", "{stdin:?}");
    }
    for (arguments, stdin) in [
        (ntfy, "https://ntfy.example/t\ntk canaryFAKE"),
        (ntfy, "https://ntfy.example/t\ntk_canaryFAKE\nmore"),
        (ntfy, "tk_canaryFAKE\nhttps://ntfy.example/t"),
        (url, "https://hc.example/u\ncanaryFAKE"),
        (url, "https://hc.example/u\n\ncanaryFAKE"),
        (url, "https://hc.example/u\nhttps://hc.example/s\nhttps://hc.example/f\nhttps://hc.example/canaryFAKE"),
    ] {
        let project = Project::new();
        let before = project.files();
        add(&project, &arguments, stdin).ended(2).never_shows("canaryFAKE");
        assert_eq!(project.files(), before, "{stdin:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_asks_for_each_secret_and_enter_skips_one() {
    let project = Project::new();
    let typed = |keys: &str| {
        let line = format!("{} notify add a --kind url", env!("CARGO_BIN_EXE_everlit"));
        project.at_a_terminal(&line).typed("Secret: ", keys)
    };
    let shown = typed("https://hc.example/u\n\nhttps://hc.example/f\n");
    let questions = ["after each successful run", "when a run starts", "when a person must act"];
    assert!(questions.iter().all(|question| shown.contains(question)), "{shown}");
    assert!(!shown.contains("hc.example"), "{shown}");
    let fail = "EVERLIT_HEARTBEAT_A_URL_FAIL=https://hc.example/f\n";
    assert_eq!(project.read(SECRETS), [HEARTBEAT, fail].concat());
    // Repeating the command does not ask again.
    let before = project.files();
    add(&project, &["a", "--kind", "url"], "").ended(0).says("nothing was changed");
    assert_eq!(project.files(), before);
}

#[test]
fn hostile_names_and_secrets_are_refused_without_a_trace() {
    let url = "https://hooks.example/canaryFAKE";
    let long = "a".repeat(41);
    let table: [(&[&str], &str); 15] = [
        (&["", "--kind", "slack", "--stdin"], url),
        (&["../x", "--kind", "slack", "--stdin"], url),
        (&["a.b", "--kind", "slack", "--stdin"], url),
        (&["a\nB=c", "--kind", "slack", "--stdin"], url),
        (&["a]", "--kind", "slack", "--stdin"], url),
        (&["é", "--kind", "slack", "--stdin"], url),
        (&[&long, "--kind", "slack", "--stdin"], url),
        (&["a", "--kind", "slack", "--stdin"], "not an address canaryFAKE"),
        (&["a", "--kind", "teams", "--stdin"], "https://x.webhook.office.com/webhookb2/canaryFAKE"),
        (&["a", "--kind", "healthchecks", "--stdin"], "https://hc.example/checks/canaryFAKE/details/"),
        (&["a", "--kind", "slack", "--stdin"], "https://hooks.example/canaryFAKE\nB=c"),
        (&["a", "--kind", "slack", "--stdin"], "  \n"),
        (&["a", "--kind", "slack"], url),
        (&["a", "--kind", "slack", "--stdin", "--server", "x"], url),
        (&["a", "--kind", "healthchecks", "--stdin", "--fallback"], url),
    ];
    for (arguments, stdin) in table {
        let project = Project::new();
        let before = project.files();
        add(&project, arguments, stdin).ended(2).never_shows("canaryFAKE");
        assert_eq!(project.files(), before, "{arguments:?}");
    }
    // Names whose secrets would share a variable.
    let project = Project::new();
    add(&project, &["on-call", "--kind", "slack", "--stdin"], url).ended(0);
    let before = project.files();
    for name in ["ON-CALL", "on_call"] {
        add(&project, &[name, "--kind", "slack", "--stdin"], url).ended(2).notes("too similar").notes("Next:");
        add(&project, &[name, "--kind", "url", "--stdin"], url).ended(2).notes("too similar");
    }
    assert_eq!(project.files(), before);
    // A secret given as a name is not repeated.
    let project = Project::new();
    for command in ["test", "remove"] {
        project.everlit(&["notify", command, url]).run().ended(2).never_shows("canaryFAKE");
    }
}

#[test]
fn a_command_receives_the_message_but_not_our_environment() {
    let meta = Meta::friendly();
    let project = project(&meta, "");
    let command =
        project.script("cat > got.json\nenv > got.env", "set >got.env\nset /p message=\n>got.json set message");
    project.write(TOML, format!("[notify.own]\nkind = \"command\"\ncommand = {command:?}\n"));
    let token = meta.newest();
    kill_token(&meta);
    let call = project
        .everlit(&["refresh"])
        .asking(&meta)
        .env("META_APP_SECRET", "canaryFAKEcanaryFAKE")
        .env("META_APP_ID", "1");
    call.run().ended(3);
    assert!(project.read("got.json").contains("token.refresh_failed"), "{}", project.read("got.json"));
    let seen = project.read("got.env") + &project.read("got.json");
    assert!(!seen.contains("canaryFAKE") && !seen.contains(&token[20..30]), "{seen}");
}
