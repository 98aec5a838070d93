//! Any file is either edited in the bytes of the value only, or refused.

mod invariant;

use everlit_envfile::{EnvError, EnvFile, Reader};
use invariant::{check_addition, check_edit};
use proptest::prelude::*;

const TOKEN: &[u8] = b"IGAAfakeFAKEfake_new-1";

/// Files made of bytes that are special to some reader.
fn scraps() -> impl Strategy<Value = Vec<u8>> {
    let scrap = prop_oneof![
        8 => prop::sample::select(vec![
            "=", "\"", "'", "`", "#", "\\", "\n", "\r", "\r\n", " ", "\t", ":", "$", "\u{feff}", "\u{a0}", "\u{2028}",
        ]).prop_map(|scrap| scrap.as_bytes().to_vec()),
        6 => prop::sample::select(vec![
            "\nKEY=", "\nexport KEY=", "\nKEY: ", "\nKEY = '", "\nKEY=\"x\"", "KEY", "A=", "\nA=\"", "\nB='", "export ", "x", "\\n",
        ]).prop_map(|scrap| scrap.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat())
}

/// Files as people write them, with the key in one or two places.
fn ordinary() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof!["[A-Za-z0-9_-]{0,20}", "'[^'\\\\\r\n]{0,12}'", "\"[^\"\\\\$\r\n]{0,12}\"", "[ -~]{0,12}"];
    let key = prop_oneof![3 => Just("KEY".to_owned()), 5 => "[A-Z]{1,4}", 1 => "KEY_[A-Z]", 1 => "# KEY"];
    let equals = prop_oneof![5 => Just("="), 1 => Just(" = "), 1 => Just(": ")];
    let comment = prop_oneof![4 => Just(""), 1 => Just(" # it's a comment"), 1 => Just("#c")];
    let line =
        (prop::bool::weighted(0.2), key, equals, value, comment).prop_map(|(export, key, equals, value, comment)| {
            format!("{}{key}{equals}{value}{comment}", if export { "export " } else { "" })
        });
    let line_end = prop_oneof![3 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r")];
    (prop::collection::vec(line, 0..10), line_end, any::<bool>()).prop_map(|(lines, line_end, ends)| {
        let mut file = lines.join(line_end);
        file += if ends { line_end } else { "" };
        file.into_bytes()
    })
}

/// Node skips the line end after `KEY = `, so an empty value would run on into the next line.
#[test]
fn an_empty_value_that_would_run_on_is_refused() {
    check_edit(b"KEY = A\n", "KEY", b"");
    let edited = EnvFile::parse(b"KEY = A\nB=b\n").with_value("KEY", b"");
    assert_eq!(edited, Err(EnvError::Unwritable { line: 1, reader: Reader::Node }));
}

/// Files that once broke the rule.
#[test]
fn files_found_by_fuzzing_are_edited_safely_or_refused() {
    let found: &[&[u8]] = &[
        // A reader that does not know U+2028 reads it as part of the name.
        b"\xe2\x80\xa8KEY=\r\nB\xff\n",
        // The old value contains the quote that closes an earlier one.
        b"\x94=\"\nEKY\nB=\"\xf9\n\nKEY=k\"%old",
        // Without the quote in the old value, the one before it would close after the key.
        b"A=\"k'\nB=\"k\nKEY=E=\"\xd8\nC}d\"\n",
        // A reader that gave up on the quote in `A` tries it again once a comment seems to follow it.
        b"A=\n\"\nKEY=\"x\"",
        b"KEY\xb5=''\nKKEYBE=\"\xd8k'\nK\xb5=''\nKKEYBE=\"\xd8k'\nKEY=E=\"\xd8\nKEY}ded\"\n",
    ];
    for file in found {
        check_edit(file, "KEY", TOKEN);
        check_edit(file, "KEY", b"#");
        check_addition(file, "KEY", TOKEN);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_token_changes_only_the_value(file in prop_oneof![scraps(), ordinary()]) {
        check_edit(&file, "KEY", TOKEN);
    }

    #[test]
    fn any_new_value_changes_only_the_value(file in prop_oneof![scraps(), ordinary()], new in "[ -~é]{0,8}") {
        check_edit(&file, "KEY", new.as_bytes());
    }

    #[test]
    fn an_added_line_changes_nothing_else(file in prop_oneof![scraps(), ordinary()], value in "[ -~]{0,8}") {
        check_addition(&file, "KEY", TOKEN);
        check_addition(&file, "NEW_KEY", value.as_bytes());
    }
}
