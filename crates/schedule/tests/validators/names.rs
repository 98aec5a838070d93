//! Folder names of people and of adversaries.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// One for each character with a meaning in some format.
pub(crate) const NAMES: [&str; 24] = [
    "/srv/bakery",
    "/srv/a bakery",
    "/srv/two  blanks and one at the end ",
    "/srv/100%",
    "/srv/%h/%u/%%i",
    "/srv/$HOME/${HOME}/$(id)/$$",
    "/srv/`id`",
    "/srv/it's",
    "/srv/\"quoted\"",
    "/srv/back\\slash",
    "/srv/two\\\\slashes\\\\",
    "/srv/\\%\\'\\\"",
    "/srv/a & b; c | d > e < f",
    "/srv/<string>&amp;]]>",
    "/srv/#hash !bang ~ * ? [a] {b}",
    "/srv/: - , = @",
    "/srv/Bäckerei Müller",
    "/srv/面包店",
    "/srv/🥐",
    "/srv/\u{a0}\u{200b}\u{3000}",
    "/home/ada/site",
    "/srv/-C",
    "/srv/$[[ inputs.x ]]",
    "/",
];

/// Any folder: a name may hold everything but a NUL, and what no format can hold is refused before.
pub(crate) fn folder() -> impl Strategy<Value = String> {
    let hostile =
        prop::sample::select(" '\"\\%$&<>`#;|*?[]{}()!~^=:,@-+\u{e9}\u{9762}\u{1f950}".chars().collect::<Vec<_>>());
    let letter = prop_oneof![4 => hostile, 2 => prop::char::range('a', 'e'), 1 => any::<char>()];
    let letters = prop::collection::vec(letter, 1..24).prop_map(|letters| letters.into_iter().collect::<String>());
    letters.prop_map(|name| format!("/srv/{}", name.trim_end_matches('/')))
}

/// The known names and a few hundred random ones, without those that are refused.
pub(crate) fn many() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let others = (0..300).map(|_| folder().new_tree(&mut runner).unwrap().current());
    let fits = |folder: &String| everlit_schedule::Job::new("/bin/true".as_ref(), folder.as_ref(), "web1").is_ok();
    let folders: Vec<String> = NAMES.into_iter().map(str::to_owned).chain(others).filter(fits).collect();
    assert!(folders.len() > 200 && NAMES.iter().all(|name| folders.iter().any(|folder| folder == name)));
    folders
}
