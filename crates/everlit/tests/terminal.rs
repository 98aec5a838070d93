//! What a terminal shows: no line is wider than it is, and no word is lost. Linux only: util-linux's `script` makes the terminal.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]

mod support;

use std::fs;
use std::time::{Duration, SystemTime};

use everlit_sandbox::{Endpoint, Fault, Injection, MetaError};
use support::{Call, Meta, Project};

const WIDTHS: [usize; 3] = [40, 80, 200];

/// What a terminal of that width gets from a line of the shell, in which `everlit` is the program. util-linux's `script`
/// makes the terminal.
fn shown(project: &Project, columns: usize, line: &str) -> Call {
    let line = format!(
        "stty rows 50 cols {columns}; {}",
        line.replace("everlit ", concat!(env!("CARGO_BIN_EXE_everlit"), " "))
    );
    project.command_line(&["script", "--quiet", "--return", "--command", &line, "/dev/null"])
}

/// What is read where there is no terminal, both streams in the order in which they were written.
fn read(project: &Project, line: &str) -> Call {
    let line = line.replace("everlit ", concat!(env!("CARGO_BIN_EXE_everlit"), " "));
    project.command_line(&["sh", "-c", &format!("{{ {line}; }} 2>&1 | cat")])
}

/// As a terminal shows it: without colours and carriage returns.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    let plain = parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest));
    plain.replace('\r', "")
}

/// Columns, as far as these texts go: ideographs and emoji take two.
fn width(line: &str) -> usize {
    line.chars().map(|sign| if sign > '\u{2fff}' { 2 } else { 1 }).sum()
}

/// Where a line may be too long: it holds one word, or a command that is pasted, and what stands before that.
fn is_one_piece(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '✓', '✗', '!', '●', '(']);
    let text = ["Next: ", "fix: "].iter().find_map(|label| text.strip_prefix(label)).unwrap_or(text);
    let starts = ["everlit ", "`", "curl ", "chmod ", "git rm ", "EVERLIT_META_URL="];
    !text.contains(' ') || starts.iter().any(|start| text.starts_with(start))
}

#[track_caller]
fn fits(shown: &str, read: &str, columns: usize) {
    let (shown, read) = (plain(shown), plain(read));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&shown), words(&read), "{columns} columns\n{shown}\n--- without a terminal\n{read}");
    for line in shown.lines() {
        assert!(width(line) <= columns.min(100) || is_one_piece(line), "{columns} columns: {line}\n\n{shown}");
    }
}

/// A token that Meta has refused in words of several widths, by a run some days ago: so that every word is the same
/// however often it is looked at.
fn rejected_days_ago(meta: &Meta) -> Project {
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40).with_git();
    let message =
        format!("Error validating access token: {} {} 🎉🎉 ungültig", "这是一个很长的消息".repeat(3), "消息".repeat(9));
    let refused = MetaError::new(190, message).subcode(467);
    meta.inject(Injection::new(Fault::Error(refused)).at(Endpoint::Refresh));
    project.everlit(&["refresh"]).asking(meta).run().ended(3);
    let days_ago = SystemTime::now() - Duration::from_secs(5 * 86_400);
    fs::File::options()
        .write(true)
        .open(project.path().join(".everlit/last-run"))
        .unwrap()
        .set_modified(days_ago)
        .unwrap();
    project
}

#[test]
fn every_report_fits_the_terminal_without_losing_text() {
    let meta = Meta::friendly();
    let project = rejected_days_ago(&meta);
    for line in [
        "everlit status",
        "everlit status --live",
        "everlit doctor",
        "everlit history",
        "everlit explain 190",
        "everlit explain exit",
        "everlit explain wat",
        "everlit init --dry-run",
        "everlit connect --guide",
        "everlit connect --instagram",
        "everlit connect nobody --stdin </dev/null",
        "everlit schedule check --cron '0 2 */30 * *'",
        "everlit schedule print wat",
        "everlit notify list",
        "everlit -C nowhere status",
    ] {
        let read = read(&project, line).asking(&meta).run().stdout;
        assert!(!read.is_empty(), "{line}");
        for columns in WIDTHS {
            fits(&shown(&project, columns, line).asking(&meta).run().stdout, &read, columns);
        }
    }
}

#[test]
fn the_demo_fits_the_terminal() {
    let project = Project::empty();
    for columns in WIDTHS {
        let shown = shown(&project, columns, "everlit demo --fast").run().ended(0).stdout;
        for line in plain(&shown).lines().filter(|line| !line.starts_with(['-', '+']) && !line.contains('=')) {
            assert!(width(line) <= columns.min(80) || is_one_piece(line), "{columns} columns: {line}\n\n{shown}");
        }
    }
}

#[test]
fn columns_sets_the_width_of_terminals_only() {
    let meta = Meta::friendly();
    let project = rejected_days_ago(&meta);
    let narrow = shown(&project, 200, "everlit status").env("COLUMNS", "40").run().stdout;
    fits(&narrow, &read(&project, "everlit status").run().stdout, 40);
    let long = |text: &str| text.lines().any(|line| width(line) > 100);
    let piped = project.everlit(&["status"]).env("COLUMNS", "40").run();
    assert!(long(&piped.stdout), "{piped}");
    // The data go elsewhere, what is said beside them to the person.
    let apart = shown(&project, 80, "everlit history >history").run().stdout;
    assert!(!long(&apart) && project.read("history").lines().count() >= 2, "{apart}");
}

#[test]
fn json_is_one_document_on_a_terminal_too() {
    let meta = Meta::friendly();
    let project = rejected_days_ago(&meta);
    let shown = shown(&project, 40, "everlit status --json").run().stdout;
    let document: serde_json::Value =
        serde_json::from_str(&plain(&shown)).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    assert!(document["accounts"][0]["message"].as_str().unwrap().len() > 100);
}
