//! `everlit account import` and `export`: accounts come into a vault from wherever they are, and out of it again.

#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use everlit_sandbox::{Issue, Kind, State};
use serde_json::Value;
use support::{Meta, Project, unix_now};

const DAY: i64 = 86_400;
const METADATA: &str = "scripts/instagram-token.json";

/// A folder with a vault.
fn vault() -> Project {
    let project = Project::empty();
    project.everlit(&["vault", "create"]).run().ended(0);
    project
}

/// Looks like a token, and is another one for each number.
fn token(number: usize) -> String {
    format!("IGAAfakeCANARY{}{number:06}", "fakeFAKE".repeat(8))
}

/// The accounts of the vault, by name.
fn accounts(project: &Project) -> BTreeMap<String, Value> {
    let list = project.everlit(&["account", "list", "--json"]).run().ended(0).json();
    let accounts = list["accounts"].as_array().unwrap().iter();
    accounts.map(|account| (account["name"].as_str().unwrap().to_owned(), account.clone())).collect()
}

fn names(project: &Project) -> Vec<String> {
    accounts(project).into_keys().collect()
}

/// What the vault hands out for an account.
fn token_of(project: &Project, name: &str) -> String {
    project.everlit(&["token", "--account", name]).run().ended(0).stdout.trim().to_owned()
}

/// The files of the project other than the vault.
fn sources(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let mut files = project.files();
    files.retain(|name, _| !name.starts_with("everlit.db"));
    files
}

#[test]
fn a_spreadsheet_of_clients_is_imported_and_refreshed() {
    let (project, meta) = (vault(), Meta::friendly());
    let old = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("bakery").aged_days(31)));
    let expires_at = unix_now() + 29 * DAY;
    project.write(
        "clients.csv",
        format!("\u{feff}Client;Access token;Tags;Expires at\r\nbakery;{old};vip,north;{expires_at}\r\n"),
    );
    let run = project.everlit(&["account", "import", "clients.csv", "--tag", "2026", "--yes"]).run().ended(0);
    run.says("bakery").says("1 account imported").says("clients.csv, line 2").never_shows(&old);
    let account = &accounts(&project)["bakery"];
    assert_eq!(account["tags"], serde_json::json!(["vip", "north", "2026"]));
    assert!(account["expires_at"].is_string());
    project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(0).says("refreshed  29 → 60 days left");
    let history = project.everlit(&["history", "--account", "bakery"]).asking(&meta).run().ended(0);
    history.says("imported from clients.csv, line 2");
    assert_ne!(token_of(&project, "bakery"), old);
}

#[test]
fn a_dry_run_shows_the_plan_and_changes_nothing() {
    let project = vault();
    project.write("clients.csv", format!("name,token\nshop,{}\n", token(1)));
    let before = project.files();
    let run = project.everlit(&["account", "import", "clients.csv", "--dry-run"]).run().ended(0);
    run.says("new").says("1 account would be imported").says("Next: everlit account import clients.csv --yes");
    let run = project.everlit(&["account", "import", "clients.csv"]).run().ended(2);
    run.notes("nothing was").notes("Next: everlit account import clients.csv --yes").never_shows(&token(1));
    assert!(names(&project).is_empty());
    let now = project.files();
    assert_eq!(now["clients.csv"], before["clients.csv"]);
    assert_eq!(now["everlit.db"], before["everlit.db"]);
}

#[test]
fn an_import_can_be_repeated_and_keeps_newer_tokens() {
    let project = vault();
    project.write("clients.csv", format!("name,token\nshop,{}\ncafe,{}\n", token(1), token(2)));
    let import = |more: &[&str]| {
        project.everlit(&[&["account", "import", "clients.csv", "--yes"], more].concat()).run().ended(0)
    };
    import(&[]).says("2 accounts imported");
    import(&[]).says("2 accounts in the vault already").says("0 accounts imported");
    project.write("clients.csv", format!("name,token\nshop,{}\ncafe,{}\n", token(3), token(2)));
    let run = import(&[]).says("shop  skipped: the vault has another token for it");
    run.says("! 0 accounts imported, 1 skipped");
    import(&["--quiet"]).says("1 skipped");
    assert_eq!(token_of(&project, "shop"), token(1));
    import(&["--replace"]).says("gets this token").says("1 account imported");
    assert_eq!(token_of(&project, "shop"), token(3));
    assert_eq!(names(&project), ["cafe", "shop"]);
}

#[test]
fn wrong_rows_are_named_by_line_and_the_rest_is_imported() {
    let project = vault();
    let basic = format!("IGQVfakeCANARY{}", "fake".repeat(20));
    let huge = "CANARYx".repeat(20_000);
    let rows = [
        format!("shop,{}", token(1)),
        "empty,".to_owned(),
        format!("basic,{basic}"),
        format!("huge,{huge}"),
        format!("\u{202e}evil,{}", token(2)),
        format!("{},{}", token(3), token(4)),
        format!("again,{}", token(1)),
        format!("shop,{}", token(5)),
    ];
    project.write("clients.csv", format!("name,token\r\n{}\r\n", rows.join("\r\n")));
    let run = project.everlit(&["account", "import", "clients.csv", "--yes"]).run().ended(2);
    run.says("line 3: left out: no token")
        .says("line 4: left out: a token of Instagram Basic Display")
        .says("line 5: left out:")
        .says("line 6: left out: the name of an account contains characters that cannot be seen")
        .says("line 7: left out: what looks like a token is where the name belongs")
        .says("again  skipped: the same token as in clients.csv, line 2")
        .says("shop  skipped: the same name as in clients.csv, line 2")
        .says("1 account imported, 1 skipped, 5 left out")
        .never_shows("CANARY")
        .never_shows("\u{202e}");
    assert_eq!(names(&project), ["shop"]);
}

#[test]
fn what_is_no_source_is_refused_with_the_reason() {
    let project = vault();
    let with = |name: &str, content: &[u8]| project.write(name, content);
    with("empty.csv", b"");
    with("garbage.csv", b"\x89PNG\r\n\x1a\n\0\0\xff\xfe");
    with("no-header.csv", format!("shop,{}\n", token(1)).as_bytes());
    with("columns.csv", format!("who,what\nshop,{}\n", token(1)).as_bytes());
    with("package.json", b"{\"name\": \"site\"}");
    for (source, why) in [
        ("empty.csv", "it is empty"),
        ("garbage.csv", "cannot import garbage.csv"),
        ("no-header.csv", "does not name columns"),
        ("columns.csv", "Its columns are `who`, `what`"),
        ("package.json", "JSON of an unknown kind"),
        ("sqlite:empty.csv", "it has no tables"),
        ("sqlite:garbage.csv", "it is not a SQLite database"),
        ("sqlite:everlit.db", "it is a vault"),
        ("missing.csv", "cannot import missing.csv"),
        (&*token(9), "cannot import [redacted]"),
    ] {
        let run = project.everlit(&["account", "import", source, "--yes"]).run().ended(2);
        run.notes(why).notes("Next: everlit account import").never_shows("CANARY");
    }
    let map = ["account", "import", "columns.csv", "--map", "name=who,token=what", "--yes"];
    project.everlit(&map).run().ended(0);
    assert_eq!(names(&project), ["shop"]);
    project
        .everlit(&["account", "import", "columns.csv", "--map", "nme=who"])
        .run()
        .ended(2)
        .notes("there is no `nme`");
}

#[test]
fn a_folder_of_sites_is_imported_with_what_they_know() {
    let project = vault();
    let env = |number: usize| format!("IG_ACCESS_TOKEN={}\n", token(number));
    project.write("sites/bakery/.env.local", env(1));
    let metadata = Project::empty().with_metadata(&token(1), 20).read("scripts/instagram-token.json");
    project.write(&format!("sites/bakery/{METADATA}"), metadata);
    project.write("sites/north/site/.env", env(2));
    project.write("sites/south/site/.env", env(3));
    project.write(
        "sites/agency/everlit.toml",
        "[account.cafe]\nenv_file = \".env.cafe\"\n[account.gone]\nenv_file = \".env.gone\"\n",
    );
    project.write("sites/agency/.env.cafe", env(4));
    project.write("sites/bakery/node_modules/x/.env", env(5));
    project.write("sites/bakery/.next/.env", env(6));
    project.write("sites/template/.env", "IG_ACCESS_TOKEN=\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", project.path().join("sites/circle")).unwrap();
    let before = sources(&project);
    let run = project.everlit(&["account", "import", "sites", "--yes"]).run().ended(2).never_shows("CANARY");
    let run = run.says(".env: left out: IG_ACCESS_TOKEN: the token is empty").says(".env.gone: left out");
    run.says("4 accounts imported, 2 left out");
    assert_eq!(names(&project), ["bakery", "cafe", "north-site", "south-site"]);
    assert_eq!(token_of(&project, "cafe"), token(4));
    assert!(accounts(&project)["bakery"]["expires_at"].is_string(), "the metadata knows");
    assert_eq!(sources(&project), before, "sources are only read");
    project.everlit(&["account", "import", "sites", "--yes"]).run().ended(2).says("0 accounts imported");
}

#[test]
fn peers_are_imported_by_the_shape_of_their_files() {
    let project = vault();
    let agent = format!(
        "value,created_at,expires_at,success,response_body\n{},2026-01-01 00:00:00,2026-01-01 00:00:00,t,\n",
        token(1)
    );
    project.write("blog.csv", agent);
    let config = format!(
        r#"{{"port": "5000", "refresh_freq": "weekly", "shop": {{"token": "{}"}}, "cafe": {{"token": "{}"}}}}"#,
        token(2),
        token(3)
    );
    project.write("config.json", config);
    let run = project.everlit(&["account", "import", "blog.csv", "config.json", "--yes"]).run().ended(0);
    run.says("3 accounts imported").never_shows("CANARY");
    assert_eq!(names(&project), ["blog", "cafe", "shop"]);
}

#[test]
fn a_database_is_read_and_not_touched() {
    let project = vault();
    let path = project.path().join("app.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.execute_batch("CREATE TABLE users (id, mail); CREATE TABLE \"my feeds\" (Shop, Secret, Until)").unwrap();
    let until = unix_now() + 30 * DAY;
    for (name, token) in [("shop", token(1)), ("cafe", token(2)), ("none", String::new())] {
        connection.execute("INSERT INTO \"my feeds\" VALUES (?, ?, ?)", (name, token, until)).unwrap();
    }
    let import = |more: &[&str]| project.everlit(&[&["account", "import", "sqlite:app.db"], more].concat()).run();
    import(&["--dry-run"]).ended(2).notes("no table is known to hold tokens").notes("my feeds, users");
    let mapped = ["--table", "my feeds", "--map", "name=Shop,token=Secret,expires_at=Until"];
    import(&[&mapped[..], &["--dry-run"]].concat()).ended(2).says("2 accounts would be imported, 1 left out");
    drop(connection);
    let before = sources(&project);
    let run = import(&[&mapped[..], &["--yes"]].concat()).ended(2).never_shows("CANARY");
    run.says("app.db, table my feeds, row 3: left out: no token").says("2 accounts imported, 1 left out");
    assert_eq!(sources(&project), before, "no file beside it either");
    assert_eq!(names(&project), ["cafe", "shop"]);
}

#[test]
fn many_imports_are_first_checked_at_different_times() {
    let project = vault();
    let mut text = String::from("name,token,expires_at\n");
    let now = unix_now();
    for number in 0..1_200 {
        writeln!(text, "client-{number},{},{}", token(number), now + 50 * DAY).unwrap();
    }
    writeln!(text, "urgent,{},{}\nunknown,{},", token(5_000), now + DAY, token(5_001)).unwrap();
    project.write("clients.csv", text);
    let run = project.everlit(&["account", "import", "clients.csv", "--yes", "--json"]).run().ended(0);
    let run = run.notes("1000 of 1202 accounts imported").notes("1202 of 1202").never_shows("CANARY");
    let document = run.json();
    assert_eq!(document["imported"], 1_202);
    let wait = |account: &Value| {
        let at: jiff::Timestamp = account["first_check_at"].as_str().unwrap().parse().unwrap();
        at.as_second() - now
    };
    let accounts = document["accounts"].as_array().unwrap();
    let hour = |account: &Value| usize::try_from(wait(account) / 3_600).unwrap();
    let mut hours = [0; 25];
    accounts[..1_200].iter().for_each(|account| hours[hour(account)] += 1);
    assert!(hours[..24].iter().all(|count| (20..90).contains(count)), "{hours:?}");
    assert!(wait(&accounts[1_200]) < 60, "a token near its end is not put off");
    assert!(wait(&accounts[1_201]) <= 3_660, "an unknown expiry is found out within the hour");
}

#[test]
fn p1_no_import_puts_in_use_a_token_of_somebody_else() {
    let (project, meta) = (vault(), Meta::friendly());
    let token =
        |who: &str| meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(who).aged_days(40)));
    project.everlit(&["account", "add", "bakery", "--stdin"]).fed(token("bakery")).ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let before = token_of(&project, "bakery");
    project.write("clients.csv", format!("name,token\nbakery,{}\n", token("stranger")));
    let import =
        project.everlit(&["account", "import", "clients.csv", "--replace", "--yes"]).run().ended(2).says("1 left out");
    import.says("the account's owner is known, the token's is not");
    assert_eq!(token_of(&project, "bakery"), before);
}

#[test]
fn p1_a_dead_token_of_a_table_gives_way_to_the_old_one() {
    for is_of_same_owner in [true, false] {
        let (project, meta) = (vault(), Meta::friendly());
        let issued = |who: &str, state: State| {
            let issue = Issue::new(Kind::Instagram).username(who).aged_days(40).state(state);
            meta.sandbox.with(|meta| meta.issue(&issue))
        };
        let working = issued("bakery", State::Live);
        let dead = issued(if is_of_same_owner { "bakery" } else { "stranger" }, State::Revoked);
        project.everlit(&["account", "add", "bakery", "--stdin"]).fed(&working).ended(0);
        project.write("clients.csv", format!("name,token\nbakery,{dead}\n"));
        project.everlit(&["account", "import", "clients.csv", "--replace", "--yes"]).run().ended(0);
        assert_eq!(token_of(&project, "bakery"), dead);
        project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(0);
        let in_use = token_of(&project, "bakery");
        let is_alive =
            |meta: &mut everlit_sandbox::Meta| meta.token(&in_use).is_some_and(|token| token.state == State::Live);
        assert!(meta.sandbox.with(is_alive));
        let history = project.everlit(&["history", "--account", "bakery"]).asking(&meta).run().ended(0);
        history.says("Meta refuses the new token; the one before was put back");
    }
}

#[test]
fn an_imported_token_of_another_owner_needs_a_person() {
    let (project, meta) = (vault(), Meta::friendly());
    let token =
        |who: &str| meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(who).aged_days(40)));
    let site = Project::holding(&token("bakery"));
    site.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let owner = site.read_json(METADATA)["everlit"]["account"].as_str().unwrap().to_owned();
    let metadata = site.read(METADATA).replace(&owner, "17841499999999999");
    project.write("sites/bakery/.env.local", site.read(".env.local"));
    project.write(&format!("sites/bakery/{METADATA}"), metadata);
    project.everlit(&["account", "import", "sites", "--yes"]).asking(&meta).run().ended(0);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    run.says("the token in use belongs to another account").says("everlit connect bakery");
    project.everlit(&["status", "--check"]).asking(&meta).run().ended(3).says("bakery");
}

#[test]
fn a_dead_token_of_an_export_is_not_called_safe() {
    let (old, meta) = (vault(), Meta::friendly());
    let token = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(40)));
    old.everlit(&["account", "add", "shop", "--stdin"]).fed(&token).ended(0);
    old.everlit(&["refresh"]).asking(&meta).run().ended(0);
    old.everlit(&["account", "export", "all.everlit"]).asking(&meta).run().ended(0);
    let new = vault();
    new.write("all.everlit", old.read("all.everlit"));
    new.write("old.key", old.read("everlit-master.key"));
    let import = ["account", "import", "all.everlit", "--master-key-file", "old.key", "--yes"];
    new.everlit(&import).asking(&meta).run().ended(0);
    new.everlit(&["status", "--check"]).asking(&meta).run().ended(4).says("NOT VERIFIED YET");
}

/// A vault with three accounts, one of them paused and one without a token, and its export.
fn exported() -> Project {
    let project = vault();
    let until = unix_now() + 30 * DAY;
    project.write(
        "clients.csv",
        format!("name,token,tags,expires_at\nshop,{},vip,{until}\ncafe,{},,\n", token(1), token(2)),
    );
    project.everlit(&["account", "import", "clients.csv", "--yes"]).run().ended(0);
    project.everlit(&["account", "pause", "cafe"]).run().ended(0);
    project.everlit(&["account", "add", "later"]).run().ended(0);
    let run = project.everlit(&["account", "export", "all.everlit"]).run().ended(0);
    run.says("3 accounts exported to all.everlit").never_shows("CANARY");
    project
}

#[test]
fn an_export_moves_accounts_to_a_vault_with_another_key() {
    let old = exported();
    let file = old.read("all.everlit");
    for secret in ["CANARY", "shop", "vip"] {
        assert!(!file.contains(secret), "{secret} can be read");
    }
    old.assert_mode("all.everlit", 0o600);
    old.everlit(&["account", "export", "all.everlit"]).run().ended(2).notes("already exists");
    assert_eq!(old.read("all.everlit"), file, "no file is overwritten");

    let new = vault();
    new.write("all.everlit", &file);
    let run = new.everlit(&["account", "import", "all.everlit", "--yes"]).run().ended(2);
    run.notes("it was sealed with master key").notes("--master-key-file");
    assert!(names(&new).is_empty());
    new.write("old.key", old.read("everlit-master.key"));
    let import = ["account", "import", "all.everlit", "--master-key-file", "old.key", "--yes"];
    new.everlit(&import).run().ended(0).says("3 accounts imported").never_shows("CANARY");
    assert_eq!(accounts(&new), accounts(&old));
    new.everlit(&["account", "resume", "cafe"]).run().ended(0);
    assert_eq!((token_of(&new, "shop"), token_of(&new, "cafe")), (token(1), token(2)));
}

#[test]
fn an_export_restores_what_was_removed() {
    let project = exported();
    let before = accounts(&project);
    project.everlit(&["account", "remove", "shop", "--yes"]).run().ended(0);
    let run = project.everlit(&["account", "import", "all.everlit", "--yes"]).run().ended(0);
    run.says("1 account imported").says("2 accounts in the vault already");
    assert_eq!(accounts(&project), before);
    project.everlit(&["account", "export", "vip.everlit", "--tag", "vip"]).run().ended(0).says("1 account exported");
    let none = project.everlit(&["account", "export", "none.everlit", "--tag", "nobody"]).run();
    none.ended(2).notes("there is nothing to export");
    assert!(!project.has("none.everlit"));
}

#[test]
fn nothing_of_an_edited_or_truncated_export_is_imported() {
    let project = exported();
    let file = project.read("all.everlit");
    let half = file[..file.len() / 2].to_owned();
    let header = file.replace("\"accounts\":3", "\"accounts\":2");
    let body = file.replace('\n', "\nA");
    let later = file.replace("\"version\":1", "\"version\":9");
    let before = accounts(&project);
    for (wrong, why) in [
        (half, "cut off or edited"),
        (header, "cut off or edited"),
        (body, "cut off or edited"),
        (later, "a later everlit"),
    ] {
        project.write("wrong.everlit", wrong);
        let run = project.everlit(&["account", "import", "wrong.everlit", "--yes"]).run().ended(2);
        run.notes("cannot import wrong.everlit").notes(why).never_shows("CANARY");
    }
    assert_eq!(accounts(&project), before);
}
