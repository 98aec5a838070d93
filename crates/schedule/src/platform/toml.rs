//! Reads `netlify.toml` (`functions.NAME.schedule`) and `wrangler.toml` (`triggers.crons`, also per environment).

use toml_edit::{Document, Item, TableLike, Value};

use super::{CLOUDFLARE, Function, NETLIFY, Platform};
use crate::calendar::cron;
use crate::detected::{DetectedSchedule, Unreadable};

/// The schedules of either file.
pub(crate) fn schedules(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let document = Document::parse(text).map_err(|error| {
        let line = error.span().map(|span| line_at(text, span.start));
        Unreadable { line, column: None, message: "not TOML".to_owned() }
    })?;
    let root: &dyn TableLike = document.as_table();
    let mut found = Vec::new();
    for function in tables(root.get("functions")) {
        if let Some(schedule) = function.get("schedule").and_then(Item::as_value) {
            found.push(schedule_of(NETLIFY, schedule, text)?);
        }
    }
    for environment in std::iter::once(root).chain(tables(root.get("env"))) {
        let triggers = environment.get("triggers").and_then(Item::as_table_like);
        let crons = triggers.and_then(|triggers| triggers.get("crons")).and_then(Item::as_array);
        for cron in crons.into_iter().flatten() {
            found.push(schedule_of(CLOUDFLARE, cron, text)?);
        }
    }
    Ok(found)
}

/// The tables in a table.
fn tables(item: Option<&Item>) -> impl Iterator<Item = &dyn TableLike> {
    let inside = item.and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
    inside.filter_map(|(_, item)| item.as_table_like())
}

fn schedule_of(platform: Platform, value: &Value, text: &str) -> Result<DetectedSchedule, Unreadable> {
    let line = value.span().map_or(1, |span| line_at(text, span.start));
    let Some(expression) = value.as_str() else { return Err(Unreadable::at(line, "the schedule is not text")) };
    let when = cron::parse(expression).map_err(|misread| Unreadable::at(line, misread.message))?;
    Ok(platform.schedule(line, expression, when, Function::Other))
}

/// The line of an offset in bytes, from 1.
fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}
