//! Which key holds the token, and what a person reads when none does.

use everlit_keeper::StoreErrorClass;

use crate::site::Site;
use everlit_testkit::contract::{candidate_for, fake, now, record_of};

#[test]
fn the_token_is_found_by_the_default_or_the_only_known_key() {
    let [a, b] = ['A', 'B'].map(fake);
    let (text, other) = (a.expose(), b.expose());
    let table = [
        (format!("IG_ACCESS_TOKEN={text}\n"), "IG_ACCESS_TOKEN", None),
        (format!("IG_ACCESS_TOKEN=\"{text}\"\n"), "IG_ACCESS_TOKEN", None),
        (format!("export IG_ACCESS_TOKEN='{text}' # ours\n"), "IG_ACCESS_TOKEN", None),
        (format!("A=1\r\nIG_ACCESS_TOKEN={text}\r\nB=2\r\n"), "IG_ACCESS_TOKEN", None),
        (format!("\u{feff}IG_ACCESS_TOKEN={text}\n"), "IG_ACCESS_TOKEN", None),
        (format!("  IG_ACCESS_TOKEN = {text}  "), "IG_ACCESS_TOKEN", None),
        (format!("IG_ACCESS_TOKEN={text}\nIG_ACCESS_TOKEN={text}\n"), "IG_ACCESS_TOKEN", None),
        (format!("IG_ACCESS_TOKEN=\nIG_ACCESS_TOKEN={text}\n"), "IG_ACCESS_TOKEN", None),
        (format!("INSTAGRAM_TOKEN={other}\nIG_ACCESS_TOKEN={text}\n"), "IG_ACCESS_TOKEN", None),
        (format!("#IG_ACCESS_TOKEN={other}\nINSTAGRAM_TOKEN={text}\n"), "INSTAGRAM_TOKEN", Some("INSTAGRAM_TOKEN")),
        (format!("THREADS_ACCESS_TOKEN={text}\n"), "THREADS_ACCESS_TOKEN", Some("THREADS_ACCESS_TOKEN")),
        (format!("FACEBOOK_ACCESS_TOKEN={text}\n"), "FACEBOOK_ACCESS_TOKEN", Some("FACEBOOK_ACCESS_TOKEN")),
    ];
    for (env, key, noted) in table {
        let site = Site::new(&env);
        let stored = site.load().unwrap_or_else(|error| panic!("{env:?}: {error}"));
        assert_eq!(stored.current, a, "{env:?}");
        assert_eq!(site.files().key(&site.name()).as_deref(), Ok(key));
        let expected: Vec<String> =
            noted.iter().map(|key| format!("IG_ACCESS_TOKEN is not set in .env.local; taking {key}")).collect();
        assert_eq!(stored.notes, expected);
    }
}

#[test]
fn a_key_that_was_named_is_the_only_one_that_counts() {
    let [a, b] = ['A', 'B'].map(fake);
    let env = format!("IG_ACCESS_TOKEN={}\nSHOP_TOKEN={}\n", a.expose(), b.expose());
    let site = Site::new(&env).with_key("SHOP_TOKEN");
    assert_eq!(site.load().unwrap().current, b);
    let site = Site::new(&env).with_key("BAR_TOKEN");
    assert_eq!(message(&site), "Could not load current token from .env.local: BAR_TOKEN is not set there");
}

#[test]
fn every_error_begins_with_the_message_people_search_for() {
    let [a, b] = ['A', 'B'].map(fake);
    let (text, other) = (a.expose(), b.expose());
    let table = [
        (String::new(), "IG_ACCESS_TOKEN is not set there"),
        ("A=1\n".to_owned(), "IG_ACCESS_TOKEN is not set there"),
        ("IG_ACCESS_TOKEN=\n".to_owned(), "IG_ACCESS_TOKEN is empty"),
        ("IG_ACCESS_TOKEN='  '\n".to_owned(), "IG_ACCESS_TOKEN is empty"),
        (format!("IG_ACCESS_TOKEN=\nINSTAGRAM_TOKEN={text}\n"), "IG_ACCESS_TOKEN is empty"),
        (
            format!("INSTAGRAM_TOKEN={text}\nTHREADS_ACCESS_TOKEN={other}\n"),
            "it sets INSTAGRAM_TOKEN and THREADS_ACCESS_TOKEN; say which one with --key",
        ),
        (
            format!("IG_ACCESS_TOKEN={text}\nIG_ACCESS_TOKEN={other}\n"),
            "lines 1, 2 give this key different values; keep one of them",
        ),
        (
            format!("IG_ACCESS_TOKEN={text}\nIG_ACCESS_TOKEN={other}\nINSTAGRAM_TOKEN={other}\n"),
            "lines 1, 2 give this key different values; keep one of them",
        ),
        (format!("IG_ACCESS_TOKEN=\"{text}\n"), "line 1 opens a quote that never closes; close it, or remove it"),
        (format!("A=\0\nIG_ACCESS_TOKEN={text}\n"), "line 1 contains a NUL byte; save the file as UTF-8 text"),
        (
            "IG_ACCESS_TOKEN=your-token-here\n".to_owned(),
            "IG_ACCESS_TOKEN: 15 characters is too short for a token; was it cut off?",
        ),
        (
            format!("IG_ACCESS_TOKEN=Bearer {text}\n"),
            "IG_ACCESS_TOKEN: this is an Authorization header; paste only what follows \"Bearer\"",
        ),
    ];
    for (env, expected) in table {
        let site = Site::new(&env);
        assert_eq!(message(&site), format!("Could not load current token from .env.local: {expected}"), "{env:?}");
        assert!(!message(&site).contains(&text[..20]));
    }
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_read_is_named() {
    let site = Site::empty();
    let folder = site.at("");
    let expected = format!("no such file in {}", folder.display());
    assert_eq!(message(&site), format!("Could not load current token from .env.local: {expected}"));
    assert_eq!(site.load().unwrap_err().class, StoreErrorClass::Missing);

    std::fs::create_dir(site.at(".env.local")).unwrap();
    assert!(message(&site).starts_with("Could not load current token from .env.local: "));
    assert_eq!(site.load().unwrap_err().class, StoreErrorClass::Unusable);
}

#[test]
fn p7_a_new_token_changes_no_other_byte_of_the_env_file() {
    let (old, candidate) = (fake('A'), candidate_for(&fake('A'), 'B'));
    let text = old.expose();
    for (env, key) in [
        (format!("A=1\nIG_ACCESS_TOKEN={text}"), None),
        (format!("\u{feff}A=1\r\nexport IG_ACCESS_TOKEN='{text}'  # ours\r\nB=2\r\n"), None),
        (format!("INSTAGRAM_TOKEN=\"{text}\"\n"), None),
        (format!("IG_ACCESS_TOKEN={text}\nIG_ACCESS_TOKEN=\"{text}\"\n"), None),
        (format!("IG_ACCESS_TOKEN=other\nSHOP_TOKEN={text}\n"), Some("SHOP_TOKEN")),
    ] {
        let mut site = Site::new(&env);
        if let Some(key) = key {
            site = site.with_key(key);
        }
        site.under_lease(|lease| {
            now(lease.reserve()).unwrap();
            now(lease.save_candidate(&candidate)).unwrap();
            now(lease.promote(&candidate, &record_of(&candidate.token))).unwrap();
        });
        let expected = env.replace(text, candidate.token.expose());
        assert_eq!(String::from_utf8(site.read(".env.local")).unwrap(), expected);
    }
}

#[test]
fn the_default_name_may_be_named_and_the_files_are_the_same() {
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    let candidate = candidate_for(&token, 'B');
    site.under_lease(|lease| now(lease.save_candidate(&candidate)).unwrap());
    let site = site.with_key("IG_ACCESS_TOKEN");
    assert_eq!(site.load().unwrap().candidate, Some(candidate));
}

fn message(site: &Site) -> String {
    site.load().unwrap_err().to_string()
}
