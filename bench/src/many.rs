//! Many accounts beside ten: what a run costs must grow no faster than their number.

use std::{ffi::OsString, path::Path};

use everlit_sandbox::{Config, Issue, Kind, Sandbox};

use crate::{
    error::Error,
    figures::{Figures, rounded},
    measure::{Run, Sample},
    project::Project,
    report::{Row, Section},
    sections::Programs,
};

/// Names of rows, by which the limits find them.
pub(crate) const TEN: &str = "10 accounts";
pub(crate) const THOUSAND: &str = "1,000 accounts";
pub(crate) const TEN_THOUSAND: &str = "10,000 accounts";

/// As many open files as macOS allows a program by default.
const FEW_FILES: &str = "ulimit -n 256; exec \"$0\" \"$@\"";

/// `everlit status`: reads the files of every account.
pub(crate) fn status(programs: &Programs, runs: usize) -> Result<Section, Error> {
    /// Ten thousand accounts take a second.
    const DIVISOR: usize = 20;
    let mut rows = Vec::new();
    for (name, accounts) in [(TEN, 10), (THOUSAND, 1_000), (TEN_THOUSAND, 10_000)] {
        let project = Project::create()?;
        project.put_each(&fake_tokens(accounts), 55)?;
        let run = run(programs, "status", &project);
        // The first one fills caches.
        run.measure()?;
        let samples: Result<Vec<Sample>, Error> = (0..runs.div_ceil(DIVISOR)).map(|_| run.measure()).collect();
        rows.push((name, samples?));
    }
    Ok(section("status of many accounts", rows))
}

/// `everlit refresh` with every token due, under a low limit of open files.
pub(crate) fn refresh(programs: &Programs) -> Result<Section, Error> {
    const RUNS: usize = 3;
    let sandbox = Sandbox::start(Config::friendly(), 1, None).map_err(Error::io("start the sandbox"))?;
    let mut rows = Vec::new();
    for (name, accounts) in [(TEN, 10), (THOUSAND, 1_000)] {
        let mut samples = Vec::new();
        for _ in 0..RUNS {
            let project = Project::create()?;
            project.put_each(&due_tokens(&sandbox, accounts), 20)?;
            let mut run = run(programs, "refresh", &project);
            run.env.push(("EVERLIT_META_URL", sandbox.url().into()));
            samples.push(run.measure()?);
            if project.fewest_days_left(accounts)? < 50 {
                return Err(Error::NotRefreshed(run.line()));
            }
        }
        rows.push((name, samples));
    }
    Ok(section("refresh of many accounts", rows))
}

fn run(programs: &Programs, command: &str, project: &Project) -> Run {
    let args = [OsString::from("-c"), FEW_FILES.into(), programs.everlit.clone().into(), command.into()];
    Run {
        program: Path::new("/bin/sh").to_owned(),
        args: args.into(),
        dir: project.path().to_owned(),
        env: vec![("HOME", project.path().into())],
    }
}

fn fake_tokens(accounts: usize) -> Vec<String> {
    (0..accounts).map(|number| format!("IGAAfakeFAKEfake{number:08}{}", "FAKE".repeat(30))).collect()
}

fn due_tokens(sandbox: &Sandbox, accounts: usize) -> Vec<String> {
    let issue = |number| Issue::new(Kind::Instagram).username(&format!("shop{number}")).aged_days(40);
    sandbox.with(|meta| (0..accounts).map(|number| meta.issue(&issue(number))).collect())
}

/// The first row is the one that the others are compared with.
fn section(title: &'static str, rows: Vec<(&'static str, Vec<Sample>)>) -> Section {
    let figures = rows.into_iter().filter_map(|(name, samples)| Some((name, Figures::of(&samples)?)));
    let figures: Vec<_> = figures.collect();
    let first = figures.first().map_or(f64::NAN, |(_, figures)| figures.wall_ms_median);
    let rows = figures.into_iter().map(|(name, figures)| Row {
        name,
        against_everlit: rounded(figures.wall_ms_median / first),
        figures,
    });
    Section { title, rows: rows.collect() }
}
