//! The parsers that projects use, reading files before and after an edit: whoever read the old value reads the new
//! one, and every other variable is read as before. They are installed by `oracles/setup.sh`.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "the parsers are other programs, and read real files")]

mod cases;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cases::{EDITED, FILLED, KEY, NEW, OLD, REFUSED, file};
use everlit_envfile::{EnvFile, Reader};

/// What a program reads from a file.
#[derive(Debug, PartialEq)]
struct Variables {
    variables: BTreeMap<Vec<u8>, Vec<u8>>,
    /// It rejects the file, or what follows these variables.
    rejects: bool,
}

/// A file, and what has become of it if the edit was not refused.
struct Case {
    what: String,
    old: Vec<u8>,
    new: Option<Vec<u8>>,
}

/// Every program, and the model that stands for it.
fn programs() -> [(&'static str, Reader); 10] {
    let version = Command::new("node").arg("--version").output().unwrap().stdout;
    let node = if version.starts_with(b"v20.") { Reader::Node20 } else { Reader::Node };
    [
        ("dotenv", Reader::Dotenv),
        ("dotenv-fast", Reader::Dotenv),
        ("dotenv16", Reader::Dotenv),
        ("next", Reader::Dotenv),
        ("node", node),
        ("node-env-file", node),
        ("python", Reader::PythonDotenv),
        ("bash", Reader::Shell),
        ("dash", Reader::Shell),
        ("dotenvy", Reader::Dotenvy),
    ]
}

#[test]
fn every_parser_reads_the_new_value_and_every_other_variable_as_before() {
    let cases = cases();
    let edited = cases.iter().filter(|case| case.new.is_some()).count();
    assert!(edited > 300 && cases.len() - edited > 100, "{edited} of {} cases were edited", cases.len());

    let read = read_by_every_program(&cases, 2 * EDITED.len());
    let mut wrong = Vec::new();
    for (program, reader) in programs() {
        let mut seen = 0;
        for (number, case) in cases.iter().enumerate() {
            let (Some(old), Some(new)) = (read.get(&(program, 2 * number)), read.get(&(program, 2 * number + 1)))
            else {
                continue;
            };
            seen += usize::from(value(old).is_some_and(|value| value == OLD.as_bytes()));
            if let Err(why) = judge(case, reader, old, new) {
                wrong.push(format!("{program}: {why}: {}\n{}", case.what, as_text(&case.old)));
            }
        }
        assert!(seen > 20, "{program} has read the old value in {seen} files only");
    }
    assert!(wrong.is_empty(), "{}\n{} in all", wrong[..wrong.len().min(20)].join("\n\n"), wrong.len());
}

#[test]
fn the_model_of_a_reader_reads_what_the_reader_reads() {
    let cases = cases();
    let readers: BTreeMap<_, _> = programs().into_iter().collect();
    let mut compared: BTreeMap<_, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let read = read_by_every_program(&cases, 0);
    for ((program, number), real) in &read {
        let case = &cases[number / 2];
        let file = if number % 2 == 0 { &case.old } else { case.new.as_ref().unwrap() };
        let reader = readers[program];
        // A NUL is refused whoever reads the file, and in a file of CR lines alone some readers see one line.
        if file.contains(&0) || (is_cr_only(file) && !knows_cr(reader)) {
            continue;
        }
        let model = model(reader, file);
        for (name, value) in real.variables.iter().filter(|(name, _)| is_name(name)) {
            let modelled = model.get(name).map(Vec::as_slice).unwrap_or_default();
            // What has to be looked up, run or joined to know the value is beyond the models.
            let beyond = |value: &Option<Vec<u8>>| value.as_ref().is_none_or(|value| value.contains(&b'$'));
            if modelled.iter().any(beyond) || (reader == Reader::Shell && file.windows(2).any(|two| two == b"+=")) {
                continue;
            }
            *compared.entry(program).or_default() += 1;
            let copy = match reader {
                Reader::Dotenvy => modelled.first(),
                // A shell stops at what it rejects, where a model reads on.
                Reader::Shell => modelled.iter().rfind(|copy| copy.as_ref() == Some(value)),
                _ => modelled.last(),
            };
            let copy = copy.and_then(Option::as_ref).map(|copy| with_lf(copy));
            if copy != Some(with_lf(value)) {
                wrong.push(format!("{program}: {} is {}\n{:?}", as_text(name), as_text(value), as_text(file)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} in all", wrong[..wrong.len().min(20)].join("\n\n"), wrong.len());
    assert!(compared.values().all(|&compared| compared > 500), "{compared:?}");
}

/// Some readers turn the line ends in a value of several lines into LF.
fn with_lf(value: &[u8]) -> String {
    as_text(value).replace("\r\n", "\n").replace('\r', "\n")
}

/// Every copy of every variable, as the model of `reader` reads it.
fn model(reader: Reader, file: &[u8]) -> BTreeMap<Vec<u8>, Vec<Option<Vec<u8>>>> {
    let mut model: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in EnvFile::parse(file).read_as(reader) {
        model.entry(name.to_vec()).or_default().push(value);
    }
    model
}

fn cases() -> Vec<Case> {
    named_cases().into_iter().chain(generated_cases(700)).collect()
}

/// What must hold of two readings of one case by the same program.
fn judge(case: &Case, reader: Reader, old: &Variables, new: &Variables) -> Result<(), String> {
    if case.new.is_none() {
        return Ok(());
    }
    if new.rejects && !old.rejects {
        return Err("rejects the file".to_owned());
    }
    // To whom CR is a byte like any other, a file of CR lines alone is one line.
    if is_cr_only(&case.old) && !knows_cr(reader) {
        return Ok(());
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
        // A reader that stopped in the middle of the file may now go on.
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

/// Node.js takes text between two assignments for part of a name; no program asks for such a variable.
fn is_name(name: &[u8]) -> bool {
    !name.iter().any(|byte| byte.is_ascii_whitespace() || b"#'\"`".contains(byte)) && !name.starts_with(b"\xef\xbb\xbf")
}

fn named_cases() -> Vec<Case> {
    let edited = EDITED.iter().map(|case| (case.0, case.1));
    let filled = FILLED.iter().map(|case| (case.0, case.1));
    let refused = REFUSED.iter().map(|case| (case.0, case.1));
    edited.chain(filled).chain(refused).map(|(what, text)| case(what.to_owned(), file(text, OLD))).collect()
}

fn case(what: String, old: Vec<u8>) -> Case {
    let new = EnvFile::parse(&old).with_value(KEY, NEW.as_bytes()).ok();
    Case { what, old, new }
}

/// Files put together at random from what `.env` files are made of, the same ones in every run.
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
        let mut lines: Vec<&str> = (0..random.below(6)).map(|_| random.pick(OTHER_LINES)).collect();
        for _ in 0..1 + random.below(5) / 4 {
            lines.insert(random.below(lines.len() + 1), random.pick(KEY_LINES));
        }
        let mut text = lines.join("\n").replace('\n', line_end);
        text += random.pick(&[line_end, line_end, ""]);
        if random.below(20) == 0 {
            text.insert(0, '\u{feff}');
        }
        cases.push(case(format!("generated file {}", cases.len()), file(&text, OLD)));
    }
    cases
}

/// A xorshift generator: the point is that it is the same everywhere, for ever.
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

/// Where the parsers are installed, which they are after this.
fn install() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let to = std::env::var_os("EVERLIT_ORACLES").map_or_else(|| root.join("../../target/oracles"), PathBuf::from);
    let setup = Command::new("bash").arg(root.join("tests/oracles/setup.sh")).env("EVERLIT_ORACLES", &to).status();
    assert!(setup.unwrap().success(), "tests/oracles/setup.sh could not install the parsers");
    to.canonicalize().unwrap()
}

/// Every program's reading of every case: file 2n is case n before, 2n+1 after.
/// `node --env-file` is one process for each file, so it reads the first `named_files` only.
fn read_by_every_program(cases: &[Case], named_files: usize) -> BTreeMap<(&'static str, usize), Variables> {
    let oracles = &install();
    let scratch = tempfile::tempdir().unwrap();
    let (files, out) = (scratch.path().join("files"), scratch.path().join("out"));
    for (number, case) in cases.iter().enumerate() {
        for (number, bytes) in [(2 * number, Some(&case.old)), (2 * number + 1, case.new.as_ref())] {
            if let Some(bytes) = bytes {
                let folder = files.join(number.to_string());
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join(".env"), bytes).unwrap();
            }
        }
    }
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let running = [
        Command::new("node").arg(scripts.join("read.cjs")).args([oracles, &files, &out]).arg(named_files.to_string()),
        Command::new(oracles.join("python/bin/python"))
            .arg(scripts.join("read.py"))
            .args([&files, &out.join("python")]),
        Command::new("bash").arg(scripts.join("read.sh")).args([&files, &out.join("bash")]),
        Command::new("dash").arg(scripts.join("read.sh")).args([&files, &out.join("dash")]),
    ]
    .map(|program| program.current_dir(&scratch).spawn().unwrap());
    for mut program in running {
        assert!(program.wait().unwrap().success(), "a parser could not be run");
    }
    let program_names = programs().map(|(program, _)| program);
    let mut read = BTreeMap::new();
    for file in fs::read_dir(&files).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let number: usize = file.parse().unwrap();
        for program in &program_names {
            let variables = match *program {
                "dotenvy" => dotenvy(&fs::read(files.join(&file).join(".env")).unwrap()),
                "node-env-file" if number >= named_files => continue,
                _ => variables(fs::read(out.join(program).join(&file)).ok()),
            };
            read.insert((*program, number), variables);
        }
    }
    read
}

/// What a program printed, without what a shell sets by itself; nothing if it rejected the file.
fn variables(printed: Option<Vec<u8>>) -> Variables {
    let rejects = printed.is_none();
    let printed = printed.unwrap_or_default();
    let entries = printed.split(|&byte| byte == 0).filter_map(|entry| {
        let equals = entry.iter().position(|&byte| byte == b'=')?;
        Some((entry[..equals].to_vec(), entry[equals + 1..].to_vec()))
    });
    let set_here = |name: &[u8]| name == b"OLDPWD" || name == b"_" || std::env::var_os(as_text(name)).is_some();
    Variables { variables: entries.filter(|(name, _)| !set_here(name)).collect(), rejects }
}

fn as_text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// As `dotenvy::from_path` loads a file: a byte order mark is skipped, the first copy counts, an error ends it.
fn dotenvy(bytes: &[u8]) -> Variables {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut read = Variables { variables: BTreeMap::new(), rejects: false };
    for item in dotenvy::from_read_iter(bytes) {
        let Ok((name, value)) = item else {
            read.rejects = true;
            break;
        };
        read.variables.entry(name.into_bytes()).or_insert_with(|| value.into_bytes());
    }
    read
}
