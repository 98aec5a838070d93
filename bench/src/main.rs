//! Compares everlit's time and memory with `/bin/true`, Node, and the script that projects write for themselves. `make
//! bench` runs it. It prints which limits are kept, but its exit code says only whether it could measure.

mod clock;
mod error;
mod expectations;
mod figures;
mod fsyncs;
mod many;
mod measure;
mod project;
mod report;
mod sections;

use std::{
    io::{self, Write as _},
    num::NonZeroUsize,
    path::Path,
    process::{Command, ExitCode},
};

use clap::Parser as _;

use crate::{
    error::Error,
    report::Report,
    sections::{Node, Programs},
};

/// Enough for two runs of the bench to agree on the medians, and done in a minute.
const RUNS: NonZeroUsize = NonZeroUsize::new(100).unwrap();

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).peekable();
    let result = if args.next_if(|arg| arg == measure::MEASURE_ONE).is_some() {
        measure::measure_one(args)
    } else {
        Options::parse().run()
    };
    let printed = match &result {
        Ok(text) => writeln!(io::stdout(), "{}", text.trim_end()),
        Err(error) => writeln!(io::stderr(), "everlit-bench: {error}"),
    };
    if result.is_ok() && printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Compares everlit's time and memory with a program that does nothing and with a Node script.
#[derive(Debug, clap::Parser)]
struct Options {
    /// How often each command is measured
    #[arg(long, value_name = "N", default_value_t = RUNS)]
    runs: NonZeroUsize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Options {
    fn run(&self) -> Result<String, Error> {
        let everlit = project::beside_bench("everlit")?;
        let binary_bytes = project::size(&everlit)?;
        let version = version(&everlit)?;
        let programs = Programs { everlit, node: Node::find() };

        let runs = self.runs.get();
        let start_up = sections::start_up(&programs, runs)?;
        let nothing_due = sections::nothing_due(&programs, runs)?;
        let (refresh, disk) = sections::refresh(&programs, runs)?;
        let deliveries = sections::deliveries(&programs)?;
        let (many_read, many_refreshed) = (many::status(&programs, runs)?, many::refresh(&programs)?);
        let report = Report {
            schema: "everlit.bench/1",
            everlit: version,
            node: programs.node.map(|node| node.version),
            binary_bytes,
            expectations: expectations::check(
                &nothing_due,
                &refresh,
                &deliveries,
                [&many_read, &many_refreshed],
                disk.as_ref(),
                binary_bytes,
            ),
            sections: vec![start_up, nothing_due, refresh, deliveries, many_read, many_refreshed],
            disk,
        };
        if self.json {
            serde_json::to_string_pretty(&report).map_err(|error| Error::io("the report")(error.into()))
        } else {
            Ok(report.to_string())
        }
    }
}

fn version(everlit: &Path) -> Result<String, Error> {
    let output = Command::new(everlit).arg("--version").output().map_err(Error::io(everlit.display().to_string()))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<(usize, bool), String> {
        let parsed = Options::try_parse_from(["everlit-bench"].iter().chain(args));
        parsed.map(|options| (options.runs.get(), options.json)).map_err(|error| error.to_string())
    }

    #[test]
    fn options_come_in_any_order() {
        assert_eq!(parse(&["--json", "--runs", "7"]), parse(&["--runs", "7", "--json"]));
        assert_eq!(parse(&["--json", "--runs", "7"]), Ok((7, true)));
    }

    #[test]
    fn a_wrong_option_is_named() {
        for wrong in [&["--runs"][..], &["--runs", "0"], &["--runs", "many"], &["--fast"]] {
            let message = parse(wrong).unwrap_err();
            assert!(message.contains(wrong[0]), "{message}");
        }
    }
}
