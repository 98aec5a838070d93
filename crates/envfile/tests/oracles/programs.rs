//! Runs the parsers. Each reads every case in one process, started by a script next to this file.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use everlit_envfile::Reader;

/// What a program reads from a file.
pub struct Variables {
    pub variables: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Whether it rejects the file, or the part after these variables.
    pub rejects: bool,
}

/// What each program reads from each file, by number.
pub type Readings = BTreeMap<(&'static str, usize), Variables>;

/// Every program, and its model.
pub fn programs() -> [(&'static str, Reader); 10] {
    static NODE: LazyLock<Reader> = LazyLock::new(|| {
        let version = Command::new("node").arg("--version").output().unwrap().stdout;
        if version.starts_with(b"v20.") { Reader::Node20 } else { Reader::Node }
    });
    [
        ("dotenv", Reader::Dotenv),
        ("dotenv-fast", Reader::Dotenv),
        ("dotenv16", Reader::Dotenv),
        ("next", Reader::Dotenv),
        ("node", *NODE),
        ("node-env-file", *NODE),
        ("python", Reader::PythonDotenv),
        ("bash", Reader::Shell),
        ("dash", Reader::Shell),
        ("dotenvy", Reader::Dotenvy),
    ]
}

/// Installs the parsers and returns their folder.
fn install() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let to = std::env::var_os("EVERLIT_ORACLES").map_or_else(|| root.join("../../target/oracles"), PathBuf::from);
    let setup = Command::new("bash").arg(root.join("tests/oracles/setup.sh")).env("EVERLIT_ORACLES", &to).status();
    assert!(setup.unwrap().success(), "tests/oracles/setup.sh could not install the parsers");
    to.canonicalize().unwrap()
}

/// What every program reads from every file. `node --env-file` needs a process per file, so it reads only files with a
/// number below `few`.
pub fn read_by_every_program(files: &BTreeMap<usize, &[u8]>, few: usize) -> Readings {
    let oracles = install();
    let scratch = tempfile::tempdir().unwrap();
    let (cases, out) = (scratch.path().join("cases"), scratch.path().join("out"));
    for (number, bytes) in files {
        let folder = cases.join(number.to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(".env"), bytes).unwrap();
    }
    run(&oracles, &cases, &out, few);
    let mut read = BTreeMap::new();
    for (&number, bytes) in files {
        for (program, _) in programs() {
            let variables = match program {
                "dotenvy" => dotenvy(bytes),
                "node-env-file" if number >= few => continue,
                _ => variables(fs::read(out.join(program).join(number.to_string())).ok()),
            };
            read.insert((program, number), variables);
        }
    }
    read
}

/// Runs every program to the end, without our environment: some keep what is set there.
fn run(oracles: &Path, cases: &Path, out: &Path, few: usize) {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let path = std::env::var_os("PATH").unwrap();
    let start = |program: &OsStr, script: &str, arguments: &[&Path]| {
        let mut command = Command::new(program);
        command.arg(scripts.join(script)).args(arguments).env_clear().env("PATH", &path);
        command.current_dir(out.parent().unwrap()).spawn().unwrap()
    };
    let python = oracles.join("python/bin/python");
    let running = [
        start("node".as_ref(), "read.cjs", &[oracles, cases, out, few.to_string().as_ref()]),
        start(python.as_ref(), "read.py", &[cases, &out.join("python")]),
        start("bash".as_ref(), "read.sh", &[cases, &out.join("bash")]),
        start("dash".as_ref(), "read.sh", &[cases, &out.join("dash")]),
    ];
    for mut program in running {
        assert!(program.wait().unwrap().success(), "a parser could not be run");
    }
}

/// What a program printed, without the variables that a shell sets itself; nothing if it rejected the file.
fn variables(printed: Option<Vec<u8>>) -> Variables {
    let rejects = printed.is_none();
    let printed = printed.unwrap_or_default();
    let entries = printed.split(|&byte| byte == 0).filter_map(|entry| {
        let equals = entry.iter().position(|&byte| byte == b'=')?;
        Some((entry[..equals].to_vec(), entry[equals + 1..].to_vec()))
    });
    let own: [&[u8]; 5] = [b"PATH", b"PWD", b"OLDPWD", b"SHLVL", b"_"];
    Variables { variables: entries.filter(|(name, _)| !own.contains(&name.as_slice())).collect(), rejects }
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
