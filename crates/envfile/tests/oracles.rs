//! The real parsers read files before and after an edit: every parser that read the old value must read the new one,
//! and every other variable as before. `oracles/setup.sh` installs them.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "the parsers are other programs that read real files")]
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test that cannot be set up fails")]

mod cases;
#[path = "oracles/programs.rs"]
mod programs;

use std::collections::{BTreeMap, BTreeSet};

use cases::{EDITED, FILLED, KEY, NEW, OLD, REFUSED, file};
use everlit_envfile::{EnvFile, Reader};
use programs::{Readings, Variables, programs, read_by_every_program};

/// A file before the edit, and after it unless the edit was refused.
struct Case {
    what: String,
    old: Vec<u8>,
    new: Option<Vec<u8>>,
}

#[test]
fn every_parser_agrees_with_its_model_before_and_after() {
    let cases: Vec<_> = named_cases().into_iter().chain(generated_cases(600)).collect();
    let edited = cases.iter().filter(|case| case.new.is_some()).count();
    assert!(edited > 300 && cases.len() - edited > 100, "{edited} of {} cases were edited", cases.len());

    let files = files(&cases);
    let read = read_by_every_program(&files, 2 * EDITED.len());
    let mut wrong = edits_that_break_readings(&cases, &read);
    wrong.extend(readings_that_differ_from_the_model(&files, &read));
    assert!(wrong.is_empty(), "{}\n{} in all", wrong[..wrong.len().min(20)].join("\n\n"), wrong.len());
}

fn edits_that_break_readings(cases: &[Case], read: &Readings) -> Vec<String> {
    let mut wrong = Vec::new();
    for (program, reader) in programs() {
        let mut seen = 0;
        for (number, case) in cases.iter().enumerate() {
            let (Some(old), Some(new)) = (read.get(&(program, 2 * number)), read.get(&(program, 2 * number + 1)))
            else {
                continue;
            };
            seen += usize::from(value(old).is_some_and(|value| value == OLD.as_bytes()));
            if let Err(why) = verify(case, reader, old, new) {
                wrong.push(format!("{program}: {why}: {}\n{:?}", case.what, as_text(&case.old)));
            }
        }
        assert!(seen > 20, "{program} read the old value in only {seen} files");
    }
    wrong
}

fn readings_that_differ_from_the_model(files: &BTreeMap<usize, &[u8]>, read: &Readings) -> Vec<String> {
    let readers: BTreeMap<_, _> = programs().into_iter().collect();
    let mut compared: BTreeMap<_, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for ((program, number), real) in read {
        let (file, reader) = (files[number], readers[program]);
        // A NUL is always refused, and some readers see a file of CR lines as one line.
        if file.contains(&0) || (is_cr_only(file) && !knows_cr(reader)) {
            continue;
        }
        let model = model(reader, file);
        for (name, value) in real.variables.iter().filter(|(name, _)| is_name(name)) {
            let modelled = model.get(name).map(Vec::as_slice).unwrap_or_default();
            // The models cannot decode values that must be looked up, run or joined.
            let beyond = |value: &Option<Vec<u8>>| value.as_ref().is_none_or(|value| value.contains(&b'$'));
            // Nor a name that a shell assembles, or a value that it appends to.
            let spelt = |start: &[u8], end: &[u8]| {
                let text = [start, name, end].concat();
                file.windows(text.len()).any(|part| part == text)
            };
            let is_spelt_out = spelt(b"", b"=") && !spelt(b"\\", b"=") && !spelt(b"", b"+=");
            let beyond_shell = reader == Reader::Shell && !is_spelt_out;
            if modelled.iter().any(beyond) || beyond_shell {
                continue;
            }
            *compared.entry(program).or_default() += 1;
            let copy = match reader {
                Reader::Dotenvy => modelled.first(),
                // A shell stops where it rejects the file; a model reads on.
                Reader::Shell => modelled.iter().rfind(|copy| copy.as_ref() == Some(value)),
                _ => modelled.last(),
            };
            let copy = copy.and_then(Option::as_ref).map(|copy| with_lf(copy));
            if copy != Some(with_lf(value)) {
                wrong.push(format!("{program}: {} is {}\n{:?}", as_text(name), as_text(value), as_text(file)));
            }
        }
    }
    assert!(compared.values().all(|&compared| compared > 100), "{compared:?}");
    wrong
}

/// Some readers turn the line ends in a multi-line value into LF.
fn with_lf(value: &[u8]) -> String {
    as_text(value).replace("\r\n", "\n").replace('\r', "\n")
}

/// Every copy of every variable, as read by the model of `reader`.
fn model(reader: Reader, file: &[u8]) -> BTreeMap<Vec<u8>, Vec<Option<Vec<u8>>>> {
    let mut model: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in EnvFile::parse(file).read_as(reader) {
        model.entry(name.to_vec()).or_default().push(value);
    }
    model
}

/// Checks one program's readings of a case before and after the edit.
fn verify(case: &Case, reader: Reader, old: &Variables, new: &Variables) -> Result<(), String> {
    if case.new.is_none() {
        return Ok(());
    }
    // Readers that do not know CR see a file of CR lines as one line.
    if is_cr_only(&case.old) && !knows_cr(reader) {
        return Ok(());
    }
    if new.rejects && !old.rejects {
        return Err("rejects the file".to_owned());
    }
    let meant = EnvFile::parse(&case.old).value(KEY).map_err(|error| error.to_string())?.unwrap_or_default();
    match (value(old), value(new)) {
        (Some(old), Some(new)) if *old == *meant && new != NEW.as_bytes() => {
            return Err("does not read the new value".into());
        }
        (Some(_), None) => return Err("no longer reads the key".into()),
        (None, Some(new)) if new.strip_suffix(b"\r").unwrap_or(new) != NEW.as_bytes() => {
            return Err("reads something new".into());
        }
        _ => {}
    }
    let (before, after) = (&old.variables, &new.variables);
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for name in names.into_iter().filter(|name| is_name(name) && *name != KEY.as_bytes()) {
        // A reader that stopped in the middle of the file may now read on.
        let is_gain = old.rejects && !before.contains_key(name);
        if before.get(name) != after.get(name) && !is_gain {
            return Err(format!("{} is read differently", String::from_utf8_lossy(name)));
        }
    }
    Ok(())
}

fn is_cr_only(file: &[u8]) -> bool {
    !file.contains(&b'\n') && file.contains(&b'\r')
}

fn knows_cr(reader: Reader) -> bool {
    matches!(reader, Reader::Dotenv | Reader::PythonDotenv)
}

fn value(variables: &Variables) -> Option<&[u8]> {
    variables.variables.get(KEY.as_bytes()).map(Vec::as_slice)
}

/// Node.js reads text between two assignments as part of a name; no program asks for such a variable.
fn is_name(name: &[u8]) -> bool {
    let odd = |byte: &u8| byte.is_ascii_whitespace() || b"#'\"`".contains(byte);
    let is_prefixed = |blank: &&str| name.starts_with(blank.as_bytes());
    !name.is_empty() && !name.iter().any(odd) && !["\u{feff}", "\u{a0}"].iter().any(is_prefixed)
}

fn named_cases() -> Vec<Case> {
    let edited = EDITED.iter().map(|case| (case.0, case.1));
    let filled = FILLED.iter().map(|case| (case.0, case.1));
    let refused = REFUSED.iter().map(|case| (case.0, case.1));
    edited.chain(filled).chain(refused).map(|(what, text)| case(what.to_owned(), file(text, OLD))).collect()
}

/// File 2n is case n before, 2n+1 after.
fn files(cases: &[Case]) -> BTreeMap<usize, &[u8]> {
    let both = cases.iter().enumerate().flat_map(|(number, case)| {
        let after = case.new.as_ref().map(|new| (2 * number + 1, new.as_slice()));
        after.into_iter().chain([(2 * number, case.old.as_slice())])
    });
    both.collect()
}

fn case(what: String, old: Vec<u8>) -> Case {
    let file = EnvFile::parse(&old);
    let new = match file.value(KEY) {
        Ok(None) => file.with_added(KEY, NEW.as_bytes()),
        _ => file.with_value(KEY, NEW.as_bytes()),
    };
    Case { what, new: new.ok(), old }
}

/// Random files made of typical parts of `.env` files, the same ones in every run.
fn generated_cases(count: usize) -> Vec<Case> {
    const KEY_LINES: &[&str] = &[
        "TOKEN=OLD",
        "TOKEN='OLD'",
        "TOKEN=\"OLD\"",
        "TOKEN=`OLD`",
        "export TOKEN=OLD",
        "TOKEN = OLD",
        "TOKEN= OLD",
        "TOKEN: OLD",
        "TOKEN=OLD # c",
        "TOKEN='OLD' # it's",
        "TOKEN=OLD#c",
        "  TOKEN=OLD  ",
        "TOKEN=\"OLD\"#c\"",
        "TOKEN=",
        "export TOKEN=\"OLD\"",
        "TOKEN\t=\t'OLD'",
        "TOKEN=OLD\t# c",
        "TOKEN=''",
    ];
    const SCRAPS: &[&str] = &[
        "=", "=", "\"", "'", "`", "#", "\\", "\n", "\n", " ", " ", "\t", ":", "export ", "A", "B", "x", "TOKEN",
        "\u{a0}", "é", "A=", "\nB=", "C='", "D=\"", "# ", "\\n",
    ];
    const OTHER_LINES: &[&str] = &[
        "A=1",
        "B='2'",
        "C=\"3\"",
        "export D=4",
        "E = 5",
        "F: 6",
        "G=7 # c",
        "",
        "",
        "# c",
        "# don't",
        "#TOKEN=DEAD",
        "  # TOKEN=DEAD",
        "A=it's",
        "B=\"x",
        "y\"",
        "C='x",
        "y'",
        "D=`x`",
        "E=`x",
        "A=x\\",
        "B=",
        "C= ",
        "D=\t",
        "E=\"a\\\"b\"",
        "F='a\\'",
        "junk",
        "export A",
        "name:",
        "G={\"a\":\"b\"}",
        "A=b#c's",
        "B=a  # isn't",
        "MY_TOKEN=DEAD",
        "TOKENS=DEAD",
        "\"",
        "'",
        "C=$A",
        "D=${A}",
        "E=\"x\ny\"",
        "F='TOKEN=DEAD\n'",
        "=x",
        "\u{a0}G=1",
        "A=é",
        "A=1 B=2",
        "A=(x",
        "y)",
        "B=\"a\\nb\"",
        "C==",
        "TOKEN_2=DEAD",
        "A=x y",
        "'B'=2",
        "D=1;E=2",
        "\\",
        "F=\\\"x",
    ];
    let mut random = Random(0x5eed);
    let mut cases = Vec::new();
    while cases.len() < count {
        let line_end = random.pick(&["\n", "\n", "\n", "\r\n", "\r\n", "\r"]);
        let mut lines: Vec<String> = (0..random.below(6)).map(|_| random.pick(OTHER_LINES).to_owned()).collect();
        if random.below(3) == 0 {
            let scrap = (0..random.below(12)).map(|_| random.pick(SCRAPS)).collect();
            lines.insert(random.below(lines.len() + 1), scrap);
        }
        for _ in 0..random.below(10).div_ceil(8) {
            lines.insert(random.below(lines.len() + 1), random.pick(KEY_LINES).to_owned());
        }
        let mut text = lines.join("\n").replace('\n', line_end);
        // Adding a CRLF to a last line without one would show in a shell, which reads the CR as part of the value.
        if line_end == "\r\n" || random.below(3) > 0 {
            text += line_end;
        }
        if random.below(20) == 0 {
            text.insert(0, '\u{feff}');
        }
        cases.push(case(format!("generated file {}", cases.len()), file(&text, OLD)));
    }
    cases
}

/// A xorshift generator, which gives the same numbers everywhere, for ever.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices[self.below(choices.len())]
    }
}

fn as_text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
