//! An upgrade of `everlit serve`: workers are replaced while accounts are refreshed, and a vault may be newer than its workers.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use everlit_sandbox::{Endpoint, Fault, Injection, OneOf, RefreshString};
use everlit_testkit::postgres::{psql, start};
use everlit_testkit::server::Server;
use rustix::process::Signal;
use support::serving::{Serving, add, newest, serve};
use support::{Call, Meta, Project};

/// Accounts that are due in each half of the upgrade.
const HALF: u64 = 12;

/// A vault in a PostgreSQL of its own.
fn vault() -> (Server, Project) {
    let server = start("host all all all trust\n", &[]);
    psql(&server, "postgres", "CREATE DATABASE vault");
    let address = format!("postgres://postgres@127.0.0.1:{}/vault?sslmode=disable", server.port);
    let project = Project::empty();
    project.everlit(&["key", "create", "master.key"]).run().ended(0);
    project.write("everlit.toml", format!("vault = \"{address}\"\nmaster_key_file = \"master.key\"\n"));
    project.everlit(&["vault", "create"]).run().ended(0);
    (server, project)
}

/// A worker with a disk of its own that works on few accounts at once.
fn worker(project: &Project, meta: &Meta, name: &str) -> Call {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--concurrency", "3"];
    project.everlit(&arguments).asking(meta).env("EVERLIT_SPILL", project.home().join(name))
}

/// Asks workers all the time whether they are ready.
struct Watch {
    /// The first one is asked first: it is not ready any more only once a later one is.
    workers: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
    asking: JoinHandle<(u64, u64)>,
}

impl Watch {
    fn of(first: &Serving) -> Self {
        let workers = Arc::new(Mutex::new(vec![first.address.clone()]));
        let is_over = Arc::new(AtomicBool::new(false));
        let (asked, over) = (Arc::clone(&workers), Arc::clone(&is_over));
        let asking = std::thread::spawn(move || {
            let (mut times, mut unready) = (0, 0);
            while !over.load(Ordering::Relaxed) {
                let workers = asked.lock().unwrap().clone();
                times += 1;
                unready += u64::from(!workers.iter().any(|address| is_ready(address)));
            }
            (times, unready)
        });
        Self { workers, is_over, asking }
    }

    fn also(&self, worker: &Serving) {
        self.workers.lock().unwrap().push(worker.address.clone());
    }

    /// How often it has asked, and how often no worker was ready.
    fn end(self) -> (u64, u64) {
        self.is_over.store(true, Ordering::Relaxed);
        self.asking.join().unwrap()
    }
}

/// Whether a worker answers that it is ready; one that has ended does not answer.
fn is_ready(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        Ok(reply)
    };
    ask().is_ok_and(|reply| reply.starts_with("HTTP/1.1 200"))
}

/// Accounts that are due in ten days, unless [`become_due`] says otherwise.
fn add_accounts(server: &Server, project: &Project, meta: &Meta, count: u64) {
    (0..count).for_each(|number| drop(add(project, meta, &format!("shop-{number}"), 31)));
    psql(server, "vault", "UPDATE due SET run_at = extract(epoch FROM now())::bigint + 864000");
}

/// Makes this many more accounts due, and has workers look.
fn become_due(server: &Server, count: u64, workers: &[&Serving]) {
    // Those that were refreshed are saved: their generation is higher.
    let later = "SELECT account FROM due WHERE run_at > 0 ORDER BY generation, account";
    psql(server, "vault", &format!("UPDATE due SET run_at = 0 WHERE account IN ({later} LIMIT {count})"));
    for worker in workers {
        worker.signal(Signal::HUP);
    }
}

/// Keeps two workers busy: Meta answers none of their calls before `meta.lets_go`.
fn keep_busy(server: &Server, meta: &Meta, workers: [&Serving; 2]) {
    meta.inject(Injection::new(Fault::Slow { millis: 3_600_000 }).at(Endpoint::Refresh));
    become_due(server, HALF, &workers);
    for worker in workers {
        worker.answers("/metrics", 200, "everlit_work_in_flight 3\n");
    }
}

#[test]
fn p2_workers_are_replaced_while_they_refresh() {
    let (server, project) = vault();
    let meta = Meta::with(|knobs| knobs.refresh_string = OneOf::only(RefreshString::New));
    add_accounts(&server, &project, &meta, 2 * HALF);
    let begin = |name: &str| Serving::start(worker(&project, &meta, name));
    let (first, second) = (begin("first"), begin("second"));
    second.answers("/readyz", 200, "ok");
    let watch = Watch::of(&second);

    keep_busy(&server, &meta, [&first, &second]);
    first.signal(Signal::TERM);
    first.answers("/readyz", 503, "stopping");
    let third = begin("third");
    third.answers("/readyz", 200, "ok");
    watch.also(&third);
    meta.lets_go();
    let mut logs = vec![first.ended()];

    keep_busy(&server, &meta, [&second, &third]);
    second.signal(Signal::TERM);
    second.answers("/readyz", 503, "stopping");
    let fourth = begin("fourth");
    fourth.answers("/readyz", 200, "ok");
    meta.lets_go();
    logs.push(second.ended());
    while meta.refreshes() < 2 * HALF {
        std::thread::yield_now();
    }
    let (asked, unready) = watch.end();
    logs.extend([third.end(), fourth.end()]);

    assert!(asked > 0 && unready == 0, "no worker was ready at {unready} of {asked} times");
    let refreshed = |(status, log): &(_, String)| {
        assert!(std::process::ExitStatus::success(status) && !log.contains("ERROR"), "{log}");
        log.matches("\"outcome\":\"refreshed\"").count() as u64
    };
    let refreshed: Vec<u64> = logs.iter().map(refreshed).collect();
    assert_eq!(refreshed.iter().sum::<u64>(), 2 * HALF, "{refreshed:?}");
    assert_eq!(meta.refreshes(), 2 * HALF, "nobody was refreshed twice");
    for name in (0..2 * HALF).map(|number| format!("shop-{number}")) {
        let token = project.everlit(&["token", "--account", &name]).run().ended(0).stdout;
        assert_eq!(token, newest(&meta, &name), "{name}");
    }
    project.everlit(&["status", "--check"]).run().ended(0).says("OK: 24 tokens safe");
    assert_eq!(project.everlit(&["status", "--json"]).run().ended(0).json()["workers"], serde_json::json!([]));
}

#[test]
fn a_worker_goes_on_when_the_vault_becomes_newer() {
    let ((server, project), meta) = (vault(), Meta::friendly());
    add_accounts(&server, &project, &meta, 1);
    let mut serving = Serving::start(serve(&project, &meta));
    serving.answers("/readyz", 200, "ok");
    // As the first worker of a newer version does.
    psql(&server, "vault", "INSERT INTO schema_versions VALUES (99)");
    become_due(&server, 1, &[&serving]);
    serving.hears("the settings were read again");
    serving.hears("\"refreshed\"");
    serving.answers("/readyz", 200, "ok");
    let (status, log) = serving.end();
    assert!(status.success() && !log.contains("later everlit"), "{log}");

    for arguments in [&["serve"][..], &["refresh"], &["status"], &["vault", "migrate"]] {
        let refused = project.everlit(arguments).asking(&meta).run().ended(2);
        refused.notes("a later everlit has written this vault").notes("upgrade everlit on this machine");
    }
}
