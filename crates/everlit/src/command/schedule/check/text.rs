//! An assessment as a person reads it.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use everlit_keeper::Step;
use everlit_schedule::simulate::assessment::{Assessment, Losses};
use everlit_schedule::simulate::survival::{CONDITIONS, SITES};

use crate::output::{Mark, Screen, counted, dim, span, strong};

/// Characters in a full bar.
const BAR: u32 = 20;

pub(super) fn show(assessed: &[(Option<String>, Assessment)], is_read: bool, next: &Step, screen: &mut Screen) {
    if assessed.is_empty() {
        let what = if is_read { "nothing here" } else { "nothing that could be read" };
        let mark = Mark::Bad.painted();
        screen.say(format!("{mark} {what} runs everlit: a token that is not refreshed expires after 60 days"));
    }
    for (place, assessment) in assessed {
        show_one(place.as_deref(), assessment, screen);
        screen.say(verdict(assessment, is_read));
        screen.say("");
    }
    screen.next(next);
}

fn show_one(place: Option<&str>, assessment: &Assessment, screen: &mut Screen) {
    let schedule = &assessment.schedule;
    let place = place.map(|place| dim(&format!("  {place}, line {}", schedule.line)));
    screen.say(format!("{}{}", strong(&expression(&schedule.text)), place.unwrap_or_default()));
    screen.say(format!("  {}", rhythm(assessment)));
    screen.say("");
    screen.say(format!("  {}", dim(&format!("{} that lose their token within two years", assessment.simulated().1))));
    let width = CONDITIONS.iter().map(|conditions| conditions.name.len()).max().unwrap_or(0);
    if assessment.losses.len() > 1 {
        let head = |losses: &Losses| format!("{:>9}", format!("< {} d", losses.threshold_days));
        let heads = assessment.losses.iter().map(head).collect::<String>();
        let bar = usize::try_from(BAR).unwrap_or(0);
        screen.say(dim(&format!("  {:width$}  {:bar$}{heads}", "refreshed with", "")));
    }
    for (row, conditions) in CONDITIONS.iter().enumerate() {
        let lost = |losses: &Losses| losses.lost[row];
        let shares: Vec<String> =
            assessment.losses.iter().map(|losses| format!("{:>9}", percent(lost(losses)))).collect();
        let bar = bar(assessment.losses.first().map_or(0, lost));
        screen.say(format!("  {:width$}  {bar}{}", conditions.name, shares.concat()));
    }
    screen.say("");
    let blockers = schedule.blockers.iter().map(|blocker| (Mark::Bad, blocker));
    for (mark, warning) in blockers.chain(assessment.warnings.iter().map(|warning| (Mark::Warning, warning))) {
        let line = warning.line.filter(|line| *line != schedule.line);
        let line = line.map_or_else(String::new, |line| format!(" (line {line})"));
        screen.say(format!("{} {}{line}", mark.painted(), warning.message));
    }
}

/// The expression on one line, cut to a readable length.
fn expression(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() { format!("{cut}...") } else { text }
}

/// `19 runs a year, 1 to 30 days apart`.
fn rhythm(assessment: &Assessment) -> String {
    let runs = counted(assessment.runs_a_year, "run");
    let message = |pause: Duration| span(i64::try_from(pause.as_secs()).unwrap_or(i64::MAX));
    match assessment.pauses {
        None => format!("{runs} a year"),
        Some((shortest, longest)) if shortest == longest => format!("{runs} a year, {} apart", message(longest)),
        Some((shortest, longest)) => {
            let (shortest, longest) = (message(shortest), message(longest));
            // `28 to 31 days`, `24 hours to 30 days`.
            let unit = longest.trim_start_matches(|sign: char| sign.is_ascii_digit());
            format!("{runs} a year, {} to {longest} apart", shortest.strip_suffix(unit).unwrap_or(&shortest))
        }
    }
}

fn verdict(assessment: &Assessment, is_read: bool) -> String {
    let (sites, _) = assessment.simulated();
    let lost = assessment.lost();
    let worst = assessment.losses.first().map_or(SITES, |losses| losses.lost.into_iter().max().unwrap_or(0));
    match (lost, worst) {
        (0, _) if !(is_read && assessment.is_safe()) => format!("{} Not known to be safe.", Mark::Bad.painted()),
        (0, 0) if assessment.is_assumed() => {
            format!("{} Safe if the command refreshes when everlit would.", Mark::Warning.painted())
        }
        (0, 0) => format!("{} Safe: none of {SITES} {sites} loses its token.", Mark::Good.painted()),
        (0, worst) => format!(
            "{} Safe if one run in fifty is missed. If more are, {worst} of {SITES} {sites} lose their token; with a daily run, none.",
            Mark::Good.painted(),
        ),
        (lost, _) => format!(
            "{} Not safe: if one run in fifty is missed, {lost} of {SITES} {sites} lose their token within two years.",
            Mark::Bad.painted()
        ),
    }
}

/// `18.9 %`.
fn percent(lost: u32) -> String {
    let tenths = lost * 1000 / SITES;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A share above zero shows at least one character.
fn bar(lost: u32) -> String {
    let full = (lost * BAR / SITES).max(u32::from(lost > 0));
    let red = Style::new().fg_color(Some(AnsiColor::Red.into()));
    let signs = |sign: &str, count: u32| sign.repeat(usize::try_from(count).unwrap_or(0));
    format!("{red}{}{red:#}{}", signs("█", full), dim(&signs("░", BAR - full)))
}
