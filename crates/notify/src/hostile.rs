//! Hostile names and quotes: no channel sends a mention, a link, a header, a tag or a token, or more than its service
//! accepts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use everlit_http::{Proxy, Roots, Secret};
use everlit_keeper::{AccountName, Affected, Expiry, News, Notice, Step};
use everlit_meta_api::Timestamp;
use everlit_testkit::Frozen;
use proptest::prelude::*;
use serde_json::Value;

use crate::discord::DISCORD;
use crate::email::{self, Email};
use crate::message::{Message, utf16};
use crate::ntfy::Ntfy;
use crate::slack::SLACK;
use crate::teams::TEAMS;
use crate::{Options, Setup, event, kind};

const TOKEN: &str = "IGAAfakeFAKEfake0123456789fakeFAKEfake0123456789fakeFAKE";
/// A part of the token that is long enough to be secret.
const PIECE: &str = "FAKEfake0123456789";

/// What a notifier of this kind is built from.
pub(crate) fn setup<'a>(of: &str, options: &'a Options) -> Setup<'a> {
    Setup {
        name: "ops",
        kind: kind(of).unwrap(),
        options,
        secrets: BTreeMap::from([("URL", Secret::new("https://ntfy.example/topic"))]),
        roots: Roots::Bundled,
        proxy: Proxy::default(),
        clock: Arc::new(Frozen(1_800_000_000)),
        folder: PathBuf::from("/"),
        program: None,
        variables: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
    }
}

fn hostile() -> impl Strategy<Value = String> {
    const PIECES: [&str; 34] = [
        "<!channel>",
        "<!here|x>",
        "<@U024BE7LH>",
        "<@&165511591545143296>",
        "<#C024BE7LR>",
        "@everyone",
        "@here",
        "@channel",
        "@all",
        "http://evil.example/a",
        "HTTPS://evil.example",
        "[a](http://evil.example)",
        "[a](evil.example)",
        "![a](evil.example/a.png)",
        "<http://evil.example|a>",
        "<script>alert(1)</script>",
        "<img src=x onerror=a>",
        "\r\nBcc: evil@evil.example\r\n\r\n",
        "\n# head\n> quote",
        "`",
        "```",
        "*a* _b_ ~~c~~ ||d||",
        "\u{202e}",
        "\u{200b}",
        "&lt;!channel&gt;",
        "&#60;!channel&#62;",
        "\\",
        "\"",
        "'",
        "{{DATE(2017-02-14T06:08:39Z, SHORT)}}",
        "\0\u{7}\u{1b}[31m",
        "://",
        "](",
        ":/",
    ];
    let piece = prop_oneof![
        6 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => Just(format!(" {TOKEN} ")),
        1 => Just(format!("?access_token={TOKEN}&x")),
        1 => "\\PC{0,12}",
        1 => any::<String>(),
        1 => (proptest::sample::select(&["x", "\u{e9}", "\u{1f600}", "\"", "\\", "<", "*"][..]), 1_usize..1_500)
            .prop_map(|(text, times)| text.repeat(times)),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn news() -> impl Strategy<Value = News> {
    prop_oneof![
        Just(News::NeedsPerson),
        Just(News::NotSaved),
        (0_u32..60).prop_map(|days| News::Expiring { days }),
        Just(News::FailingForLong),
        Just(News::Recovered),
        Just(News::Test),
    ]
}

fn notice() -> impl Strategy<Value = Notice> {
    let account = (hostile(), proptest::option::of(hostile())).prop_map(|(name, username)| Affected {
        name: AccountName::new(name),
        username,
        since: Some(Timestamp::from_unix(1_799_000_000)),
        expiry: Expiry::At(Timestamp::from_unix(1_801_000_000)),
    });
    let next =
        (hostile(), hostile()).prop_map(|(command, note)| Step::everlit_args(["connect", &command]).with_note(note));
    let texts = (hostile(), hostile(), proptest::option::of(next), proptest::collection::vec(hostile(), 0..8));
    (texts, proptest::collection::vec(account, 0..30), news()).prop_map(
        |((id, message, next, unreached), accounts, news)| Notice {
            id,
            at: Timestamp::from_unix(1_800_000_000),
            news,
            message,
            accounts,
            next,
            unreached,
        },
    )
}

/// Every text of a payload that a client displays.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => {
            let of_service = |name: &str| matches!(name, "contentType" | "$schema" | "topic");
            fields.iter().filter(|(name, _)| !of_service(name)).flat_map(|(_, value)| texts(value)).collect()
        }
        _ => Vec::new(),
    }
}

/// Checks that no service interprets any of this text.
fn check_inert(text: &str) -> Result<(), TestCaseError> {
    for marked in ["@", "<", ">", "://", "](", PIECE] {
        prop_assert!(!text.contains(marked), "{marked:?} in {text:?}");
    }
    prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    prop_assert!(!text.contains(['\u{200b}', '\u{202e}', '\u{2066}']), "{text:?}");
    Ok(())
}

/// Checks that every special character of Discord's Markdown is in code or escaped.
fn check_discord_markdown(text: &str) -> Result<(), TestCaseError> {
    for line in text.lines().filter(|line| !line.starts_with("Run: `")) {
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            if c == '\\' {
                chars.next();
            } else {
                prop_assert!(!"*_~`|#[]()<>".contains(c), "{c:?} in {line:?}");
            }
        }
    }
    prop_assert_eq!(text.matches('`').count() % 2, 0);
    Ok(())
}

fn text_of<'a>(payload: &'a Value, pointer: &str) -> &'a str {
    payload.pointer(pointer).and_then(Value::as_str).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hostile_texts_stay_plain_and_within_limits_in_chats(notice in notice()) {
        let message = Message::of(&notice);
        let slack = (SLACK.payload)(&message);
        for text in texts(&slack) {
            check_inert(text)?;
            let entities = text.replace("&amp;", "");
            prop_assert!(!entities.contains('&') || text.ends_with("..."), "{text:?}");
        }
        prop_assert!(utf16(text_of(&slack, "/text")) <= 250);
        prop_assert!(utf16(text_of(&slack, "/attachments/0/text")) <= 2_000);

        let discord = (DISCORD.payload)(&message);
        for text in texts(&discord) {
            check_inert(text)?;
        }
        let (content, description) = (text_of(&discord, "/content"), text_of(&discord, "/embeds/0/description"));
        check_discord_markdown(content)?;
        if !description.ends_with("...") {
            check_discord_markdown(description)?;
        }
        prop_assert!(utf16(content) <= 2_000 && utf16(description) <= 4_096);
        prop_assert_eq!(discord.pointer("/allowed_mentions/parse"), Some(&Value::Array(Vec::new())));

        let teams = (TEAMS.payload)(&message);
        for text in texts(&teams) {
            check_inert(text)?;
        }
        prop_assert!(teams.to_string().len() <= 21_000);
        prop_assert!(!teams.to_string().contains("\"TextBlock\""), "a TextBlock renders Markdown");

        let options = Options::default();
        let ntfy = Ntfy::new(&setup("ntfy", &options)).unwrap().payload(&notice);
        for text in texts(&ntfy) {
            check_inert(text)?;
        }
        prop_assert!(text_of(&ntfy, "/message").len() <= 4_096 && text_of(&ntfy, "/title").len() <= 250);
        prop_assert!(ntfy.get("markdown").is_none());
    }

    #[test]
    fn hostile_texts_add_no_header_and_no_tag_to_mail(notice in notice()) {
        let mut options = Options::default();
        options.set("server", vec!["mail.example".to_owned()]);
        options.set("from", vec!["everlit <everlit@example.com>".to_owned()]);
        options.set("to", vec!["admin@example.com".to_owned()]);
        let (envelope, mail) = Email::new(&setup("email", &options)).unwrap().mail(&notice).unwrap();
        let mail = String::from_utf8(mail).unwrap();
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        let mut names: Vec<_> = head.lines().filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap_or_default()).collect();
        names.sort_unstable();
        let mut expected =
            vec!["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"];
        if !notice.accounts.is_empty() {
            expected.insert(6, "References");
        }
        prop_assert_eq!(names, expected);
        prop_assert_eq!(envelope.to().len(), 1);
        prop_assert!(mail.lines().all(|line| line.len() <= 998));
        prop_assert!(!mail.contains(PIECE));

        let html = email::html(&Message::of(&notice));
        let tags = html.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap_or_default());
        let tags: Vec<_> = tags.collect();
        let known = ["!doctype", "html", "body", "h2", "/h2", "p", "/p", "pre", "/pre", "/body", "/html"];
        prop_assert!(tags.iter().all(|tag| known.contains(tag)), "{tags:?}");
        prop_assert!(!html.contains("://"));
    }

    #[test]
    fn events_contain_no_token_and_stay_small(notice in notice()) {
        let event = event(&notice).to_string();
        prop_assert!(event.len() < 20_000, "{} bytes", event.len());
        prop_assert!(!event.contains(PIECE));
    }
}
