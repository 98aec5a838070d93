//! Reads the sources of an import, each recognized by what it is.

use std::io;

use everlit_disk::{Kind, uninterrupted};
use everlit_keeper::Step;
use everlit_meta_api::redact;
use everlit_vault::{MasterKey, VaultErrorClass, export_header, open_export};

use super::columns::Mapping;
use super::found::{Found, Gathered};
use super::spread::first_check;
use super::{csv, folder, instatokend, sqlite};
use crate::ConfigError;
use crate::config::Project;

/// What a source is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ImportFormat {
    /// A folder with projects in it.
    Folder,
    /// A table as text, with a header.
    Csv,
    /// A table of a SQLite database.
    Sqlite,
    /// The `config.json` of instatokend.
    Instatokend,
    /// A file of `everlit account export`.
    Export,
}

/// How sources are to be read.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// What all sources are; `None` to find out.
    pub format: Option<ImportFormat>,
    /// The columns of tables.
    pub mapping: Mapping,
    /// The table of a database; `None` for the only one that holds tokens.
    pub table: Option<String>,
    /// Tags for all accounts, beside those of the source.
    pub tags: Vec<String>,
    /// The name of the Meta app that issues their tokens, where the source names none.
    pub app: Option<String>,
    /// Opens exports; `None` for the master key of the vault.
    pub master: Option<MasterKey>,
}

/// The largest file that is read at once.
const LARGEST: usize = 256 << 20;

/// Reads all sources, and changes none of them.
///
/// # Errors
/// A source cannot be read at all. What is wrong with single accounts is in [`Gathered::left_out`].
pub fn gather(project: &Project<'_>, sources: &[String], options: &ImportOptions) -> Result<Gathered, ConfigError> {
    let mut gathered = Gathered::default();
    for source in sources {
        read(project, source, options, &mut gathered)?;
    }
    let now = project.now();
    for Found { account, .. } in &mut gathered.found {
        if let Some(record) = &mut account.record {
            record.next_check_at = Some(first_check(record, now));
            // What another vault or program has found out does not make it safe here.
            record.last_verified_at = None;
        }
        let new = options.tags.iter().filter(|tag| !account.tags.contains(tag));
        let new: Vec<String> = new.cloned().collect();
        account.tags.extend(new);
        account.app = account.app.take().or_else(|| options.app.clone());
    }
    Ok(gathered)
}

fn read(project: &Project<'_>, source: &str, options: &ImportOptions, to: &mut Gathered) -> Result<(), ConfigError> {
    let (given, name) = match source.strip_prefix("sqlite:") {
        Some(file) => (Some(ImportFormat::Sqlite), file.strip_prefix("//").unwrap_or(file)),
        None => (options.format, source),
    };
    let (path, shown) = (project.settings.folder.join(name), redact(name));
    let cannot = |why: String| ConfigError::new(format!("cannot import {shown}: {why}"), another_source());
    let unreadable = |error: io::Error| cannot(error.to_string());
    let stat = uninterrupted(|| project.disk.stat(&path)).map_err(unreadable)?;
    if given == Some(ImportFormat::Folder) || (given.is_none() && stat.kind == Kind::Folder) {
        return folder::read(project, &path, &shown, to).map_err(unreadable);
    }
    let now = project.now();
    let database = |to: &mut Gathered| {
        sqlite::read((&path, &shown), &*project.disk, options.table.as_deref(), &options.mapping, now, to)
            .map_err(cannot)
    };
    if given == Some(ImportFormat::Sqlite) {
        return database(to);
    }
    let bytes = uninterrupted(|| project.disk.read(&path, LARGEST)).map_err(unreadable)?;
    match given.unwrap_or_else(|| recognized(&bytes)) {
        ImportFormat::Sqlite => database(to),
        ImportFormat::Export => export(project, &bytes, &shown, options.master.as_ref(), to),
        ImportFormat::Instatokend => instatokend::read(&bytes, &shown, now, to).map_err(cannot),
        ImportFormat::Csv | ImportFormat::Folder => {
            csv::read(&bytes, &shown, &options.mapping, now, to).map_err(cannot)
        }
    }
}

/// What a file is, by its content.
fn recognized(bytes: &[u8]) -> ImportFormat {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match () {
        () if sqlite::is_database(bytes) => ImportFormat::Sqlite,
        () if export_header(bytes).is_some() => ImportFormat::Export,
        () if text.starts_with(b"{") => ImportFormat::Instatokend,
        () => ImportFormat::Csv,
    }
}

/// Adds the accounts of an export.
fn export(
    project: &Project<'_>,
    bytes: &[u8],
    file: &str,
    master: Option<&MasterKey>,
    to: &mut Gathered,
) -> Result<(), ConfigError> {
    let master = master.map_or_else(|| project.master_key(), |master| Ok(master.clone()))?;
    let accounts = open_export(bytes, &master).map_err(|error| {
        let next = match error.class {
            VaultErrorClass::Key => Step::everlit_args(["account", "import", file, "--master-key-file", "FILE"])
                .with_note("with the master key of the vault that it comes from"),
            _ => Step::everlit_args(["account", "export", "FILE"]).with_note("makes a new one, at the old vault"),
        };
        ConfigError::new(format!("cannot import {file}: {}", error.message), next)
    })?;
    let origin = |number: usize| format!("{file}, account {number}");
    to.found.extend((1..).zip(accounts).map(|(number, account)| Found { account, origin: origin(number) }));
    Ok(())
}

fn another_source() -> Step {
    Step::everlit("account import SOURCE").with_note(
        "with a folder of projects, a CSV file with a header, sqlite:FILE, a config.json of instatokend or an export",
    )
}
