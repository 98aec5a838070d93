//! What hints take for granted of the reader's shell: `sh`, or on Windows cmd and PowerShell.

use std::borrow::Cow;

/// How a file becomes the input of a command. `type` is known to both shells of Windows, `<` only to cmd.
pub const STDIN_FROM_FILE: &str =
    if cfg!(windows) { "with --stdin, after `type FILE |`" } else { "with --stdin < FILE" };

/// The same for a token, after the command.
pub const TOKEN_ON_STDIN: &str = if cfg!(windows) {
    "with the token on stdin: `type token.txt |` before it"
} else {
    "with the token on stdin, as in `< token.txt`"
};

/// How a user is let at a file.
pub const PERMIT: &str = if cfg!(windows) {
    "close what holds it open, or change its permissions: Properties, Security"
} else {
    "chmod or chown"
};

/// The word quoted.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@,".contains(c) || (cfg!(windows) && c == '\\');
    if !word.is_empty() && word.chars().all(plain) {
        Cow::Borrowed(word)
    } else if cfg!(windows) {
        // File names cannot contain quotes there.
        Cow::Owned(format!("\"{word}\""))
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

/// `everlit refresh` with a variable of the environment; on Windows for PowerShell.
pub fn refresh_with(name: &str, value: &str) -> String {
    if cfg!(windows) {
        format!("$env:{name} = '{value}'; everlit refresh")
    } else {
        format!("{name}={value} everlit refresh")
    }
}

/// Sends JSON; on Windows for PowerShell.
pub fn post(url: &str, json: &str) -> String {
    if cfg!(windows) {
        format!("Invoke-RestMethod {url} -Method Post -ContentType application/json -Body '{json}'")
    } else {
        format!("curl -s -H 'Content-Type: application/json' -d '{json}' {url}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_for_the_shells_of_this_system() {
        let hints = [
            STDIN_FROM_FILE.to_owned(),
            TOKEN_ON_STDIN.to_owned(),
            PERMIT.to_owned(),
            post("http://127.0.0.1:1", r#"{"a":1}"#),
            refresh_with("A", "1"),
        ];
        let of_sh = ["< ", "chmod", "curl -s -H '", "A=1 everlit"];
        let is_of_sh = hints.iter().any(|hint| of_sh.iter().any(|part| hint.contains(part)));
        assert_eq!(is_of_sh, !cfg!(windows), "{hints:?}");
        let word = quoted("it's my site");
        assert_eq!(word, if cfg!(windows) { "\"it's my site\"" } else { r"'it'\''s my site'" });
    }
}
