//! The bytes of a crontab: everlit's blocks among the lines of other people and tools, which stay as they are.
//!
//! Nothing here assumes that a crontab is text in UTF-8: the lines of others may be anything.

use std::ops::Range;

use everlit_schedule::Job;

use super::checksum;

/// A block that stands in a crontab.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Block {
    /// The job's name, `everlit-bakery-1a2b3c4d`.
    pub(super) label: String,
    /// Between the marks, neither of them with it.
    pub(super) inside: Vec<u8>,
    /// The mark that ends it is there.
    pub(super) is_ended: bool,
    /// Marks included.
    range: Range<usize>,
}

const BEGIN: &[u8] = b"# BEGIN ";
const END: &[u8] = b"# END ";
const WHOSE: &[u8] = b" (everlit schedule)";

/// The blocks, in their order. One whose end mark is gone goes to its stamp, everlit's last line; without that one its
/// first mark is all that is surely everlit's. An end mark alone ends nothing.
pub(super) fn blocks(crontab: &[u8]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Open> = None;
    let mut offset = 0;
    for line in crontab.split_inclusive(|byte| *byte == b'\n') {
        let after = offset + line.len();
        if let Some(label) = marked(line, BEGIN) {
            found.extend(
                open.replace(Open { label, start: offset, inside: after, checksum: None })
                    .map(|open| open.unended(crontab)),
            );
        } else if let Some(label) = marked(line, END)
            && let Some(Open { label, start, inside, .. }) = open.take_if(|open| open.label == label)
        {
            let inside = crontab[inside..offset].to_owned();
            found.push(Block { label, inside, is_ended: true, range: start..after });
        } else if let Some(open) = &mut open
            && open.checksum.is_none()
            && is_stamp_of(line, &open.label)
        {
            open.checksum = Some(after);
        }
        offset = after;
    }
    found.extend(open.map(|open| open.unended(crontab)));
    found
}

/// A block whose end has not been seen; where what it begins with stands.
struct Open {
    label: String,
    start: usize,
    inside: usize,
    /// After the stamp.
    checksum: Option<usize>,
}

impl Open {
    fn unended(self, crontab: &[u8]) -> Block {
        let after = self.checksum.unwrap_or(self.inside);
        let inside = crontab[self.inside..after].to_owned();
        Block { label: self.label, inside, is_ended: false, range: self.start..after }
    }
}

fn is_stamp_of(line: &[u8], label: &str) -> bool {
    checksum::read(line)
        .is_some_and(|checksum| Job::label_of(&checksum.folder).is_ok_and(|of_folder| of_folder == label))
}

fn marked(line: &[u8], mark: &[u8]) -> Option<String> {
    let label = line.trim_ascii_end().strip_prefix(mark)?.strip_suffix(WHOSE)?;
    let fits = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    (label.starts_with(b"everlit-") && label.iter().all(fits)).then(|| String::from_utf8_lossy(label).into_owned())
}

/// The crontab with this block, which ends with a newline: in place of the first one that is to go, else at the end.
/// All others that are to go are gone.
pub(super) fn with(crontab: &[u8], block: &str, obsolete: impl Fn(&Block) -> bool) -> Vec<u8> {
    let mut new = Some(block.as_bytes());
    let mut text = rebuilt(crontab, |old| if obsolete(old) { Some(new.take().unwrap_or_default()) } else { None });
    if let Some(block) = new {
        if !text.is_empty() && !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(block);
    }
    text
}

/// The crontab without the blocks that are to go.
pub(super) fn without(crontab: &[u8], obsolete: impl Fn(&Block) -> bool) -> Vec<u8> {
    rebuilt(crontab, |old| obsolete(old).then_some(b"".as_slice()))
}

/// Asks for each block what comes in its place; `None` keeps it.
fn rebuilt<'n>(crontab: &[u8], mut instead: impl FnMut(&Block) -> Option<&'n [u8]>) -> Vec<u8> {
    let mut text = Vec::new();
    let mut kept = 0;
    for block in blocks(crontab) {
        if let Some(new) = instead(&block) {
            text.extend_from_slice(&crontab[kept..block.range.start]);
            text.extend_from_slice(new);
            kept = block.range.end;
        }
    }
    text.extend_from_slice(&crontab[kept..]);
    text
}

/// The lines that are no block's: those of other people and tools, lossily as text, with blanks and comments left out.
pub(super) fn unmanaged(crontab: &[u8]) -> Vec<String> {
    let rest = without(crontab, |_| true);
    let lines = rest.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line).trim().to_owned());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// The lines of these blocks and these lines of others, each where it stands in the crontab: all the rest is empty lines.
pub(super) fn lines_of(crontab: &[u8], ours: impl Fn(&Block) -> bool, theirs: impl Fn(&str) -> bool) -> String {
    let blocks = blocks(crontab);
    let mut text = String::new();
    let mut offset = 0;
    for bytes in crontab.split_inclusive(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(bytes);
        let line = line.trim();
        let is_kept = match blocks.iter().find(|block| block.range.contains(&offset)) {
            Some(block) => ours(block),
            None => theirs(line),
        };
        if is_kept && !line.starts_with('#') {
            text.push_str(line);
        }
        text.push('\n');
        offset += bytes.len();
    }
    text
}

/// `NAME=value` above the block of that label: cron gives them to its command.
pub(super) fn settings_above(crontab: &[u8], label: &str) -> Vec<(String, String)> {
    let end =
        blocks(crontab).iter().find(|block| block.label == label).map_or(crontab.len(), |block| block.range.start);
    let text = String::from_utf8_lossy(&crontab[..end]).into_owned();
    text.lines().filter_map(setting).collect()
}

/// crontab(5): blanks round the `=` are allowed, and quotes round the value are taken away.
fn setting(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim().trim_matches(['"', '\'']);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let value = value.trim();
    let inside = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    is_name.then(|| (name.to_owned(), inside.unwrap_or(value).to_owned()))
}

/// The minute, the hour and the command of the one line in a block.
pub(super) fn line_of(inside: &[u8]) -> Option<(u8, u8, String)> {
    let text = std::str::from_utf8(inside).ok()?;
    let line = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    let (minute, rest) = line.trim().split_once(' ')?;
    let (hour, rest) = rest.trim_start().split_once(' ')?;
    let command = rest.trim_start().strip_prefix("* * * ")?;
    let (minute, hour) = (minute.parse().ok()?, hour.parse().ok()?);
    (minute < 60 && hour < 24).then(|| (minute, hour, as_the_shell_sees(command)))
}

/// cron takes the backslash before a `%` away.
fn as_the_shell_sees(command: &str) -> String {
    command.replace("\\%", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, line: &str) -> String {
        format!("# BEGIN {label} (everlit schedule)\n{line}\n# END {label} (everlit schedule)\n")
    }

    #[test]
    fn lines_of_others_stay_byte_for_byte() {
        let ours = block("everlit-a-1", "17 3 * * * everlit");
        let theirs: [&[u8]; 7] = [
            b"",
            b"MAILTO=ada\n0 5 * * * /usr/bin/backup\n",
            b"\n\n# a comment\r\n\t0 5 * * * x \n\n",
            b"# Gr\xfc\xdfe, in Latin-1\n",
            b"# BEGIN everlit-b-2 (everlit schedule)\nno end mark\n",
            b"# END everlit-a-1 (everlit schedule)\n",
            b"# BEGIN certbot (everlit schedule)\nx\n# END certbot (everlit schedule)\n",
        ];
        for before in theirs {
            for after in theirs {
                let text = [before, ours.as_bytes(), after].concat();
                let gone = without(&text, |block| block.label == "everlit-a-1");
                assert_eq!(gone, [before, after].concat(), "{}", String::from_utf8_lossy(&text));
                let newer = block("everlit-a-1", "18 4 * * * everlit");
                let changed = with(&text, &newer, |block| block.label == "everlit-a-1");
                assert_eq!(changed, [before, newer.as_bytes(), after].concat());
            }
            let added = with(before, &ours, |block| block.label == "everlit-a-1");
            assert_eq!(added, [before, ours.as_bytes()].concat(), "{}", String::from_utf8_lossy(before));
        }
    }

    #[test]
    fn a_block_that_nothing_ends_goes_to_its_stamp_and_no_further() {
        let label = Job::label_of(std::path::Path::new("/srv/site")).unwrap();
        let begin = format!("# BEGIN {label} (everlit schedule)\n");
        let inside = checksum::stamped("17 3 * * * everlit\n", "/srv/site", checksum::Comment::Hash);
        let (theirs, other) = ("# mine\n0 5 * * * backup\n", block("everlit-b-2", "2 2 * * * b"));
        for after in ["", theirs, &other, &format!("{theirs}{other}")] {
            let text = format!("{theirs}{begin}{inside}{after}");
            let found = blocks(text.as_bytes()).remove(0);
            assert_eq!((found.inside.as_slice(), found.is_ended), (inside.as_bytes(), false), "{text}");
            let gone = without(text.as_bytes(), |block| block.label == label);
            assert_eq!(String::from_utf8(gone).unwrap(), format!("{theirs}{after}"));
            // Nobody can say whose the lines are that follow a first mark without its stamp.
            let text = format!("{begin}{after}");
            assert_eq!(without(text.as_bytes(), |block| block.label == label), after.as_bytes(), "{text}");
        }
    }

    #[test]
    fn a_block_is_added_once_and_one_of_another_folder_stays() {
        let (a, b) = (block("everlit-a-1", "1 1 * * * a"), block("everlit-b-2", "2 2 * * * b"));
        let both = with(a.as_bytes(), &b, |block| block.label == "everlit-b-2");
        assert_eq!(both, format!("{a}{b}").into_bytes());
        assert_eq!(with(&both, &b, |block| block.label == "everlit-b-2"), both);
        // A block that was doubled by hand becomes one.
        let doubled = [both.as_slice(), b.as_bytes()].concat();
        assert_eq!(with(&doubled, &b, |block| block.label == "everlit-b-2"), both);
        assert_eq!(with(b"no newline at the end", &a, |_| false), format!("no newline at the end\n{a}").into_bytes());
    }

    #[test]
    fn lines_of_one_folder_keep_their_places() {
        let crontab = format!(
            "# gr\u{fc}n\n0 5 * * * /usr/bin/backup\n{}{}7 7 * * * mine\n# 8 8 * * * mine",
            block("everlit-a-1", "1 1 * * * a"),
            block("everlit-b-2", "2 2 * * * b")
        );
        let kept = lines_of(crontab.as_bytes(), |block| block.label == "everlit-b-2", |line| line.contains("mine"));
        assert_eq!(kept, "\n\n\n\n\n\n2 2 * * * b\n\n7 7 * * * mine\n\n");
        assert_eq!(lines_of(b"\xff", |_| true, |_| false), "\n");
    }

    #[test]
    fn what_cron_gives_to_a_line_is_read_as_cron_reads_it() {
        let text = format!(
            "SHELL=/bin/bash\n PATH = \"/opt/bin:/bin\"\n* * * * * env A=1\n{}LATE=1\n",
            block("everlit-a-1", "17 3 * * * x")
        );
        let settings = settings_above(text.as_bytes(), "everlit-a-1");
        let expected = [("SHELL", "/bin/bash"), ("PATH", "/opt/bin:/bin")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(settings, expected);
        let line = line_of(b"# why\n17 3 * * * date +'\\%'F\n").unwrap();
        assert_eq!(line, (17, 3, "date +'%'F".to_owned()));
        for other in ["@daily x", "60 3 * * * x", "1 2 1 * * x", "# nothing", "17 3 * * *"] {
            assert_eq!(line_of(other.as_bytes()), None, "{other}");
        }
        assert_eq!(unmanaged(text.as_bytes()).len(), 4);
    }
}
