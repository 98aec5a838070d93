//! `everlit explain`: whatever a person pastes leads to a cause and to what to do.

mod support;

use support::Project;

#[test]
fn a_code_with_subcode_gives_cause_who_must_act_and_next_step() {
    let run = Project::empty().everlit(&["explain", "190/460"]).run().ended(0);
    assert_eq!(
        run.stdout,
        "Meta code 190/460: password changed\n  \
           The account's password was changed, which ends all its tokens.\n  \
           Who must act: the account's owner, by logging in again. everlit does not retry a dead token.\n  \
           What to do: Connect the account again: its owner logs in and grants access once more.\n\
         Next: everlit status\n      names the account and the command that reconnects it\n"
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn a_code_alone_lists_its_subcodes() {
    let project = Project::empty();
    project.everlit(&["explain", "190"]).run().ended(0).says("190/460 (password changed)").says("190/463 (expired)");
    project.everlit(&["explain", "190/999"]).run().ended(0).says("everlit does not know subcode 999");
    project.everlit(&["explain", "-2"]).run().ended(0).says("Instagram server fault");
}

#[test]
fn a_pasted_error_message_leads_to_its_cause() {
    let project = Project::empty();
    let cases = [
        ("Session has expired", "190/463: expired"),
        ("Unsupported request - method type: get", "no access to this account"),
        ("Unsupported request", "no access to this account"),
        ("Unsupported get request. Object with ID 'me' does not exist", "not visible"),
        ("Invalid OAuth access token", "token refused"),
        ("Invalid OAuth access token - Cannot parse access token", "wrong kind of token"),
        (
            "Refresh failed 400: Error validating access token: The session has been invalidated (code 190, subcode 460)",
            "password changed",
        ),
        ("(#10) Application does not have permission for this action", "permission denied"),
        ("Application request limit reached", "app call limit"),
        ("Could not load current token from .env.local", "Meta was not asked"),
        ("short-lived", "long-lived"),
        ("basic display", "4 December 2024"),
        ("HTTP 503", "Meta's servers"),
        ("(#200) API access deactivated. To reactivate, go to the app dashboard.", "app switched off"),
        (r#"{"error_type":"OAuthException","code":400,"error_message":"Invalid platform app"}"#, "wrong app id"),
        ("Your activity off Meta technologies is currently turned off.", "Accounts Center"),
        ("No application data was given", "Threads app id"),
        ("The user denied your request", "login cancelled"),
        ("This authorization code has expired", "login code used up"),
        ("Matching code was not found or was already used", "login code used up"),
        ("OAuthException", "The type of an error"),
        ("THApiException", "The type of an error"),
        ("An unexpected error has occurred. Please retry your request later.", "service down"),
    ];
    for (pasted, expected) in cases {
        project.everlit(&["explain", pasted]).run().ended(0).says(expected).says("What to do: ");
    }
}

#[test]
fn an_error_of_a_login_leads_to_a_new_login() {
    let project = Project::empty();
    for pasted in ["Error validating verification code: redirect_uri", "Matching code was not found", "Invalid scope"] {
        let run = project.everlit(&["explain", pasted]).run().ended(0).says("Next: everlit connect");
        assert!(!run.stdout.contains("retr") && !run.stdout.contains("refresh"), "{run}");
    }
}

#[test]
fn every_state_of_an_account_is_explained() {
    let project = Project::empty();
    for health in everlit_keeper::Health::ALL {
        for word in [health.code(), health.label()] {
            project.everlit(&["explain", word]).run().ended(0).says("State of an account").says("What to do: ");
        }
    }
}

#[test]
fn every_exit_code_is_explained_with_its_next_command() {
    let project = Project::empty();
    let all = project.everlit(&["explain", "exit"]).run().ended(0);
    for code in 0..=6 {
        assert!(all.stdout.contains(&format!("Exit code {code}: ")), "{all}");
    }
    project.everlit(&["explain", "exit", "3"]).run().ended(0).says("a person must act").says("Next: everlit status");
    project
        .everlit(&["explain", "3"])
        .run()
        .ended(0)
        .says("capability missing")
        .says("exit 3 (if everlit ended with it)");
    project.everlit(&["explain", "exit 77"]).run().ended(2).notes("everlit never exits with 77");
}

#[test]
fn an_unknown_code_is_admitted_and_the_nearest_one_named() {
    let project = Project::empty();
    let run = project.everlit(&["explain", "short livd"]).run().ended(2).notes("everlit does not know \"short livd\"");
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("Next: everlit explain short_lived\n"), "{run}");
    project
        .everlit(&["explain", "99999"])
        .run()
        .ended(2)
        .notes("everlit does not know Meta's code 99999")
        .notes("everlit doctor");
}

#[test]
fn a_token_in_a_pasted_message_is_not_repeated() {
    let message = format!("cannot use {}", support::FAKE_TOKEN);
    let project = Project::empty();
    for arguments in [vec!["explain", message.as_str()], vec!["explain", "--json", message.as_str()]] {
        project.everlit(&arguments).run().ended(2).never_shows(support::FAKE_TOKEN);
    }
}

#[test]
fn json_has_the_same_content_in_one_document() {
    let project = Project::empty();
    let found = project.everlit(&["explain", "190/463", "--json"]).run().ended(0).json();
    assert_eq!(found["schema"], "everlit.explain/1");
    let topic = &found["topics"][0];
    assert_eq!((&topic["code"], &topic["subcode"], &topic["class"]), (&190.into(), &463.into(), &"reconnect".into()));
    let unknown = project.everlit(&["explain", "banana", "--json"]).run().ended(2).json();
    assert_eq!((&unknown["exit_code"], unknown["topics"].as_array().map(Vec::len)), (&2.into(), Some(0)));
}

#[test]
fn explain_without_an_argument_is_a_usage_error() {
    Project::empty().everlit(&["explain"]).run().ended(2).notes("WHAT");
}
