//! The demo's temporary site: a folder with the files of a small Next.js project.
#![allow(
    clippy::disallowed_methods,
    reason = "these files are the demo's own; everlit itself reaches them through its disk"
)]

use everlit_keeper::Step;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::output::Problem;

pub(crate) const ENV_FILE: &str = ".env.local";

const PACKAGE_JSON: &str = r#"{
  "name": "sunny-bakery",
  "private": true,
  "scripts": { "dev": "next dev", "build": "next build" },
  "dependencies": { "next": "16.0.0", "react": "19.2.0" }
}
"#;

const GIT_IGNORE: &str = "node_modules/\n.next/\n.env*.local\nscripts/instagram-token.json\n";

/// Deleted when dropped, unless kept.
#[derive(Debug)]
pub(crate) struct Site {
    folder: TempDir,
}

impl Site {
    /// A new site whose env file holds the token.
    pub(crate) fn create(token: &str) -> Result<Self, Problem> {
        let folder = tempfile::Builder::new().prefix("everlit-demo-").tempdir().map_err(|error| {
            Problem::config(format!("cannot create a folder for the demo: {error}")).with_next(writable_folder())
        })?;
        let site = Self { folder };
        let env = format!(
            "# The shop's settings. Ask Mia before you change any.\n\
             NEXT_PUBLIC_SITE_NAME=\"Sunny Bakery\"\n\
             IG_ACCESS_TOKEN='{token}'  # from Meta's dashboard\n\
             DATABASE_URL=\"postgres://shop@localhost/bakery?sslmode=disable\"\n"
        );
        for (name, text) in [("package.json", PACKAGE_JSON), (".gitignore", GIT_IGNORE), (ENV_FILE, &env)] {
            fs::write(site.path().join(name), text).map_err(|error| cannot_write(name, &error))?;
        }
        Ok(site)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The env file's content.
    pub(crate) fn env(&self) -> Result<String, Problem> {
        fs::read_to_string(self.path().join(ENV_FILE))
            .map_err(|error| Problem::internal(format!("cannot read the demo's {ENV_FILE}: {error}")))
    }

    /// Replaces the token as a person with an editor does.
    pub(crate) fn put_by_hand(&self, token: &str) -> Result<(), Problem> {
        let env = self.env()?;
        let env = env.replace(token_in(&env), token);
        fs::write(self.path().join(ENV_FILE), env).map_err(|error| cannot_write(ENV_FILE, &error))
    }

    /// Leaves the folder where it is.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

/// The token in the text of an env file of the demo.
pub(crate) fn token_in(env: &str) -> &str {
    let value = env.split_once("IG_ACCESS_TOKEN='").map_or("", |(_, rest)| rest);
    value.split('\'').next().unwrap_or_default()
}

fn cannot_write(what: &str, error: &io::Error) -> Problem {
    Problem::config(format!("cannot write {what} in the demo's folder: {error}")).with_next(writable_folder())
}

fn writable_folder() -> Step {
    Step::everlit("demo").with_note("with TMPDIR (TEMP on Windows) set to a writable folder")
}
