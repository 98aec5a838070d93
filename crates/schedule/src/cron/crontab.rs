//! The bytes of a crontab: everlit's blocks among other people's lines, which never change.
//!
//! A crontab need not be UTF-8: other people's lines may hold any bytes.

use std::ops::Range;

use super::read::setting;
use crate::checksum;
use crate::{Job, TimeOfDay};

/// A block in a crontab.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Block {
    /// The job's name, `everlit-bakery-1a2b3c4d`.
    pub(crate) label: String,
    /// The bytes between the marks.
    pub(crate) inside: Vec<u8>,
    /// Whether the end mark is there.
    pub(crate) is_ended: bool,
    /// Marks included.
    range: Range<usize>,
}

const BEGIN: &str = "# BEGIN ";
const END: &str = "# END ";
const OWNER: &str = " (everlit schedule)";

/// A block around these lines, each of which ends with a newline.
pub(crate) fn block(label: &str, lines: &str) -> String {
    format!("{BEGIN}{label}{OWNER}\n{lines}{END}{label}{OWNER}\n")
}

/// The blocks, in order.
///
/// A block without its end mark extends to its footer, everlit's last line. Without a footer, only the begin mark is
/// certain to be everlit's. An end mark alone is ignored.
pub(crate) fn blocks(crontab: &[u8]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Open> = None;
    let mut offset = 0;
    for line in crontab.split_inclusive(|byte| *byte == b'\n') {
        let after = offset + line.len();
        if let Some(label) = marked(line, BEGIN) {
            let begun = Open { label, start: offset, inside: after, footer: None };
            found.extend(open.replace(begun).map(|open| open.unended(crontab)));
        } else if let Some(label) = marked(line, END)
            && let Some(Open { label, start, inside, .. }) = open.take_if(|open| open.label == label)
        {
            let inside = crontab[inside..offset].to_owned();
            found.push(Block { label, inside, is_ended: true, range: start..after });
        } else if let Some(open) = &mut open
            && open.footer.is_none()
            && is_footer_of(line, &open.label)
        {
            open.footer = Some(after);
        }
        offset = after;
    }
    found.extend(open.map(|open| open.unended(crontab)));
    found
}

/// A block whose end has not been seen, and where its parts begin.
struct Open {
    label: String,
    start: usize,
    inside: usize,
    /// The end of the footer.
    footer: Option<usize>,
}

impl Open {
    fn unended(self, crontab: &[u8]) -> Block {
        let after = self.footer.unwrap_or(self.inside);
        let inside = crontab[self.inside..after].to_owned();
        Block { label: self.label, inside, is_ended: false, range: self.start..after }
    }
}

fn is_footer_of(line: &[u8], label: &str) -> bool {
    checksum::footer(line).is_some_and(|footer| Job::label_of(&footer.folder).is_ok_and(|of_folder| of_folder == label))
}

fn marked(line: &[u8], mark: &str) -> Option<String> {
    let label = line.trim_ascii_end().strip_prefix(mark.as_bytes())?.strip_suffix(OWNER.as_bytes())?;
    let fits = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    (label.starts_with(b"everlit-") && label.iter().all(fits)).then(|| String::from_utf8_lossy(label).into_owned())
}

/// The crontab with a new block, which ends with a newline: in place of the first obsolete one, else at the end. All
/// other obsolete blocks are removed.
pub(crate) fn with(crontab: &[u8], block: &str, is_obsolete: impl Fn(&Block) -> bool) -> Vec<u8> {
    let mut new = Some(block.as_bytes());
    let mut text = rebuilt(crontab, |old| is_obsolete(old).then(|| new.take().unwrap_or_default()));
    if let Some(block) = new {
        if !text.is_empty() && !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(block);
    }
    text
}

/// The crontab without its obsolete blocks.
pub(crate) fn without(crontab: &[u8], is_obsolete: impl Fn(&Block) -> bool) -> Vec<u8> {
    rebuilt(crontab, |old| is_obsolete(old).then_some(b"".as_slice()))
}

/// Replaces blocks; `None` keeps a block.
fn rebuilt<'n>(crontab: &[u8], mut replacement: impl FnMut(&Block) -> Option<&'n [u8]>) -> Vec<u8> {
    let mut text = Vec::new();
    let mut kept = 0;
    for block in blocks(crontab) {
        if let Some(new) = replacement(&block) {
            text.extend_from_slice(&crontab[kept..block.range.start]);
            text.extend_from_slice(new);
            kept = block.range.end;
        }
    }
    text.extend_from_slice(&crontab[kept..]);
    text
}

/// Other people's lines, without blank lines and comments. Bytes that are not UTF-8 are replaced.
pub(crate) fn unmanaged(crontab: &[u8]) -> Vec<String> {
    let rest = without(crontab, |_| true);
    let lines = rest.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line).trim().to_owned());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// The lines of some blocks and some of the other lines; all the rest becomes empty lines, so that numbers stay.
pub(crate) fn lines_of(crontab: &[u8], is_ours: impl Fn(&Block) -> bool, is_kept: impl Fn(&str) -> bool) -> String {
    let blocks = blocks(crontab);
    let mut text = String::new();
    let mut offset = 0;
    for bytes in crontab.split_inclusive(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(bytes);
        let line = line.trim();
        let is_kept = match blocks.iter().find(|block| block.range.contains(&offset)) {
            Some(block) => is_ours(block),
            None => is_kept(line),
        };
        if is_kept && !line.starts_with('#') {
            text.push_str(line);
        }
        text.push('\n');
        offset += bytes.len();
    }
    text
}

/// The `NAME=value` settings above the block of a label: cron applies them to its command.
pub(crate) fn settings_above(crontab: &[u8], label: &str) -> Vec<(String, String)> {
    let end =
        blocks(crontab).iter().find(|block| block.label == label).map_or(crontab.len(), |block| block.range.start);
    String::from_utf8_lossy(&crontab[..end]).lines().filter_map(setting).collect()
}

/// The time and the command of the daily line in a block.
pub(crate) fn daily_line(inside: &[u8]) -> Option<(TimeOfDay, String)> {
    let text = std::str::from_utf8(inside).ok()?;
    let line = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    let (minute, rest) = line.trim().split_once(' ')?;
    let (hour, rest) = rest.trim_start().split_once(' ')?;
    let command = rest.trim_start().strip_prefix("* * * ")?;
    let time = TimeOfDay::new(hour.parse().ok()?, minute.parse().ok()?)?;
    // cron removes the backslash before a `%`.
    Some((time, command.replace("\\%", "%")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, line: &str) -> String {
        super::block(label, &format!("{line}\n"))
    }

    #[test]
    fn other_lines_stay_byte_for_byte() {
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
    fn a_block_without_an_end_extends_to_its_footer() {
        let label = Job::label_of(std::path::Path::new("/srv/site")).unwrap();
        let begin = format!("# BEGIN {label} (everlit schedule)\n");
        let inside = checksum::with_footer("17 3 * * * everlit\n", "/srv/site", checksum::Comment::Hash);
        let (theirs, other) = ("# mine\n0 5 * * * backup\n", block("everlit-b-2", "2 2 * * * b"));
        for after in ["", theirs, &other, &format!("{theirs}{other}")] {
            let text = format!("{theirs}{begin}{inside}{after}");
            let found = blocks(text.as_bytes()).remove(0);
            assert_eq!((found.inside.as_slice(), found.is_ended), (inside.as_bytes(), false), "{text}");
            let gone = without(text.as_bytes(), |block| block.label == label);
            assert_eq!(String::from_utf8(gone).unwrap(), format!("{theirs}{after}"));
            // Nobody can tell whose the lines are that follow a begin mark without a footer.
            let text = format!("{begin}{after}");
            assert_eq!(without(text.as_bytes(), |block| block.label == label), after.as_bytes(), "{text}");
        }
    }

    #[test]
    fn a_mark_without_its_partner_is_not_a_block() {
        let shop = block("everlit-a-1", "17 3 * * * everlit");
        let without_end: String = shop.split_inclusive('\n').take(2).collect();
        let twice = format!("{without_end}0 4 * * 1 backup\n{shop}");
        let gone = without(twice.as_bytes(), |block| block.is_ended);
        assert_eq!(String::from_utf8(gone).unwrap(), format!("{without_end}0 4 * * 1 backup\n"));
    }

    #[test]
    fn a_block_is_added_once_and_other_folders_stay() {
        let (a, b) = (block("everlit-a-1", "1 1 * * * a"), block("everlit-b-2", "2 2 * * * b"));
        let both = with(a.as_bytes(), &b, |block| block.label == "everlit-b-2");
        assert_eq!(both, format!("{a}{b}").into_bytes());
        assert_eq!(with(&both, &b, |block| block.label == "everlit-b-2"), both);
        // A block that was duplicated by hand becomes one.
        let doubled = [both.as_slice(), b.as_bytes()].concat();
        assert_eq!(with(&doubled, &b, |block| block.label == "everlit-b-2"), both);
        assert_eq!(with(b"no newline at the end", &a, |_| false), format!("no newline at the end\n{a}").into_bytes());
    }

    #[test]
    fn a_real_block_is_added_replaced_and_removed() {
        let job = |folder: &str| Job::new("/usr/bin/everlit".as_ref(), folder.as_ref(), "web1").unwrap();
        let (shop, bakery) = (job("/srv/shop"), job("/srv/bakery"));
        let put = |crontab: &[u8], job: &Job| {
            with(crontab, &super::super::render::block(job).unwrap(), |block| block.label == job.label())
        };
        let own = "MAILTO=ada@example.org\n# BEGIN something else\n0 4 * * 1 backup\n";
        for before in [own, own.trim_end(), ""] {
            let both = put(&put(before.as_bytes(), &shop), &bakery);
            assert_eq!(put(&both, &shop), both, "a second time changes nothing");
            let elsewhere = Job::new("/usr/bin/everlit".as_ref(), "/srv/shop".as_ref(), "web2").unwrap();
            let later = put(&both, &elsewhere);
            let text = String::from_utf8(later.clone()).unwrap();
            assert!(later != both && text.lines().count() == both.split(|b| *b == b'\n').count() - 1);
            let gone = without(&later, |_| true);
            assert_eq!(String::from_utf8(gone).unwrap().trim_end(), before.trim_end());
        }
    }

    #[test]
    fn lines_of_one_folder_keep_their_numbers() {
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
    fn settings_and_lines_are_read_as_cron_reads_them() {
        let text = format!(
            "SHELL=/bin/bash\n PATH = \"/opt/bin:/bin\"\n* * * * * env A=1\n{}LATE=1\n",
            block("everlit-a-1", "17 3 * * * x")
        );
        let settings = settings_above(text.as_bytes(), "everlit-a-1");
        let expected = [("SHELL", "/bin/bash"), ("PATH", "/opt/bin:/bin")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(settings, expected);
        let line = daily_line(b"# why\n17 3 * * * date +'\\%'F\n").unwrap();
        assert_eq!(line, (TimeOfDay::new(3, 17).unwrap(), "date +'%'F".to_owned()));
        for other in ["@daily x", "60 3 * * * x", "1 2 1 * * x", "# nothing", "17 3 * * *"] {
            assert_eq!(daily_line(other.as_bytes()), None, "{other}");
        }
        assert_eq!(unmanaged(text.as_bytes()).len(), 4);
    }
}
