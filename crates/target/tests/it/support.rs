//! Places with the settings of a test, and the validators.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use everlit_disk::RealDisk;
use everlit_host::Environment;
use everlit_http::{Proxy, Roots, Secret};
use everlit_keeper::AccountName;
use everlit_meta_api::{Timestamp, Token};
use everlit_options::Options;
use everlit_target::{Error, Place, Setup, kind};
use everlit_testkit::Frozen;

pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const EXPIRES: Timestamp = Timestamp::from_unix(NOW + 60 * 86_400);

/// A credential for a service. Fake.
pub(crate) const CREDENTIAL: &str = "fakeCREDENTIALfake";

pub(crate) fn token() -> Token {
    Token::parse("IGAAfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE").unwrap()
}

/// The place of this kind.
pub(crate) fn place(
    of: &str,
    key: &str,
    options: &[(&'static str, &[&str])],
    secrets: &[(&'static str, &str)],
) -> Result<Arc<dyn Place>, Error> {
    place_in(&Environment::empty("/".into()), false, of, key, options, secrets)
}

/// The same in this environment, perhaps in a trial.
pub(crate) fn place_in(
    environment: &Environment,
    is_trial: bool,
    of: &str,
    key: &str,
    options: &[(&'static str, &[&str])],
    secrets: &[(&'static str, &str)],
) -> Result<Arc<dyn Place>, Error> {
    let mut set = Options::default();
    for (name, values) in options {
        set.set(name, values.iter().map(|value| (*value).to_owned()).collect());
    }
    let setup = Setup {
        name: "site",
        options: &set,
        account: AccountName::new("shop"),
        key: key.to_owned(),
        rotation: None,
        secrets: secrets.iter().map(|(suffix, secret)| (*suffix, Secret::new(*secret))).collect::<BTreeMap<_, _>>(),
        is_trial,
        roots: Roots::Bundled,
        proxy: Proxy::default(),
        clock: Arc::new(Frozen(NOW)),
        disk: Arc::new(RealDisk),
        folder: PathBuf::from("/"),
        environment,
    };
    kind(of).unwrap().build(&setup)
}

/// Runs a program of another's that receives what everlit sends, to its end.
pub(crate) fn validator(script: &str, args: &[&str], input: &str) -> String {
    let mut child = start(script, args);
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Starts a program of another's. Without it a test proves nothing, so it fails.
pub(crate) fn start(script: &str, args: &[&str]) -> Child {
    let (program, folder) = if Path::new(script).extension() == Some("mjs".as_ref()) {
        (PathBuf::from("node"), validators())
    } else {
        (validators().join("python/bin/python"), PathBuf::from("/"))
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/validators").join(script);
    command(program).arg(script).args(args).current_dir(folder).stdin(Stdio::piped()).spawn().unwrap()
}

/// Where the validators are installed.
pub(crate) fn validators() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/validators");
    let folder = std::env::var_os("EVERLIT_VALIDATORS").map_or(usual, PathBuf::from).join("target");
    assert!(folder.join("installed").exists(), "the validators are not installed; run: tools/setup-tests.sh");
    folder.canonicalize().unwrap()
}

/// A program with an environment of its own, whose output the caller reads.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("PYTHONDONTWRITEBYTECODE", "1");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
