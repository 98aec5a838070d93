//! `everlit target explain`: what a kind needs, and when a token takes effect there.

use everlit_keeper::Step;
use everlit_options::Shape;
use everlit_target::{KINDS, Kind};
use serde_json::json;

use crate::context::Context;
use crate::output::{Exit, Screen, strong};

pub(super) fn run(context: &Context<'_>, kind: Option<&'static Kind>, screen: &mut Screen) -> Exit {
    let kinds: Vec<&Kind> = KINDS.iter().copied().filter(|one| kind.is_none_or(|kind| kind.name == one.name)).collect();
    if context.global.json {
        let rows: Vec<_> = kinds.iter().map(|kind| to_json(kind)).collect();
        screen.document("target_kinds", context.now(), Exit::Success, json!({"kinds": rows}));
        return Exit::Success;
    }
    for kind in &kinds {
        screen.say(format!("{}: {}", strong(kind.name), kind.effect.message()));
        screen.say(format!("  {}", kind.guide));
        for option in kind.options {
            let values = match option.shape {
                Shape::OneOf(values) => values.join(" | "),
                Shape::List => "a list of strings".to_owned(),
                Shape::Command => "a program and its arguments".to_owned(),
                Shape::Text => "a string".to_owned(),
            };
            let needed = if option.is_required { ", required" } else { "" };
            screen.say(format!("    {:<16}{values}{needed}", option.key));
        }
        for secret in kind.secrets {
            screen.say(format!("    {}  {}", kind.variable("NAME", secret), secret.prompt));
        }
    }
    let name = kind.map_or("KIND", |kind| kind.name);
    screen.next(
        &Step::everlit_args(["target", "add", "NAME", "--kind", name])
            .with_note("asks for its secrets and checks them"),
    );
    Exit::Success
}

fn to_json(kind: &Kind) -> serde_json::Value {
    let secrets: Vec<_> = kind.secrets.iter().map(|secret| kind.variable("NAME", secret)).collect();
    let options: Vec<_> =
        kind.options.iter().map(|option| json!({"name": option.key, "required": option.is_required})).collect();
    json!({
        "kind": kind.name,
        "takes_effect": kind.effect.message(),
        "guide": kind.guide,
        "options": options,
        "secrets": secrets,
    })
}
