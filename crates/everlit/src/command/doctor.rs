//! `everlit doctor`: checks everything, reports what it found and how to fix it. Leaves nothing behind.

mod accounts;
mod exposure;
mod finding;
mod health;
mod network;
mod notify;
mod saving;
mod schedule;
mod settings;
mod targets;
mod token;
mod vault;

use crate::output::step;
use crate::output::{Exit, Problem, Screen, counted, dim, nothing_to_do, strong};
use everlit_engine::{Redactor, World};
use everlit_keeper::{Step, Store};
use everlit_meta_api::Timestamp;
use serde_json::json;

use crate::cli::{self, Global};
use crate::context::Context;
use crate::runtime::runtime;
use everlit_host::Environment;

use self::finding::{AccountCheck, Finding, Level};

pub(crate) fn run(
    global: &Global,
    environment: &Environment,
    world: World,
    flags: &cli::Doctor,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    let now = world.clock.now();
    let mut findings = vec![settings::of_program()];
    let mut redactor = Redactor::new(environment);
    match Context::new(global, environment, world) {
        Ok(context) => look(&context, &mut findings, &mut redactor)?,
        // Unreadable settings are a finding too.
        Err(problem) => findings.push(Finding::problem("settings", problem.exit, problem.message).fix(problem.next)),
    }
    for finding in &mut findings {
        // A flag may name a folder that contains a user name.
        finding.message = redactor.message(&finding.message);
        finding.fix = finding.fix.take().map(|fix| redactor.step(&screen.pasteable(&fix)));
    }
    show(global, &findings, flags.verbose, now, screen);
    Ok(worst(&findings))
}

fn look(context: &Context<'_>, findings: &mut Vec<Finding>, redactor: &mut Redactor) -> Result<(), Problem> {
    let store = context.store();
    let runtime = runtime()?;
    let now = context.now();
    findings.extend(settings::of_each(context));
    let checks: Vec<AccountCheck<'_>> = context
        .settings
        .accounts
        .iter()
        .map(|account| AccountCheck { account, found: runtime.block_on(store.load(&account.name, now)) })
        .collect();
    let named = checks.len() > 1;
    for account_check in &checks {
        if let Ok(stored) = &account_check.found {
            redactor.hide_names_of(stored);
        }
        if context.vault().is_some() {
            continue;
        }
        let mut own = token::of(context, &store, account_check);
        own.extend(exposure::of_files(context, account_check));
        own.extend(saving::of(context, &store, account_check));
        own.extend(health::of(context, &store, account_check, now));
        let of_whom = |finding: Finding| if named { finding.about(&account_check.account.name) } else { finding };
        findings.extend(own.into_iter().map(of_whom));
    }
    if let Some(vault) = context.vault() {
        findings.extend(vault::of(context, vault));
        findings.extend(accounts::of(context, &store, &checks, now));
    }
    findings.extend(schedule::of(context));
    findings.extend(exposure::of_public_names(context, &checks));
    findings.extend(runtime.block_on(notify::of(context)));
    findings.extend(runtime.block_on(targets::of(context, &store)));
    findings.extend(runtime.block_on(network::of(context, &checks)));
    Ok(())
}

fn worst(findings: &[Finding]) -> Exit {
    findings.iter().map(|finding| finding.level.exit()).max().unwrap_or(Exit::Success)
}

/// The fix for the worst problem, else for the first warning.
fn next(findings: &[Finding]) -> Step {
    let with_fix = || findings.iter().filter(|finding| finding.fix.is_some());
    // The first of several: later checks build on earlier ones.
    let problem = with_fix()
        .rev()
        .filter(|finding| finding.level.exit() != Exit::Success)
        .max_by_key(|finding| finding.level.exit());
    let found = problem.or_else(|| with_fix().find(|finding| finding.level == Level::Warning));
    found.and_then(|finding| finding.fix.clone()).unwrap_or_else(nothing_to_do)
}

fn show(global: &Global, findings: &[Finding], verbose: bool, now: Timestamp, screen: &mut Screen) {
    let exit = worst(findings);
    let count = |word: &str| findings.iter().filter(|finding| finding.level.word() == word).count();
    let (problems, warnings, well) = (count("problem"), count("warning"), count("ok"));
    if global.json {
        let rows: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({
                    "check": finding.check,
                    "level": finding.level.word(),
                    "exit_code": finding.level.exit().code(),
                    "message": finding.message,
                    "fix": step::json(finding.fix.as_ref()),
                })
            })
            .collect();
        let fields = json!({
            "summary": { "problems": problems, "warnings": warnings, "ok": well },
            "findings": rows,
            "next": step::json(Some(&next(findings))),
        });
        return screen.document("doctor", now, exit, fields);
    }
    let is_shown = |finding: &&Finding| finding.level != Level::Ok || (verbose && !global.quiet);
    let mut shown: Vec<&Finding> = findings.iter().filter(is_shown).collect();
    shown.sort_by_key(|finding| finding.level.order());
    for finding in shown {
        let level = strong(&format!("{:<7}", finding.level.word()));
        screen.say(format!("{} {level}  {:<10}  {}", finding.level.mark().painted(), finding.check, finding.message));
        if let Some(fix) = &finding.fix {
            screen.say_step(&format!("{:23}fix: ", ""), fix);
        }
    }
    if global.quiet && problems + warnings == 0 {
        return;
    }
    let more = if verbose || global.quiet { "" } else { " (--verbose lists them)" };
    let tally = format!("{}, {}, {well} ok{more}.", counted(problems, "problem"), counted(warnings, "warning"));
    screen.say(dim(&format!(
        "{tally} This report holds no token, no secret and no user name: it can be pasted in public."
    )));
    screen.next(&next(findings));
}
