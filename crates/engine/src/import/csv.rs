//! A CSV file with a header: comma, semicolon or tab, as spreadsheets write it.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use everlit_meta_api::Timestamp;

use super::columns::{Columns, Mapping};
use super::found::{Gathered, shown};

/// Adds the accounts of the file called `file`.
///
/// # Errors
/// In words: there is nothing in it, it is not a table, or its columns are not known.
pub(super) fn read(
    bytes: &[u8],
    file: &str,
    mapping: &Mapping,
    now: Timestamp,
    to: &mut Gathered,
) -> Result<(), String> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("it is UTF-16; save it as CSV in UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err("it is empty".to_owned());
    }
    let mut reader = ReaderBuilder::new().flexible(true).delimiter(delimiter(bytes)).from_reader(bytes);
    let header = reader.headers().map_err(|_| "it is not a table in UTF-8".to_owned())?.clone();
    let columns = Columns::find(&header, mapping).map_err(|why| format!("{why}. {}", described(&header)))?;
    let stem = Path::new(file).file_stem().map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let mut lines = Lines { bytes, at: 0, line: 1 };
    for (number, row) in (1_usize..).zip(reader.byte_records()) {
        let row = row.map_err(|_| "it cannot be read as a table".to_owned())?;
        let origin = format!("{file}, line {}", lines.of(row.position().map_or(0, csv::Position::byte)));
        let Ok(row) = StringRecord::from_byte_record(row) else {
            to.leave_out(&origin, "not UTF-8");
            continue;
        };
        if row.len() != header.len() {
            let cells = if row.len() == 1 { "cell" } else { "cells" };
            to.leave_out(&origin, format!("{} {cells}, where the header has {}", row.len(), header.len()));
            continue;
        }
        let fallback = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        let cells: Vec<String> = row.iter().map(str::to_owned).collect();
        columns.read(&cells, origin, &fallback, now, to);
    }
    Ok(())
}

/// Numbers the lines. The reader's own numbers are one too low after `\r\n`.
struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the row that begins at this offset or after the line ends there; offsets grow.
    fn of(&mut self, offset: u64) -> usize {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).clamp(self.at, self.bytes.len());
        let ends = self.bytes[offset..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &self.bytes[self.at..offset + ends];
        self.line += passed.split(|byte| *byte == b'\n').count() - 1;
        self.at = offset + ends;
        self.line
    }
}

/// What separates the cells: whatever there is most of in the first line, outside of quotes.
fn delimiter(bytes: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut is_quoted = false;
    for byte in bytes {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            _ if is_quoted => {}
            _ => counts.iter_mut().filter(|(own, _)| own == byte).for_each(|(_, count)| *count += 1),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| delimiter)
}

/// The columns that there are, unless the first line is not a header.
fn described(header: &StringRecord) -> String {
    const MOST: usize = 12;
    if header.iter().any(|cell| super::found::usable_name(cell.trim()).is_err() && !cell.is_empty()) {
        return "Its first line does not name columns".to_owned();
    }
    let columns: Vec<String> = header.iter().take(MOST).map(|cell| format!("`{}`", shown(cell))).collect();
    format!("Its columns are {}; say which holds what with --map name=COLUMN,token=COLUMN", columns.join(", "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn token(number: usize) -> String {
        format!("IGAAfakeFAKE{}{number:04}", "fake".repeat(12))
    }

    fn gather(bytes: &[u8]) -> Result<Gathered, String> {
        let mut gathered = Gathered::default();
        read(bytes, "dir/clients.csv", &Mapping::default(), NOW, &mut gathered).map(|()| gathered)
    }

    fn names(text: &str) -> Vec<String> {
        gather(text.as_bytes()).unwrap().found.iter().map(|found| found.account.name.to_string()).collect()
    }

    #[test]
    fn tables_of_every_spreadsheet_are_read() {
        let (a, b) = (token(1), token(2));
        let plain = format!("name,token\nshop,{a}\ncafe,{b}\n");
        let semicolons = format!("\u{feff}Client;Access token\r\nshop;{a}\r\ncafe;{b}");
        let tabs = format!("token\tname\n{a}\tshop\n\n{b}\tcafe\n");
        let quoted = format!("\"name\",\"token\"\r\n\"shop\",\"{a}\"\r\n\"cafe\",\"{b}\"\r\n");
        for text in [plain, semicolons, tabs, quoted] {
            assert_eq!(names(&text), ["shop", "cafe"], "{text}");
        }
        assert_eq!(names(&format!("token\n{a}\n{b}\n")), ["clients", "clients-2"]);
        assert_eq!(names(&format!("name,tags,token\n\"a, b\",\"x;y\",{a}\n")), ["a, b"]);
    }

    #[test]
    fn wrong_rows_are_named_by_line_and_the_others_count() {
        let text = format!("name,token\nshop,{}\nx,\n,{}\nshort\n\u{202e}evil,{}\n", token(1), token(2), token(3));
        let gathered = gather(text.as_bytes()).unwrap();
        assert_eq!(gathered.found.len(), 1);
        let lines: Vec<_> = gathered.left_out.iter().map(|left| left.origin.as_str()).collect();
        let expected = [3, 4, 5, 6].map(|line| format!("dir/clients.csv, line {line}"));
        assert_eq!(lines, expected.each_ref().map(String::as_str));
        let with_crlf = gather(text.replace('\n', "\r\n").as_bytes()).unwrap();
        assert_eq!(with_crlf.left_out, gathered.left_out);
    }

    #[test]
    fn a_file_that_is_not_a_table_is_refused() {
        for wrong in [&b""[..], b" \n", b"\xff\xfen\0a\0", b"hello", b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\n\0\0"] {
            assert!(gather(wrong).is_err(), "{wrong:?}");
        }
        let error = gather(format!("shop,{}\n", token(1)).as_bytes()).unwrap_err();
        assert!(error.contains("first line") && !error.contains("IGAA"), "{error}");
    }

    proptest! {
        #[test]
        fn no_file_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), header: bool) {
            let bytes = if header { [b"name,token,tags,expires_at,refreshed_at,expires_in\n", &bytes[..]].concat() } else { bytes };
            let _ = gather(&bytes);
        }

        #[test]
        fn every_quoted_cell_comes_back(name in "[a-z][a-z,;\" ]{0,20}[a-z]", number in 0_usize..9999) {
            let text = format!("name,token\n\"{}\",{}\n", name.replace('"', "\"\""), token(number));
            prop_assert_eq!(names(&text), [name]);
        }
    }
}
