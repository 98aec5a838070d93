//! `everlit serve` on bad days: clocks that are wrong, a read-only database, messages that do not get through.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, Expiry, Record};
use everlit_meta_api::{Timestamp, Token};
use everlit_sandbox::{Endpoint, Incident, Issue, Kind, MetaError, State};
use everlit_testkit::contract::now;
use everlit_testkit::postgres::{psql, start};
use everlit_testkit::server::Server;
use everlit_vault::{MasterKey, NewAccount, Vault};
use rustix::process::Signal;
use support::service::Service;
use support::serving::{Serving, add, newest, serve};
use support::{Call, Meta, Project};
use tokio::task::JoinSet;

fn vault() -> Project {
    let project = Project::empty();
    project.everlit(&["vault", "create"]).run().ended(0);
    project
}

/// A vault in PostgreSQL.
fn vault_on(server: &Server) -> Project {
    psql(server, "postgres", "CREATE DATABASE vault");
    let address = format!("postgres://postgres@127.0.0.1:{}/vault?sslmode=disable", server.port);
    let project = Project::empty();
    project.everlit(&["key", "create", "master.key"]).run().ended(0);
    project.write("everlit.toml", format!("vault = \"{address}\"\nmaster_key_file = \"master.key\"\n"));
    project.everlit(&["vault", "create"]).run().ended(0);
    project
}

/// Tells people through chats of these names.
fn tell(project: &Project, chats: &[&str]) {
    let chats = chats.iter().map(|chat| format!("[notify.{chat}]\nkind = \"slack\"\n"));
    project.write("everlit.toml", project.read("everlit.toml") + &chats.collect::<String>());
}

/// Changes settings of the database for new connections, and ends those that there are.
fn alter(server: &Server, what: &str) {
    psql(server, "postgres", &format!("ALTER DATABASE vault {what}"));
    psql(server, "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'vault'");
}

/// The clock of a service, which libfaketime turns.
struct Clock<'p>(&'p Project);

impl Clock<'_> {
    fn set(&self, offset: &str) {
        self.0.write("clock.new", offset);
        std::fs::rename(self.0.path().join("clock.new"), self.0.path().join("clock")).unwrap();
    }

    fn of(&self, call: Call) -> Call {
        call.env("LD_PRELOAD", "/usr/$LIB/faketime/libfaketime.so.1")
            .env("FAKETIME_TIMESTAMP_FILE", self.0.path().join("clock"))
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    }
}

#[test]
fn a_clock_that_jumps_by_a_year_and_back_kills_no_account() {
    let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
    tell(&project, &["team"]);
    for name in ["bakery", "cafe"] {
        add(&project, &meta, name, 31);
    }
    let clock = Clock(&project);
    clock.set("+0");
    let call = serve(&project, &meta).env("EVERLIT_NOTIFY_TEAM_URL", format!("{}/hook", service.address));
    let mut serving = Serving::start(clock.of(call));
    serving.hears_times("\"refreshed\"", 2);
    clock.set("+365d");
    serving.hears("the clock went ahead");
    serving.hears_times("\"outcome\":", 2);
    clock.set("+0");
    serving.hears("the clock was set back");
    serving.answers("/readyz", 200, "ok");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    // What the wrong clock has put off is due, for this process or for the next one.
    let serving = Serving::start(serve(&project, &meta));
    while !project.everlit(&["status", "--check"]).run().stdout.contains("OK: 2 tokens safe") {
        std::thread::yield_now();
    }
    serving.answers("/metrics", 200, "everlit_accounts{state=\"healthy\"} 2");
    assert!(serving.end().0.success());
    for name in ["bakery", "cafe"] {
        let token = project.everlit(&["token", "--account", name]).run().ended(0).stdout;
        assert_eq!(token, newest(&meta, name));
    }
    assert!(service.at("/hook").is_empty(), "{:#?}\n{log}", service.at("/hook"));
}

/// Leases go by the clock of the server, due times by that of the worker.
#[test]
fn a_server_whose_clock_is_hours_off_refreshes_all_the_same() {
    let server = start("host all all all trust\n", &[]);
    let (project, meta) = (vault_on(&server), Meta::friendly());
    let shifted = "CREATE SCHEMA shifted; CREATE FUNCTION shifted.now() RETURNS timestamptz LANGUAGE sql AS \
                   'SELECT pg_catalog.now() + $$5 hours$$::interval'";
    psql(&server, "vault", shifted);
    alter(&server, "SET search_path = shifted, pg_catalog, public");
    for name in ["a", "b", "c"] {
        add(&project, &meta, name, 31);
    }
    let mut serving = Serving::start(serve(&project, &meta));
    serving.hears_times("\"refreshed\"", 3);
    // Back by ten hours: leases that the server has given would last for as long, but there are none.
    let behind = shifted.replace("CREATE SCHEMA shifted;", "").replace("CREATE", "CREATE OR REPLACE");
    psql(&server, "vault", &behind.replace("+ $$5", "- $$5"));
    for name in ["d", "e"] {
        add(&project, &meta, name, 31);
    }
    serving.hears_times("\"refreshed\"", 2);
    assert_eq!(meta.refreshes(), 5);
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    project.everlit(&["status", "--check"]).run().ended(0).says("OK: 5 tokens safe");
}

#[test]
fn a_database_that_takes_no_writes_stays_not_ready() {
    let server = start("host all all all trust\n", &[]);
    let (project, meta) = (vault_on(&server), Meta::friendly());
    let mut serving = Serving::start(serve(&project, &meta));
    serving.answers("/readyz", 200, "ok");
    alter(&server, "SET default_transaction_read_only = on");
    serving.answers("/readyz", 503, "the vault has failed");
    // Each makes the worker look at the queue, which can be read.
    for _ in 0..5 {
        serving.signal(Signal::HUP);
        serving.hears("the settings were read again");
        assert_eq!(serving.get("/readyz").0, 503);
    }
    alter(&server, "SET default_transaction_read_only = off");
    add(&project, &meta, "bakery", 31);
    serving.hears("\"refreshed\"");
    serving.answers("/readyz", 200, "ok");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    assert_eq!(log.matches("the vault cannot be written").count(), 1, "{log}");
}

/// Somebody has locked the queue, and the server ends statements that wait.
#[test]
fn a_server_that_ends_slow_statements_loses_no_account() {
    let server = start("host all all all trust\n", &[]);
    let (project, meta) = (vault_on(&server), Meta::friendly());
    let mut serving = Serving::start(serve(&project, &meta));
    serving.answers("/readyz", 200, "ok");
    psql(&server, "vault", "CREATE TABLE released ()");
    alter(&server, "SET statement_timeout = '100ms'");
    std::thread::scope(|scope| {
        let locked = "SET statement_timeout = 0; BEGIN; LOCK TABLE due; DO $$ BEGIN \
                      WHILE NOT EXISTS (SELECT FROM released) LOOP PERFORM pg_sleep(0.05); END LOOP; END $$; COMMIT";
        scope.spawn(|| psql(&server, "vault", locked));
        let error = serving.hears("the vault does not work");
        psql(&server, "vault", "INSERT INTO released DEFAULT VALUES");
        assert!(error["error"].as_str().unwrap().contains("statement_timeout"), "{error}");
    });
    add(&project, &meta, "shop", 31);
    serving.hears("\"refreshed\"");
    serving.answers("/readyz", 200, "ok");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
}

#[test]
fn a_server_without_a_free_connection_loses_no_account() {
    let server = start("host all all all trust\n", &[]);
    let (project, meta) = (vault_on(&server), Meta::friendly());
    psql(&server, "vault", "CREATE ROLE worker LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO worker");
    psql(
        &server,
        "vault",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO worker; GRANT ALL ON SCHEMA public TO worker",
    );
    add(&project, &meta, "bakery", 31);
    project.write("everlit.toml", project.read("everlit.toml").replace("postgres@", "worker@"));
    meta.holds_back_the_refresh();
    let mut serving = Serving::start(serve(&project, &meta));
    meta.awaits_the_refresh(&mut serving.process.0);
    psql(&server, "postgres", "ALTER ROLE worker CONNECTION LIMIT 0");
    psql(&server, "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'worker'");
    meta.lets_go();
    serving.hears("the vault does not");
    psql(&server, "postgres", "ALTER ROLE worker CONNECTION LIMIT -1");
    serving.hears("tokens that had waited for the vault are in it");
    // Five minutes later, without waiting for them.
    psql(&server, "vault", "UPDATE due SET lease_until = 0");
    serving.hears("\"recovered\"");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    let token = project.everlit(&["token", "--account", "bakery"]).run().ended(0).stdout;
    assert_eq!(token, newest(&meta, "bakery"));
    assert_eq!(meta.sandbox.with(|meta| meta.calls_to(Endpoint::Refresh)), 1, "Meta was asked once");
}

/// Adds accounts that need a person.
fn add_dead(project: &Project, meta: &Meta, names: &[&str]) {
    for name in names {
        let dead = meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(31).state(State::PasswordChanged));
        project.everlit(&["account", "add", name, "--stdin"]).fed(&dead).ended(0);
    }
}

#[test]
fn names_of_any_kind_stay_out_of_logs_and_metrics() {
    let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
    tell(&project, &["team"]);
    let long = "x".repeat(10_240);
    for refused in ["a\r\nX-Injected: 1", "\u{202e}yrekab", "a\u{1b}[31m", &long] {
        let token = meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(31));
        project.everlit(&["account", "add", refused, "--stdin"]).fed(&token).ended(2).notes("the name of an account");
    }
    let names = ["<script>alert(1)</script>", "a\"} 1 b{c=\"", "@channel <!here>"];
    add_dead(&project, &meta, &names);
    let call = serve(&project, &meta).env("EVERLIT_NOTIFY_TEAM_URL", format!("{}/hook", service.address));
    let mut serving = Serving::start(call);
    serving.hears_times("\"needs_person\"", names.len());
    let (_, metrics) = serving.get("/metrics");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    for part in ["script", "b{c", "channel <"] {
        assert!(!log.contains(part) && !metrics.contains(part), "{part} is in\n{log}\n{metrics}");
    }
    let messages = service.at("/hook").concat();
    assert!(
        messages.contains("script") && !messages.contains("<script>") && !messages.contains("<!here>"),
        "{messages}"
    );
}

#[test]
fn only_a_chat_that_missed_a_message_gets_it_again() {
    let (project, meta, [good, bad]) = (vault(), Meta::friendly(), [(); 2].map(|()| Service::new()));
    tell(&project, &["good", "bad"]);
    add_dead(&project, &meta, &["bakery"]);
    bad.answers(400);
    let serve = || {
        let call = serve(&project, &meta).env("EVERLIT_NOTIFY_GOOD_URL", format!("{}/hook", good.address));
        call.env("EVERLIT_NOTIFY_BAD_URL", format!("{}/hook", bad.address))
    };
    let mut serving = Serving::start(serve());
    serving.hears("\"needs_person\"");
    let (status, log) = serving.end();
    assert!(status.success() && log.contains("a message could not be sent"), "{log}");
    let missed = bad.at("/hook").len();
    assert!(missed > 0);
    bad.answers(200);
    // The first sweep of another process tells it.
    let serving = Serving::start(serve());
    while bad.at("/hook").len() == missed {
        std::thread::yield_now();
    }
    assert!(serving.end().0.success());
    assert_eq!((good.at("/hook").len(), bad.at("/hook").len()), (1, missed + 1), "{:#?}", good.at("/hook"));
}

/// Fills a vault through its crate: a command for each account would take long. The tokens of the first accounts end in ten
/// days; those of the others nobody has seen yet.
fn fill(project: &Project, meta: &Meta, accounts: usize, near_their_end: usize) {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let address = format!("sqlite:{}", project.path().join("everlit.db").display()).parse().unwrap();
    let key = MasterKey::parse(&project.read("everlit-master.key")).unwrap();
    let at = Timestamp::from_unix(meta.sandbox.with(|meta| meta.now));
    now(Box::pin(async {
        let vault = Vault::open(&address, &RealDisk, key, "test".to_owned(), 1).await.unwrap();
        let mut adding = JoinSet::new();
        for number in 0..accounts {
            let (is_near, name) = (number < near_their_end, format!("shop-{number}"));
            let token =
                meta.issue(&Issue::new(Kind::Instagram).username(&name).aged_days(if is_near { 50 } else { 31 }));
            let token = Token::parse(&token).unwrap();
            let record = is_near.then(|| Record {
                expiry: Expiry::At(at + DAY * 10),
                last_verified_at: Some(at),
                next_check_at: Some(at),
                ..Record::of_new_token(token.kind(), token.fingerprint(), at - DAY * 50)
            });
            let (name, tags) = (AccountName::new(name), Vec::new());
            let (vault, new) = (vault.clone(), NewAccount { name, token: Some(token), record, tags, app: None });
            adding.spawn(async move { vault.add(new, at).await });
        }
        adding.join_all().await.into_iter().for_each(|added| assert!(added.is_ok(), "{added:?}"));
    }));
}

/// Meta refuses every token, and says nothing of why.
fn refuse_all(meta: &Meta) {
    let error = MetaError::new(190, "Error validating access token").status(400);
    let incident = Incident { error, fraction: 1.0, product: None, until: None };
    meta.sandbox.with(|meta| meta.knobs.incident = Some(incident));
}

/// How many accounts are in each state.
fn states(project: &Project, meta: &Meta) -> BTreeMap<String, usize> {
    let status = project.everlit(&["status", "--json"]).asking(meta).run().json();
    let mut states = BTreeMap::new();
    for account in status["accounts"].as_array().unwrap() {
        *states.entry(account["state"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    states
}

/// All of them due at once, as an import that is late would have them.
#[test]
fn thousands_of_accounts_refused_alike_are_one_message() {
    const ACCOUNTS: usize = 2_000;
    let (project, service, meta) = (vault(), Service::new(), Meta::friendly());
    tell(&project, &["team"]);
    refuse_all(&meta);
    fill(&project, &meta, ACCOUNTS, 0);
    let call = serve(&project, &meta).env("EVERLIT_NOTIFY_TEAM_URL", format!("{}/hook", service.address));
    let mut serving = Serving::start(call);
    serving.hears_times("\"outcome\":\"failed\"", ACCOUNTS);
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    let messages = service.at("/hook");
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains("many accounts alike"), "{messages:#?}");
    assert_eq!(states(&project, &meta), BTreeMap::from([("retrying".to_owned(), ACCOUNTS)]), "no account is given up");
}

/// Ten thousand accounts are a backlog, which is paced; those near their end are not. Meta is asked about a few of them.
#[test]
fn ten_thousand_refused_alike_cost_no_token_and_few_calls() {
    const ACCOUNTS: usize = 10_000;
    const NEAR_THEIR_END: usize = 300;
    let (project, service, meta) = (vault(), Service::new(), Meta::friendly());
    tell(&project, &["team"]);
    refuse_all(&meta);
    fill(&project, &meta, ACCOUNTS, NEAR_THEIR_END);
    let call = serve(&project, &meta).env("EVERLIT_NOTIFY_TEAM_URL", format!("{}/hook", service.address));
    let mut serving = Serving::start(call);
    serving.hears_times("\"outcome\":\"failed\"", NEAR_THEIR_END);
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    let calls = meta.sandbox.with(|meta| meta.calls_to(Endpoint::Refresh) + meta.calls_to(Endpoint::Me));
    assert!(calls <= 200, "{calls} calls about {NEAR_THEIR_END} accounts");
    let messages = service.at("/hook");
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains("many accounts alike"), "{messages:#?}");
    let expiring = states(&project, &meta)["expiring"];
    assert_eq!(expiring, NEAR_THEIR_END, "no account is given up");
}

/// Nothing is refreshed that could not be kept; `status` says why, where accounts are due.
#[test]
fn a_spill_that_cannot_be_written_shows_in_status() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "bakery", 31);
    std::fs::create_dir_all(project.path().join(".everlit")).unwrap();
    // A link that leads nowhere cannot become a folder.
    std::os::unix::fs::symlink("nowhere", project.path().join(".everlit/spill")).unwrap();
    project.everlit(&["refresh"]).asking(&meta).run().ended(5).says("reserve room in");
    assert_eq!(meta.refreshes(), 0);
    project.everlit(&["status"]).run().ended(5).says("the last run failed: cannot reserve room in");
    project.remove(".everlit/spill");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    project.everlit(&["status", "--check"]).run().ended(0).says("OK: 1 token safe");
}
