//! `everlit connect`.

use clap::Args;
use everlit_meta_api::Platform;

/// How to get a token: browser login, or paste.
#[allow(clippy::struct_excessive_bools, reason = "these are flags")]
#[derive(Args, Debug)]
pub struct Connect {
    /// The account's name: in everlit.toml, where it is added if new, or in the vault; without it, the only account
    pub name: Option<String>,
    /// Log in to Instagram with the browser
    #[arg(long, group = "flow")]
    pub instagram: bool,
    /// Log in to Threads with the browser
    #[arg(long, group = "flow")]
    pub threads: bool,
    /// Log in to Facebook with the browser
    #[arg(long, group = "flow")]
    pub facebook: bool,
    /// Read the token from stdin instead of asking for it
    #[arg(long, group = "flow")]
    pub stdin: bool,
    /// The token's platform, if its prefix is unknown: instagram, threads or facebook
    #[arg(long, value_name = "PLATFORM")]
    pub kind: Option<Platform>,
    /// Exchange a short-lived (one-hour) token for a long-lived one; needs the app's id and secret
    #[arg(long)]
    pub exchange: bool,
    /// Use the token of this Facebook page instead of its owner's
    #[arg(long, value_name = "NAME|ID")]
    pub page: Option<String>,
    /// Allow the token to belong to another account than the current one
    #[arg(long)]
    pub replace_account: bool,
    /// Show how to create a token by hand, for instagram (default), threads or facebook
    #[arg(long, value_name = "PLATFORM", num_args = 0..=1, default_missing_value = "instagram")]
    pub guide: Option<Platform>,
    #[command(flatten)]
    pub login: LoginFlags,
}

/// Flags of the browser login.
#[allow(clippy::struct_excessive_bools, reason = "these are flags")]
#[allow(clippy::doc_markdown, reason = "these comments are the help text, where backticks round a name would be noise")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Browser login")]
pub struct LoginFlags {
    /// Paste the final address instead of waiting for the browser (over SSH, in a container)
    #[arg(long)]
    pub paste: bool,
    /// Print the login address; do not open a browser
    #[arg(long)]
    pub no_browser: bool,
    /// Also request this permission; can be repeated
    #[arg(long, value_name = "NAME")]
    pub scope: Vec<String>,
    /// Login configuration of a Facebook app (Facebook Login for Business), instead of permissions
    #[arg(long, value_name = "ID", conflicts_with = "scope")]
    pub config_id: Option<String>,
    /// Ask for the password even if the browser is logged in (Instagram, Facebook): for another account
    #[arg(long)]
    pub force_login: bool,
    /// The local port for the browser's answer [default: 8447]; 0 picks a free one
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Use plain http for the answer, where Meta's dashboard allows it (Facebook)
    #[arg(long)]
    pub http: bool,
    /// Your own registered redirect URI; the final address is then pasted
    #[arg(long, value_name = "URL", conflicts_with_all = ["port", "http"])]
    pub redirect_uri: Option<String>,
    /// How long to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub wait: u32,
}
