//! YAML: `on.schedule` of a GitHub workflow, Kubernetes' `CronJob`.
//!
//! Only the events of the parser are looked at, so nothing is built up and aliases are never expanded.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{DetectedSchedule, Unreadable};
use crate::Scheduler;
use crate::calendar::{When, cron};
use crate::survival::warnings::Warning;

/// Deeper than any workflow; what is nested further is no honest file.
const DEEPEST: usize = 64;

/// One scalar with the keys that lead to it and where it stands.
struct Leaf {
    /// `on/schedule/[]/cron`.
    path: String,
    value: String,
    line: usize,
    /// Characters before its content.
    before: usize,
}

/// Every document of the file.
pub(super) fn read(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let mut found = Vec::new();
    for leaves in documents(text)? {
        let workflow: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.path == "on/schedule/[]/cron").collect();
        if !workflow.is_empty() {
            found.push(of_crons(Scheduler::GitHubActions, &workflow)?);
        }
        if leaves.iter().any(|leaf| leaf.path == "kind" && leaf.value == "CronJob") {
            found.extend(cron_job(&leaves)?);
        }
    }
    Ok(found)
}

fn cron_job(leaves: &[Leaf]) -> Result<Option<DetectedSchedule>, Unreadable> {
    let value = |path: &str| leaves.iter().find(|leaf| leaf.path == path);
    let Some(schedule) = value("spec/schedule") else { return Ok(None) };
    let mut found = of_crons(Scheduler::Kubernetes, &[schedule])?;
    if let Some(suspend) = value("spec/suspend").filter(|leaf| leaf.value == "true") {
        found.warnings.push(Warning::at(suspend.line, "suspended", "it is suspended: it does not run at all"));
        found.runs.clear();
    }
    let short = value("spec/startingDeadlineSeconds").filter(|leaf| leaf.value.parse().is_ok_and(|n: u32| n < 10));
    if let Some(deadline) = short {
        let message = "with a deadline under 10 seconds it may never run: Kubernetes looks every 10 seconds";
        found.warnings.push(Warning::at(deadline.line, "deadline-too-short", message));
    }
    Ok(Some(found))
}

fn of_crons(scheduler: Scheduler, crons: &[&Leaf]) -> Result<DetectedSchedule, Unreadable> {
    let parse =
        |leaf: &&Leaf| cron::parse(&leaf.value).map_err(|misread| Unreadable::of(misread, leaf.line, leaf.before));
    let runs: Vec<When> = crons.iter().map(parse).collect::<Result<_, _>>()?;
    let text: Vec<&str> = crons.iter().map(|leaf| leaf.value.trim()).collect();
    let line = crons.first().map_or(1, |leaf| leaf.line);
    Ok(DetectedSchedule { scheduler, line, text: text.join("; "), runs, warnings: Vec::new() })
}

/// Where the parser is: in a list, or in a map, waiting for a key or for the value of one.
enum Level {
    List,
    Map(Option<String>),
}

/// The scalars of each document.
fn documents(text: &str) -> Result<Vec<Vec<Leaf>>, Unreadable> {
    let mut documents: Vec<Vec<Leaf>> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            Unreadable {
                line: Some(mark.line()),
                column: Some(mark.col() + 1),
                message: format!("no YAML: {}", error.info()),
            }
        })?;
        let line = span.start.line();
        match event {
            Event::DocumentStart(_) => documents.push(Vec::new()),
            Event::MappingStart(..) => levels.push(Level::Map(None)),
            Event::SequenceStart(..) => levels.push(Level::List),
            Event::MappingEnd | Event::SequenceEnd => {
                levels.pop();
                value_is_done(&mut levels);
            }
            Event::Alias(_) => value_is_done(&mut levels),
            Event::Scalar(value, style, ..) => {
                if let Some(Level::Map(key @ None)) = levels.last_mut() {
                    *key = Some(value.into_owned());
                } else {
                    let quote = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
                    let leaf =
                        Leaf { path: path(&levels), value: value.into_owned(), line, before: span.start.col() + quote };
                    if let Some(document) = documents.last_mut() {
                        document.push(leaf);
                    }
                    value_is_done(&mut levels);
                }
            }
            _ => {}
        }
        if levels.len() > DEEPEST {
            return Err(Unreadable::at(line, "nested too deep"));
        }
    }
    Ok(documents)
}

/// After a value, a map waits for its next key.
fn value_is_done(levels: &mut [Level]) {
    if let Some(Level::Map(key)) = levels.last_mut() {
        // A list or a map can stand where a key does; then what follows is its value.
        *key = if key.is_some() { None } else { Some(String::new()) };
    }
}

fn path(levels: &[Level]) -> String {
    let names = levels.iter().map(|level| match level {
        Level::List => "[]",
        Level::Map(key) => key.as_deref().unwrap_or(""),
    });
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_cron_lines_of_a_workflow_are_one_schedule() {
        let workflow = "name: refresh\non:\n  workflow_dispatch: {}\n  schedule:\n    - cron: '0 2 1 * *'  # monthly\n    \
                        - cron: \"0 2 15 * *\"\njobs:\n  a:\n    steps:\n      - cron: never\n";
        let found = read(workflow).unwrap();
        assert_eq!((found.len(), found[0].line, found[0].text.as_str()), (1, 5, "0 2 1 * *; 0 2 15 * *"));
    }

    #[test]
    fn a_cron_job_among_other_documents_is_found() {
        let text = "kind: Service\nspec: {schedule: no}\n---\nkind: CronJob\nspec:\n  schedule: '@daily'\n  \
                    startingDeadlineSeconds: 5\n  suspend: true\n";
        let found = read(text).unwrap();
        assert_eq!((found[0].scheduler, found[0].line, found[0].warnings.len()), (Scheduler::Kubernetes, 6, 2));
        assert_eq!(found[0].runs, []);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let error = read("on:\n  schedule:\n    - cron: '0 25 * * *'\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(3), Some(16)), "{error}");
        assert_eq!(read("on: [unclosed\nnext: 1\n").unwrap_err().line, Some(2));
        assert!(read(&"[".repeat(10_000)).is_err());
    }
}
