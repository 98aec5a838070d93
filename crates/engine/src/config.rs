//! Settings, accounts and secrets of a project, and how its settings are changed.

mod accounts;
mod addition;
mod app;
mod apps;
mod copies;
mod edit;
mod edit_shared;
mod env_files;
mod file;
mod gitignore;
mod notify;
mod numbers;
mod only_token;
mod options;
mod outside;
mod overrides;
mod problem;
mod project;
mod secret_places;
mod secrets;
mod serve;
mod setting;
mod settings;
mod shared;
mod site;
mod sources;
mod target;
mod threshold;
mod tracking;
mod vault;

pub(crate) use accounts::DEFAULT_METADATA;
pub use accounts::{Account, check_account_name, is_similar_name, is_token};
pub use addition::{Addition, names_accounts, sets_unnamed};
pub use app::{AppSettings, app_secret_variable};
pub use apps::app_variables;
pub use copies::notes_on_copies;
pub use edit::{config_options, edit_config, lock_settings, open_secrets_warning};
pub use edit_shared::SettingsHome;
pub use env_files::{
    TokenInFile, env_file_content, env_file_names, env_files_with, find_tokens, public_prefix, read_env_file,
};
pub use file::{CONFIG_FILE, parse_config, read_config};
pub use gitignore::{ignore_rules, private_files, with_lines};
pub use notify::{NotifierSettings, NotifySettings, is_notifier_name, variables_of};
pub use only_token::settings_of_only_token;
pub use overrides::Overrides;
pub use problem::ConfigProblem;
pub use project::{OpenFailure, Project};
pub use serve::{LogFormat, ServeOverrides, ServeSettings};
pub use setting::{Origin, SECRETS_FILE, Setting};
pub use settings::Settings;
pub use site::Site;
pub use target::TargetSettings;
pub(crate) use vault::VaultAccounts;
pub use vault::{VaultSettings, no_vault};
