//! What goes wrong on Meta's side between the code and the token.

use everlit_sandbox::{Endpoint, Fault, Injection, MetaError};

use crate::person::{Login, allows, calls, connect, content, project};
use crate::support::{Call, Meta, Project, Run};

/// A login by paste, once the person has allowed it.
fn allowed(meta: &Meta, project: &Project, change: impl FnOnce(Call) -> Call) -> Run {
    let mut login = Login::by_a_program(change(connect(project, meta, &["--instagram", "--paste"])));
    let end = allows(&login.address());
    login.types(&end);
    let run = login.ended();
    run.never_shows(&crate::person::param(&end, "code"))
}

/// The same with faults, down to the refusal. The project is as it was.
fn refused(orders: impl IntoIterator<Item = Injection>, code: i32) -> (Run, Meta) {
    let (meta, project) = (Meta::friendly(), project());
    let before = content(&project);
    for order in orders {
        meta.inject(order);
    }
    let run = allowed(&meta, &project, |call| call).ended(code).notes("Next: ");
    assert_eq!(content(&project), before, "{run}");
    (run, meta)
}

fn says(message: &str) -> Fault {
    Fault::Error(MetaError::new(400, message).status(400))
}

#[test]
fn a_wrong_app_secret_is_reported_with_its_settings() {
    let (meta, project) = (Meta::friendly(), project());
    allowed(&meta, &project, |call| call.env("INSTAGRAM_APP_SECRET", "fa4e5a4db0c500000000000000000009"))
        .ended(2)
        .notes("The app secret does not belong to the app id")
        .notes("INSTAGRAM_APP_ID and INSTAGRAM_APP_SECRET")
        .never_shows("fa4e5a4db0c500000000000000000009");
    assert_eq!(calls(&meta), [1, 0, 0, 0], "a wrong secret is not tried again");
}

#[test]
fn each_reason_to_reject_a_code_has_its_own_message() {
    for (error, code, message) in [
        ("Matching code was not found or was already used", 3, "was used before, or is older than an hour"),
        ("Insufficient developer role", 3, "not an accepted tester"),
        ("Invalid platform app", 2, "does not know the app id"),
        ("Error validating verification code. Please make sure your redirect_uri is identical", 2, "redirect URI"),
    ] {
        let (run, meta) = refused([Injection::new(says(error)).at(Endpoint::CodeExchange)], code);
        run.notes(message);
        assert_eq!(calls(&meta), [1, 0, 0, 0], "{error}: the code is not tried again");
    }
}

#[test]
fn transient_errors_during_the_login_are_retried() {
    let (meta, project) = (Meta::friendly(), project());
    let later = Fault::Error(MetaError::new(2, "Try later").transient(true).status(500));
    for (fault, endpoint) in [
        (Fault::Empty { status: 500 }, Endpoint::CodeExchange),
        (later, Endpoint::LongLivedExchange),
        (Fault::Html { status: 502 }, Endpoint::Me),
    ] {
        meta.inject(Injection::new(fault).at(endpoint).times(1));
    }
    let run = allowed(&meta, &project, |call| call).ended(0);
    assert!(project.read(".env.local").contains(&meta.newest()), "{run}");
}

#[test]
fn an_html_page_does_not_count_as_a_rejection() {
    let (run, _) = refused([Injection::new(Fault::Html { status: 403 }).at(Endpoint::CodeExchange)], 4);
    run.notes("(HTTP 403), which says nothing about the login").notes("from another network");
}

#[test]
fn the_command_to_start_again_names_the_account() {
    let (meta, project) = (Meta::friendly(), project());
    meta.inject(Injection::new(says("Insufficient developer role")).at(Endpoint::CodeExchange));
    let mut login = Login::by_a_program(connect(&project, &meta, &["shop", "--instagram", "--paste"]));
    let end = allows(&login.address());
    login.types(&end);
    login.ended().ended(3).notes("everlit connect shop --instagram");
}

/// A code works once: after a lost answer there is nothing to try again with.
#[test]
fn after_a_lost_reply_the_person_must_log_in_again() {
    let (run, meta) = refused([Injection::new(Fault::LostReply).at(Endpoint::CodeExchange).times(1)], 4);
    run.notes("its reply was lost on the way").notes("Next: everlit connect --instagram\n").notes("log in again");
    assert_eq!(calls(&meta), [2, 0, 0, 0]);
    // The long-lived token was issued and lost; what is left of the login is spent.
    let spent = Fault::Error(MetaError::new(452, "Session key invalid").status(400));
    let (run, _) = refused(
        [
            Injection::new(Fault::LostReply).at(Endpoint::LongLivedExchange).times(1),
            Injection::new(spent).at(Endpoint::LongLivedExchange),
        ],
        4,
    );
    run.notes("its reply was lost on the way").notes("Next: everlit connect --instagram\n").notes("log in again");
}

#[test]
fn a_token_that_is_already_long_lived_is_kept() {
    let (meta, project) = (Meta::with(|knobs| knobs.short_ttl = 5_184_000), project());
    let already = Fault::Error(MetaError::new(452, "Session key invalid").status(400));
    meta.inject(Injection::new(already).at(Endpoint::LongLivedExchange));
    let run = allowed(&meta, &project, |call| call).ended(0);
    assert!(project.read(".env.local").contains(&meta.newest()), "{run}");
    assert_eq!(calls(&meta)[..2], [1, 1], "{run}");
}

#[test]
fn swapped_app_id_and_secret_are_noticed_before_the_login() {
    let (meta, project) = (Meta::friendly(), project());
    let secret = "fa4e5a4db0c500000000000000000001";
    for (name, value, message) in [
        ("INSTAGRAM_APP_ID", secret, "INSTAGRAM_APP_ID holds an app secret"),
        ("INSTAGRAM_APP_ID", "my-app", "INSTAGRAM_APP_ID is not a number"),
        ("INSTAGRAM_APP_ID", "1000000000000002", "INSTAGRAM_APP_ID and META_APP_ID are the same number"),
        ("INSTAGRAM_APP_ID", "", "INSTAGRAM_APP_ID is not"),
        ("INSTAGRAM_APP_SECRET", "1000000000000001", "INSTAGRAM_APP_SECRET holds a number"),
    ] {
        connect(&project, &meta, &["--instagram", "--paste"])
            .env(name, value)
            .run()
            .ended(2)
            .notes(message)
            .never_shows(secret);
    }
    project
        .everlit(&["connect", "--threads", "--paste"])
        .asking(&meta)
        .run()
        .ended(2)
        .notes("THREADS_APP_ID and THREADS_APP_SECRET are not set")
        .notes(".everlit/secrets.env");
    assert_eq!(meta.calls(), 0);
}
