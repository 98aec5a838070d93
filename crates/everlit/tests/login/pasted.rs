//! The address that the browser ended at is pasted.

use everlit_sandbox::{Endpoint, ExpiresIn, Knobs, OneOf};
use everlit_testkit::started;

use crate::person::{Login, SECRETS, allows, calls, cancels, connect, content, param, project};
use crate::support::{Meta, Run, USERNAME};

#[test]
fn a_pasted_address_becomes_a_long_lived_token() {
    for (platform, key) in [("--instagram", "IG_ACCESS_TOKEN"), ("--threads", "THREADS_ACCESS_TOKEN")] {
        let (meta, project) = (Meta::friendly(), project());
        let mut login = Login::by_a_program(connect(&project, &meta, &[platform, "--paste", "--key", key]));
        let end = allows(&login.address());
        assert!(
            end.starts_with("https://localhost:8447/callback?"),
            "the redirect URI that is to be registered: {end}"
        );
        login.types(&end);
        let run = login.ended().ended(0);
        assert!(project.read(".env.local").contains(&format!("{key}={}", meta.newest())), "{run}");
        let lives = meta.sandbox.with(|meta| {
            let token = meta.newest_token(USERNAME).unwrap();
            assert!(!token.short);
            token.expires_at.unwrap() - token.issued_at
        });
        assert_eq!(lives, 60 * 86_400);
        assert_eq!(calls(&meta)[..3], [1, 1, 0], "{run}");
        assert!(calls(&meta)[3] >= 1, "{run}");
        nothing_leaked(&meta, &run, &end);
    }
}

#[test]
fn a_facebook_login_is_exchanged_for_a_long_lived_token() {
    let (meta, project) = (Meta::friendly(), project());
    let call = connect(&project, &meta, &["--facebook", "--paste", "--key", "FACEBOOK_ACCESS_TOKEN"]);
    let mut login = Login::by_a_program(call);
    let end = allows(&login.hears("/dialog/oauth?client_id="));
    login.types(&end);
    let run = login.ended();
    assert_eq!(calls(&meta)[..3], [1, 0, 1], "{run}");
    assert!(calls(&meta)[3] >= 1, "{run}");
    nothing_leaked(&meta, &run, &end);
}

/// Silence about the expiry is not "never".
#[test]
fn a_facebook_login_without_an_expiry_is_measured() {
    let absent = |knobs: &mut Knobs| knobs.expires_in = OneOf::only(ExpiresIn::Absent);
    let (meta, project) = (Meta::with(absent), project());
    let call = connect(&project, &meta, &["--facebook", "--paste", "--key", "FACEBOOK_ACCESS_TOKEN"]);
    let mut login = Login::by_a_program(call);
    let end = allows(&login.hears("/dialog/oauth?client_id="));
    login.types(&end);
    let run = login.ended().says("60 days left");
    assert_eq!(calls(&meta)[..3], [1, 0, 0], "long-lived as it is: {run}");
    assert!(meta.sandbox.with(|meta| meta.calls_to(Endpoint::DebugToken)) >= 1, "{run}");
}

/// P3: neither the code, nor a token of any life, nor a secret.
#[track_caller]
fn nothing_leaked(meta: &Meta, run: &Run, end: &str) {
    let shown = format!("{}{}", run.stdout, run.stderr);
    assert!(!shown.contains(&param(end, "code")[..16]), "{run}");
    assert!(!shown.contains(&SECRETS[..16]), "{run}");
    meta.sandbox.with(|meta| {
        assert!(meta.tokens().next().is_some());
        for token in meta.tokens() {
            assert!(!shown.contains(&token.text[24..]), "{run}");
        }
    });
}

#[test]
fn app_id_and_secret_can_come_from_the_secrets_file() {
    let meta = Meta::friendly();
    let app = format!("INSTAGRAM_APP_ID=1000000000000001\nINSTAGRAM_APP_SECRET={SECRETS}01\n");
    let project = project().with_file(".everlit/secrets.env", &app);
    project.set_mode(".everlit/secrets.env", 0o600);
    let mut login = Login::by_a_program(project.everlit(&["connect", "--instagram", "--paste"]).asking(&meta));
    let end = allows(&login.address());
    login.types(&end);
    let run = login.ended().ended(0);
    nothing_leaked(&meta, &run, &end);
}

#[test]
fn a_custom_redirect_uri_is_requested_and_pasted() {
    let (meta, project) = (Meta::friendly(), project());
    let own = "https://example.com/everlit";
    let mut login = Login::by_a_program(connect(&project, &meta, &["--instagram", "--redirect-uri", own]));
    let end = allows(&login.address());
    assert!(end.starts_with(own), "{end}");
    login.types(&end);
    login.ended().ended(0);
}

#[test]
fn extra_permissions_are_requested_with_the_required_one() {
    let (meta, project) = (Meta::friendly(), project());
    let more = "instagram_business_content_publish";
    let mut login = Login::by_a_program(connect(&project, &meta, &["--instagram", "--paste", "--scope", more]));
    let address = login.address();
    assert_eq!(param(&address, "scope"), format!("instagram_business_basic%2C{more}"));
    login.types(&allows(&address));
    login.ended().ended(0);
    let project = crate::person::project();
    connect(&project, &meta, &["--instagram", "--paste", "--scope", "Wrong one"])
        .run()
        .ended(2)
        .notes("--scope is not a permission");
}

#[test]
fn a_facebook_login_configuration_replaces_permissions() {
    const BY_ID: [&str; 5] = ["--facebook", "--paste", "--key", "FACEBOOK_ACCESS_TOKEN", "--config-id"];
    let (meta, project) = (Meta::friendly(), project());
    let mut login = Login::by_a_program(connect(&project, &meta, &[&BY_ID[..], &["4567"]].concat()));
    let address = login.hears("/dialog/oauth?client_id=");
    assert!(param(&address, "config_id") == "4567" && !address.contains("scope="), "{address}");
    let end = allows(&address);
    login.types(&end);
    let run = login.ended().ended(0).says("never expires");
    // The sandbox's configurations are for a system user, whose token is not exchanged.
    assert_eq!(calls(&meta)[..3], [1, 0, 0], "{run}");
    nothing_leaked(&meta, &run, &end);

    let before = content(&project);
    for (arguments, message) in [
        (&["--facebook", "--paste", "--config-id", "canaryFAKE"][..], "--config-id is not a number"),
        (&["--facebook", "--paste", "--config-id="], "--config-id is not a number"),
        (&["--instagram", "--paste", "--config-id", "4567"], "--config-id needs --facebook"),
        (&["--threads", "--paste", "--config-id", "4567"], "--config-id needs --facebook"),
        (&["--stdin", "--config-id", "4567"], "--config-id needs --facebook"),
        (&["--facebook", "--config-id", "4567", "--scope", "email"], "'--config-id <ID>' cannot be used with '--scope"),
    ] {
        connect(&project, &meta, arguments).run().ended(2).notes(message).never_shows("canaryFAKE");
    }
    assert_eq!((content(&project), calls(&meta)[0]), (before, 1));
}

#[test]
fn an_address_of_another_login_is_rejected() {
    const NO_ROLE: &str = r#"{"error_type":"OAuthException","code":400,"error_message":"Insufficient developer role"}"#;
    type Change = fn(&str, &str) -> String;
    let table: [(Change, i32, &str); 9] = [
        (|_, _| String::new(), 2, "it contains no login code"),
        (|_, _| "hello".to_owned(), 2, "it contains no login code"),
        (|end, _| end.replace("state=", "state=0"), 2, "the answer to a different login"),
        (|end, _| end.split("&state").next().unwrap().to_owned(), 2, "is missing"),
        (|end, _| param(end, "code"), 2, "is missing"),
        (|_, address| address.to_owned(), 2, "where the login starts"),
        (|_, _| crate::support::FAKE_TOKEN.to_owned(), 2, "this is a token"),
        (|_, address| cancels(address), 3, "access was denied"),
        (|_, _| NO_ROLE.to_owned(), 3, "not an accepted tester"),
    ];
    for (change, code, message) in table {
        let (meta, project) = (Meta::friendly(), project());
        let before = content(&project);
        let mut login = Login::by_a_program(connect(&project, &meta, &["--instagram", "--paste"]));
        let address = login.address();
        let end = allows(&address);
        login.types(&change(&end, &address));
        let run = login.ended().ended(code).notes(message).notes("Next: ");
        assert_eq!(calls(&meta), [0; 4], "Meta is asked for nothing\n{run}");
        assert_eq!(content(&project), before, "{run}");
        run.never_shows(&param(&end, "code"));
    }
}

#[test]
fn a_pasted_error_page_may_have_several_lines() {
    let page = "{\n  \"error_type\": \"OAuthException\",\n  \"code\": 400,\n  \"error_message\": \"Insufficient developer role\"\n}";
    let (meta, project) = (Meta::friendly(), project());
    let mut login = Login::by_a_program(connect(&project, &meta, &["--instagram", "--paste"]));
    login.address();
    login.types(page);
    login.ended().ended(3).notes("not an accepted tester");
}

#[test]
fn a_pasted_address_may_be_wrapped() {
    let (meta, project) = (Meta::friendly(), project());
    let mut login = Login::by_a_program(connect(&project, &meta, &["--instagram", "--paste"]));
    let end = allows(&login.address()).replace('&', "&amp;");
    let (first, second) = end.split_at(60);
    login.types(&format!("<{first}\n{second}>"));
    login.ended().ended(0);
}

/// The input stays open: a paste that is cut off must not wait for ever.
#[test]
fn a_cut_error_page_ends_at_a_blank_line_or_64_kib() {
    let endless = format!("{{\"error\":[\n{}", format!("{}\n", "1,".repeat(8 * 1024 - 1)).repeat(4));
    for page in ["{\n  \"error_type\": \"OAuthException\",\n  \n", &endless] {
        let (meta, project) = (Meta::friendly(), project());
        let mut login = Login::by_a_program(connect(&project, &meta, &["--instagram", "--paste"]));
        login.address();
        login.types(page);
        login.ended().ended(3).notes("Meta did not start the login");
        assert_eq!(calls(&meta), [0; 4]);
    }
}

#[test]
fn end_of_input_ends_the_login() {
    let (meta, project) = (Meta::friendly(), project());
    // No stdin at all, as under cron.
    let mut command = connect(&project, &meta, &["--instagram", "--paste"]).into_command();
    command.stdin(std::process::Stdio::null());
    let output = started(|| command.output()).unwrap();
    crate::support::Call::ended(&output).ended(2).notes("nothing was pasted").notes("everlit connect --instagram");
}
