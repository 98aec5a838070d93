//! The login in the browser: the authorize URL, and everything that people may paste as the redirect.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use everlit_login::{
    Permissions, Redirect, RedirectError, authorize_url, default_scopes, is_unfinished, read_redirect,
};
use everlit_meta_api::{Class, Platform};
use proptest::prelude::*;

const STATE: &str = "5f0000fake0000state";
const CODE: &str = "AQfakeCODEfakeCODEfakeCODEfakeCODEfakeCODEfakeCODE-_x";
const END: &str = "https://localhost:8447/callback";

/// The code, and whether it certainly belongs to this login.
fn read(text: &str) -> Result<(String, bool), RedirectError> {
    read_redirect(text, STATE).map(|found| match found {
        Redirect::Answer(code) => (code.expose().to_owned(), true),
        Redirect::BareCode(code) => (code.expose().to_owned(), false),
    })
}

#[test]
fn the_authorize_url_is_the_documented_one() {
    let url = |platform, force| {
        let permissions = Permissions::Scopes(default_scopes(platform));
        authorize_url(platform, "123", END, permissions, "abc", force)
    };
    let end = "https%3A%2F%2Flocalhost%3A8447%2Fcallback";
    assert_eq!(
        url(Platform::Instagram, false),
        format!(
            "https://www.instagram.com/oauth/authorize?client_id=123&redirect_uri={end}&response_type=code\
             &scope=instagram_business_basic&state=abc&enable_fb_login=0"
        )
    );
    assert!(
        url(Platform::Instagram, true).ends_with("&enable_fb_login=0&force_authentication=1&force_reauth=true"),
        "the two names under which it is known"
    );
    assert_eq!(
        url(Platform::Threads, true),
        format!(
            "https://threads.com/oauth/authorize?client_id=123&redirect_uri={end}&response_type=code\
             &scope=threads_basic&state=abc"
        )
    );
    let facebook = format!(
        "https://www.facebook.com/v25.0/dialog/oauth?client_id=123&redirect_uri={end}&response_type=code\
         &scope=pages_show_list%2Cpages_read_engagement&state=abc"
    );
    assert_eq!(url(Platform::Facebook, false), facebook);
    assert_eq!(url(Platform::Facebook, true), format!("{facebook}&auth_type=reauthenticate"));
    assert_eq!(
        authorize_url(Platform::Facebook, "123", END, Permissions::Configuration("4567"), "abc", false),
        facebook.replace("scope=pages_show_list%2Cpages_read_engagement", "config_id=4567")
    );
}

#[test]
fn a_redirect_is_read_however_it_is_pasted() {
    for text in [
        format!("{END}?code={CODE}&state={STATE}#_"),
        format!("{END}?code={CODE}&state={STATE}#_=_"),
        format!("{END}?code={CODE}%23_&state={STATE}"),
        format!("{END}?state={STATE}&code={CODE}"),
        format!("  \"{END}?code={CODE}&state={STATE}\" \r\n"),
        format!("<{END}?code={CODE}&state={STATE}#_>"),
        format!("localhost:8447/callback?code={CODE}&state={STATE}"),
        format!("/callback?code={CODE}&state={STATE}"),
        format!("?code={CODE}&state={STATE}#_"),
        format!("code={CODE}&state={STATE}"),
        format!("{END}?utm=1&code={}&state={STATE}&x", CODE.replace('-', "%2D")),
        format!("{END}/?code={CODE}&state={STATE}#_{END}/?code={CODE}&state={STATE}#_"),
    ] {
        assert_eq!(read(&text), Ok((CODE.to_owned(), true)), "{text}");
    }
}

#[test]
fn a_bare_code_is_accepted_and_marked_as_such() {
    for text in [CODE.to_owned(), format!("{CODE}#_"), format!(" {CODE}#_=_\n"), format!("'{CODE}'")] {
        assert_eq!(read(&text), Ok((CODE.to_owned(), false)), "{text}");
    }
}

#[test]
fn what_is_not_a_redirect_is_named() {
    let token = format!("IGAAfake{}", "FAKEfake".repeat(10));
    let refused = |words: &str| RedirectError::Refused(words.to_owned());
    let refusal = "error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request";
    for (text, expected) in [
        (format!("{END}?{refusal}&state={STATE}"), RedirectError::Denied),
        (format!("{END}?{refusal}&state=other"), RedirectError::StateMismatch),
        (format!("{END}?{refusal}"), RedirectError::MissingState),
        (format!("{END}?error=server_error&error_description=Try+later&state={STATE}"), refused("Try later")),
        (
            format!("{END}?error_code=1349126&error_message=App%20not%20set%20up&state={STATE}"),
            refused("App not set up"),
        ),
        (format!("{END}?error=x&code={CODE}&state={STATE}"), refused("x")),
        (format!("{END}?code={CODE}&state=0000000000000000000"), RedirectError::StateMismatch),
        (format!("{END}?code={CODE}&state={STATE}0"), RedirectError::StateMismatch),
        (format!("{END}?code={CODE}&state="), RedirectError::StateMismatch),
        (format!("{END}?code={CODE}&state=%ff"), RedirectError::StateMismatch),
        (format!("{END}?code={CODE}"), RedirectError::MissingState),
        (format!("{END}?code={CODE}&code={CODE}&state={STATE}"), RedirectError::MultipleAnswers),
        (format!("{END}?code={CODE}&state={STATE}&state={STATE}"), RedirectError::MultipleAnswers),
        (format!("{END}?code={CODE}&state={STATE}{END}?code={CODE}&state={STATE}"), RedirectError::MultipleAnswers),
        (format!("{CODE}{CODE}"), RedirectError::MultipleAnswers),
        (format!("{END}?code=&state={STATE}"), RedirectError::MissingCode),
        (format!("{END}?code=a%20b&state={STATE}"), RedirectError::MissingCode),
        (format!("{END}?state={STATE}"), RedirectError::MissingCode),
        (format!("{END}?code={}&state={STATE}", "x".repeat(4097)), RedirectError::MissingCode),
        (END.to_owned(), RedirectError::MissingCode),
        (String::new(), RedirectError::MissingCode),
        ("#_".to_owned(), RedirectError::MissingCode),
        ("hello".to_owned(), RedirectError::MissingCode),
        ("this page isn't working, it says something long and unknown to us".to_owned(), RedirectError::MissingCode),
        ("0fake1fake2fake3fake4fake5fake6f".to_owned(), RedirectError::MissingCode),
        (
            authorize_url(Platform::Threads, "123", END, Permissions::Scopes(&["threads_basic"]), STATE, false),
            RedirectError::AuthorizeUrl,
        ),
        (token.clone(), RedirectError::Token),
        (format!("{END}#access_token={token}"), RedirectError::Token),
    ] {
        assert_eq!(read(&text), Err(expected), "{text}");
    }
}

#[test]
fn a_fragment_is_cut_off_wherever_it_hangs() {
    for end in ["#_", "#_=_", "%23_", "%23_%3D_"] {
        for text in [format!("{END}?state={STATE}&code={CODE}{end}"), format!("{END}?code={CODE}&state={STATE}{end}")] {
            assert_eq!(read(&text), Ok((CODE.to_owned(), true)), "{text}");
        }
    }
}

#[test]
fn an_answer_is_found_in_whatever_has_been_put_around_it() {
    let (start, end) = CODE.split_at(20);
    for text in [
        format!("{END}?code={start}\n{end}&state={STATE}#_"),
        format!("{END}?code={start}\r\n  {end}&sta\r\nte={STATE}"),
        format!("{END}?code={CODE}&amp;state={STATE}#_"),
        format!("[{END}?code={CODE}&state={STATE}]({END}?code={CODE}&state={STATE})"),
        format!("({END}?code={CODE}&state={STATE})"),
        format!("It ended at: {END}?code={CODE}&state={STATE}"),
        format!("Link: <{END}?code={CODE}&amp;state={STATE}%23_%3D_>"),
        format!("\u{201c}{END}?code={CODE}&state={STATE}\u{201d}"),
    ] {
        assert_eq!(read(&text), Ok((CODE.to_owned(), true)), "{text}");
    }
}

#[test]
fn a_wrapped_answer_is_read_to_its_end() {
    let page = "{\n\"error_type\": \"OAuthException\",\n\"error_message\": \"Invalid platform app\"\n}\n";
    for whole in [
        format!("{END}?code={CODE}&state={STATE}\n"),
        page.to_owned(),
        page.replace('"', ""),
        page.replace(['{', '}', '\n'], " ").replace(',', "\n"),
    ] {
        let lines: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at + 1).collect();
        for cut in (END.len()..whole.len() - 3).filter(|_| whole.starts_with("https")) {
            assert!(is_unfinished(&format!("{}\n", &whole[..cut]), STATE), "{}", &whole[..cut]);
        }
        for cut in &lines[..lines.len() - 1] {
            assert!(is_unfinished(&whole[..*cut], STATE), "{}", &whole[..*cut]);
        }
        assert!(!is_unfinished(&whole, STATE), "{whole}");
        assert!(!is_unfinished(&format!("{}\n \n", &whole[..40]), STATE), "a blank line ends it");
    }
    for text in ["hello", "", "0fake1fake2fake3fake", "{}"] {
        assert!(!is_unfinished(text, STATE), "{text}");
    }
}

#[test]
fn an_error_page_of_meta_is_read_and_explained() {
    let flat = |message: &str| format!(r#"{{"error_type":"OAuthException","code":400,"error_message":"{message}"}}"#);
    for (text, class, words) in [
        (flat("Insufficient developer role"), Class::AppOwner, "accepted tester"),
        (flat("Invalid platform app"), Class::Config, "the Meta app's id was entered instead"),
        (flat("Invalid redirect_uri"), Class::Config, "not registered with the app"),
        (flat("Invalid scope field(s): business_basic"), Class::Config, "business_basic"),
        (
            r#"{"error_message":"No application data was given","error_code":1349026}"#.to_owned(),
            Class::Config,
            "Threads does not know the app id",
        ),
        (r#"{"error_message":"?","error_code":1349245}"#.to_owned(), Class::AppOwner, "has not accepted"),
        // As rendered by a browser's JSON viewer.
        (
            "error_type OAuthException code 400 error_message Insufficient developer role".to_owned(),
            Class::AppOwner,
            "accepted tester",
        ),
        ("Error: Invalid platform app".to_owned(), Class::Config, "does not know the app id"),
    ] {
        let Err(RedirectError::Meta(error)) = read(&text) else { panic!("{text}: {:?}", read(&text)) };
        assert_eq!(error.class(), class, "{text}");
        assert!(error.message().contains(words), "{text}: {}", error.message());
    }
}

#[test]
fn p3_never_leaked_by_a_redirect_or_its_error() {
    let token = format!("IGAAfake{}", "FAKEfake".repeat(10));
    let error = read(&format!("{END}?error=x&error_description=no+{token}&state={STATE}")).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("FAKEfakeFAKE"), "{error}");
    let found = read_redirect(&format!("{END}?code={CODE}&state={STATE}"), STATE).unwrap();
    assert_eq!(format!("{found:?}"), "Answer(Secret(..))");
}

fn code() -> impl Strategy<Value = String> {
    "AQ[A-Za-z0-9_-]{50,300}"
}

/// Percent-encodes the bytes that `chosen` picks.
fn encoded(text: &str, chosen: &[bool]) -> String {
    let picks = chosen.iter().chain(std::iter::repeat(&false));
    text.bytes()
        .zip(picks)
        .map(|(b, &pick)| if pick { format!("%{b:02x}") } else { char::from(b).to_string() })
        .collect()
}

proptest! {
    #[test]
    fn the_code_is_found_in_any_url(
        code in code(),
        state in "[A-Za-z0-9_-]{1,64}",
        chosen in proptest::collection::vec(any::<bool>(), 0..100),
        before in "([a-z]{1,5}=[a-z0-9]{0,5}&){0,3}".prop_filter("a parameter of its own", |text| {
            !["code=", "state=", "error="].iter().any(|name| text.contains(name))
        }),
        fragment in prop_oneof![Just(""), Just("#_"), Just("#_=_"), Just("#")],
    ) {
        let text = format!("{END}?{before}code={}&state={}{fragment}", encoded(&code, &chosen), encoded(&state, &chosen));
        match read_redirect(&text, &state) {
            Ok(Redirect::Answer(found)) => prop_assert_eq!(found.expose(), code),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_different_state_is_never_accepted(
        code in code(), state in "[A-Za-z0-9]{1,64}", other in "[A-Za-z0-9._~-]{0,64}", denied in any::<bool>()
    ) {
        let answer = if denied { "error=access_denied".to_owned() } else { format!("code={code}") };
        prop_assume!(other != state);
        let text = format!("{END}?{answer}&state={other}");
        prop_assert!(!matches!(read_redirect(&text, &state), Ok(Redirect::Answer(_)) | Err(RedirectError::Denied)));
    }

    #[test]
    fn no_pasted_text_panics(text in "\\PC*", state in "\\PC*") {
        let _ = read_redirect(&text, &state);
    }

    #[test]
    fn the_authorize_url_encodes_every_parameter(app in "[0-9]{1,20}", state in "\\PC{0,40}", scope in "\\PC{0,40}") {
        let url = authorize_url(Platform::Instagram, &app, END, Permissions::Scopes(&[scope.as_str()]), &state, false);
        prop_assert!(url.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\''), "{}", url);
        prop_assert_eq!(url.matches('&').count(), 5);
    }
}
