//! `everlit serve`: the service, started and ended as service managers do.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;
use std::time::Duration;

use everlit_sandbox::{
    Endpoint, Fault, Incident, Injection, Issue, Kind, MetaError, OneOf, RefreshString, State, UsageHeaders,
};
use everlit_testkit::postgres::{psql, start};
use rustix::process::Signal;
use support::service::Service;
use support::serving::{Serving, add, newest, serve};
use support::{Meta, Project};

fn vault() -> Project {
    let project = Project::empty();
    project.everlit(&["vault", "create"]).run().ended(0);
    project
}

#[test]
fn a_service_keeps_accounts_alive_until_it_is_told_to_end() {
    let (project, meta) = (vault(), Meta::friendly());
    let old: Vec<String> = ["bakery", "cafe", "gym"].map(|name| add(&project, &meta, name, 31)).into();
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears_times("\"refreshed\"", 3);
    serving.answers("/readyz", 200, "ok");
    assert_eq!(serving.get("/healthz").0, 200);
    assert_eq!(serving.get("/nothing").0, 404);
    let later = add(&project, &meta, "added-later", 31);
    serving.hears("\"refreshed\"");
    let (_, metrics) = serving.get("/metrics");
    assert!(metrics.contains("everlit_attempts_total{outcome=\"refreshed\"} 4"), "{metrics}");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    for secret in old.iter().chain([&later]).map(|token| &token[..24]).chain(["bakery", "gym"]) {
        assert!(!log.contains(secret) && !metrics.contains(secret), "{secret} is in\n{log}\n{metrics}");
    }
    let token = project.everlit(&["token", "--account", "cafe"]).run().ended(0).stdout;
    assert_eq!(token, newest(&meta, "cafe"));
    project.everlit(&["status", "--check"]).run().ended(0).says("OK: 4 tokens safe");
    assert!(!project.has(".everlit/spill") || project.files().keys().all(|file| !file.contains("/spill/")));
}

#[test]
fn nobody_who_serves_is_led_to_a_schedule() {
    let (project, meta) = (vault(), Meta::friendly());
    let serving = Serving::start(serve(&project, &meta));
    serving.answers("/readyz", 200, "ok");
    let token = meta.token_of_age(10);
    let added = project.everlit(&["account", "add", "cafe", "--stdin"]).asking(&meta).fed(&token).ended(0);
    added.never_shows("schedule install");
    let doctor = project.everlit(&["doctor", "--verbose"]).asking(&meta).run();
    doctor.says("served by ").never_shows("schedule install");
    assert!(serving.end().0.success());
    project.everlit(&["doctor"]).asking(&meta).run().says("schedule install");
}

#[test]
fn an_account_whose_every_call_hangs_delays_no_other() {
    let (project, meta) = (vault(), Meta::friendly());
    let hanging = add(&project, &meta, "hanging", 31);
    for name in ["a", "b", "c"] {
        add(&project, &meta, name, 31);
    }
    meta.inject(Injection::new(Fault::Slow { millis: 3_600_000 }).for_account("hanging"));
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears_times("\"refreshed\"", 3);
    assert_eq!(newest(&meta, "hanging"), hanging);
    meta.lets_go();
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
}

#[test]
fn a_stop_lets_the_refresh_in_flight_end() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "bakery", 31);
    meta.holds_back_the_refresh();
    let mut serving = Serving::start(serve(&project, &meta));
    meta.awaits_the_refresh(&mut serving.process.0);
    serving.signal(Signal::TERM);
    serving.hears("stopping");
    assert_eq!(serving.get("/readyz").0, 503);
    meta.lets_go();
    let (status, log) = serving.ended();
    assert!(status.success() && log.contains("\"refreshed\""), "{log}");
    let token = project.everlit(&["token", "--account", "bakery"]).run().ended(0).stdout;
    assert_eq!(token, newest(&meta, "bakery"));
}

/// P2, and P4: what a killed worker had in flight is taken over once its lease ends.
#[test]
fn p2_a_killed_worker_loses_no_token() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "bakery", 31);
    meta.holds_back_the_refresh();
    let mut serving = Serving::start(serve(&project, &meta));
    meta.awaits_the_refresh(&mut serving.process.0);
    drop(serving);
    meta.lets_go();
    // Five minutes later, without waiting for them.
    let connection = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    connection.execute_batch("UPDATE due SET lease_until = 0").unwrap();
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears("\"refreshed\"");
    assert!(serving.end().0.success());
    let token = project.everlit(&["token", "--account", "bakery"]).run().ended(0).stdout;
    assert_eq!(token, newest(&meta, "bakery"));
}

#[test]
fn many_accounts_refused_alike_are_one_message() {
    let (project, service) = (vault(), Service::new());
    project.write("everlit.toml", project.read("everlit.toml") + "[notify.team]\nkind = \"slack\"\n");
    let error = MetaError::new(190, "Error validating access token").status(400);
    let meta = Meta::with(|knobs| knobs.incident = Some(Incident { error, fraction: 1.0, product: None, until: None }));
    for number in 0..40 {
        add(&project, &meta, &format!("shop-{number}"), 31);
    }
    let call = serve(&project, &meta).env("EVERLIT_NOTIFY_TEAM_URL", format!("{}/hook", service.address));
    let mut serving = Serving::start(call);
    serving.hears_times("\"outcome\":\"failed\"", 40);
    let (status, log) = serving.end();
    assert!(status.success() && log.contains("an incident"), "{log}");
    let messages = service.at("/hook");
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains("many accounts alike"), "{messages:#?}");
}

#[test]
fn a_person_is_told_of_an_account_that_needs_one() {
    let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
    project.write("everlit.toml", project.read("everlit.toml") + "[notify.team]\nkind = \"slack\"\n");
    add(&project, &meta, "well", 31);
    let dead = meta.issue(&Issue::new(Kind::Instagram).username("dead").aged_days(31).state(State::PasswordChanged));
    project.everlit(&["account", "add", "dead", "--stdin"]).fed(&dead).ended(0);
    let url = format!("{}/hook", service.address);
    let mut serving = Serving::start(serve(&project, &meta).env("EVERLIT_NOTIFY_TEAM_URL", &url));
    serving.hears("\"needs_person\"");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    let messages = service.at("/hook");
    assert!(
        messages.len() == 1 && messages[0].contains("dead") && !messages[0].contains("well"),
        "{messages:#?}: {log}"
    );
    // Another process knows that it was told.
    let serving = Serving::start(serve(&project, &meta).env("EVERLIT_NOTIFY_TEAM_URL", &url));
    serving.answers("/metrics", 200, "everlit_accounts{state=\"needs_person\"} 1");
    assert!(serving.end().0.success());
    assert_eq!(service.at("/hook").len(), 1);
}

#[test]
fn a_hang_up_reads_the_settings_again() {
    let (project, meta) = (vault(), Meta::friendly());
    let settings = project.read("everlit.toml");
    let mut serving = Serving::start(serve(&project, &meta));
    project.write("everlit.toml", "vault = [");
    serving.signal(Signal::HUP);
    let refused = serving.hears("the settings were not changed");
    assert!(refused["error"].as_str().unwrap().contains("line 1"), "{refused}");
    project.write(
        "everlit.toml",
        settings.clone()
            + "[target.site]\nkind = \"env-file\"\npath = \"copy.env\"\nkey = \"BAKERY\"\naccount = \"bakery\"\n",
    );
    project.write("copy.env", "BAKERY=old\n");
    add(&project, &meta, "bakery", 31);
    serving.signal(Signal::HUP);
    serving.hears("the settings were read again");
    serving.hears("\"refreshed\"");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    assert!(project.read("copy.env").contains(&newest(&meta, "bakery")), "a new target gets the token");
    project.write("everlit.toml", settings.replace("everlit.db", "other.db"));
    let mut serving = Serving::start(serve(&project, &meta).env("EVERLIT_VAULT", "sqlite:everlit.db"));
    serving.signal(Signal::HUP);
    serving.hears("the settings were read again");
    assert!(serving.end().0.success());
}

/// What somebody changes on one machine, a service on another follows by itself.
#[test]
fn a_service_follows_the_settings_in_its_vault() {
    let (here, there, meta, service) = (Project::empty(), Project::empty(), Meta::friendly(), Service::new());
    let server = start("host all all all trust\n", &[]);
    psql(&server, "postgres", "CREATE DATABASE vault");
    let address = format!("postgres://postgres@127.0.0.1:{}/vault?sslmode=disable", server.port);
    here.everlit(&["key", "create", "master.key"]).run().ended(0);
    let key = here.read("master.key");
    let on = |machine: &Project, arguments: &[&str]| {
        let call = machine.everlit(arguments).asking(&meta).env("EVERLIT_VAULT", &address);
        call.env("EVERLIT_MASTER_KEY", key.trim())
    };
    on(&here, &["vault", "create"]).run().ended(0);
    let mut serving = Serving::start(on(&here, &["serve", "--listen", "127.0.0.1:0"]));
    let add = ["notify", "add", "ops", "--kind", "slack", "--stdin"];
    on(&there, &add).fed(format!("{}/hook\n", service.address)).ended(0);
    serving.hears("the settings in the vault were changed");
    let dead = meta.issue(&Issue::new(Kind::Instagram).username("dead").aged_days(31).state(State::PasswordChanged));
    on(&there, &["account", "add", "dead", "--stdin"]).fed(&dead).ended(0);
    serving.hears("\"needs_person\"");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    assert_eq!(service.at("/hook").len(), 1, "{log}");
    assert!(!log.contains("/hook"), "{log}");
}

#[test]
fn the_service_manager_hears_that_it_lives() {
    let (project, meta) = (vault(), Meta::friendly());
    let socket = project.home().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let serving = Serving::start(serve(&project, &meta).env("NOTIFY_SOCKET", &socket));
    let heard = |wanted: &str| {
        let mut said = Vec::new();
        let mut buffer = [0; 1024];
        while let Ok(length) = manager.recv(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            said.push(text.clone());
            if text.lines().any(|line| line == wanted) {
                return;
            }
        }
        panic!("no {wanted}: {said:?}");
    };
    heard("READY=1");
    heard("WATCHDOG=1");
    serving.signal(Signal::HUP);
    heard("RELOADING=1");
    heard("READY=1");
    serving.signal(Signal::TERM);
    heard("STOPPING=1");
    assert!(serving.ended().0.success());
}

#[test]
fn what_keeps_a_service_from_starting_is_said_at_once() {
    let project = Project::empty();
    project.everlit(&["serve"]).run().ended(2).notes("no vault is named").notes("everlit vault create");
    let project = vault();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = project.everlit(&["serve", "--listen", &address]).run().ended(2);
    refused.notes(&format!("cannot listen on {address}")).notes("--listen 127.0.0.1:0");
    project.everlit(&["serve", "--account", "shop"]).run().ended(2).notes("a service keeps all accounts");
    project.everlit(&["serve", "--concurrency", "0"]).run().ended(2).notes("--concurrency must be a number from 1");
    project.everlit(&["serve"]).env("EVERLIT_LOG_FORMAT", "xml").run().ended(2).notes("must be text or json");
    project.everlit(&["key", "create", "other.key"]).run().ended(0);
    let wrong = project.everlit(&["serve"]).env("EVERLIT_MASTER_KEY_FILE", "other.key").run();
    wrong.ended(2).notes("the master key is not the one of this vault");
    let settings = project.read("everlit.toml");
    for (wrong, why) in [
        ("port = 1", "unknown setting `serve.port`"),
        ("concurrency = 0", "`serve.concurrency` must be a number from 1"),
        ("listen = \"foo\"", "`serve.listen` must be an address and a port"),
    ] {
        project.write("everlit.toml", format!("{settings}[serve]\n{wrong}\n"));
        project.everlit(&["serve"]).run().ended(2).notes(why);
        project.everlit(&["doctor"]).run().ended(2).says(why);
    }
}

/// P2: tokens that Meta issues while the database is away are in it once it is back.
#[test]
fn p2_a_database_that_goes_away_costs_no_token() {
    let server = start("host all all all trust\n", &[]);
    psql(&server, "postgres", "CREATE DATABASE vault");
    let address = format!("postgres://postgres@127.0.0.1:{}/vault?sslmode=disable", server.port);
    let (project, meta) = (Project::empty(), Meta::friendly());
    project.everlit(&["key", "create", "master.key"]).run().ended(0);
    project.write("everlit.toml", format!("vault = \"{address}\"\nmaster_key_file = \"master.key\"\n"));
    project.everlit(&["vault", "create"]).run().ended(0);
    let old = add(&project, &meta, "bakery", 31);
    meta.holds_back_the_refresh();
    let mut serving = Serving::start(serve(&project, &meta));
    meta.awaits_the_refresh(&mut serving.process.0);
    // Nobody may connect any more, and whoever is connected is thrown out.
    psql(&server, "postgres", "ALTER DATABASE vault ALLOW_CONNECTIONS false");
    psql(&server, "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'vault'");
    meta.lets_go();
    serving.hears("the vault does not");
    serving.answers("/readyz", 503, "the vault has failed");
    assert!(project.files().keys().any(|file| file.contains("/spill/")), "{:?}", project.files().keys());
    assert_ne!(newest(&meta, "bakery"), old, "Meta has issued another");
    // As if the machine had lost power meanwhile.
    drop(serving);
    psql(&server, "postgres", "ALTER DATABASE vault ALLOW_CONNECTIONS true");
    psql(&server, "vault", "UPDATE due SET lease_until = 0");
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears("tokens that had waited for the vault are in it");
    serving.hears("\"recovered\"");
    assert!(serving.end().0.success());
    let token = project.everlit(&["token", "--account", "bakery"]).run().ended(0).stdout;
    assert_eq!(token, newest(&meta, "bakery"));
    assert_eq!(meta.sandbox.with(|meta| meta.calls_to(Endpoint::Refresh)), 1, "Meta was asked once");
    assert!(!project.files().keys().any(|file| file.contains("/spill/")));
}

/// No token is asked for that nothing could keep if the vault went away.
#[test]
fn a_spill_that_is_gone_stops_a_service_until_it_is_back() {
    let (project, meta) = (vault(), Meta::friendly());
    let mut serving = Serving::start(serve(&project, &meta));
    // The heartbeat makes room for one token, to see whether that is possible, and then counts workers.
    serving.answers("/metrics", 200, "\neverlit_workers 1\n");
    let place = project.path().join(".everlit/spill");
    std::fs::rename(&place, place.with_extension("aside")).unwrap();
    std::fs::write(&place, "").unwrap();
    let names = ["bakery", "barber", "butcher", "florist"];
    for name in names {
        add(&project, &meta, name, 31);
    }
    serving.hears("nothing is refreshed until it does");
    serving.answers("/readyz", 503, "the vault has failed");
    assert_eq!(meta.refreshes(), 0);
    std::fs::remove_file(&place).unwrap();
    serving.hears_times("\"refreshed\"", names.len());
    assert!(serving.end().0.success());
}

/// P5: monitors and people hear of accounts that nothing is done for, each once.
#[test]
fn p5_a_service_tells_of_accounts_that_cannot_be_read() {
    let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
    for name in ["bakery", "cafe", "gym"] {
        add(&project, &meta, name, 31);
    }
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    database.execute_batch("UPDATE accounts SET sealed = x'00' WHERE id < (SELECT max(id) FROM accounts)").unwrap();
    drop(database);
    let add = ["notify", "add", "ops", "--kind", "slack", "--stdin"];
    project.everlit(&add).asking(&meta).fed(format!("{}/hook\n", service.address));
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears_times("an account cannot be read", 2);
    serving.answers("/metrics", 200, "everlit_accounts{state=\"unreadable\"} 2\n");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    let told = service.at("/hook");
    assert!(told.len() == 1 && told[0].matches("the account in row").count() == 2, "{told:?}");
    let refresh = || project.everlit(&["refresh"]).asking(&meta).run().ended(2);
    refresh().notes("cannot be read from the vault");
    assert_eq!(service.at("/hook").len(), 1, "{:?}", service.at("/hook"));
}

#[test]
fn two_workers_share_the_accounts_of_a_vault() {
    let (project, meta) = (vault(), Meta::friendly());
    for number in 0..60 {
        add(&project, &meta, &format!("shop-{number}"), 31);
    }
    let few = ["serve", "--listen", "127.0.0.1:0", "--concurrency", "4"];
    let workers = [(); 2].map(|()| Serving::start(project.everlit(&few).asking(&meta)));
    while meta.refreshes() < 60 {
        std::thread::yield_now();
    }
    let logs = workers.map(|worker| worker.end().1);
    let done = logs.map(|log| log.matches("\"refreshed\"").count());
    assert_eq!((done[0] + done[1], meta.refreshes()), (60, 60), "{done:?}");
    assert!(done[0] > 0 && done[1] > 0, "{done:?}");
}

/// A worker that sleeps longer than its lease overwrites nothing that others have saved meanwhile.
#[test]
fn p1_a_worker_that_wakes_up_late_overwrites_nothing() {
    let (project, meta) = (vault(), Meta::with(|knobs| knobs.refresh_string = OneOf::only(RefreshString::New)));
    add(&project, &meta, "bakery", 31);
    meta.holds_back_the_refresh();
    let mut late = Serving::start(serve(&project, &meta));
    meta.awaits_the_refresh(&mut late.process.0);
    late.signal(Signal::STOP);
    let state = format!("/proc/{}/stat", late.process.0.id());
    while cfg!(target_os = "linux") && !std::fs::read_to_string(&state).unwrap().contains(") T ") {
        std::thread::yield_now();
    }
    let connection = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    connection.execute_batch("UPDATE due SET lease_until = 0").unwrap();
    let mut other = Serving::start(serve(&project, &meta));
    other.hears("\"refreshed\"");
    let saved = project.everlit(&["token", "--account", "bakery"]).run().ended(0).stdout;
    meta.lets_go();
    late.signal(Signal::CONT);
    late.hears("\"outcome\":");
    let kept = project.everlit(&["token", "--account", "bakery"]).run().ended(0).stdout;
    assert_eq!(kept, saved);
    assert!(late.end().0.success() && other.end().0.success());
    project.everlit(&["vault", "check"]).run().ended(0);
    assert_eq!(meta.sandbox.with(|meta| meta.token(&kept).map(|token| token.state_at(meta.now))), Some(State::Live));
}

#[test]
fn p6_an_app_at_its_limit_is_left_alone() {
    let (project, meta) = (
        vault(),
        Meta::with(|knobs| {
            knobs.usage_headers = OneOf::only(UsageHeaders::Instagram);
            knobs.usage_percent = 96;
        }),
    );
    for number in 0..12 {
        add(&project, &meta, &format!("shop-{number}"), 31);
    }
    let few = ["serve", "--listen", "127.0.0.1:0", "--concurrency", "1"];
    let mut serving = Serving::start(project.everlit(&few).asking(&meta));
    serving.hears_times("\"account\"", 12);
    serving.answers("/metrics", 200, "everlit_apps_stopped 1");
    assert!(serving.end().0.success());
    assert_eq!(meta.refreshes(), 1, "the first answer said that the app has used up its calls");
    project.everlit(&["status"]).run().says("used up its calls");
}

#[test]
fn a_master_key_that_changes_under_a_service_is_said() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "bakery", 2);
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears("\"account\"");
    project.everlit(&["key", "create", "new.key"]).run().ended(0);
    project.everlit(&["key", "rotate", "--master-key-file", "new.key"]).run().ended(0);
    let with_new = |arguments: &[&str]| project.everlit(arguments).env("EVERLIT_MASTER_KEY_FILE", "new.key");
    with_new(&["key", "rotate", "--now"]).run().ended(0);
    let token = meta.issue(&Issue::new(Kind::Instagram).username("cafe").aged_days(31));
    with_new(&["account", "add", "cafe", "--stdin"]).fed(&token).ended(0);
    let refused = serving.hears("the vault does not work");
    assert!(refused["error"].as_str().unwrap().contains("master key"), "{refused}");
    serving.answers("/readyz", 503, "master key");
    assert!(serving.end().0.success());
    let mut serving = Serving::start(serve(&project, &meta).env("EVERLIT_MASTER_KEY_FILE", "new.key"));
    serving.hears("\"refreshed\"");
    assert!(serving.end().0.success());
}

/// The sweep leaves an account to the refresh that works on it, and comes back.
#[test]
fn a_key_rotated_during_a_refresh_costs_no_token() {
    let (project, meta) = (vault(), Meta::with(|knobs| knobs.refresh_string = OneOf::only(RefreshString::New)));
    add(&project, &meta, "bakery", 31);
    project.everlit(&["account", "add", "cafe"]).run().ended(0);
    meta.holds_back_the_refresh();
    let mut serving = Serving::start(serve(&project, &meta));
    meta.awaits_the_refresh(&mut serving.process.0);
    let mut rotate = project.everlit(&["key", "rotate", "--now"]).into_command();
    let mut rotating = rotate.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut notes = BufReader::new(rotating.stderr.take().unwrap()).lines();
    assert_eq!(notes.next().unwrap().unwrap(), "1 account moved to the new key");
    meta.lets_go();
    serving.hears("\"refreshed\"");
    let (status, log) = serving.end();
    assert!(status.success() && !log.contains("not_saved"), "{log}");
    let rotated = rotating.wait_with_output().unwrap();
    assert!(rotated.status.success(), "{rotated:?}");
    let said = String::from_utf8(rotated.stdout).unwrap();
    assert!(said.contains("2 moved, 0 still sealed with older keys"), "{said}");
    let token = project.everlit(&["token", "--account", "bakery"]).run().ended(0).stdout;
    assert_eq!(token, newest(&meta, "bakery"));
    project.everlit(&["vault", "check"]).run().ended(0);
}

#[test]
fn status_says_when_a_worker_was_last_seen() {
    let (project, meta) = (vault(), Meta::friendly());
    let serving = Serving::start(serve(&project, &meta));
    serving.answers("/readyz", 200, "ok");
    // Dropped, it is killed.
    drop(serving);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    database.execute("UPDATE workers SET seen_at = unixepoch() - 41", ()).unwrap();
    project.everlit(&["account", "add", "shop"]).run().ended(0);
    project.everlit(&["status"]).run().says(", last seen 4");
}

#[test]
fn a_worker_that_lives_is_a_schedule_whatever_the_clock() {
    let (project, meta) = (vault(), Meta::friendly());
    project.everlit(&["account", "add", "shop"]).run().ended(0);
    let serving = Serving::start(serve(&project, &meta));
    serving.answers("/readyz", 200, "ok");
    meta.sandbox.with(|meta| meta.advance(30 * 86_400));
    let status = project.everlit(&["status"]).asking(&meta).run();
    status.says("served by").never_shows("has its schedule stopped");
}

/// Not only the tokens that are refreshed from now on.
#[test]
fn a_new_target_soon_gets_the_tokens_in_use() {
    let (project, meta) = (vault(), Meta::friendly());
    let names: Vec<String> = (0..5).map(|number| format!("shop{number}")).collect();
    for name in &names {
        add(&project, &meta, name, 31);
    }
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears_times("\"refreshed\"", names.len());
    let settings = project.read("everlit.toml");
    let targets = names.iter().map(|name| {
        let file = format!("{name}.env");
        project.write(&file, "KEY=old\n");
        format!("[target.{name}]\nkind = \"env-file\"\npath = \"{file}\"\nkey = \"KEY\"\naccount = \"{name}\"\n")
    });
    project.write("everlit.toml", settings + &targets.collect::<String>());
    serving.signal(Signal::HUP);
    serving.hears("each account was compared with the targets");
    for name in &names {
        assert_eq!(project.read(&format!("{name}.env")), format!("KEY={}\n", newest(&meta, name)), "{name}");
    }
    assert_eq!(meta.refreshes(), names.len() as u64, "nothing was refreshed for that");
    // That is remembered: neither this process nor the next one does it again.
    serving.signal(Signal::HUP);
    serving.hears("the settings were read again");
    let (status, log) = serving.end();
    assert!(status.success() && log.matches("compared with the targets").count() == 1, "{log}");
    project.everlit(&["status", "--check"]).run().ended(0).says("OK: 5 tokens safe");
}
