//! `everlit serve`.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use everlit_engine::ServeOverrides;

#[derive(Args, Debug)]
pub struct Serve {
    /// Answer about health and metrics here [default: 127.0.0.1:4011]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Work on at most this many accounts at once [default: 64]
    #[arg(long, value_name = "NUMBER")]
    pub concurrency: Option<u32>,
    /// How to log to stderr [default: text on a terminal, json elsewhere]
    #[arg(long, value_enum)]
    pub log_format: Option<LogFormat>,
    /// Serve a hundred made-up accounts of a sandbox, in a temporary folder or in the vault of --vault
    #[arg(long)]
    pub demo: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// A JSON object on each line
    Json,
}

impl From<LogFormat> for everlit_engine::LogFormat {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
        }
    }
}

impl From<&Serve> for ServeOverrides {
    fn from(flags: &Serve) -> Self {
        Self {
            listen: flags.listen,
            concurrency: flags.concurrency,
            log_format: flags.log_format.map(everlit_engine::LogFormat::from),
        }
    }
}
