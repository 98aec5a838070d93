//! A verdict as a person reads it.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use everlit_schedule::survival::{SITES, WEATHERS};

use super::{Judged, Losses};
use crate::output::format::{counted, span};
use crate::output::screen::{Mark, Screen, dim, strong};

/// Signs in a whole bar.
const BAR: u32 = 20;

pub(super) fn show(judged: &[Judged], next: &str, screen: &mut Screen) {
    if judged.is_empty() {
        screen.say(format!(
            "{} nothing here runs everlit: a token that nobody refreshes dies after 60 days",
            Mark::Bad.painted()
        ));
    }
    for judged in judged {
        show_one(judged, screen);
        screen.say("");
    }
    screen.next(next);
}

fn show_one(judged: &Judged, screen: &mut Screen) {
    let place = judged.place.as_ref().map(|place| dim(&format!("  {place}, line {}", judged.found.line)));
    screen.say(format!("{}{}", strong(&judged.expression()), place.unwrap_or_default()));
    screen.say(format!("  {}", rhythm(judged)));
    screen.say("");
    screen.say(format!("  {}", dim("Sites that lose their token within two years")));
    let name = WEATHERS.iter().map(|weather| weather.name.len()).max().unwrap_or(0);
    if judged.losses.len() > 1 {
        let head = |losses: &Losses| format!("{:>9}", format!("< {} d", losses.threshold_days));
        let heads: String = judged.losses.iter().map(head).collect();
        let bar = usize::try_from(BAR).unwrap_or(0);
        screen.say(dim(&format!("  {:name$}  {:bar$}{heads}", "refreshed with", "")));
    }
    for (row, weather) in WEATHERS.iter().enumerate() {
        let lost = |losses: &Losses| losses.lost[row];
        let shares: Vec<String> = judged.losses.iter().map(|losses| format!("{:>9}", percent(lost(losses)))).collect();
        let bar = bar(judged.losses.first().map_or(0, lost));
        screen.say(format!("  {:name$}  {bar}{}", weather.name, shares.join("")));
    }
    screen.say("");
    for warning in &judged.warnings {
        let line = warning
            .line
            .filter(|line| *line != judged.found.line)
            .map_or_else(String::new, |line| format!(" (line {line})"));
        screen.say(format!("{} {}{line}", Mark::Warning.painted(), warning.message));
    }
    screen.say(verdict(judged));
}

/// `19 runs a year, 1 to 30 days apart`.
fn rhythm(judged: &Judged) -> String {
    let runs = counted(i64::try_from(judged.runs_a_year).unwrap_or(i64::MAX), "run");
    let message = |pause: Duration| span(i64::try_from(pause.as_secs()).unwrap_or(i64::MAX));
    match judged.pauses {
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

fn verdict(judged: &Judged) -> String {
    let (lost, worst) =
        (judged.lost(), judged.losses.first().map_or(SITES, |losses| losses.lost.into_iter().max().unwrap_or(0)));
    match (lost, worst) {
        (0, 0) => format!("{} Safe: not one of {SITES} sites lost its token.", Mark::Good.painted()),
        (0, worst) => format!(
            "{} Safe with one run in fifty missed; on worse days {} of {SITES} sites lose their token, and with a daily run none.",
            Mark::Good.painted(),
            worst
        ),
        (lost, _) => format!(
            "{} Not safe: with one run in fifty missed, {lost} of {SITES} sites lose their token within two years.",
            Mark::Bad.painted()
        ),
    }
}

/// `18.9 %`.
fn percent(lost: u32) -> String {
    let tenths = lost * 1000 / SITES;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A share that is not zero shows at least one sign.
fn bar(lost: u32) -> String {
    let full = (lost * BAR / SITES).max(u32::from(lost > 0));
    let red = Style::new().fg_color(Some(AnsiColor::Red.into()));
    let signs = |sign: &str, count: u32| sign.repeat(usize::try_from(count).unwrap_or(0));
    format!("{red}{}{red:#}{}", signs("█", full), dim(&signs("░", BAR - full)))
}
