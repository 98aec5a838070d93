//! The documentation is run: what README and docs show is what the program does.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and reads the documents as files"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Meta, Project};

/// README and every page written by hand.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["docs", "docs/targets"].map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let in_docs = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    let paths = in_docs.filter(|path| path.extension().is_some_and(|ext| ext == "md"));
    let own = ["README.md", "SECURITY.md", "CONTRIBUTING.md"].map(|name| root.join(name));
    own.into_iter().chain(paths).map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The fenced blocks of that language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Words as a shell takes them, as far as our documents go: blanks and double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn every_session_in_the_docs_runs_in_a_fresh_project() {
    let meta = Meta::friendly();
    let mut run = 0;
    for (path, text) in pages() {
        for block in blocks(&text, "console") {
            let project = Project::holding(&meta.token_of_age(40)).with_package();
            for line in block.lines().filter_map(|line| line.strip_prefix("$ everlit ")) {
                // Windows has neither.
                if cfg!(windows) && ["cron", "systemd"].iter().any(|of_unix| line.contains(of_unix)) {
                    continue;
                }
                let arguments = words(line);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                let ended = project.everlit(&arguments).asking(&meta).run();
                assert_eq!(ended.code, Some(0), "{}: everlit {line}\n{}{}", path.display(), ended.stdout, ended.stderr);
                run += 1;
            }
        }
    }
    assert!(run >= 6, "only {run} commands were found: are the fences still called `console`?");
}

#[test]
fn every_command_named_in_the_docs_exists() {
    let project = Project::empty();
    let mut seen = 0;
    for (path, text) in pages() {
        let inline = text.split('`').skip(1).step_by(2);
        let in_scripts = blocks(&text, "sh").into_iter().flat_map(str::lines);
        for code in inline.chain(in_scripts) {
            let Some(line) = code.strip_prefix("everlit ") else { continue };
            if line.contains(['\n', '[', '…']) || line.contains("...") || line.contains('<') && !line.contains("< ") {
                continue;
            }
            // What the shell takes, and what another program gets, is not everlit's.
            let mut arguments = words(line.split(" #").next().unwrap().split(['<', '|']).next().unwrap());
            arguments.truncate(arguments.iter().position(|word| word == "--").unwrap_or(arguments.len()));
            arguments.push("--help".to_owned());
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let ended = project.everlit(&arguments).run();
            assert_eq!(ended.code, Some(0), "{}: `everlit {line}`\n{}", path.display(), ended.stderr);
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} commands were found");
}

/// Its commands are for a shell of Unix; the page says what is different on Windows.
#[cfg(unix)]
#[test]
fn the_story_of_the_sandbox_runs_as_it_is_written() {
    let meta = Meta::friendly();
    let (_, text) = pages().into_iter().find(|(path, _)| path.ends_with("docs/sandbox.md")).unwrap();
    let blocks = blocks(&text, "sh");
    let [start, story @ ..] = blocks.as_slice() else { panic!("no blocks") };
    assert_eq!(*start, "everlit sandbox --friendly\n", "this test starts its own");
    let script = story.concat().replace("http://127.0.0.1:4010", &meta.sandbox.url());
    let project = Project::empty();
    let program = Path::new(env!("CARGO_BIN_EXE_everlit")).parent().unwrap();
    let path = std::env::join_paths([program, Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    let run = project.command_line(&["bash", "-uc", &script]).env("PATH", path).run().ended(0);
    let run = run.never_shows("\"error\":").notes("Its clock, 30 days ahead of this machine's, is used.");
    let mut rest = run.stdout.as_str();
    for shown in ["at most 60 days left", "stopped", "at most 30 days left", "refreshed", "60 days left", "healthy"] {
        rest = rest.split_once(shown).unwrap_or_else(|| panic!("no {shown:?}, or not there\n{run}")).1;
    }
}

/// From nothing, in a folder that does not exist yet. What installs a schedule has tests of its own.
#[cfg(unix)]
#[test]
fn the_story_of_an_agency_runs_as_it_is_written() {
    let meta = Meta::friendly();
    let (_, text) = pages().into_iter().find(|(path, _)| path.ends_with("docs/vault.md")).unwrap();
    let blocks = blocks(&text, "sh");
    assert!(blocks[0].starts_with("mkdir clients") && blocks[1] == "everlit schedule install\n", "{blocks:?}");
    let script = blocks[0].replace("cd clients", "cd clients && mv ../token.txt ../slack.txt .");
    let project = Project::empty();
    project.write("token.txt", meta.token_of_age(31));
    project.write("slack.txt", "http://127.0.0.1:9/hook\n");
    let program = Path::new(env!("CARGO_BIN_EXE_everlit")).parent().unwrap();
    let path = std::env::join_paths([program, Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    let call = project.command_line(&["bash", "-euc", &script]).env("PATH", path).asking(&meta);
    let mut rest = call.run().ended(0).stdout;
    for shown in ["everlit.toml", "added", "connected", "notify test ops", "refreshed", "healthy"] {
        rest = rest.split_once(shown).unwrap_or_else(|| panic!("no {shown:?}, or not there: {rest}")).1.to_owned();
    }
    assert!(project.has("clients/everlit.db") && !project.has("clients/token.txt"));
}

#[test]
fn every_everlit_toml_in_the_docs_is_valid() {
    let mut seen = 0;
    for (path, text) in pages() {
        for block in blocks(&text, "toml") {
            let project = Project::new().with_file("everlit.toml", block);
            let ended = project.everlit(&["refresh", "--dry-run"]).run();
            assert!(!ended.stderr.contains("everlit.toml:"), "{}:\n{block}\n{}", path.display(), ended.stderr);
            seen += 1;
        }
    }
    assert!(seen >= 1);
}

#[test]
fn every_link_in_the_docs_leads_to_a_page() {
    let made_by_xtask = ["docs/demo.svg", "docs/schedule.svg", "schedule.svg"];
    for (path, text) in pages() {
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let target = link.split('#').next().unwrap();
            if target.is_empty() || target.contains("://") || made_by_xtask.contains(&target) {
                continue;
            }
            assert!(path.parent().unwrap().join(target).exists(), "{} links {target}", path.display());
        }
    }
}
