//! `everlit connect`: what a person who has a token gets, and what happens to one that is none.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

#[cfg(target_os = "linux")]
use std::process::Command;

use everlit_sandbox::{Config, Endpoint, Issue, Kind, Product, State};
use support::{Meta, Project, Run, USERNAME};

const ENV: &str = ".env.local";
const OTHER: &str = "rainy_florist";

fn connect(project: &Project, meta: &Meta, arguments: &[&str], token: &str) -> Run {
    let arguments = [&["connect", "--stdin"], arguments].concat();
    project.everlit(&arguments).asking(meta).fed(token)
}

/// With the id and the secret of the sandbox's app for that product.
fn with_app(project: Project, product: Product) -> Project {
    let config = Config::friendly();
    let app = config.app(product).unwrap();
    let name = match product {
        Product::Instagram => "INSTAGRAM",
        Product::Threads => "THREADS",
        Product::Facebook => "META",
    };
    let secrets = format!("{name}_APP_ID={}\n{name}_APP_SECRET={}\n", app.id, app.secret);
    project.with_file(".everlit/secrets.env", &secrets)
}

fn id_of(meta: &Meta, token: &str) -> String {
    meta.sandbox.with(|meta| meta.account(meta.token(token).unwrap()).user_id.clone())
}

#[test]
fn a_dashboard_token_is_saved_in_a_new_env_file_as_it_is() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let token = meta.token_of_age(2);
    let run = connect(&project, &meta, &[], &token).ended(0);
    run.says("connected")
        .says(&format!("@{USERNAME}"))
        .says("IG_ACCESS_TOKEN, IG_USER_ID")
        .says("everlit schedule install");
    assert_eq!(project.read(ENV), format!("IG_ACCESS_TOKEN={token}\nIG_USER_ID={}\n", id_of(&meta, &token)));
    project.assert_mode(ENV, 0o600);
    assert_eq!(meta.sandbox.with(|meta| meta.calls_to(Endpoint::LongLivedExchange)), 0);
    project.everlit(&["status"]).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    project.everlit(&["status"]).run().ended(0).says("60 days left");
    project.everlit(&["history"]).run().ended(0).says("connected");
}

#[test]
fn connect_puts_the_token_where_the_only_one_is() {
    let meta = Meta::friendly();
    let (old, token) = (meta.token_of_age(70), meta.token_of_age(2));
    let project = Project::empty().with_file(".env", &format!("A=1\nINSTAGRAM_TOKEN={old} # shop\n"));
    connect(&project, &meta, &[], &token).ended(0).says("everlit.toml: env_file = \".env\"");
    assert_eq!(project.read(".env"), format!("A=1\nINSTAGRAM_TOKEN={token} # shop\n"));
    assert!(!project.has(ENV), "no second copy");
    project.everlit(&["status"]).run().ended(0);

    // In git, or public, it would not stay secret; of two, one would be a guess.
    let tracked = Project::empty().with_git().with_file(".env", &format!("IG_ACCESS_TOKEN={old}\n"));
    tracked.git(&["add", "--force", ".env"]);
    let public = Project::empty().with_file(".env", &format!("VITE_IG_TOKEN={old}\n"));
    let two = Project::empty().with_file(".env", &format!("A={old}\nB={old}\n"));
    for project in [tracked, public, two] {
        connect(&project, &meta, &[], &token).ended(0);
        assert!(project.read(ENV).contains(&token) && !project.read(".env").contains(&token));
    }
}

#[test]
fn connect_changes_only_the_token_and_the_user_id() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(2);
    let file = |token: &str, id: &str| {
        format!(
            "\u{feff}# ours\r\nA='x y'\r\nexport IG_ACCESS_TOKEN = \"{token}\" # daily\r\nIG_USER_ID={id}\r\n\r\n# end"
        )
    };
    for before in ["", "your-token-here", &format!("IGAAfakeFAKE{}", "x".repeat(80))] {
        let project = Project::empty().with_file(ENV, &file(before, "1"));
        project.set_mode(ENV, 0o640);
        connect(&project, &meta, &[], &token).ended(0);
        assert_eq!(project.read(ENV), file(&token, &id_of(&meta, &token)));
        project.assert_mode(ENV, 0o640);
    }
    // A file that knows nothing of it gets one line more.
    let project = Project::empty().with_file(ENV, "A=1");
    connect(&project, &meta, &[], &token).ended(0);
    assert_eq!(project.read(ENV), format!("A=1\nIG_ACCESS_TOKEN={token}\n"));
}

#[test]
fn exchange_is_for_short_lived_tokens_only() {
    let meta = Meta::friendly();
    let short = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).short());
    let bare = Project::empty();
    connect(&bare, &meta, &["--exchange"], &short)
        .ended(2)
        .notes("INSTAGRAM_APP_ID and INSTAGRAM_APP_SECRET are not set");
    assert!(bare.files().is_empty(), "{:?}", bare.files().keys());

    let project = with_app(Project::empty(), Product::Instagram);
    connect(&project, &meta, &["--exchange"], &short).ended(0).says("60 days left");
    assert!(project.read(ENV).contains(&meta.newest()) && !project.read(ENV).contains(&short));
    project.everlit(&["status"]).run().ended(0).says("healthy");

    let long = meta.token_of_age(2);
    connect(&project, &meta, &["--exchange"], &long).ended(0).says("already long-lived");
    assert!(project.read(ENV).contains(&long));
}

#[test]
fn a_wrong_app_secret_is_reported_and_nothing_is_saved() {
    let meta = Meta::friendly();
    let short = meta.issue(&Issue::new(Kind::Instagram).short());
    let secrets = "INSTAGRAM_APP_ID=1\nINSTAGRAM_APP_SECRET=canaryFAKEcanaryFAKEcanaryFAKE\n";
    let project = Project::empty().with_file(".everlit/secrets.env", secrets);
    let run = connect(&project, &meta, &["--exchange"], &short).ended(2).notes("did not exchange it");
    run.never_shows("canaryFAKE").never_shows(&short[20..]);
    assert!(!project.has(ENV));
}

#[test]
fn a_threads_token_gets_a_key_of_its_own_and_a_known_age() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let token = meta.issue(&Issue::new(Kind::Threads).username(USERNAME).aged_days(10));
    connect(&project, &meta, &[], &token).ended(0).says("50 days left").says("threads_basic");
    assert_eq!(project.read(ENV), format!("THREADS_ACCESS_TOKEN={token}\n"));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("healthy");
    let short = meta.issue(&Issue::new(Kind::Threads).username(USERNAME).short());
    connect(&project, &meta, &[], &short).ended(2).notes("THREADS_APP_ID and THREADS_APP_SECRET are not set");
    let project = with_app(project, Product::Threads);
    connect(&project, &meta, &[], &short).ended(0).says("60 days left");
}

#[test]
fn a_page_token_is_chosen_by_exact_name_or_id() {
    let meta = Meta::friendly();
    let project = with_app(Project::empty(), Product::Facebook);
    let maria = meta.issue(&Issue::new(Kind::FacebookUser).username("maria").short());
    let run = connect(&project, &meta, &["--page", "maria"], &maria).ended(2);
    let run = run.notes("no page has exactly that name or id").notes("maria's page").never_shows(&maria[20..]);
    let id = run.stderr.lines().find(|line| line.ends_with("maria's page")).unwrap().trim().split(' ').next().unwrap();
    for wanted in ["maria's page", id] {
        let run = connect(&project, &meta, &["--page", wanted], &maria).ended(0);
        run.says("a Facebook page's token").says("never expires").says("pages_show_list");
    }
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("healthy");
    connect(&project, &meta, &["--page", "maria's page"], &meta.token_of_age(1))
        .ended(2)
        .notes("--page is for Facebook");
}

#[test]
fn connect_repairs_a_dead_account_in_place() {
    let meta = Meta::friendly();
    let dead = meta.token_of_age(31);
    let project = Project::holding(&dead).with_metadata(&dead, 31);
    project.everlit(&["status", "--live"]).asking(&meta).run();
    meta.sandbox.with(|meta| meta.set_state(&dead, State::PasswordChanged));
    project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    project.everlit(&["status"]).run().ended(3).says("Next: ");
    let before = project.read(ENV);
    let fresh = meta.token_of_age(1);
    connect(&project, &meta, &[], &fresh).ended(0).says("connected");
    assert_eq!(project.read(ENV), before.replace(&dead, &fresh));
    project.everlit(&["status"]).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("60 days left");
    project.everlit(&["status"]).run().ended(0).says("healthy");
}

#[test]
fn connect_does_not_count_as_a_run() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let token = meta.token_of_age(1);
    connect(&project, &meta, &[], &token).ended(0);
    project.everlit(&["status"]).run().ended(0).says("no run has been recorded yet");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let mark = std::fs::File::options().write(true).open(project.path().join(".everlit/last-run")).unwrap();
    mark.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(5 * 86_400)).unwrap();
    connect(&project, &meta, &[], &token).ended(0);
    project.everlit(&["status"]).run().ended(3).says("has its schedule stopped?");
}

#[test]
fn another_accounts_token_needs_replace_account() {
    let meta = Meta::friendly();
    let project = Project::empty();
    connect(&project, &meta, &[], &meta.token_of_age(3)).ended(0);
    let files = project.files();
    let other = meta.issue(&Issue::new(Kind::Instagram).username(OTHER).aged_days(2));
    let run = connect(&project, &meta, &[], &other).ended(2).says(USERNAME).says(OTHER).says("--replace-account");
    run.says("nothing was changed");
    assert_eq!(project.files(), files);
    let threads = meta.issue(&Issue::new(Kind::Threads).username(USERNAME).aged_days(2));
    connect(&project, &meta, &[], &threads).ended(2).says("from Instagram").says("from Threads");
    assert_eq!(project.files(), files);
    connect(&project, &meta, &["--replace-account"], &other).ended(0).says(OTHER);
    assert_eq!(project.read(ENV), format!("IG_ACCESS_TOKEN={other}\nIG_USER_ID={}\n", id_of(&meta, &other)));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
}

#[test]
fn connecting_the_same_token_again_changes_nothing() {
    let meta = Meta::friendly();
    let project = Project::empty();
    connect(&project, &meta, &[], &meta.token_of_age(3)).ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    connect(&project, &meta, &[], &meta.newest()).ended(0).says("60 days left");
    project.everlit(&["status"]).run().ended(0).says("60 days left");
}

#[test]
fn adding_a_second_account_keeps_the_unnamed_one_working() {
    let meta = Meta::friendly();
    let project = Project::empty();
    connect(&project, &meta, &[], &meta.token_of_age(3)).ended(0);
    let other = meta.issue(&Issue::new(Kind::Instagram).username(OTHER).aged_days(2));
    let run = connect(&project, &meta, &["flower-shop"], &other).ended(0);
    run.says("added [account.flower-shop]").says("the unnamed account is now called default");
    assert!(project.read(ENV).ends_with(&format!("IG_ACCESS_TOKEN_FLOWER_SHOP={other}\n")), "{}", project.read(ENV));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("default").says("flower-shop").says("2 refreshed");
    project.everlit(&["status"]).run().ended(0).says("60 days left");
    // Neither of the two is in the way of the other.
    connect(&project, &meta, &[], &other).ended(2).notes("several accounts: default, flower-shop");
    connect(&project, &meta, &["flower-shop", "--key", "X"], &other)
        .ended(2)
        .notes("everlit.toml already says where flower-shop keeps its token");
    connect(&project, &meta, &["flower-shop"], &meta.newest()).ended(2).says(OTHER);
    connect(&project, &meta, &["a b"], &other).ended(2).notes("`a b` cannot be the name of an account");
    let run = connect(&project, &meta, &["third", "--key", "IG_ACCESS_TOKEN"], &other).ended(2);
    run.notes("same env file and key").notes("Next: everlit connect third --key IG_ACCESS_TOKEN_THIRD");
    // Two names may make one variable; the way out is a command that works.
    connect(&project, &meta, &["a.b"], &other).ended(0).says("IG_ACCESS_TOKEN_A_B");
    let run = connect(&project, &meta, &["A-B"], &other).ended(2).notes("same env file and key");
    run.notes("Next: everlit connect A-B --key IG_ACCESS_TOKEN_A_B_2");
    connect(&project, &meta, &["A-B", "--key", "IG_ACCESS_TOKEN_A_B_2"], &other).ended(0);
    let run = connect(&project, &meta, &["more", "--metadata", "scripts/a.b-token.json"], &other).ended(2);
    run.notes("the same metadata file").notes("Next: run it again with a --metadata FILE of its own");
}

#[test]
fn everlit_toml_keeps_layout_and_comments_when_edited() {
    let meta = Meta::friendly();
    let toml = "# ours\r\nthreshold_days = 20 # early\r\n\r\n# the site's\r\nkey = \"SITE_TOKEN\"\r\n";
    let project = Project::empty().with_file("everlit.toml", toml);
    connect(&project, &meta, &[], &meta.token_of_age(3)).ended(0).says("SITE_TOKEN");
    let other = meta.issue(&Issue::new(Kind::Threads).username(OTHER).aged_days(2));
    std::fs::create_dir(project.path().join("blog")).unwrap();
    connect(&project, &meta, &["blog", "--env-file", "blog/.env"], &other).ended(0);
    assert_eq!(
        project.read("everlit.toml"),
        "# ours\r\nthreshold_days = 20 # early\r\n\r\n[account.default]\r\nenv_file = \".env.local\"\r\n# the site's\r\nkey = \"SITE_TOKEN\"\r\n\
         metadata = \"scripts/instagram-token.json\"\r\n\r\n[account.blog]\r\nenv_file = \"blog/.env\"\r\nkey = \"THREADS_ACCESS_TOKEN_BLOG\"\r\n"
    );
    assert_eq!(project.read("blog/.env"), format!("THREADS_ACCESS_TOKEN_BLOG={other}\n"));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let third = meta.issue(&Issue::new(Kind::Threads).username("third").aged_days(2));
    connect(&project, &meta, &["c", "--env-file", "nowhere/.env"], &third).ended(2).notes("there is no folder");
    let before = project.read("everlit.toml");
    connect(&project, &meta, &["c"], &third).ended(0);
    assert!(project.read("everlit.toml").starts_with(&before));
}

#[test]
fn input_that_is_not_a_token_is_named_and_never_sent() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(2);
    let dead_product = format!("IGQV{}", &token[4..]);
    let cases: [(Vec<u8>, &str); 14] = [
        (b"".to_vec(), "the token is empty"),
        (b" \r\n\t\n".to_vec(), "the token is empty"),
        (b"IGAAfake".to_vec(), "too short for a token"),
        (token.repeat(60).into_bytes(), "too long for a token"),
        (vec![b'x'; 1 << 20], "more than a token"),
        (b"\xff\xfeI\0G\0A\0A\0".to_vec(), "UTF-16"),
        (b"IGAA\xc3\x28".repeat(20), "is not text"),
        (format!("{token}\0").into_bytes(), "the token contains"),
        (format!("{token}\u{1b}[2J").into_bytes(), "the token contains"),
        (format!("IG_ACCESS_TOKEN={token}").into_bytes(), "a whole line of an env file"),
        (format!("'{token}'").into_bytes(), "quotation marks"),
        (format!("Authorization: Bearer {token}").into_bytes(), "contains a space"),
        (b"https://example.org/?code=AQBfakeFAKE#_".to_vec(), "authorization code"),
        (dead_product.into_bytes(), "such a token cannot be revived"),
    ];
    for (input, message) in cases {
        let project = Project::empty();
        let run = project.everlit(&["connect", "--stdin"]).asking(&meta).fed(&input);
        run.ended(2).notes(message).notes("✗").never_shows(&token[20..60]).never_shows("\u{1b}");
        assert!(project.files().is_empty(), "{:?}", project.files().keys());
    }
    assert_eq!(meta.calls(), 0);
}

#[test]
fn a_byte_order_mark_and_crlf_around_a_token_are_ignored() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(2);
    for input in [format!("\u{feff}{token}\r\n"), format!("\r\n {token}\t\r\n\r\n"), token.clone()] {
        let project = Project::empty();
        connect(&project, &meta, &[], &input).ended(0);
        assert!(project.read(ENV).contains(&format!("IG_ACCESS_TOKEN={token}\n")));
    }
}

#[test]
fn a_token_with_unknown_prefix_needs_kind() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let unknown = "fakeFAKE".repeat(10);
    connect(&project, &meta, &[], &unknown).ended(2).notes("--kind");
    assert_eq!(meta.calls(), 0);
    connect(&project, &meta, &["--kind", "threads"], &unknown).never_shows(&unknown);
    assert_eq!(meta.calls(), 1, "at one host, once");
    connect(&project, &meta, &["--kind", "threads"], &meta.token_of_age(1))
        .ended(2)
        .notes("--kind says threads, but the token has the prefix of instagram");
    assert!(project.files().is_empty());
}

#[test]
fn a_token_that_meta_rejects_changes_nothing() {
    let meta = Meta::friendly();
    let there = meta.token_of_age(3);
    let project = Project::holding(&there).with_metadata(&there, 3);
    let files = project.files();
    for (state, code) in
        [(State::Revoked, 3), (State::PasswordChanged, 3), (State::Checkpoint, 3), (State::RoleRemoved, 3)]
    {
        let dead = meta.token_of_age(1);
        meta.sandbox.with(|meta| meta.set_state(&dead, state));
        connect(&project, &meta, &[], &dead)
            .ended(code)
            .notes("Nothing was saved")
            .notes("Next: ")
            .never_shows(&dead[20..]);
        assert_eq!(project.files(), files, "{state:?}");
    }
}

#[test]
fn nothing_is_saved_if_meta_cannot_be_reached() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let token = meta.token_of_age(2);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let call = project.everlit(&["connect", "--stdin"]).env("EVERLIT_META_URL", format!("http://{closed}"));
    call.fed(&token)
        .ended(4)
        .notes("Connection refused")
        .notes("). Nothing was saved.")
        .notes("Next: run it again with the token");
    assert!(project.files().is_empty());
}

#[test]
fn p3_never_leaked_if_typed_in_place_of_a_name() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let token = meta.token_of_age(2);
    connect(&project, &meta, &[&token], &token).ended(2).never_shows(&token[20..]);
    for arguments in [["status", "--account", &token], ["status", "--key", &token], ["token", "--key", &token]] {
        project.everlit(&arguments).run().ended(2).never_shows(&token[20..]);
    }
    assert!(project.files().is_empty(), "{:?}", project.files().keys());
    for toml in [format!("[account.{token}]\n"), format!("[account.shop]\nkey = \"{token}\"\n")] {
        let project = Project::empty().with_file("everlit.toml", &toml);
        project.everlit(&["status"]).run().ended(2).never_shows(&token[20..]);
    }
    let project = Project::empty().with_file("everlit.toml", "[account.shop]\nkey = \"A\\u001b[31m\\nB\"\n");
    project.everlit(&["status", "--color", "always"]).run().ended(2).says("`A\\u{1b}[31m\\nB` (everlit.toml)");
}

#[test]
fn connect_does_not_wait_for_input_without_a_terminal() {
    let meta = Meta::friendly();
    for (arguments, command) in [
        (&["connect"][..], "Next: everlit connect --stdin\n"),
        (&["connect", "--no-input"][..], "Next: everlit connect --stdin\n"),
        (&["connect", "shop", "--no-input"][..], "Next: everlit connect shop --stdin\n"),
    ] {
        let project = Project::empty();
        project.everlit(arguments).asking(&meta).env("CI", "true").run().ended(2).notes(command);
        assert!(project.files().is_empty());
    }
}

/// What a terminal shows of this line of the shell, in which `everlit connect` asks for the token and this is typed.
#[cfg(target_os = "linux")]
fn typed_at_a_terminal(project: &Project, meta: &Meta, more: &str, keys: &str) -> String {
    let line = format!("{} connect{more}", env!("CARGO_BIN_EXE_everlit"));
    project.at_a_terminal(&line).asking(meta).typed("Token: ", keys)
}

#[cfg(target_os = "linux")]
#[test]
fn a_token_typed_at_a_terminal_is_not_echoed() {
    let (meta, project) = (Meta::friendly(), Project::empty());
    let token = meta.token_of_age(2);
    let shown = typed_at_a_terminal(&project, &meta, "", &format!("\u{1b}[200~{token}\u{1b}[201~\n"));
    assert!(shown.contains("connected") && !shown.contains(&token[20..40]), "{shown}");
    assert!(project.read(ENV).contains(&token));
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_at_the_hidden_prompt_restores_the_echo() {
    let (meta, project) = (Meta::friendly(), Project::empty());
    let shown = typed_at_a_terminal(&project, &meta, "; echo ended with $?; stty -a", "IGAAfake\u{3}");
    assert!(shown.contains("ended with 130") && !shown.contains("IGAAfake"), "{shown}");
    let has = |mode: &str| shown.split_whitespace().any(|word| word.trim_end_matches(';') == mode);
    assert!(has("echo") && has("isig") && !has("-echo"), "{shown}");
}

/// The second rename puts the env file in place; the first has made the token durable beside it.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_connect_is_finished_by_the_next_run() {
    let found = Command::new("strace").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(found, "this test needs strace: apt-get install strace (or what your system calls it)");
    let meta = Meta::friendly();
    let project = Project::empty();
    let token = meta.token_of_age(2);
    let strike = ["strace", "-f", "-o", "/dev/null", "-e", "trace=rename", "-e", "inject=rename:signal=KILL:when=2"];
    let run = project.everlit_under(&strike, &["connect", "--stdin"]).asking(&meta).fed(&token);
    assert_eq!(run.code, None, "{run}");
    assert!(!project.has(ENV) && project.has(".everlit/candidate"), "{:?}", project.files().keys());
    let status = project.everlit(&["status"]).run();
    let shown = format!("{}{}", status.stdout, status.stderr);
    assert!(status.code == Some(4) && shown.contains("an interrupted run has left a new token unsaved"), "{status}");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("recovered");
    assert_eq!(project.read(ENV), format!("IG_ACCESS_TOKEN={token}\nIG_USER_ID={}\n", id_of(&meta, &token)));
    assert!(!project.has(".everlit/candidate"));
}

#[test]
fn p3_never_leaked_by_connect_in_text_or_json() {
    let meta = Meta::friendly();
    let short = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).short());
    let other = meta.issue(&Issue::new(Kind::Instagram).username(OTHER).aged_days(2));
    let project = with_app(Project::empty().with_git(), Product::Instagram);
    let secret = Config::friendly().app(Product::Instagram).unwrap().secret.clone();
    for format in [&[][..], &["--json"], &["--quiet"]] {
        for (token, more) in
            [(&short, "--exchange"), (&other, "--json"), (&other, "--page=x"), (&other, "--replace-account")]
        {
            let run = connect(&project, &meta, &[format, &[more]].concat(), token);
            for canary in [&short[20..40], &other[20..40], &meta.newest()[20..40], &secret[8..]] {
                assert!(!run.to_string().contains(canary), "{run}");
            }
        }
    }
    for (name, bytes) in project.files() {
        if name.starts_with("scripts/") {
            assert!(!String::from_utf8_lossy(&bytes).contains(&other[20..40]), "{name}");
        }
    }
}

#[test]
fn json_of_connect_is_one_document_without_the_token() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let token = meta.issue(&Issue::new(Kind::Threads).username(USERNAME).aged_days(10));
    let document = connect(&project, &meta, &["shop", "--json"], &token).ended(0).json();
    assert_eq!(document["schema"], "everlit.connect/1");
    assert_eq!(document["account"]["username"], USERNAME);
    assert_eq!(document["account"]["kind"], "threads");
    assert_eq!(document["account"]["permissions"][0], "threads_basic");
    assert_eq!(document["written"]["keys"][0], "THREADS_ACCESS_TOKEN_SHOP");
    assert_eq!(document["written"]["config"][0], "added [account.shop]");
    let refused = connect(&project, &meta, &["shop", "--json"], &meta.token_of_age(1)).ended(2).json();
    assert_eq!((&refused["exit_code"], &refused["written"]), (&2.into(), &serde_json::Value::Null));
    let garbage = connect(&project, &meta, &["--json"], "x").ended(2).json();
    assert_eq!(garbage["schema"], "everlit.problem/1");
}

#[test]
fn a_file_that_git_does_not_ignore_is_reported() {
    let meta = Meta::friendly();
    let project = Project::empty().with_git();
    let token = meta.token_of_age(2);
    connect(&project, &meta, &[], &token).ended(0).says("not ignored by git");
    project.write(".gitignore", ".env*.local\n/scripts/instagram-token.json\n");
    let run = connect(&project, &meta, &[], &token).ended(0);
    assert!(!run.stdout.contains("not ignored"), "{run}");
    // What is noted of a second account goes into a file that no rule names yet.
    let run = connect(&project, &meta, &["shop"], &token).ended(0);
    run.says("scripts/shop-token.json is not ignored by git: `everlit init` adds the rule");
    project.everlit(&["init"]).run().ended(0);
    assert!(project.read(".gitignore").contains("/scripts/shop-token.json\n"));
}

#[test]
fn the_guide_is_the_page_of_the_docs() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/connect.md")).unwrap();
    let project = Project::empty();
    let mut guides = Vec::new();
    for (arguments, message) in [
        (&["connect", "--guide"][..], "Instagram Tester"),
        (&["connect", "--guide", "instagram"][..], "Instagram Tester"),
        (&["connect", "--guide", "threads"][..], "Threads Tester"),
        (&["connect", "--guide", "facebook"][..], "META_APP_ID"),
    ] {
        let run = project.everlit(arguments).run().ended(0).says(message);
        assert!(page.contains(run.stdout.trim_end()), "{run}");
        assert!(!run.stdout.contains("\n## "), "one part of it\n{run}");
        guides.push(run.stdout);
    }
    assert_eq!(guides[0], guides[1]);
    assert!(guides[1] != guides[2] && guides[2] != guides[3]);
    project.everlit(&["connect", "--guide", "myspace"]).run().ended(2);
}

#[test]
fn accounts_connected_concurrently_are_all_kept() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let names = ["rose", "tulip", "lily", "daisy"];
    std::thread::scope(|scope| {
        for name in names {
            let token = meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(2));
            let (project, meta) = (&project, &meta);
            scope.spawn(move || connect(project, meta, &[name], &token).ended(0));
        }
    });
    let config = project.read("everlit.toml");
    assert!(names.iter().all(|name| config.matches(&format!("[account.{name}]")).count() == 1), "{config}");
    project.everlit(&["status"]).run().ended(0);
}
