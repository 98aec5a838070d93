//! The line that everlit puts at the end of what it installs: for which folder, and a sum by which an edit shows.

use std::path::{Path, PathBuf};

const WORDS: &str = "Written by everlit schedule install for ";

/// How a comment is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Comment {
    /// `# ...`: units, crontabs.
    Hash,
    /// `<!-- ... -->`, where two hyphens may not stand together.
    Xml,
}

/// What a stamp says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Stamp {
    pub(super) folder: PathBuf,
    /// Somebody has changed the text above it.
    pub(super) edited: bool,
}

/// The text, which ends with a newline, and the stamp.
pub(super) fn stamped(text: &str, folder: &str, comment: Comment) -> String {
    let line = format!("{WORDS}{folder} (sum {:016x})", sum(text.as_bytes()));
    match comment {
        Comment::Hash => format!("{text}# {line}\n"),
        Comment::Xml => format!("{text}<!-- {} -->\n", line.replace('-', "&#45;")),
    }
}

/// The stamp of the text; `None` for what everlit did not write, or whose stamp is gone.
pub(super) fn read(bytes: &[u8]) -> Option<Stamp> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some((folder, noted)) = parts(line) {
            let edited = noted != format!("{:016x}", sum(&bytes[..offset])) || offset + line.len() != text.len();
            return Some(Stamp { folder, edited });
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
    let (folder, sum) = line.strip_prefix(WORDS)?.strip_suffix(')')?.rsplit_once(" (sum ")?;
    Some((Path::new(folder).to_owned(), sum.to_owned()))
}

/// FNV-1a, 64 bits: it has to notice an edit, not to withstand a forger, who could write the file as well.
fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_names_the_folder_and_shows_every_edit() {
        for folder in ["/srv/bakery", "/srv/two--hyphens (sum 1)", "/home/jürgen/a b"] {
            for comment in [Comment::Hash, Comment::Xml] {
                let text = stamped("first\nsecond\n", folder, comment);
                assert_eq!(read(text.as_bytes()), Some(Stamp { folder: folder.into(), edited: false }), "{text}");
                for edit in [text.replace("second", "secund"), format!("# mine\n{text}"), format!("{text}more\n")] {
                    assert_eq!(read(edit.as_bytes()), Some(Stamp { folder: folder.into(), edited: true }), "{edit}");
                }
            }
        }
        assert_eq!(read(b"[Timer]\nOnCalendar=daily\n"), None);
        assert_eq!(read(b"\xff\n"), None);
    }
}
