//! Words for `sh`, also on a line of a crontab.

/// The word as `sh` reads it back, in one line.
///
/// cron takes an unescaped `%` for a line break, and some crons also make one backslash of two. So `%` stands outside
/// the quotes behind a backslash, which cron or, where cron leaves it, `sh` takes away; and no two backslashes meet.
pub(crate) fn quote(word: &str) -> String {
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
pub(crate) fn line(message: &[&str]) -> String {
    message.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}
