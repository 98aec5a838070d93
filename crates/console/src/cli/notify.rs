//! `everlit notify`.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Notify {
    /// Add a channel for messages, or a monitor for heartbeats
    Add(NotifyAdd),
    /// List channels and monitors, and what could not be sent
    List,
    /// Send a real message through each channel and a real heartbeat to each monitor
    Test(NotifyTest),
    /// Remove a channel or a monitor, and its secret
    Remove(NotifyRemove),
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub struct NotifyAdd {
    /// A name of your choice, such as ops
    pub name: String,
    /// Kind of channel (slack to command) or monitor (healthchecks to url)
    #[arg(long, value_parser = kind_parser())]
    pub kind: &'static everlit_notify::Kind,
    /// Use it only when another channel fails
    #[arg(long)]
    pub fallback: bool,
    /// Read the secret (a URL, a password) from stdin; further ones on lines of their own, in the order asked
    #[arg(long)]
    pub stdin: bool,
    /// email: the mail server, such as mail.example.com or mail.example.com:2525
    #[arg(long, value_name = "HOST")]
    pub server: Option<String>,
    /// email: encryption of the connection [default: starttls]
    #[arg(long, value_parser = everlit_notify::SECURITY)]
    pub security: Option<String>,
    /// email: the sender
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<String>,
    /// email: a recipient; can be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub to: Vec<String>,
    /// email: user name for the mail server; asks for the password
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// command: program and arguments; receives the message as JSON on stdin
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

fn kind_parser() -> impl TypedValueParser<Value = &'static everlit_notify::Kind> {
    let names = everlit_notify::KINDS.iter().map(|kind| kind.name);
    PossibleValuesParser::new(names).try_map(|name| everlit_notify::kind(&name).ok_or("not a kind"))
}

#[derive(Args, Debug)]
pub struct NotifyTest {
    /// Test only this one
    pub name: Option<String>,
}

#[derive(Args, Debug)]
pub struct NotifyRemove {
    /// Which one
    pub name: String,
}
