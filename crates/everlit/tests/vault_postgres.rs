//! The same commands on a vault in a real PostgreSQL.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use everlit_meta_api::DAY;
use everlit_sandbox::{Issue, Kind};
use everlit_testkit::postgres::{promote, psql, standby, start};
use support::serving::Serving;
use support::{Call, Meta, Project};

/// In its URL, `@` is `%40`.
const PASSWORD: &str = "fa@ke";

/// The app of the sandbox.
const APP_ID: &str = "1000000000000002";
const APP_SECRET: &str = "fa4e5a4db0c500000000000000000002";

#[test]
fn accounts_in_postgresql_are_kept_alive_by_any_machine() {
    let server = start("host all all all scram-sha-256\n", &[]);
    psql(&server, "postgres", &format!("CREATE ROLE worker LOGIN PASSWORD '{PASSWORD}'"));
    psql(&server, "postgres", "CREATE DATABASE vault OWNER worker");
    let address = format!("postgres://worker:fa%40ke@127.0.0.1:{}/vault?sslmode=disable", server.port);
    let (here, there, meta) = (Project::empty(), Project::empty(), Meta::friendly());
    here.everlit(&["key", "create", "master.key"]).run().ended(0);
    let key = here.read("master.key");
    let on = |project: &Project, arguments: &[&str]| -> Call {
        let call = project.everlit(arguments).asking(&meta);
        call.env("EVERLIT_VAULT", &address).env("EVERLIT_MASTER_KEY", key.trim())
    };
    on(&here, &["vault", "create"]).run().ended(0).never_shows("fa%40ke").never_shows("worker:");
    let token = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(31)));
    on(&here, &["account", "add", "shop", "--stdin"]).fed(&token).ended(0);

    on(&there, &["refresh"]).run().ended(0).says("refreshed").never_shows(PASSWORD);
    on(&here, &["status", "--check"]).run().ended(0).says("OK: 1 token safe");
    let newest = meta.sandbox.with(|meta| meta.newest_token("shop").unwrap().text.to_string());
    on(&here, &["token", "--account", "shop"]).run().ended(0).says(&newest);
    let doctor = on(&here, &["doctor", "--verbose"]).run();
    doctor.says("1 account can be read").never_shows("fa%40ke").never_shows(PASSWORD).never_shows(&newest);
    let backup = on(&here, &["vault", "backup", "copy.db"])
        .run()
        .ended(2)
        .notes("--username=")
        .notes("copy.db' vault`")
        .never_shows("fa%40ke");
    assert!(backup.next().starts_with("everlit account export FILE; ") && !here.has("copy.db"), "{backup}");
    on(&here, &["account", "export", "copy.export"]).run().ended(0);
    let steps = on(&here, &["account", "list"]).run().ended(0);
    steps.never_shows("fa%40ke");

    drop(server);
    on(&here, &["status"]).run().ended(4).notes("Next: everlit vault check").never_shows("fa%40ke");
}

/// A vault in a server of its own, and folders of machines that work with it.
struct Fleet {
    server: everlit_testkit::server::Server,
    address: String,
    key: String,
    meta: Meta,
}

impl Fleet {
    fn new() -> Self {
        let server = start("host all all all trust\n", &[]);
        psql(&server, "postgres", "CREATE DATABASE vault");
        let address = format!("postgres://postgres@127.0.0.1:{}/vault?sslmode=disable", server.port);
        let first = Project::empty();
        first.everlit(&["key", "create", "master.key"]).run().ended(0);
        let fleet = Self { server, address, key: first.read("master.key"), meta: Meta::friendly() };
        fleet.on(&first, &["vault", "create"]).run().ended(0);
        fleet
    }

    fn on(&self, machine: &Project, arguments: &[&str]) -> Call {
        let call = machine.everlit(arguments).asking(&self.meta);
        call.env("EVERLIT_VAULT", &self.address).env("EVERLIT_MASTER_KEY", self.key.trim())
    }
}

#[test]
fn a_machine_without_the_vaults_key_makes_no_other() {
    let (fleet, machine) = (Fleet::new(), Project::empty());
    let create = machine.everlit(&["vault", "create"]).env("EVERLIT_VAULT", &fleet.address).run().ended(2);
    let create = create.notes("is there already, and its master key is not");
    assert!(create.next().starts_with("put the copy of its master key at"), "{create}");
    assert!(!machine.has("everlit-master.key") && !machine.has("everlit.toml"));
    fleet.on(&machine, &["vault", "create"]).run().ended(0).says("which already existed");
}

#[test]
fn a_target_added_on_one_machine_is_known_to_all() {
    let (fleet, here, there) = (Fleet::new(), Project::empty(), Project::empty());
    let hook = support::service::Service::new();
    let token = fleet.meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(31));
    fleet.on(&here, &["account", "add", "shop", "--stdin"]).fed(&token).ended(0);
    let secrets = format!("{}/hook\nwhsec_ZmFrZWZha2VmYWtlZmFrZWZha2VmYWtl\n", hook.address);
    let add = ["target", "add", "site", "--kind", "webhook", "--stdin"];
    fleet.on(&here, &add).fed(&secrets).ended(0).says("added site in the vault");
    let add = ["notify", "add", "ops", "--kind", "slack", "--stdin"];
    fleet.on(&here, &add).fed(format!("{}/ops\n", hook.address)).ended(0).says("added ops to the vault");
    assert!(!here.has("everlit.toml") && !here.has(".everlit/secrets.env"), "nothing of it is on this machine alone");

    fleet.on(&there, &["target", "list"]).run().says("site");
    fleet.on(&there, &["notify", "test"]).run().ended(0);
    assert_eq!(hook.at("/ops").len(), 1);
    fleet.on(&there, &["refresh"]).run().ended(0).says("refreshed");
    assert_eq!(hook.at("/hook").len(), 1, "{:?}", hook.lines());

    fleet.on(&there, &["account", "rename", "shop", "store"]).run().ended(0);
    fleet.on(&here, &["account", "show", "store"]).run().ended(0);
    fleet.on(&here, &["account", "show", "shop"]).run().ended(2).notes("no account shop");
    fleet.on(&there, &["target", "remove", "site"]).run().ended(0).says("removed site from the vault, and its secrets");
    fleet.on(&here, &["target", "list"]).run().never_shows("site");
    fleet.on(&here, &["notify", "remove", "ops"]).run().ended(0).says("from the vault");
    fleet.on(&here, &["notify", "list"]).run().says("Nobody is notified");
}

#[test]
fn history_tells_who_changed_the_settings_of_a_vault() {
    let (fleet, here, there) = (Fleet::new(), Project::empty(), Project::empty());
    let token = fleet.meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(31));
    fleet.on(&here, &["account", "add", "shop", "--stdin"]).fed(&token).ended(0);
    let add = ["target", "add", "site", "--kind", "command", "--", "true"];
    let as_ada = |arguments: &[&str]| fleet.on(&here, arguments).env("USER", "ada").env("SUDO_USER", "");
    for _ in 0..2 {
        as_ada(&add).run().ended(0);
    }
    as_ada(&["app", "add", "agency", "--platform", "facebook", "--id", APP_ID, "--stdin"]).fed(APP_SECRET).ended(0);
    fleet.on(&there, &["target", "remove", "site"]).env("USER", "bob").env("SUDO_USER", "").run().ended(0);

    let run = fleet.on(&here, &["history"]).run().ended(0).never_shows(APP_SECRET);
    run.says("settings_changed  the target site was set; by ada, pid ")
        .says("the target site was removed; by bob, pid ");
    let document = fleet.on(&here, &["history", "--json"]).run().ended(0).json();
    let events = document["events"].as_array().unwrap();
    let changes: Vec<_> = events.iter().filter(|event| event["account"].is_null()).collect();
    let details: Vec<_> = changes.iter().map(|event| event["detail"].as_str().unwrap()).collect();
    let secret = "the secret EVERLIT_APP_AGENCY_SECRET was set";
    assert_eq!(details, ["the target site was set", secret, "the app agency was set", "the target site was removed"]);
    assert!(changes[3]["by"].as_str().unwrap().starts_with("bob, pid "), "{document}");
    assert!(events.iter().any(|event| event["account"] == "shop" && event["by"].is_null()), "{document}");
    let one = fleet.on(&here, &["history", "--account", "shop"]).run().ended(0);
    assert!(!one.stdout.contains("settings_changed"), "{one}");

    psql(
        &fleet.server,
        "vault",
        "UPDATE events SET sealed = 'x' WHERE what = 'settings_changed' AND actor LIKE 'bob%'",
    );
    let run = fleet.on(&here, &["history"]).run().ended(2).says("by ada").notes("backup");
    run.says("1 change on record cannot be read: edited by hand");
}

#[test]
fn what_a_machine_sets_itself_counts_there_alone() {
    let (fleet, here, there) = (Fleet::new(), Project::empty(), Project::empty());
    let hook = support::service::Service::new();
    let add = ["notify", "add", "ops", "--kind", "slack", "--stdin"];
    fleet.on(&here, &add).fed(format!("{}/shared\n", hook.address)).ended(0);
    let in_vault = "every channel and monitor stands in the vault";
    fleet.on(&there, &["doctor"]).run().says(in_vault);
    there.write("everlit.toml", "[notify.ops]\nkind = \"slack\"\n");
    assert!(!fleet.on(&there, &["doctor"]).run().stdout.contains(in_vault));
    fleet.on(&there, &add).fed(format!("{}/own\n", hook.address)).ended(0).says("changed ops");
    for machine in [&here, &there] {
        fleet.on(machine, &["notify", "test"]).run().ended(0);
    }
    assert_eq!((hook.at("/shared").len(), hook.at("/own").len()), (1, 1), "{:?}", hook.lines());
    let run = fleet.on(&there, &["notify", "remove", "ops"]).run().ended(0).says("from everlit.toml");
    assert!(
        run.notes("ops is in the vault too: that one counts now").next().starts_with("everlit notify remove ops; ")
    );
    fleet.on(&there, &["notify", "list"]).run().says("ops");
}

#[test]
fn a_target_in_the_vault_and_on_a_machine_is_one_too_many() {
    let (fleet, here, there) = (Fleet::new(), Project::empty(), Project::empty());
    let token = fleet.meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(31));
    fleet.on(&here, &["account", "add", "shop", "--stdin"]).fed(&token).ended(0);
    let add = ["target", "add", "site", "--kind", "command", "--", "true"];
    fleet.on(&here, &add).run().ended(0).notes("acts on whichever machine refreshes the account");
    there.write("everlit.toml", "[target.site]\nkind = \"command\"\ncommand = [\"false\"]\n");
    fleet.on(&there, &["refresh"]).run().ended(2).says("refreshed").notes("`target.site` is also in the vault");
    fleet.on(&here, &["target", "list"]).run().ended(0).says("delivered");
    let run = fleet.on(&there, &["target", "remove", "site"]).run().ended(0).says("removed site from everlit.toml");
    assert!(
        run.notes("site is in the vault too: that one counts now").next().starts_with("everlit target remove site; ")
    );
    let run = fleet.on(&there, &["target", "remove", "site"]).run().ended(0).says("removed site from the vault");
    assert_eq!(run.next(), "everlit target list");
}

#[test]
fn accounts_of_several_apps_share_a_vault() {
    let (fleet, machine) = (Fleet::new(), Project::empty());
    let on = |arguments: &[&str]| fleet.on(&machine, arguments);
    let add = |name, id, secret: &str| {
        let add = ["app", "add", name, "--platform", "facebook", "--id", id, "--stdin"];
        on(&add).fed(secret).ended(0).says("added to the vault").never_shows(secret);
    };
    add("agency", APP_ID, APP_SECRET);
    add("other", "1000000000000009", "fa4e5a4db0c500000000000000000009");
    for (name, app) in [("crm", "other"), ("page", "agency")] {
        let token = fleet.meta.issue(&Issue::new(Kind::SystemUser).username(name).aged_days(40).ttl(60 * DAY));
        on(&["account", "add", name, "--app", app, "--stdin"]).fed(&token).ended(0);
    }
    on(&["account", "app", "page", "nobody"]).run().ended(2).notes("no app is called nobody");
    on(&["app", "add", "agency", "--platform", "threads", "--id", "1"])
        .run()
        .ended(2)
        .notes("already exists, of facebook");
    on(&["app", "add", "photos", "--platform", "instagram", "--id", "1"]).run().ended(0).says("added to the vault");
    on(&["app", "add", "photos", "--platform", "instagram", "--id", "2"]).run().ended(0).says("changed in the vault");
    on(&["app", "add", "AGENCY", "--platform", "facebook", "--id", "3"]).run().ended(2).notes("are too similar");
    on(&["account", "app", "page", "photos"]).run().ended(2).notes("photos is an app of instagram");
    on(&["app", "remove", "agency"]).run().ended(2).notes("agency issues the tokens of 1 account: page");
    let run = on(&["refresh", "--json"]).run();
    let state = |name: &str| {
        let accounts = run.json()["accounts"].as_array().unwrap().clone();
        accounts.into_iter().find(|account| account["name"] == name).unwrap()["state"].clone()
    };
    assert_eq!((state("crm"), state("page")), ("needs_person".into(), "healthy".into()), "{run}");
    on(&["status"]).run().ended(2).says("Next: everlit app add other --platform facebook --id NUMBER --stdin");
    on(&["account", "app", "crm", "agency"]).run().ended(0);
    on(&["refresh", "--force", "--account", "crm"]).run().ended(0).says("refreshed");
    on(&["app", "list"]).run().ended(0).says("2 accounts, secret from the vault").never_shows(APP_SECRET);
    on(&["app", "remove", "other"]).run().ended(0);
    on(&["account", "show", "crm"]).run().ended(0).says("agency");
}

#[test]
fn what_is_no_app_is_refused_before_anything_is_stored() {
    let (fleet, machine) = (Fleet::new(), Project::empty());
    let cases = [
        (["--id", "fa4e5a4db0c500000000000000000002"], APP_SECRET, "app.x.id` must be the number"),
        (["--id", "x"], APP_SECRET, "app.x.id` must be the number"),
        (["--id", APP_ID], "12345678", "the app secret is 32 hexadecimal digits"),
        (["--id", APP_ID], "your-app-secret", "placeholder"),
        (["--id", APP_ID], "", "secret"),
    ];
    for (id, secret, why) in cases {
        let add = [&["app", "add", "x", "--platform", "facebook", "--stdin"][..], &id].concat();
        fleet.on(&machine, &add).fed(secret).ended(2).notes(why);
    }
    fleet.on(&machine, &["app", "list"]).run().ended(0).says("No app has a name");
    Project::empty().everlit(&["app", "list"]).run().ended(2).notes("no vault is named");
}

/// A replica that streams from the primary: it is read-only until it is promoted.
#[test]
fn a_replica_is_read_and_never_refreshes_until_promoted() {
    let (fleet, machine) = (Fleet::new(), Project::empty());
    let token = fleet.meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(31));
    fleet.on(&machine, &["account", "add", "shop", "--stdin"]).fed(&token).ended(0);
    let standby = standby(&fleet.server);
    let address = format!("postgres://postgres@127.0.0.1:{}/vault?sslmode=disable", standby.port);
    let on = |arguments: &[&str]| fleet.on(&machine, arguments).env("EVERLIT_VAULT", &address);
    while psql(&standby, "vault", "SELECT count(*) FROM accounts") != "1" {
        std::thread::yield_now();
    }
    for arguments in
        [&["status"][..], &["account", "list"], &["account", "show", "shop"], &["history"], &["vault", "check"]]
    {
        on(arguments).run().ended(0);
    }
    let why = "is read-only: it is a replica, or was made so; name the primary";
    on(&["refresh"]).run().ended(5).says(why);
    on(&["doctor"]).run().ended(5).says(why);
    on(&["status", "--check"]).run().ended(5).says(why);
    on(&["account", "add", "cafe"]).run().ended(5).notes(why);
    let mut serving = Serving::start(on(&["serve", "--listen", "127.0.0.1:0"]));
    serving.hears(why);
    serving.answers("/readyz", 503, why);
    assert_eq!(fleet.meta.refreshes(), 0, "nothing was refreshed that could not be saved");
    promote(&standby);
    serving.hears("\"refreshed\"");
    serving.answers("/readyz", 200, "ok");
    let (status, log) = serving.end();
    assert!(status.success(), "{log}");
    on(&["status", "--check"]).run().ended(0).says("OK: 1 token safe");
}
