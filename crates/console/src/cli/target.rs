//! `everlit target`.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Target {
    /// Add a place where fresh tokens go, and check its credential; writes no token there
    Add(TargetAdd),
    /// List targets: what a delivery does, and whether the token in use was delivered
    List,
    /// Deliver the current token now, even where it is already
    Test(TargetName),
    /// Deliver the current token now to every target that lacks it
    Push(TargetName),
    /// Remove a target and its secrets; the token stays there
    Remove(TargetRemove),
    /// Explain a kind: its settings, where to get the credential, when a token takes effect
    Explain(TargetExplain),
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub struct TargetAdd {
    /// A name of your choice, such as site
    pub name: String,
    /// Kind of target; `everlit target explain KIND` says what it needs
    #[arg(long, value_parser = target_kind_parser())]
    pub kind: &'static everlit_target::Kind,
    /// A setting, such as project=prj_123 or key=IG_ACCESS_TOKEN; can be repeated, also for the items of a list
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub settings: Vec<String>,
    /// Read the secrets from stdin, one on each line, in the order asked
    #[arg(long)]
    pub stdin: bool,
    /// command: program and arguments
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

fn target_kind_parser() -> impl TypedValueParser<Value = &'static everlit_target::Kind> {
    let names = everlit_target::KINDS.iter().map(|kind| kind.name);
    PossibleValuesParser::new(names).try_map(|name| everlit_target::kind(&name).ok_or("not a kind"))
}

#[derive(Args, Debug)]
pub struct TargetName {
    /// Only this one
    pub name: Option<String>,
}

#[derive(Args, Debug)]
pub struct TargetRemove {
    /// Which one
    pub name: String,
}

#[derive(Args, Debug)]
pub struct TargetExplain {
    /// Kind of target
    #[arg(value_parser = target_kind_parser())]
    pub kind: Option<&'static everlit_target::Kind>,
}
