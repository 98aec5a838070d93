//! `docs/notify.md` describes what is sent.

use std::path::Path;

use everlit_keeper::Health;
use everlit_notify::{KINDS, event};

use crate::notice;

fn docs() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/notify.md")).unwrap()
}

#[test]
fn the_documented_event_is_what_a_webhook_receives() {
    let docs = docs();
    let json = docs.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(json).unwrap(), event(&notice()));
}

#[test]
fn every_kind_is_documented_with_its_secrets() {
    let docs = docs();
    for kind in &KINDS {
        let name = if kind.is_monitor() { "daily" } else { "ops" };
        let row = docs.lines().find(|line| line.starts_with(&format!("| `{}`", kind.name)));
        let row = row.unwrap_or_else(|| panic!("{} is missing", kind.name));
        for (index, secret) in kind.secrets.iter().enumerate() {
            let variable = format!("`{}`", kind.variable(name, secret));
            let place = if kind.is_monitor() && index > 0 { docs.as_str() } else { row };
            assert!(place.contains(&variable), "{}: {variable}", kind.name);
        }
    }
}

#[test]
fn every_state_of_a_token_is_documented() {
    let docs = docs();
    let row = docs.lines().find(|line| line.starts_with("| `everlit_tokens{")).unwrap();
    for state in Health::ALL {
        assert!(row.contains(&format!("`{}`", state.code())), "{}", state.code());
    }
}
