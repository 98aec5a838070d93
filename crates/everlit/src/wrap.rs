//! Lines that are too long for a terminal: broken between words, the rest set in under the line's own text.

mod paste;

use unicode_width::UnicodeWidthStr as _;

/// Wider prose is hard to read.
const WIDEST: usize = 100;

/// On anything narrower every other word would stand alone.
const NARROWEST: usize = 20;

/// The text can be set in as far as this leaves room for it.
const ROOM: usize = 30;

/// Words after which the text of a line begins.
const LABELS: [&str; 5] = ["Next:", "fix:", "See also:", "What to do:", "Who must act:"];

/// The text with every line broken to a terminal of that width. Whoever copies a command, a path or an address from it gets
/// it whole: such a piece may be longer than the line, and then the terminal breaks it.
pub(crate) fn wrapped(text: &str, columns: usize) -> String {
    let columns = columns.clamp(NARROWEST, WIDEST);
    let lines =
        text.split('\n').map(|line| if width(line) > columns { broken(line, columns) } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}

/// Columns that a text takes on a terminal: colours take none, some characters two.
fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

/// What stands between two spaces, and the blank before it.
struct Word<'a> {
    /// Spaces, and colours that are turned on or off between them.
    blank: &'a str,
    /// With the colours inside it.
    text: &'a str,
    /// The same without.
    plain: String,
    /// The column at which it begins, and the one after its end.
    start: usize,
    end: usize,
}

fn message(line: &str) -> Vec<Word<'_>> {
    let (mut message, mut rest, mut column) = (Vec::new(), line, 0);
    while !rest.is_empty() {
        let (blank, after) = rest.split_at(blank_at_start(rest));
        let (text, after) = after.split_at(after.find(' ').unwrap_or(after.len()));
        let start = column + width(blank);
        let plain = anstream::adapter::strip_str(text).to_string();
        column = start + plain.width();
        message.push(Word { blank, text, plain, start, end: column });
        rest = after;
    }
    message
}

/// Bytes of spaces and of the colours between them.
fn blank_at_start(text: &str) -> usize {
    let mut at = 0;
    loop {
        match text.as_bytes().get(at) {
            Some(b' ') => at += 1,
            Some(0x1b) => at += text[at..].find('m').map_or(text.len() - at, |end| end + 1),
            _ => return at,
        }
    }
}

/// The column at which a line's own text begins: after its margin, a sign, a number or a label, and after columns, which
/// two spaces and more set apart; not to the right of the deepest.
fn hang(message: &[Word<'_>], deepest: usize) -> usize {
    let mut text = 0;
    for (index, pair) in message.windows(2).enumerate() {
        let is_column = pair[1].start >= pair[0].end + 2;
        if pair[1].start <= deepest && (is_column || opens(&message[text..=index])) {
            text = index + 1;
        }
    }
    message.get(text).map_or(0, |word| word.start)
}

/// Whether a text begins after these words.
fn opens(message: &[Word<'_>]) -> bool {
    let plain: Vec<&str> = message.iter().map(|word| word.plain.as_str()).collect();
    if let [only] = plain.as_slice() {
        let is_sign = only.width() == 1 && !only.starts_with(char::is_alphanumeric);
        let is_number = only.strip_suffix('.').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        if is_sign || is_number {
            return true;
        }
    }
    LABELS.contains(&plain.join(" ").as_str())
}

/// One line in as many as it takes.
fn broken(line: &str, columns: usize) -> String {
    let deepest = (columns / 2).max(columns.saturating_sub(ROOM));
    let text = line.trim_start_matches(' ');
    let margin = line.len() - text.len();
    // A margin that leaves no room is one for wider terminals.
    let margin = if margin > deepest { deepest / 2 } else { margin };
    let line = format!("{:margin$}{text}", "");
    let message = message(&line);
    let hang = hang(&message, deepest);
    let (mut shown, mut column, mut rest) = (String::new(), 0, message.as_slice());
    while let Some(first) = rest.first() {
        let (piece, others) = rest.split_at(paste::whole(rest));
        let (blank, length) = (width(first.blank), piece.iter().map(|word| word.end).max().unwrap_or(0) - first.start);
        if column + blank + length > columns && column + blank > hang {
            shown.push('\n');
            shown.push_str(&" ".repeat(hang));
            shown.push_str(&first.blank.replace(' ', ""));
            column = hang;
        } else {
            shown.push_str(first.blank);
            column += blank;
        }
        shown.push_str(first.text);
        shown.extend(piece.iter().skip(1).flat_map(|word| [word.blank, word.text]));
        column += length;
        rest = others;
    }
    shown
}

#[cfg(test)]
mod tests;
