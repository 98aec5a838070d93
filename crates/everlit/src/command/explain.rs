//! `everlit explain`: what a Meta error, a recorded cause or an exit code means, and what to do.

use everlit_advice::{Answer, Query, Topic, answer};
use everlit_keeper::Step;
use serde_json::json;

use crate::cli::Explain;
use crate::output::{Exit, Problem, Screen, dim, strong};

pub(crate) fn run(flags: &Explain, as_json: bool, screen: &mut Screen) -> Result<Exit, Problem> {
    let question = flags.what.join(" ");
    let answer = answer(&Query::of(&question));
    if as_json {
        let exit = if answer.topics.is_empty() { Exit::Config } else { Exit::Success };
        screen.json(&json!({
            "schema": "everlit.explain/1",
            "exit_code": exit.code(),
            "query": everlit_meta_api::redact(&question),
            "note": answer.note,
            "topics": answer.topics.iter().map(Topic::to_json).collect::<Vec<_>>(),
            "near": answer.near.iter().map(|(what, _)| what).collect::<Vec<_>>(),
        }));
        return Ok(exit);
    }
    if answer.topics.is_empty() {
        let message =
            answer.note.unwrap_or_else(|| format!("everlit does not know \"{}\"", everlit_meta_api::redact(&question)));
        let next = match answer.near.as_slice() {
            [] => Step::everlit("doctor").with_note("looks for the cause; `everlit explain exit` lists the exit codes"),
            [first, others @ ..] => {
                let step = Step::everlit(&format!("explain {}", first.0));
                let others: Vec<&str> = others.iter().map(|(what, _)| what.as_str()).collect();
                if others.is_empty() { step } else { step.with_note(format!("or explain {}", others.join(", "))) }
            }
        };
        return Err(Problem::config(message).with_next(next));
    }
    show(&answer, screen);
    Ok(Exit::Success)
}

fn show(answer: &Answer, screen: &mut Screen) {
    if let Some(note) = &answer.note {
        screen.say(dim(note));
    }
    for topic in &answer.topics {
        screen.say(format!("{}: {}", strong(&topic.title), topic.name));
        screen.say(format!("  {}", topic.meaning));
        if let Some(who) = topic.who {
            screen.say(format!("  {} {who}", dim("Who must act:")));
        }
        screen.say(format!("  {} {}", dim("What to do:"), topic.action));
    }
    if !answer.near.is_empty() {
        let more: Vec<String> = answer.near.iter().map(|(what, name)| format!("{what} ({name})")).collect();
        screen.say(format!("{} everlit explain {}", dim("See also:"), more.join(", ")));
    }
    match answer.topics.as_slice() {
        [only] => screen.next(&only.next),
        _ => screen.next(&Step::everlit("status")),
    }
}
