//! Accounts in an encrypted vault: the same commands, without a project's files.

#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::process::Stdio;

use everlit_sandbox::{Issue, Kind, State};
use everlit_testkit::started;
use support::service::Service;
use support::{FAKE_TOKEN, Meta, Project};

/// A folder with a vault.
fn vault() -> Project {
    let project = Project::empty();
    project.everlit(&["vault", "create"]).run().ended(0).says("the vault sqlite:");
    project
}

/// Adds an account with a token of this age, in days.
fn add(project: &Project, meta: &Meta, name: &str, age: i64) -> String {
    let token = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(age)));
    project.everlit(&["account", "add", name, "--stdin"]).fed(&token).ended(0).says("added").never_shows(&token);
    token
}

fn all_files(project: &Project) -> Vec<u8> {
    project.files().into_values().flatten().collect()
}

#[test]
fn an_agency_keeps_its_clients_alive_from_one_file() {
    let (project, meta) = (vault(), Meta::friendly());
    let old = [add(&project, &meta, "bakery", 31), add(&project, &meta, "cafe", 2)];
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("2 refreshed").says("the vault has the new token").never_shows(&old[0]);
    assert!(!project.files().contains_key(".env.local"), "nothing but the vault is written");
    project.everlit(&["status", "--check"]).asking(&meta).run().ended(0).says("OK: 2 tokens safe");
    let token = project.everlit(&["token", "--account", "bakery"]).asking(&meta).run().ended(0).stdout;
    assert_eq!(token, meta.sandbox.with(|meta| meta.newest_token("bakery").unwrap().text.to_string()));
    let history = project.everlit(&["history", "--account", "bakery"]).asking(&meta).run().ended(0);
    history.says("added to the vault").says("refreshed");
    let refreshes = meta.refreshes();
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("2 healthy");
    assert_eq!(meta.refreshes(), refreshes, "nothing was due");
}

#[test]
fn p3_no_file_of_a_vault_shows_a_token_or_a_name() {
    let (project, meta) = (vault(), Meta::friendly());
    let old = add(&project, &meta, "secretbakery", 31);
    project.everlit(&["account", "tag", "secretbakery", "sweetclients"]).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let new = project.everlit(&["token", "--account", "secretbakery"]).asking(&meta).run().ended(0).stdout;
    let files = all_files(&project);
    for secret in [&*old, &*new, "secretbakery", "sweetclients"] {
        let shown = files.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!shown, "{secret} can be read in a file");
    }
    let master = project.read("everlit-master.key");
    project
        .everlit(&["doctor", "--verbose"])
        .asking(&meta)
        .run()
        .never_shows(master.trim())
        .never_shows("secretbakery");
}

#[test]
fn without_its_master_key_a_vault_cannot_be_read() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    let key = project.read("everlit-master.key");
    std::fs::remove_file(project.path().join("everlit-master.key")).unwrap();
    project.everlit(&["status"]).run().ended(2).notes("cannot read the master key").notes("Next: put the copy of the");
    project.write("everlit-master.key", "hunter2\n");
    project.everlit(&["status"]).run().ended(2).notes("is not a master key").never_shows("hunter2");
    project.everlit(&["key", "create", "other.key"]).run().ended(0);
    let other = project.read("other.key");
    let run = project.everlit(&["status"]).env("EVERLIT_MASTER_KEY", other.trim()).run();
    run.ended(2).notes("is not the one of this vault").never_shows(other.trim());
    project.everlit(&["status"]).env("EVERLIT_MASTER_KEY", key.trim()).run().says("shop");
}

#[test]
fn keys_rotate_while_accounts_stay_readable() {
    let (project, meta) = (vault(), Meta::friendly());
    let tokens = [add(&project, &meta, "a", 3), add(&project, &meta, "b", 3)];
    project.everlit(&["key", "rotate"]).run().ended(0).says("2 still sealed with older keys");
    project.everlit(&["token", "--account", "a"]).run().ended(0).says(&tokens[0]);
    project.everlit(&["key", "status"]).run().ended(0).says("Next: everlit key rotate --resume");
    project.everlit(&["key", "rotate", "--resume"]).run().ended(0).says("2 moved, 0 still sealed");
    project.everlit(&["key", "status"]).run().ended(0).says("key 2");
    project.everlit(&["key", "create", "new.key"]).run().ended(0);
    project.everlit(&["key", "rotate", "--master-key-file", "new.key"]).run().ended(0).says("from now on");
    project.everlit(&["status"]).run().ended(2).notes("is not the one of this vault");
    let again = project.everlit(&["key", "rotate", "--master-key-file", "new.key"]);
    again.env("EVERLIT_MASTER_KEY_FILE", "new.key").run().ended(2).notes("already holds the master key");
    let new = project.read("new.key");
    project.everlit(&["token", "--account", "b"]).env("EVERLIT_MASTER_KEY", new.trim()).run().ended(0).says(&tokens[1]);
}

#[test]
fn a_backup_is_restored_with_its_key() {
    let (project, meta) = (vault(), Meta::friendly());
    let token = add(&project, &meta, "shop", 3);
    project.everlit(&["vault", "backup", "copy.db"]).run().ended(0).says("copied to copy.db");
    project.everlit(&["vault", "backup", "copy.db"]).run().ended(2).notes("already exists");
    project.everlit(&["account", "remove", "shop"]).run().ended(2).notes("also removes its tokens");
    project.everlit(&["account", "remove", "shop", "--yes"]).run().ended(0).says("removed");
    project.everlit(&["token", "--account", "shop"]).run().ended(2).notes("no account shop");
    let restored = project.everlit(&["token", "--account", "shop", "--vault", "sqlite:copy.db"]).run();
    restored.ended(0).says(&token);
}

/// The page's commands are for a shell of Unix.
#[cfg(unix)]
#[test]
fn the_restore_of_the_docs_runs_as_it_is_written() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/keys.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, script) = page.split_once("```sh\n").unwrap();
    let (script, _) = script.split_once("```").unwrap();
    let (project, meta) = (vault(), Meta::friendly());
    let token = add(&project, &meta, "bakery", 3);
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_everlit")).parent().unwrap();
    let path = std::env::join_paths([program, "/usr/bin".as_ref(), "/bin".as_ref()]).unwrap();
    let script = script.replace("everlit status", "everlit status || true");
    let run = project.command_line(&["bash", "-euc", &script]).env("PATH", path).run().ended(0);
    run.says("copied to monday.db").says("removed").says("1 account can be read").says("bakery");
    project.everlit(&["token", "--account", "bakery"]).run().ended(0).says(&token);
}

#[test]
fn a_token_that_dies_while_paused_is_named() {
    let (project, meta) = (vault(), Meta::friendly());
    for name in ["shop", "cafe"] {
        add(&project, &meta, name, 31);
    }
    let refresh = || project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    refresh();
    project.everlit(&["account", "pause", "shop"]).asking(&meta).run().ended(0);
    for _ in 0..7 {
        meta.sandbox.with(|meta| meta.advance(10 * 86_400));
        refresh();
    }
    let check = project.everlit(&["status", "--check"]).asking(&meta).run().ended(0);
    check.says("OK: 1 token safe, 1 paused and not refreshed (1 no longer valid)");
    let status = project.everlit(&["status"]).asking(&meta).run().ended(0);
    status.says("paused, and the token no longer works: shop");
    project.everlit(&["account", "list"]).asking(&meta).run().says("its token no longer works");
}

#[test]
fn paused_accounts_are_left_alone_and_never_called_safe() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 31);
    project.everlit(&["account", "pause", "shop"]).run().ended(0).says("everlit account resume shop");
    project.everlit(&["refresh"]).asking(&meta).run();
    assert_eq!(meta.refreshes(), 0);
    project.everlit(&["status", "--check"]).run().ended(2).says("no account of the vault is kept alive (1 paused)");
    add(&project, &meta, "cafe", 3);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status", "--check"]).run().ended(0).says("OK: 1 token safe, 1 paused and not refreshed");
    project.everlit(&["status"]).run().ended(0).says("paused, and not refreshed: shop");
    let status = project.everlit(&["status", "--account", "shop"]).run().ended(3).says("nothing refreshes it");
    assert!(!status.stdout.contains("no run has been recorded"), "{status}");
    project.everlit(&["account", "resume", "shop"]).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn an_account_without_a_token_asks_for_one() {
    let (project, meta) = (vault(), Meta::friendly());
    project.everlit(&["account", "add", "shop"]).run().ended(0);
    for command in [&["status"][..], &["refresh"]] {
        let run = project.everlit(command).asking(&meta).run().ended(3);
        run.says("no token yet").says("Next: everlit connect shop");
    }
    project.everlit(&["status", "--check"]).run().ended(3).says("NEEDS A PERSON: shop: ");
    let status = project.everlit(&["status", "--json"]).run().ended(3).json();
    assert_eq!(status["accounts"][0]["state"], "no_token");
    let token = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(2)));
    project.everlit(&["connect", "shop", "--stdin"]).asking(&meta).fed(&token).ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
}

#[test]
fn doctor_counts_the_accounts_of_a_vault_and_names_none() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "sunny", 3);
    add(&project, &meta, "bakery", 61);
    project.everlit(&["account", "add", "newcomer"]).run().ended(0);
    project.everlit(&["account", "add", "sleeper", "--stdin"]).fed(FAKE_TOKEN).ended(0);
    project.everlit(&["account", "pause", "sleeper"]).run().ended(0);
    project.write("site.env", "");
    let target = ["target", "add", "site", "--kind", "env-file", "--set", "path=site.env"];
    project.everlit(&target).asking(&meta).run();
    project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    let run = project.everlit(&["doctor", "--verbose"]).asking(&meta).run().ended(3);
    let run = run.says("1 account: no token yet").says("1 account is paused").says("vault sqlite:").says("site");
    let run = run.says("accepts the token of one account").says("Next: everlit status");
    let long = project.everlit(&["doctor", "--threshold-days", "34"]).asking(&meta).run();
    long.says("more than 33 days have no effect").says("set it to 33 days or fewer");
    project.everlit(&["doctor", "--threshold-days", "33"]).asking(&meta).run().never_shows("no effect");
    for nothing in ["env file .env.local", "sunny", "bakery", "newcomer", "sleeper", "BAKERY", "SUNNY"] {
        run.stdout.contains(nothing).then(|| panic!("{nothing} is in {}", run.stdout));
    }
}

#[test]
fn a_vault_that_cannot_be_opened_is_told_once_and_once_again() {
    let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
    add(&project, &meta, "shop", 3);
    let toml = project.read("everlit.toml");
    project.write(
        "everlit.toml",
        format!("{toml}[notify.ops]\nkind = \"slack\"\n[heartbeat.daily]\nkind = \"healthchecks\"\n"),
    );
    let refresh = || {
        let call = project.everlit(&["refresh"]).asking(&meta);
        let call = call.env("EVERLIT_HEARTBEAT_DAILY_URL", format!("{}/ping", service.address));
        call.env("EVERLIT_NOTIFY_OPS_URL", format!("{}/slack", service.address)).run()
    };
    refresh().ended(0);
    let key = project.read("everlit-master.key");
    project.remove("everlit-master.key");
    for _ in 0..3 {
        refresh().ended(2).notes("cannot read the master key");
    }
    let told = service.at("/slack");
    assert!(told.len() == 1 && told[0].contains("cannot read the master key"), "{told:?}");
    let failed = service.lines().iter().filter(|line| line.contains("/ping/fail")).count();
    assert_eq!(failed, 3, "{:?}", service.lines());
    project.write("everlit-master.key", key);
    refresh().ended(0);
    refresh().ended(0);
    assert_eq!(service.at("/slack").len(), 2, "{:?}", service.at("/slack"));
    project.everlit(&["refresh", "--account", "shpo"]).run().ended(2);
    assert_eq!(service.at("/slack").len(), 2, "a wrong flag is told to whoever has typed it");
}

#[test]
fn a_master_key_command_beside_a_file_is_a_wrong_setting() {
    let project = vault();
    let toml = project.read("everlit.toml");
    project.write("everlit.toml", format!("{toml}master_key_command = [\"cat\", \"other.key\"]\n"));
    project.everlit(&["account", "add", "shop", "--stdin"]).fed(FAKE_TOKEN).ended(0);
    project.everlit(&["status"]).run().ended(2).notes("`master_key_command` is not used");
}

#[test]
fn a_paused_account_is_shown_to_whoever_names_it() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    let target = ["target", "add", "site", "--kind", "file", "--set", "path=token.txt", "--set", "account=shop"];
    project.everlit(&target).asking(&meta).run().ended(0);
    project.everlit(&["account", "pause", "shop"]).run().ended(0);
    let shown = project.everlit(&["account", "show", "shop"]).run().ended(0);
    shown.says("paused").says("targets    site").says("Next: everlit account resume shop");
    project.everlit(&["history", "--account", "shop"]).run().ended(0).says("added to the vault");
    let status = project.everlit(&["status", "--account", "shop"]).run().ended(3);
    status.says("shop  paused").says("Next: everlit account resume shop");
    project.everlit(&["refresh", "--account", "shop"]).run().ended(2).notes("shop is paused");
    let connect = project.everlit(&["connect", "shop", "--stdin"]).fed(FAKE_TOKEN).ended(2);
    connect.notes("shop is paused").notes("everlit account resume shop");
}

#[test]
fn one_line_for_monitors_names_a_few_of_many_accounts() {
    let project = vault();
    let rows: Vec<String> = (0..60).map(|number| format!("shop-{number:02},{FAKE_TOKEN}{number}\n")).collect();
    let rows = rows.concat();
    project.write("clients.csv", format!("name,token\n{rows}"));
    project.everlit(&["account", "import", "clients.csv", "--yes"]).run().ended(0);
    let line = project.everlit(&["status", "--check"]).run().ended(4).stdout;
    assert!(line.contains("shop-02") && !line.contains("shop-03") && line.contains("and 57 more"), "{line}");
    let token = project.everlit(&["token"]).run().ended(2);
    token.notes("there are 60 accounts: shop-00, shop-01, shop-02 and 57 more").never_shows("shop-03");
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    database.execute_batch("UPDATE accounts SET sealed = x'00' WHERE id = (SELECT max(id) FROM accounts)").unwrap();
    let line = project.everlit(&["status", "--check"]).run().ended(2).stdout;
    assert!(line.starts_with("ERROR: the account in row"), "{line}");
}

#[test]
fn files_are_taken_from_the_folder_of_the_flag() {
    let project = Project::empty();
    std::fs::create_dir(project.path().join("clients")).unwrap();
    let call = |arguments: &[&str]| project.everlit(&[&["-C", "clients"], arguments].concat());
    call(&["vault", "create"]).run().ended(0);
    call(&["account", "add", "shop", "--stdin"]).fed(FAKE_TOKEN).ended(0);
    call(&["vault", "backup", "copy.db"]).run().ended(0);
    call(&["key", "create", "new.key"]).run().ended(0);
    call(&["account", "export", "shop.export"]).run().ended(0);
    call(&["account", "import", "shop.export", "--yes"]).run().ended(0);
    call(&["key", "rotate", "--master-key-file", "new.key"]).run().ended(0);
    for file in ["copy.db", "new.key", "shop.export"] {
        assert!(project.has(&format!("clients/{file}")) && !project.has(file), "{file}");
    }
    for command in [&["vault", "backup", "-"][..], &["key", "create", "-"], &["account", "export", "-"]] {
        call(command)
            .env("EVERLIT_MASTER_KEY", project.read("clients/new.key").trim())
            .run()
            .ended(2)
            .notes("not to stdout");
    }
}

#[test]
fn names_with_the_same_variable_are_pointed_out() {
    let project = vault();
    project.everlit(&["account", "add", "a-b"]).run().ended(0);
    let same = "have the same variable, A_B_ACCESS_TOKEN";
    project.everlit(&["account", "add", "a_b"]).run().ended(0).notes("a_b and a-b").notes(same);
    project.everlit(&["account", "add", "c"]).run().ended(0).never_shows("same variable");
    project.everlit(&["account", "rename", "c", "A.B"]).run().ended(0).notes(same);
    project.everlit(&["account", "rename", "A.B", "c"]).run().ended(0).never_shows("same variable");
    project.write("clients.csv", format!("name,token\nC,{FAKE_TOKEN}1\nd,{FAKE_TOKEN}2\n"));
    let import = project.everlit(&["account", "import", "clients.csv", "--dry-run"]).run();
    import.ended(0).says("c and C (C_ACCESS_TOKEN)");
}

#[test]
fn a_renamed_account_keeps_its_target() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    let target = ["target", "add", "site", "--kind", "file", "--set", "path=token.txt", "--set", "account=shop"];
    project.everlit(&target).asking(&meta).run().ended(0);
    project.everlit(&["account", "rename", "shop", "store"]).run().ended(0).notes("everlit.toml names store now");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    assert!(project.has("token.txt"));
    let removed = project.everlit(&["account", "remove", "store", "--yes"]).run().ended(0);
    removed.says("Next: everlit target remove site");
}

#[test]
fn a_renamed_account_is_delivered_under_its_new_name() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "s1", 3);
    project.write("web.env", "");
    let target = ["target", "add", "web", "--kind", "env-file", "--set", "path=web.env"];
    project.everlit(&target).asking(&meta).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    assert!(project.read("web.env").contains("S1_ACCESS_TOKEN="));
    let renamed = project.everlit(&["account", "rename", "s1", "s1-nord"]).run().ended(0);
    renamed.notes("change what reads S1_ACCESS_TOKEN").says("Next: everlit refresh");
    project.everlit(&["status", "--check"]).asking(&meta).run().ended(4).says("not delivered");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let token = project.everlit(&["token", "--account", "s1-nord"]).asking(&meta).run().ended(0).stdout;
    assert!(project.read("web.env").contains(&format!("S1_NORD_ACCESS_TOKEN={}", token.trim())));
}

#[test]
fn p5_people_hear_of_a_spill_that_stops_every_run() {
    let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
    add(&project, &meta, "shop", 31);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let toml = project.read("everlit.toml");
    project.write("everlit.toml", format!("{toml}[notify.ops]\nkind = \"slack\"\n"));
    meta.sandbox.with(|meta| meta.advance(45 * 86_400));
    std::fs::remove_dir_all(project.path().join(".everlit/spill")).unwrap();
    project.write(".everlit/spill", "a file where a folder should be");
    let call = |arguments: &[&str]| {
        let call = project.everlit(arguments).asking(&meta);
        call.env("EVERLIT_NOTIFY_OPS_URL", format!("{}/slack", service.address)).run()
    };
    for _ in 0..2 {
        let run = call(&["refresh"]).ended(5).notes("cannot read the tokens that wait");
        assert!(run.next().starts_with("everlit doctor"), "{run}");
        call(&["status", "--check"]).ended(5).says("cannot read the tokens that wait");
    }
    assert_eq!(service.at("/slack").len(), 1, "{:?}", service.at("/slack"));
}

#[test]
fn an_account_that_every_run_leaves_out_is_not_safe() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    add(&project, &meta, "cafe", 3);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    meta.sandbox.with(|meta| meta.advance(12 * 86_400));
    project.everlit(&["refresh", "--account", "cafe"]).asking(&meta).run().ended(0);
    let check = project.everlit(&["status", "--check"]).asking(&meta).run().ended(3);
    check.says("shop: due since").says("no run has looked at it").never_shows("cafe");
    project.everlit(&["doctor"]).asking(&meta).run().ended(3);
}

/// Between two runs a week apart, a token may be due for days.
#[test]
fn a_weekly_schedule_leaves_out_no_account() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    let mut due_for = 0;
    for _ in 0..8 {
        project.everlit(&["refresh"]).asking(&meta).run().ended(0);
        meta.sandbox.with(|meta| meta.advance(6 * 86_400 + 80_000));
        let check = project.everlit(&["status", "--json"]).asking(&meta).run();
        due_for += usize::from(check.json()["accounts"][0]["state"] == "due");
        project.everlit(&["status"]).asking(&meta).run().never_shows("no run has looked at it");
    }
    assert!(due_for > 0, "it was never due between two runs");
}

#[test]
fn a_vault_is_created_with_the_key_that_is_there() {
    let keys = Project::empty();
    keys.everlit(&["key", "create", "my.key"]).run().ended(0);
    let key = keys.path().join("my.key").display().to_string();
    let project = Project::empty();
    project.write("everlit.toml", format!("master_key_file = {key:?}\n"));
    project.everlit(&["vault", "create"]).run().ended(0).never_shows("the master key in");
    project.everlit(&["vault", "create"]).run().ended(0).says("which already existed");
    let other = project.everlit(&["vault", "create", "--master-key-file", "other.key"]).run().ended(2);
    other.notes("the master key of this vault comes from");
    assert!(!project.has("everlit-master.key") && !project.has("other.key"));

    let project = Project::empty().with_file("everlit.toml", "master_key_file = \"gone/mine.key\"\n");
    project.everlit(&["vault", "create"]).run().ended(5);
    assert!(!project.read("everlit.toml").contains("vault ="), "what cannot be created is not named");

    let project = Project::empty();
    let create = project.everlit(&["vault", "create"]).env("EVERLIT_MASTER_KEY_FILE", &key);
    create.run().ended(0).never_shows("master_key_file");
    assert!(!project.read("everlit.toml").contains("master_key_file"));

    let project = Project::empty();
    project.write("everlit.toml", "master_key_file = \"mine.key\"\n");
    project.everlit(&["vault", "create"]).run().ended(0).says("the master key in").never_shows("everlit-master.key");
    assert!(project.has("mine.key") && !project.has("everlit-master.key"));
}

#[cfg(unix)]
#[test]
fn doctor_looks_at_the_master_key_that_a_variable_names() {
    let project = Project::empty();
    project.everlit(&["key", "create", "my.key"]).run().ended(0);
    let key = project.path().join("my.key").display().to_string();
    let call = |arguments: &[&str]| project.everlit(arguments).env("EVERLIT_MASTER_KEY_FILE", &key).run();
    call(&["vault", "create"]).ended(0);
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    call(&["doctor"]).says("other users of this machine can read the master key").says("lies beside the vault");
}

#[test]
fn a_rotation_names_accounts_that_it_cannot_move() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    add(&project, &meta, "cafe", 3);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    database.execute_batch("UPDATE accounts SET sealed = x'00' WHERE id = (SELECT min(id) FROM accounts)").unwrap();
    let run = project.everlit(&["key", "rotate", "--now"]).run().ended(2).says("1 account cannot be read");
    assert!(run.next().starts_with("everlit vault check"), "{run}");
}

#[test]
fn a_lease_of_a_wrong_clock_holds_up_no_account() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 31);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    database.execute_batch("UPDATE due SET lease = 7, lease_until = unixepoch() + 10000000, holder = 'x'").unwrap();
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn a_token_of_another_account_is_noticed() {
    let (project, meta) = (vault(), Meta::friendly());
    let token = add(&project, &meta, "shop", 3);
    let again = project.everlit(&["account", "add", "cafe", "--stdin"]).fed(&token).ended(2);
    again.notes("the vault has this token already, as shop");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["account", "add", "cafe"]).run().ended(0);
    let token = project.everlit(&["token", "--account", "shop"]).run().ended(0).stdout;
    let connect = project.everlit(&["connect", "cafe", "--stdin"]).asking(&meta).fed(&token).ended(0);
    connect.says("the vault has this token as shop too");
    let other = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(2)));
    let connect = project.everlit(&["connect", "cafe", "--stdin"]).asking(&meta).fed(&other).ended(0);
    connect.says("it belongs to the same owner as shop");
}

#[test]
fn git_ignores_the_files_of_a_new_vault() {
    let project = Project::empty().with_git();
    project.everlit(&["vault", "create"]).run().ended(0).says("/everlit.db and /everlit.db-shm and /everlit.db-wal");
    assert!(project.read(".gitignore").contains("/everlit-master.key\n"));
    project.everlit(&["init"]).run().ended(0).says("git ignores the vault").says("the vault has no account yet");
    project.remove(".gitignore");
    project.everlit(&["doctor"]).run().says("git does not ignore");
    project.everlit(&["init"]).run().ended(0).says("/everlit.db");
}

#[test]
fn an_account_at_work_is_not_changed_by_a_person() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 31);
    meta.holds_back_the_refresh();
    let mut command = project.everlit(&["refresh"]).asking(&meta).into_command();
    let mut refresh = started(|| command.spawn()).unwrap();
    meta.awaits_the_refresh(&mut refresh);
    for command in [&["account", "pause", "shop"][..], &["account", "remove", "shop", "--yes"]] {
        project.everlit(command).run().ended(6).notes("shop is being refreshed by").notes("nothing was changed");
    }
    meta.lets_go();
    assert_eq!(refresh.wait().unwrap().code(), Some(0));
    project.everlit(&["account", "pause", "shop"]).run().ended(0);
}

#[test]
fn quiet_commands_say_nothing_when_all_is_well() {
    let project = Project::empty();
    for command in [
        &["vault", "create"][..],
        &["account", "add", "shop"],
        &["vault", "check"],
        &["vault", "migrate"],
        &["vault", "backup", "copy.db"],
        &["key", "create", "new.key"],
        &["key", "rotate", "--now"],
        &["account", "export", "shop.export"],
        &["key", "rotate", "--master-key-file", "new.key"],
    ] {
        let run = project.everlit(&[command, &["--quiet"]].concat()).run().ended(0);
        assert!(run.stdout.is_empty() && run.stderr.is_empty(), "{command:?}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn a_target_may_be_that_of_a_paused_account() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    add(&project, &meta, "cafe", 3);
    let target = ["target", "add", "site", "--kind", "file", "--set", "path=token.txt", "--set", "account=shop"];
    project.everlit(&target).asking(&meta).run().ended(0);
    project.everlit(&["account", "pause", "shop"]).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status", "--check"]).asking(&meta).run().ended(0).says("1 paused");
}

#[test]
fn a_dead_token_is_replaced_by_connecting_its_account() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 61);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    run.says("Next: everlit connect shop");
    let token = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(2)));
    project
        .everlit(&["connect", "shop", "--stdin"])
        .asking(&meta)
        .fed(&token)
        .ended(0)
        .says("the vault keeps the token");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);

    project.everlit(&["connect", "shpo", "--stdin"]).asking(&meta).fed(&token).ended(2).notes("no account shpo");
}

#[test]
fn what_is_no_vault_is_refused_and_left_as_it_is() {
    let project = Project::empty().with_file("notes.db", "These are notes.\n");
    let notes = project.everlit(&["status", "--vault", "sqlite:notes.db"]);
    notes.run().ended(2).notes("no master key");
    project.everlit(&["key", "create", "my.key"]).run().ended(0);
    let key = project.read("my.key");
    let with_key =
        |address: &str| project.everlit(&["status", "--vault", address]).env("EVERLIT_MASTER_KEY", key.trim()).run();
    with_key("sqlite:notes.db").ended(2).notes("is not a vault");
    with_key("sqlite:missing.db")
        .ended(2)
        .notes("cannot be opened")
        .notes("Next: everlit --vault sqlite:missing.db vault create");
    with_key("mongodb://x").ended(2).notes("a vault's address looks like");
    let run = with_key("postgres://ada@db/x?sslmode=wat").ended(2).notes("unknown value of sslmode");
    assert_eq!(run.next(), "run it again with --vault and a correct address");
    assert_eq!(project.read("notes.db"), "These are notes.\n");
    assert!(!project.path().join("missing.db").exists());
}

#[test]
fn next_steps_and_schedules_name_the_vault_of_the_call() {
    let project = Project::empty();
    project.everlit(&["key", "create", "my.key"]).run().ended(0);
    let key = project.path().join("my.key");
    let call = |arguments: &[&str]| project.everlit(arguments).env("EVERLIT_MASTER_KEY_FILE", &key).run();
    call(&["vault", "create", "--vault", "sqlite:clients.db"]).ended(0).says("--vault sqlite:clients.db account add");
    call(&["account", "add", "shop", "--vault", "sqlite:clients.db"])
        .ended(0)
        .says("--vault sqlite:clients.db connect shop");
    let scheduler = if cfg!(windows) { "windows" } else { "cron" };
    let printed = call(&["schedule", "print", scheduler, "--vault", "sqlite:clients.db"]).ended(0);
    printed.says("clients.db").notes("the master key comes from your environment");
    assert!(!project.path().join("everlit.toml").exists(), "a vault that is named needs no settings");
}

#[test]
fn p8_a_vault_remembers_what_was_delivered() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 31);
    let target = ["target", "add", "site", "--kind", "file", "--set", "path=token.txt"];
    project.everlit(&target).asking(&meta).run();
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let newest = meta.sandbox.with(|meta| meta.newest_token("shop").unwrap().text.to_string());
    assert!(project.read("token.txt").contains(&newest));
    project.everlit(&["status", "--check"]).asking(&meta).run().ended(0).says("OK: 1 token safe");
    project.everlit(&["target", "list"]).asking(&meta).run().ended(0).says("delivered");
}

#[test]
fn accounts_that_cannot_be_read_are_told_by_every_command() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    add(&project, &meta, "cafe", 3);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    database.execute_batch("UPDATE accounts SET sealed = x'00' WHERE id = (SELECT min(id) FROM accounts)").unwrap();
    drop(database);
    project.everlit(&["refresh"]).asking(&meta).run().ended(2).notes("cannot be read from the vault");
    project.everlit(&["status", "--check"]).asking(&meta).run().ended(2).says("cannot be read from the vault");
    let connects = ["shop", "cafe"].map(|name| project.everlit(&["connect", name]).asking(&meta).run().to_string());
    let unreadable = |run: &String| run.contains("shop cannot be read") || run.contains("cafe cannot be read");
    assert_eq!(connects.iter().filter(|run| unreadable(run)).count(), 1, "{connects:?}");
    assert!(!connects.iter().any(|run| run.contains("has no account")), "{connects:?}");
}

#[test]
fn p5_each_account_that_cannot_be_read_is_told_once() {
    let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
    for name in ["shop", "cafe", "gym"] {
        add(&project, &meta, name, 3);
    }
    let toml = project.read("everlit.toml");
    project.write("everlit.toml", format!("{toml}[notify.ops]\nkind = \"slack\"\n"));
    let refresh = || {
        let call = project.everlit(&["refresh"]).asking(&meta);
        call.env("EVERLIT_NOTIFY_OPS_URL", format!("{}/slack", service.address)).run()
    };
    refresh().ended(0);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    for (told, which) in [(1, "min(id)"), (2, "max(id)")] {
        let spoil = format!("UPDATE accounts SET sealed = x'00' WHERE id = (SELECT {which} FROM accounts)");
        database.execute_batch(&spoil).unwrap();
        for _ in 0..2 {
            refresh().ended(2);
        }
        let messages = service.at("/slack");
        assert!(messages.len() == told && messages[told - 1].contains("the account in row"), "{messages:?}");
    }
}

#[test]
fn a_check_of_the_vault_reads_what_is_kept_beside_accounts() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    for kind in ["waiting", "previous"] {
        let put = format!("INSERT INTO kept_tokens (account, kind, sealed) SELECT id, '{kind}', x'0011' FROM accounts");
        database.execute_batch(&put).unwrap();
        project.everlit(&["vault", "check"]).run().ended(2).says("shop cannot be read from the vault");
        database.execute_batch("DELETE FROM kept_tokens").unwrap();
    }
    project.everlit(&["vault", "check"]).run().ended(0).says("1 account can be read");
}

#[test]
fn what_is_missing_in_a_vault_is_damage_and_no_bug() {
    let meta = Meta::friendly();
    for damage in ["UPDATE keys SET master = CAST(x'ff' AS TEXT)", "DROP TABLE alerts", "DROP TABLE accounts"] {
        let project = vault();
        add(&project, &meta, "shop", 3);
        let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
        database.execute_batch(&format!("PRAGMA foreign_keys = off; {damage}")).unwrap();
        let commands: [&[&str]; 3] = [&["refresh"], &["status", "--check"], &["vault", "check"]];
        let ends = commands.map(|command| project.everlit(command).asking(&meta).run());
        assert!(ends.iter().any(|run| run.to_string().contains("restore a backup")), "{damage}: {ends:?}");
        assert!(!ends.iter().any(|run| run.to_string().contains("report this")), "{damage}: {ends:?}");
    }
}

#[test]
fn a_wrong_setting_of_the_service_stops_no_command() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 31);
    let settings = project.read("everlit.toml");
    for (wrong, why) in [("listn = \"x\"", "`serve.listn`"), ("concurrency = -4", "`serve.concurrency`")] {
        project.write("everlit.toml", format!("{settings}[serve]\n{wrong}\n"));
        project.everlit(&["refresh"]).asking(&meta).run().ended(2).notes(why);
        project.everlit(&["status", "--check"]).asking(&meta).run().ended(2).says(why);
        project.everlit(&["doctor"]).asking(&meta).run().ended(2).says(why);
    }
    assert_eq!(meta.refreshes(), 1, "the token was refreshed all the same");
}

#[cfg(unix)]
#[test]
fn a_master_key_that_is_a_folder_is_no_matter_of_permission() {
    let project = vault();
    let run = project.everlit(&["status"]).env("EVERLIT_MASTER_KEY_FILE", ".").run().ended(2);
    assert!(!run.to_string().contains("chmod") && !run.to_string().contains("chown"), "{run}");
    project.remove("everlit-master.key");
    std::fs::create_dir(project.path().join("everlit-master.key")).unwrap();
    let run = project.everlit(&["status"]).run().ended(2).notes("cannot read the master key");
    assert!(run.next().starts_with("put the copy of the master key there"), "{run}");
}

#[cfg(unix)]
#[test]
fn a_vault_that_this_user_may_not_open_is_not_called_missing() {
    let project = vault();
    std::fs::remove_file(project.path().join("everlit.db")).unwrap();
    std::fs::create_dir(project.path().join("everlit.db")).unwrap();
    let run = project.everlit(&["status"]).run().ended(2).notes("a file that this user can read and write");
    assert!(!run.next().contains("vault create"), "{run}");
}

#[test]
fn a_vault_without_accounts_is_never_well() {
    let project = vault();
    project.everlit(&["refresh"]).run().ended(2).says("no account of the vault is kept alive");
    project.everlit(&["status"]).run().ended(2).says("no account of the vault is kept alive");
    let check = project.everlit(&["vault", "check"]).run().ended(2).says("the vault has no account");
    assert!(check.next().starts_with("everlit account add NAME"), "{check}");
}

#[test]
fn doctor_finds_a_spill_that_takes_no_token() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "bakery", 3);
    project.write(".everlit/spill", "a file where a folder should be");
    project.everlit(&["doctor"]).asking(&meta).run().ended(5).never_shows("a new token can be saved");
}

#[test]
fn a_dead_token_is_given_no_days_in_the_list() {
    let (project, meta) = (vault(), Meta::friendly());
    let token = add(&project, &meta, "bakery", 20);
    meta.sandbox.with(|meta| meta.set_state(&token, State::PasswordChanged));
    project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(3);
    project.everlit(&["account", "list"]).asking(&meta).run().ended(0).never_shows("days left");
}

#[test]
fn hostile_names_are_refused_and_two_alike_too() {
    let project = vault();
    for name in ["", " x", "-x", "a\rb", "\u{202e}x", &"x".repeat(201)] {
        project.everlit(&["account", "add", "--", name]).run().ended(2).notes("the name of an account");
    }
    project.everlit(&["account", "add", "tagged", "--tag", "a\nb"]).run().ended(2).notes("a tag contains");
    project.everlit(&["account", "add", "<script>"]).run().ended(0);
    project.everlit(&["account", "add", "<script>"]).run().ended(2).notes("already");
    project.everlit(&["account", "add", "shop", "--stdin"]).fed("not a token\n").ended(2).notes("stdin holds no token");
    project.everlit(&["account", "add", "shop", "--stdin"]).fed(FAKE_TOKEN).ended(0);
    project.everlit(&["account", "rename", "shop", "<script>"]).run().ended(2).notes("already");
    project.everlit(&["account", "rename", "shop", "store"]).run().ended(0);
    project.everlit(&["account", "list"]).run().ended(0).says("store").says("2 accounts");
}

#[test]
fn what_is_not_there_leads_to_what_is() {
    let project = vault();
    project.everlit(&["account", "add", "shop"]).run().ended(0);
    for command in ["status", "refresh", "token", "history", "doctor"] {
        let run = project.everlit(&["-C", ".", command, "--account", "nope"]).run().ended(2);
        assert_eq!(run.next(), "everlit -C . account list", "{command}: {run}");
    }
    let run = project.everlit(&["account", "list", "--tag", "none"]).run().ended(0);
    assert_eq!(run.says("No account has the tag none").next(), "everlit account list");
}

/// A run over the account gets a token from Meta, and the vault is read-only by then, as on a full disk.
fn leaves_a_token_beside_the_vault(project: &Project, meta: &Meta, account: &str) {
    meta.holds_back_the_refresh();
    let mut command = project.everlit(&["refresh", "--account", account]).asking(meta).into_command();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = started(|| command.spawn()).unwrap();
    meta.awaits_the_refresh(&mut run);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    let tables = ["accounts", "due", "kept_tokens"];
    for (table, change) in tables.into_iter().flat_map(|table| [(table, "INSERT"), (table, "UPDATE")]) {
        let full = format!("CREATE TRIGGER full_{table}_{change} BEFORE {change} ON {table}");
        database.execute_batch(&format!("{full} BEGIN SELECT RAISE(ABORT, 'full'); END")).unwrap();
    }
    meta.lets_go();
    assert_eq!(run.wait().unwrap().code(), Some(5));
    for (table, change) in tables.into_iter().flat_map(|table| [(table, "INSERT"), (table, "UPDATE")]) {
        database.execute_batch(&format!("DROP TRIGGER full_{table}_{change}")).unwrap();
    }
    database.execute_batch("UPDATE due SET lease_until = 0").unwrap();
}

fn has_spilled(project: &Project) -> bool {
    project.files().keys().any(|file| file.contains("/spill/"))
}

#[test]
fn p2_a_token_outlives_a_vault_that_takes_no_writes() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "bakery", 31);
    leaves_a_token_beside_the_vault(&project, &meta, "bakery");
    for _ in 0..2 {
        let status = project.everlit(&["status", "--check"]).asking(&meta).run().ended(5);
        status.says("bakery: a new token waits in").says("the next run puts it into the vault");
        project.everlit(&["status", "--account", "bakery"]).asking(&meta).run().ended(5).says("a new token waits in");
        project.everlit(&["vault", "check"]).asking(&meta).run().ended(2).says("a new token waits in");
        project.everlit(&["doctor"]).asking(&meta).run().ended(5).says("a new token waits in");
    }
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let token = project.everlit(&["token", "--account", "bakery"]).asking(&meta).run().ended(0).stdout;
    assert_eq!(token, meta.sandbox.with(|meta| meta.newest_token("bakery").unwrap().text.to_string()));
    assert_eq!(meta.refreshes(), 1, "Meta was asked once");
    assert!(!has_spilled(&project));
    project.everlit(&["status", "--check"]).asking(&meta).run().ended(0);
}

/// The backup does not know the key with which the token was sealed, or not its account.
#[test]
fn p2_a_token_outlives_a_restore_from_before_it() {
    for is_rotated in [true, false] {
        let (project, meta, service) = (vault(), Meta::friendly(), Service::new());
        let toml = project.read("everlit.toml");
        project.write("everlit.toml", format!("{toml}[notify.ops]\nkind = \"slack\"\n"));
        let call = |arguments: &[&str]| {
            let call = project.everlit(arguments).asking(&meta);
            call.env("EVERLIT_NOTIFY_OPS_URL", format!("{}/slack", service.address)).run()
        };
        let put = |file: &str| {
            let path = |name: &str| project.path().join(name);
            let _ = (std::fs::remove_file(path("everlit.db-wal")), std::fs::remove_file(path("everlit.db-shm")));
            std::fs::copy(path(file), path("everlit.db")).unwrap();
        };
        add(&project, &meta, "bakery", 31);
        let of = if is_rotated { "bakery" } else { "late" };
        call(&["vault", "backup", "monday.db"]).ended(0);
        if is_rotated {
            call(&["key", "rotate", "--now"]).ended(0);
        } else {
            add(&project, &meta, of, 31);
        }
        leaves_a_token_beside_the_vault(&project, &meta, of);
        call(&["vault", "backup", "friday.db"]).ended(0);

        put("monday.db");
        let why = if is_rotated { "it was sealed with key 2" } else { "the vault has no account for it" };
        call(&["vault", "check"]).ended(2).says(why);
        for _ in 0..2 {
            call(&["refresh"]).ended(2).says("cannot be put into the vault").says(why);
            call(&["status", "--check"]).ended(2).says(why);
        }
        call(&["token", "--account", "bakery"]).ended(0);
        assert_eq!(service.at("/slack").len(), 1, "{:?}", service.at("/slack"));
        assert!(has_spilled(&project));

        put("friday.db");
        call(&["refresh"]).ended(0);
        assert!(!has_spilled(&project));
        call(&["status", "--check"]).ended(0);
    }
}

#[test]
fn a_backup_of_what_cannot_be_read_is_no_good_one() {
    let (project, meta) = (vault(), Meta::friendly());
    add(&project, &meta, "shop", 3);
    let database = rusqlite::Connection::open(project.path().join("everlit.db")).unwrap();
    database.execute_batch("UPDATE accounts SET sealed = x'00'").unwrap();
    let backup = project.everlit(&["vault", "backup", "copy.db"]).run().ended(2);
    backup.says("cannot be read from the vault").says("copied to copy.db").says("keep earlier backups");
}

#[test]
fn a_vault_whose_key_is_away_gets_no_other() {
    let project = vault();
    project.everlit(&["key", "create", "new.key"]).run().ended(0).says("everlit key rotate --master-key-file new.key");
    project.remove("everlit-master.key");
    let create =
        project.everlit(&["vault", "create"]).run().ended(2).notes("is there already, and its master key is not");
    assert!(create.next().starts_with("put the copy of its master key at"), "{create}");
    assert!(!project.path().join("everlit-master.key").exists());
}

#[test]
fn p8_accounts_deliver_into_one_env_file_side_by_side() {
    const ACCOUNTS: usize = 12;
    let (project, meta) = (vault(), Meta::friendly());
    let names: Vec<String> = (0..ACCOUNTS).map(|number| format!("shop{number}")).collect();
    for name in &names {
        add(&project, &meta, name, 31);
    }
    project.write("site.env", "OTHER=x\n");
    project.everlit(&["target", "add", "site", "--kind", "env-file", "--set", "path=site.env"]).asking(&meta).run();
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    for name in &names {
        let token = meta.sandbox.with(|meta| meta.newest_token(name).unwrap().text.to_string());
        let line = format!("{}_ACCESS_TOKEN={token}\n", name.to_uppercase());
        assert!(project.read("site.env").contains(&line), "{name}");
    }
}
