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

/// What a program reads from a file; `None` if it rejects the file.
type Variables = Option<BTreeMap<Vec<u8>, Vec<u8>>>;

/// A file, and what has become of it if the edit was not refused.
struct Case {
    what: String,
    old: Vec<u8>,
    new: Option<Vec<u8>>,
}

const PROGRAMS: &[(&str, Reader)] = &[
    ("dotenv", Reader::Dotenv),
    ("dotenv-fast", Reader::Dotenv),
    ("dotenv16", Reader::Dotenv),
    ("next", Reader::Dotenv),
    ("node", Reader::Node),
    ("node-env-file", Reader::Node),
    ("python", Reader::PythonDotenv),
    ("bash", Reader::Shell),
    ("dash", Reader::Shell),
    ("dotenvy", Reader::Dotenvy),
];

#[test]
fn every_parser_reads_the_new_value_and_every_other_variable_as_before() {
    let oracles = install();
    let (named, generated) = (named_cases(), generated_cases(700));
    let named_files = named.len() * 2;
    let cases: Vec<Case> = named.into_iter().chain(generated).collect();
    let edited = cases.iter().filter(|case| case.new.is_some()).count();
    assert!(edited > 300 && cases.len() - edited > 100, "{edited} of {} cases were edited", cases.len());

    let read = read_by_every_program(&oracles, &cases, named_files);
    let mut wrong = Vec::new();
    for (program, reader) in PROGRAMS {
        let mut seen = 0;
        for (number, case) in cases.iter().enumerate() {
            let (Some(old), Some(new)) = (read.get(&(program, 2 * number)), read.get(&(program, 2 * number + 1)))
            else {
                continue;
            };
            seen += usize::from(value(old).is_some_and(|value| value == OLD.as_bytes()));
            if let Err(why) = judge(case, *reader, old, new) {
                wrong.push(format!("{program}: {why}: {}\n{}", case.what, String::from_utf8_lossy(&case.old)));
            }
        }
        assert!(seen > 20, "{program} has read the old value in {seen} files only");
    }
    assert!(wrong.is_empty(), "{}\n{} in all", wrong[..wrong.len().min(20)].join("\n\n"), wrong.len());
}

/// What must hold of two readings of one case by the same program.
fn judge(case: &Case, reader: Reader, old: &Variables, new: &Variables) -> Result<(), String> {
    if case.new.is_none() {
        return Ok(());
    }
    let (Some(before), Some(after)) = (old, new) else {
        return if old.is_some() == new.is_some() { Ok(()) } else { Err("rejects one of the two".to_owned()) };
    };
    // To whom CR is a byte like any other, a file of CR lines alone is one line.
    if !case.old.contains(&b'\n')
        && case.old.contains(&b'\r')
        && !matches!(reader, Reader::Dotenv | Reader::PythonDotenv)
    {
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
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for name in names.into_iter().filter(|name| is_name(name) && *name != KEY.as_bytes()) {
        if before.get(name) != after.get(name) {
            return Err(format!("{} is read differently", String::from_utf8_lossy(name)));
        }
    }
    Ok(())
}

fn value(variables: &Variables) -> Option<&[u8]> {
    variables.as_ref()?.get(KEY.as_bytes()).map(Vec::as_slice)
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
        "A+=2",
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
fn read_by_every_program(
    oracles: &Path,
    cases: &[Case],
    named_files: usize,
) -> BTreeMap<(&'static str, usize), Variables> {
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
    let programs = [
        Command::new("node").arg(scripts.join("read.cjs")).args([oracles, &files, &out]).arg(named_files.to_string()),
        Command::new(oracles.join("python/bin/python"))
            .arg(scripts.join("read.py"))
            .args([&files, &out.join("python")]),
        Command::new("bash").arg(scripts.join("read.sh")).args([&files, &out.join("bash")]),
        Command::new("dash").arg(scripts.join("read.sh")).args([&files, &out.join("dash")]),
    ]
    .map(|program| program.current_dir(&scratch).spawn().unwrap());
    for mut program in programs {
        assert!(program.wait().unwrap().success(), "a parser could not be run");
    }
    let mut read = BTreeMap::new();
    for file in fs::read_dir(&files).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let number: usize = file.parse().unwrap();
        for (program, _) in PROGRAMS {
            let variables = match *program {
                "dotenvy" => dotenvy(&fs::read(files.join(&file).join(".env")).unwrap()),
                "node-env-file" if number >= named_files => continue,
                _ => fs::read(out.join(program).join(&file)).ok().map(|printed| variables(&printed)),
            };
            read.insert((*program, number), variables);
        }
    }
    read
}

/// The output of `env -0`, without what a shell sets by itself.
fn variables(printed: &[u8]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let entries = printed.split(|&byte| byte == 0).filter_map(|entry| {
        let equals = entry.iter().position(|&byte| byte == b'=')?;
        Some((entry[..equals].to_vec(), entry[equals + 1..].to_vec()))
    });
    entries.filter(|(name, _)| std::env::var_os(as_text(name)).is_none() && name != b"OLDPWD" && name != b"_").collect()
}

fn as_text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// As `dotenvy::from_path` loads a file: a byte order mark is skipped, the first copy counts, an error ends it.
fn dotenvy(bytes: &[u8]) -> Variables {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut variables = BTreeMap::new();
    for item in dotenvy::from_read_iter(bytes) {
        let Ok((name, value)) = item else { break };
        variables.entry(name.into_bytes()).or_insert_with(|| value.into_bytes());
    }
    Some(variables)
}
