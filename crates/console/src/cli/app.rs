//! `everlit app`.

use clap::{Args, Subcommand};
use everlit_meta_api::Platform;

#[derive(Debug, Subcommand)]
pub enum App {
    /// Add a Meta app, or give it another id or secret
    Add(AppAdd),
    /// List the apps, and how many accounts each has
    List,
    /// Remove an app and its secret
    Remove(AppNamed),
}

#[derive(Args, Debug)]
pub struct AppAdd {
    /// A name of your choice, such as agency
    pub name: String,
    /// The platform of the id and the secret: Meta gives one app a pair for each
    #[arg(long)]
    pub platform: Platform,
    /// The app's id, a number
    #[arg(long, value_name = "NUMBER")]
    pub id: String,
    /// Read the app's secret from stdin
    #[arg(long)]
    pub stdin: bool,
}

#[derive(Args, Debug)]
pub struct AppNamed {
    /// The app
    pub name: String,
}
