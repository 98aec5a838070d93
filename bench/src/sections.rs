//! The sections of the bench that compare programs: start-up, a run with nothing due, a refresh; and a refresh with targets.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use everlit_sandbox::{Config, Issue, Kind, Sandbox};

use crate::{
    error::Error,
    figures::{Figures, millis, quantile, rounded},
    fsyncs,
    measure::{Run, Sample},
    project::Project,
    report::{Disk, Row, Section},
};

/// Names of rows, by which the limits find them.
pub(crate) const EVERLIT: &str = "everlit";
pub(crate) const TEN_TARGETS: &str = "everlit with ten targets";
pub(crate) const TRUE: &str = "true, a program that does nothing";
pub(crate) const NODE: &str = "node -e 0";
pub(crate) const SCRIPT: &str = "node bench/usual-script.mjs";

/// Runs before the measured ones: they fill caches, and everlit adopts the project.
const WARM_UP: usize = 3;

/// Names of rows with targets.
pub(crate) const ALL_ANSWER: &str = "ten targets that answer";
pub(crate) const ONE_SLOW_ONE_DEAD: &str = "one of them slow (1 s), one dead (3 s)";

/// The deadline of the dead target.
pub(crate) const DEAD_FOR_MS: f64 = 3_000.0;

/// A refresh takes longer and varies less than a start, so fewer runs are enough.
const REFRESH_RUNS_DIVISOR: usize = 2;

/// The programs to compare.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) everlit: PathBuf,
    pub(crate) node: Option<Node>,
}

/// An installed Node.
#[derive(Debug)]
pub(crate) struct Node {
    /// The executable itself, not a version manager's wrapper.
    pub(crate) path: PathBuf,
    pub(crate) version: String,
}

impl Node {
    /// Asks `node` where it is; `None` if it is not installed.
    pub(crate) fn find() -> Option<Self> {
        let output = Command::new("node")
            .args(["-p", "process.version + ' ' + process.execPath"])
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let (version, path) = text.trim_end().split_once(' ')?;
        Some(Self { path: path.into(), version: version.to_owned() })
    }
}

/// Starting and ending a process.
pub(crate) fn start_up(programs: &Programs, runs: usize) -> Result<Section, Error> {
    let project = Project::create()?;
    let mut subjects = vec![
        Subject::new(EVERLIT, &programs.everlit, &["--version"], &project),
        Subject::new(TRUE, Path::new(TRUE_PATH), &[], &project),
    ];
    if let Some(node) = &programs.node {
        subjects.push(Subject::new(NODE, &node.path, &["-e", "0"], &project));
    }
    in_turns("start-up", runs, &subjects, || Ok(()))
}

/// What a schedule costs every day: the token has 55 days left.
pub(crate) fn nothing_due(programs: &Programs, runs: usize) -> Result<Section, Error> {
    let sandbox = Sandbox::start(Config::friendly(), 1, None).map_err(Error::io("start the sandbox"))?;
    let (project, with_targets, scripts) = (Project::create()?, Project::create()?, Project::create()?);
    let token = sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).aged_days(5)));
    for project in [&project, &with_targets, &scripts] {
        project.put(&token, 55)?;
    }
    with_targets.settings(&files(10))?;
    // everlit verifies a token once that it has not put there itself, and delivers it.
    for project in [&project, &with_targets] {
        let mut first = Subject::new(EVERLIT, &programs.everlit, &["refresh"], project).run;
        first.env.push(("EVERLIT_META_URL", sandbox.url().into()));
        first.measure()?;
    }
    let mut subjects = vec![
        Subject::new(EVERLIT, &programs.everlit, &["refresh"], &project),
        Subject::new(TEN_TARGETS, &programs.everlit, &["refresh"], &with_targets),
        Subject::new(TRUE, Path::new(TRUE_PATH), &[], &project),
    ];
    if let Some(node) = &programs.node {
        subjects.push(Subject::new(SCRIPT, &node.path, &[USUAL_SCRIPT], &scripts));
    }
    in_turns("nothing due", runs, &subjects, || Ok(()))
}

/// Refreshing a new token with 20 days left at a friendly sandbox on this machine, and the disk's part in everlit's time.
pub(crate) fn refresh(programs: &Programs, runs: usize) -> Result<(Section, Option<Disk>), Error> {
    let sandbox = Sandbox::start(Config::friendly(), 1, None).map_err(Error::io("start the sandbox"))?;
    let (project, scripts) = (Project::create()?, Project::create()?);
    let mut subjects =
        vec![Subject::new(EVERLIT, &programs.everlit, &["refresh"], &project).refreshing(&project, &sandbox)];
    if let Some(node) = &programs.node {
        subjects.push(Subject::new(SCRIPT, &node.path, &[USUAL_SCRIPT], &scripts).refreshing(&scripts, &sandbox));
    }

    let mut fsync_times = Vec::new();
    let section = in_turns("refresh", runs.div_ceil(REFRESH_RUNS_DIVISOR), &subjects, || {
        // The first one also writes what the other commands left in the cache.
        project.fsync_time()?;
        fsync_times.push(project.fsync_time()?);
        Ok(())
    })?;

    let everlit = &subjects[0];
    everlit.prepare()?;
    let fsyncs = fsyncs::count(&everlit.run)?;
    let fsync = quantile(fsync_times, 50).map_or(f64::NAN, millis);
    let refresh = section.row(EVERLIT).map_or(f64::NAN, |row| row.figures.wall_ms_median);
    Ok((section, fsyncs.map(|fsyncs| Disk::new(fsyncs, fsync, refresh))))
}

/// A refresh whose token goes to ten targets. One that is slow and one that is dead must not add up, nor hold up the others.
pub(crate) fn deliveries(programs: &Programs) -> Result<Section, Error> {
    const RUNS: usize = 3;
    let sandbox = Sandbox::start(Config::friendly(), 1, None).map_err(Error::io("start the sandbox"))?;
    let (answering, failing) = (Project::create()?, Project::create()?);
    answering.settings(&files(10))?;
    let sleeping = |name: &str, seconds: u32, timeout: u32| {
        format!(
            "[target.{name}]\nkind = \"command\"\ncommand = [\"sleep\", \"{seconds}\"]\nstdin = \"none\"\ntimeout = {timeout}\n"
        )
    };
    failing.settings(&(files(8) + &sleeping("slow", 1, 3) + &sleeping("dead", 60, 3)))?;
    let everlit = |name, project| Subject::new(name, &programs.everlit, &["refresh"], project);
    let subjects = [
        everlit(ALL_ANSWER, &answering).refreshing(&answering, &sandbox),
        // 4: one delivery is tried again by the next run.
        everlit(ONE_SLOW_ONE_DEAD, &failing).refreshing(&failing, &sandbox).ending_with(4),
    ];
    in_turns("refresh with targets", RUNS, &subjects, || Ok(()))
}

/// Settings with as many targets, each a file of its own.
fn files(count: u32) -> String {
    let target = |number| format!("[target.t{number}]\nkind = \"file\"\npath = \"copy-{number}\"\n");
    (0..count).map(target).collect()
}

/// A command of a section, with what has to be true before and after each run.
struct Subject<'a> {
    name: &'static str,
    run: Run,
    refreshes: Option<(&'a Project, &'a Sandbox)>,
}

impl<'a> Subject<'a> {
    fn new(name: &'static str, program: &Path, args: &[&str], project: &Project) -> Self {
        let run = Run {
            program: program.to_owned(),
            args: args.iter().map(OsString::from).collect(),
            dir: project.path().to_owned(),
            env: vec![("HOME", project.path().into())],
        };
        Self { name, run, refreshes: None }
    }

    /// Every run finds a due token in the project and must leave a fresh one.
    fn refreshing(mut self, project: &'a Project, sandbox: &'a Sandbox) -> Self {
        self.run.env.push(("EVERLIT_META_URL", sandbox.url().into()));
        self.refreshes = Some((project, sandbox));
        self
    }

    /// Every run must end with this exit code; with 0 otherwise.
    fn ending_with(mut self, code: u8) -> Self {
        let script = format!("\"$0\" \"$@\"; test $? -eq {code}");
        let program = std::mem::replace(&mut self.run.program, "/bin/sh".into());
        let args = [OsString::from("-c"), script.into(), program.into()];
        self.run.args = args.into_iter().chain(self.run.args).collect();
        self.run.env.push(("PATH", "/usr/bin:/bin".into()));
        self
    }

    fn prepare(&self) -> Result<(), Error> {
        let Some((project, sandbox)) = self.refreshes else { return Ok(()) };
        // Always of the same account: everlit does not replace a token with one of another account.
        let old = Issue::new(Kind::Instagram).username("bench_bakery").user_id("17840000000000001").aged_days(40);
        project.put(&sandbox.with(|meta| meta.issue(&old)), 20)
    }

    fn measure(&self) -> Result<Sample, Error> {
        self.prepare()?;
        let sample = self.run.measure()?;
        match self.refreshes {
            Some((project, _)) if project.days_left()? < 50 => Err(Error::NotRefreshed(self.run.line())),
            _ => Ok(sample),
        }
    }
}

/// Runs all subjects in turns, each round starting with the next one, so that a busy machine slows them all alike. The
/// others are compared with the first subject.
fn in_turns(
    title: &'static str,
    runs: usize,
    subjects: &[Subject<'_>],
    mut each_round: impl FnMut() -> Result<(), Error>,
) -> Result<Section, Error> {
    let mut samples = vec![Vec::with_capacity(runs); subjects.len()];
    for round in 0..WARM_UP + runs {
        for turn in 0..subjects.len() {
            let index = (round + turn) % subjects.len();
            let sample = subjects[index].measure()?;
            if round >= WARM_UP {
                samples[index].push(sample);
            }
        }
        each_round()?;
    }

    let figures: Vec<_> = samples.iter().filter_map(|samples| Figures::of(samples)).collect();
    let first = figures.first().map_or(f64::NAN, |figures| figures.wall_ms_median);
    let rows = subjects.iter().zip(figures).map(|(subject, figures)| Row {
        name: subject.name,
        against_everlit: rounded(figures.wall_ms_median / first),
        figures,
    });
    Ok(Section { title, rows: rows.collect() })
}

const TRUE_PATH: &str = if cfg!(target_vendor = "apple") { "/usr/bin/true" } else { "/bin/true" };
const USUAL_SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/usual-script.mjs");
