//! Quoting for `sh`, also on a line of a crontab.

/// Quotes a word so that `sh` reads it back, on one line.
///
/// cron takes an unescaped `%` for a line break, and some crons turn two backslashes into one. So `%` is written outside
/// the quotes behind a backslash, which cron removes, or `sh` where cron does not; and no two backslashes meet.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let mut quoted = String::from("'");
    for c in word.chars() {
        match c {
            '\'' => quoted.push_str("'\"'\"'"),
            '%' => quoted.push_str("'\\%'"),
            '\\' => quoted.push_str("\\''"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// A command line.
pub(crate) fn line(argv: &[&str]) -> String {
    argv.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}
