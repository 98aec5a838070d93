//! YAML: quoting what is written, finding scalars in what is read.
//!
//! Reading looks at the parser's events only, so nothing is built up and aliases are never expanded.

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::Scheduler;
use crate::calendar::cron;
use crate::detected::{DetectedSchedule, Unreadable};

/// Deeper than any real workflow.
const MAX_DEPTH: usize = 64;

/// Quotes a string: a double-quoted scalar is JSON's string, in which nothing has a meaning.
pub(crate) fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A list on one line.
pub(crate) fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| string(item)).collect::<Vec<_>>().join(", "))
}

/// A scalar, the keys that lead to it, and its position.
pub(crate) struct Leaf {
    /// `on/schedule/[]/cron`.
    pub(crate) path: String,
    /// Where it is in the outermost list around it, from 0.
    pub(crate) item: usize,
    pub(crate) value: String,
    pub(crate) line: usize,
    /// Characters before its content.
    pub(crate) before: usize,
}

/// The schedule that these cron expressions make together.
pub(crate) fn of_crons(scheduler: Scheduler, crons: &[&Leaf]) -> Result<DetectedSchedule, Unreadable> {
    let parse = |leaf: &&Leaf| match cron::parse(&leaf.value) {
        Ok(when) => Ok((leaf.value.trim().to_owned(), when)),
        Err(misread) => Err(Unreadable::of(misread, leaf.line, leaf.before)),
    };
    let expressions = crons.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(DetectedSchedule::new(scheduler, crons.first().map_or(1, |leaf| leaf.line), expressions))
}

/// The position of the parser: in a list, or in a map, waiting for a key or for the value of one.
enum Level {
    /// With the number of items that are done.
    List(usize),
    Map(Option<String>),
}

/// The scalars of each document.
pub(crate) fn documents(text: &str) -> Result<Vec<Vec<Leaf>>, Unreadable> {
    let mut documents: Vec<Vec<Leaf>> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            let (line, column) = (Some(mark.line()), Some(mark.col() + 1));
            Unreadable { line, column, message: format!("not YAML: {}", error.info()) }
        })?;
        let line = span.start.line();
        match event {
            Event::DocumentStart(_) => documents.push(Vec::new()),
            Event::MappingStart(..) => levels.push(Level::Map(None)),
            Event::SequenceStart(..) => levels.push(Level::List(0)),
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
                    let (path, item) = path(&levels);
                    let leaf = Leaf { path, item, value: value.into_owned(), line, before: span.start.col() + quote };
                    if let Some(document) = documents.last_mut() {
                        document.push(leaf);
                    }
                    value_is_done(&mut levels);
                }
            }
            _ => {}
        }
        if levels.len() > MAX_DEPTH {
            return Err(Unreadable::at(line, "nested too deeply"));
        }
    }
    Ok(documents)
}

/// After a value, a map waits for its next key, and a list for its next item.
fn value_is_done(levels: &mut [Level]) {
    match levels.last_mut() {
        // A key may itself be a list or a map; what follows is its value.
        Some(Level::Map(key)) => *key = if key.is_some() { None } else { Some(String::new()) },
        Some(Level::List(done)) => *done += 1,
        None => {}
    }
}

fn path(levels: &[Level]) -> (String, usize) {
    let names = levels.iter().map(|level| match level {
        Level::List(_) => "[]",
        Level::Map(key) => key.as_deref().unwrap_or(""),
    });
    let item = levels.iter().find_map(|level| if let Level::List(done) = level { Some(*done) } else { None });
    (names.collect::<Vec<_>>().join("/"), item.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_is_reported_with_its_line() {
        assert_eq!(documents("on: [unclosed\nnext: 1\n").err().and_then(|error| error.line), Some(2));
        assert!(documents(&"[".repeat(10_000)).is_err());
    }
}
