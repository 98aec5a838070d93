//! A temporary project: a folder with `.env.local` and `scripts/instagram-token.json`.
#![allow(clippy::disallowed_methods, reason = "the bench's own temporary folders")]

use std::fmt::Write as _;
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{clock, error::Error};

const DAY: i64 = 86_400;

/// The lifetime of Meta's long-lived tokens.
const LIFE: i64 = 60 * DAY;

/// Deleted when dropped.
#[derive(Debug)]
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// Creates an empty project beside the bench's executable: on the disk that is built on, not in memory.
    pub(crate) fn create() -> Result<Self, Error> {
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("bench-project-").tempdir_in(beside_bench(".")?);
        let folder = folder.map_err(Error::io("create a folder for the bench"))?;
        fs::create_dir(folder.path().join("scripts")).map_err(Error::io("create scripts/"))?;
        Ok(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes both files for a token with that many days left. Drops what everlit had recorded in them.
    pub(crate) fn put(&self, token: &str, days_left: i64) -> Result<(), Error> {
        let env = format!(
            "# The site reads these.\nIG_USER_ID=17840000000000001\nIG_ACCESS_TOKEN={token}\nNEXT_PUBLIC_SITE_NAME=\"A bakery\"\n"
        );
        // Synced, so that the next command's fsync does not wait for them.
        write_synced(&self.path().join(".env.local"), env.as_bytes()).map_err(Error::io("write .env.local"))?;
        write_synced(&self.metadata_file(), metadata_text(token, days_left).as_bytes())
            .map_err(Error::io("write scripts/instagram-token.json"))
    }

    /// Writes `everlit.toml`.
    pub(crate) fn settings(&self, text: &str) -> Result<(), Error> {
        fs::write(self.path().join("everlit.toml"), text).map_err(Error::io("write everlit.toml"))
    }

    /// Writes an account for each token, with its own env file and metadata.
    pub(crate) fn put_each(&self, tokens: &[String], days_left: i64) -> Result<(), Error> {
        let write =
            |name: &str, text: String| fs::write(self.path().join(name), text).map_err(Error::io(name.to_owned()));
        fs::create_dir(self.path().join("env")).map_err(Error::io("create env/"))?;
        let mut accounts = String::new();
        for (number, token) in tokens.iter().enumerate() {
            let _ = writeln!(accounts, "[account.a{number}]\nenv_file = \"env/{number}.env\"");
            write(&format!("env/{number}.env"), format!("IG_ACCESS_TOKEN={token}\n"))?;
            write(&format!("scripts/a{number}-token.json"), metadata_text(token, days_left))?;
        }
        write("everlit.toml", accounts)
    }

    /// Days that the token has left according to the metadata.
    pub(crate) fn days_left(&self) -> Result<i64, Error> {
        days_left_in(&self.metadata_file())
    }

    /// The same of that account of many which has the fewest.
    pub(crate) fn fewest_days_left(&self, accounts: usize) -> Result<i64, Error> {
        let mut days =
            (0..accounts).map(|number| days_left_in(&self.path().join(format!("scripts/a{number}-token.json"))));
        days.try_fold(i64::MAX, |fewest, days| Ok(fewest.min(days?)))
    }

    /// Measures one fsync here: replaces a small file (write, fsync, rename, fsync of the folder) and halves the time.
    pub(crate) fn fsync_time(&self) -> Result<Duration, Error> {
        let from = self.path().join("fsync.new");
        let to = self.path().join("fsync");
        let (done, took) = clock::timed(|| {
            write_synced(&from, &[b'x'; 300])?;
            fs::rename(&from, &to)?;
            fs::File::open(self.path())?.sync_all()
        });
        done.map_err(Error::io("replace a file"))?;
        Ok(took / 2)
    }

    fn metadata_file(&self) -> PathBuf {
        self.path().join("scripts/instagram-token.json")
    }
}

/// As a script writes it.
fn metadata_text(token: &str, days_left: i64) -> String {
    let expires_at = clock::unix_now() + days_left * DAY;
    let refreshed_at = jiff::Timestamp::from_second(expires_at - LIFE).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let metadata = json!({
        "access_token": format!("{}...", token.chars().take(20).collect::<String>()),
        "token_type": "bearer",
        "expires_in": LIFE,
        "expires_at": expires_at,
        "refreshed_at": refreshed_at.to_string(),
    });
    format!("{metadata:#}\n")
}

fn days_left_in(metadata: &Path) -> Result<i64, Error> {
    let text = fs::read(metadata).map_err(Error::io(metadata.display().to_string()))?;
    let fields: Value =
        serde_json::from_slice(&text).map_err(|error| Error::io(metadata.display().to_string())(error.into()))?;
    let expires_at = fields["expires_at"].as_i64().unwrap_or(0);
    Ok((expires_at - clock::unix_now()) / DAY)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The file of this name beside the bench's executable: Cargo puts the executables of a profile into one folder.
pub(crate) fn beside_bench(name: &str) -> Result<PathBuf, Error> {
    let own = std::env::current_exe().map_err(Error::io("find the bench's own executable"))?;
    Ok(own.with_file_name(name))
}

/// The size of a file in bytes.
pub(crate) fn size(path: &Path) -> Result<u64, Error> {
    Ok(fs::metadata(path).map_err(Error::io(path.display().to_string()))?.len())
}
