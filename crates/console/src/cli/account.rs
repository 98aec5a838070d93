//! `everlit account`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use everlit_engine::import::Mapping;

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Add an account, with its token on stdin or without a token
    Add(AccountAdd),
    /// List the accounts
    List(AccountList),
    /// Show one account
    Show(AccountNamed),
    /// Stop all work on an account
    Pause(AccountNamed),
    /// Go on with it
    Resume(AccountNamed),
    /// Give an account another name
    Rename(AccountRename),
    /// Give an account tags, in the place of those it has
    Tag(AccountTag),
    /// Say which Meta app issues the tokens of an account
    App(AccountApp),
    /// Remove an account with its tokens
    Remove(AccountRemove),
    /// Bring accounts into the vault: from folders of projects, tables, instatokend, or an export
    Import(AccountImport),
    /// Write accounts with their tokens into a new file, encrypted with the vault's master key
    Export(AccountExport),
}

#[derive(Args, Debug)]
pub struct AccountNamed {
    /// The account
    pub name: String,
}

#[derive(Args, Debug)]
pub struct AccountAdd {
    /// A name for it
    pub name: String,
    /// Read the token from stdin
    #[arg(long)]
    pub stdin: bool,
    /// A word to find it by; can be repeated
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// The Meta app that issues its tokens, by its name in `everlit app list`
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
}

#[derive(Args, Debug)]
pub struct AccountList {
    /// Only accounts with this tag
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

#[derive(Args, Debug)]
pub struct AccountRename {
    /// The account
    pub name: String,
    /// Its new name
    pub new_name: String,
}

#[derive(Args, Debug)]
pub struct AccountTag {
    /// The account
    pub name: String,
    /// Its tags
    pub tags: Vec<String>,
}

#[derive(Args, Debug)]
pub struct AccountApp {
    /// The account
    pub name: String,
    /// The app, by its name in `everlit app list`
    #[arg(required_unless_present = "none")]
    pub app: Option<String>,
    /// The one of the settings, or none
    #[arg(long, conflicts_with = "app")]
    pub none: bool,
}

#[derive(Args, Debug)]
pub struct AccountRemove {
    /// The account
    pub name: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Args, Debug)]
pub struct AccountImport {
    /// Folders with projects in them, CSV files with a header, sqlite:FILE, a config.json of instatokend, or exports
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// What the sources are, if that cannot be recognized
    #[arg(long, value_enum)]
    pub format: Option<ImportFormat>,
    /// The columns of a table, such as name=Client,token=Key
    #[arg(
        help = "The columns of a table, such as name=Client,token=Key; fields: name, token, tags, expires_at, expires_in, refreshed_at",
        long,
        value_name = "FIELD=COLUMN,..."
    )]
    pub map: Option<Mapping>,
    /// The table of a database
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// A word to find the imported accounts by; can be repeated
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// The Meta app that issues their tokens, by its name in `everlit app list`
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// Where an account of the vault has another token, put the imported one in its place
    #[arg(long)]
    pub replace: bool,
    /// The master key of the vault that an export comes from
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// Show what would be imported, and change nothing
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum ImportFormat {
    /// A folder with projects in it
    Folder,
    /// A table as text, with a header
    Csv,
    /// A table of a SQLite database
    Sqlite,
    /// The config.json of instatokend
    Instatokend,
    /// A file of `everlit account export`
    Export,
}

#[derive(Args, Debug)]
pub struct AccountExport {
    /// The file to create
    pub file: PathBuf,
    /// Only accounts with this tag
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}
