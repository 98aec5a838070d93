//! The footer of a generated file: the folder that it is for, and a checksum that shows edits.

use std::path::PathBuf;

use crate::hash::hash;

const WORDS: &str = "Written by everlit for ";

/// The syntax of a comment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Comment {
    /// `# ...`: units, crontabs.
    Hash,
    /// `<!-- ... -->`, in which two hyphens may not meet.
    Xml,
}

/// What a footer says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Footer {
    pub(crate) folder: PathBuf,
    /// Whether the text above it has changed.
    pub(crate) edited: bool,
}

/// Appends the footer to a text that ends with a newline.
pub(crate) fn with_footer(text: &str, folder: &str, comment: Comment) -> String {
    let line = format!("{WORDS}{folder} (checksum {})", checksum(text.as_bytes()));
    match comment {
        Comment::Hash => format!("{text}# {line}\n"),
        Comment::Xml => format!("{text}<!-- {} -->\n", line.replace('-', "&#45;")),
    }
}

/// Reads the footer; `None` if everlit did not write the text or somebody removed the footer.
pub(crate) fn footer(bytes: &[u8]) -> Option<Footer> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some((folder, noted)) = parts(line) {
            let edited = noted != checksum(&bytes[..offset]) || offset + line.len() != text.len();
            return Some(Footer { folder, edited });
        }
        offset += line.len();
    }
    None
}

fn parts(line: &str) -> Option<(PathBuf, String)> {
    let line = line.trim();
    let line = match line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
        Some(inside) => inside.replace("&#45;", "-"),
        None => line.strip_prefix("# ")?.to_owned(),
    };
    let (folder, checksum) = line.strip_prefix(WORDS)?.strip_suffix(')')?.rsplit_once(" (checksum ")?;
    Some((folder.into(), checksum.to_owned()))
}

fn checksum(bytes: &[u8]) -> String {
    format!("{:016x}", hash(&[bytes]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_names_the_folder_and_shows_every_edit() {
        for folder in ["/srv/bakery", "/srv/two--hyphens (checksum 1)", "/home/jürgen/a b"] {
            for comment in [Comment::Hash, Comment::Xml] {
                let text = with_footer("first\nsecond\n", folder, comment);
                assert_eq!(footer(text.as_bytes()), Some(Footer { folder: folder.into(), edited: false }), "{text}");
                for edit in [text.replace("second", "secund"), format!("# mine\n{text}"), format!("{text}more\n")] {
                    assert_eq!(footer(edit.as_bytes()), Some(Footer { folder: folder.into(), edited: true }), "{edit}");
                }
            }
        }
        assert_eq!(footer(b"[Timer]\nOnCalendar=daily\n"), None);
        assert_eq!(footer(b"\xff\n"), None);
    }
}
