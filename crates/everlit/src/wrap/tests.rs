use proptest::prelude::*;

use super::*;
use crate::output::screen::{Mark, dim, strong};

/// As they must arrive: each of them whole.
const WHOLE: [&str; 14] = [
    "everlit refresh --force;",
    "everlit -C '/srv/my own site' connect shop --replace-account,",
    "everlit notify add ops --kind slack;",
    "everlit run -- npm start;",
    "everlit schedule check --cron '0 2 */30 * *';",
    "everlit explain 190/463,",
    "`everlit connect --guide`",
    "chmod 600 .env.everlit-secrets.local,",
    "git rm --cached .env.local,",
    "curl -s -H 'Content-Type: application/json' -d '{\"advance_days\":30}' http://127.0.0.1:4010/_sandbox/clock;",
    "EVERLIT_META_URL=http://127.0.0.1:4010 everlit status,",
    "https://developers.facebook.com/apps",
    "/a/path/that/is/longer/than/a/narrow/terminal/scripts/instagram-token.json",
    "sudo loginctl enable-linger root;",
];

/// One piece of a line; no word of a sentence spells a program's name.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[aeinor]{1,12}",
        1 => "[aeinor]{2,9}[,;.:)]",
        1 => "\\([aeinor]{2,9}",
        1 => "[这是消息한글]{1,9}",
        1 => "[🎉🙂]{1,3}",
        1 => "[aeinor]{1,6}".prop_map(|word| strong(&word)),
        2 => proptest::sample::select(WHOLE.as_slice()).prop_map(str::to_owned),
    ]
}

/// What stands before a line's own text.
fn start() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        String::new(),
        "  ".to_owned(),
        "Next: ".to_owned(),
        " 3. ".to_owned(),
        format!("{} ", Mark::Bad.painted()),
        format!("{} shop  {}  ", Mark::Good.painted(), strong("healthy  ")),
    ])
}

proptest! {
    #[test]
    fn no_line_is_too_long_but_one_that_holds_one_piece_and_every_piece_arrives_whole(
        start in start(),
        pieces in proptest::collection::vec(piece(), 1..30),
        columns in NARROWEST..140_usize,
    ) {
        // What stands before a text is not broken where it leaves room for one.
        let columns = columns.max(2 * width(&start));
        let shown = wrapped(&format!("{start}{}", pieces.join(" ")), columns);
        let columns = columns.min(WIDEST);
        let mut left = pieces.iter().peekable();
        let mut room_before = None;
        for (index, line) in shown.lines().enumerate() {
            let text = if index == 0 { line.strip_prefix(start.as_str()).unwrap() } else { line.trim_start_matches(' ') };
            let mut held = left.next().unwrap().clone();
            if let Some(room) = room_before {
                prop_assert!(width(&held) + 1 > room, "{held:?} would have fitted before\n{shown}");
            }
            let mut count = 1;
            while held != text {
                held = format!("{held} {}", left.next().unwrap());
                count += 1;
                prop_assert!(text.starts_with(&held), "{held:?} is not in {text:?}\n{shown}");
            }
            prop_assert!(width(line) <= columns || count == 1, "{line:?}\n{shown}");
            room_before = Some(columns.saturating_sub(width(line)));
        }
        prop_assert_eq!(left.next(), None, "{}", shown);
    }

    #[test]
    fn whatever_comes_no_word_is_lost_and_a_text_that_fits_stays_as_it_is(
        text in "(\\PC{0,30}[ \n]{0,4}|\\x1b\\[1m|everlit |`){0,20}",
        columns in 0..140_usize,
    ) {
        let shown = wrapped(&text, columns);
        let message = |text: &str| text.split([' ', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(message(&shown).concat(), message(&text).concat());
        if text.split('\n').all(|line| width(line) <= columns.clamp(NARROWEST, WIDEST)) {
            prop_assert_eq!(shown, text);
        }
    }
}

/// Spaces at the start.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[test]
fn the_rest_of_a_line_stands_under_its_own_text() {
    let long = "one two three four five six seven eight nine ten eleven twelve";
    for (start, hang) in [
        ("", 0),
        ("  ", 2),
        ("Next: ", 6),
        ("✓ ", 2),
        (" 3. ", 4),
        (" - ", 3),
        ("✗ shop  failed     ", 19),
        ("                       fix: ", 28),
    ] {
        let shown = wrapped(&format!("{start}{long}"), 60);
        let rest: Vec<&str> = shown.lines().skip(1).collect();
        assert!(!rest.is_empty() && rest.iter().all(|line| indent(line) == hang), "{start:?}\n{shown}");
    }
}

#[test]
fn a_text_that_begins_far_to_the_right_is_not_squeezed_there() {
    let shown = wrapped(&format!("✓ shop  {:40}one two three four five six", "a column"), 40);
    assert!(shown.lines().skip(1).all(|line| indent(line) == 8), "{shown}");
}

#[test]
fn a_margin_that_leaves_no_room_is_made_smaller() {
    let shown = wrapped(&format!("{:23}fix: everlit init; then commit and push again", ""), 40);
    assert_eq!(shown, "          fix: everlit init; then commit\n               and push again");
}

#[test]
fn a_command_is_not_torn_off_its_label() {
    let line = "Next: everlit schedule check --cron '0 2 */30 * *'";
    assert_eq!(wrapped(line, 40), line);
}

#[test]
fn a_sentence_that_goes_on_behind_a_command_is_broken_like_any_other() {
    let shown = wrapped("Next: everlit status shows how things stand, and what to do", 40);
    assert_eq!(shown, "Next: everlit status shows how things\n      stand, and what to do");
}

#[test]
fn a_command_in_quotes_is_whole() {
    let shown = wrapped("the script \"refresh-instagram-token\": \"everlit refresh\"", 50);
    assert_eq!(shown, "the script \"refresh-instagram-token\":\n\"everlit refresh\"");
}

#[test]
fn a_command_in_parentheses_is_whole_and_ends_with_them() {
    let shown = wrapped("nobody is told when a person is needed (everlit notify add sets that up)", 60);
    assert_eq!(shown, "nobody is told when a person is needed\n(everlit notify add sets that up)");
    let line = "launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/everlit-site.plist";
    assert_eq!(
        wrapped(&format!("Next: the file into ~/Library, then: {line}"), 60).lines().last().unwrap().trim_start(),
        line
    );
}

#[test]
fn colours_take_no_room() {
    let line = format!("{} {}", strong(&"a".repeat(39)), dim(&"b".repeat(40)));
    assert_eq!(wrapped(&line, 80), line);
}

#[test]
fn prose_is_no_wider_than_can_be_read() {
    assert!(wrapped(&"word ".repeat(60), 200).lines().all(|line| line.len() <= WIDEST));
}
