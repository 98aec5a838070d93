//! `docs/schedule.svg`: how many sites still have a valid token, by refresh schedule. Runs the simulation of `everlit
//! schedule check`.

use std::fmt::Write as _;
use std::time::Duration;

use everlit_schedule::calendar::firings;
use everlit_schedule::read::cron_line;
use everlit_schedule::simulate::survival::{DECISIVE, SIMULATED, SITES, USUAL_THRESHOLD_DAYS, policy, simulate};

use crate::error::Error;

/// The schedules from best to worst, with a colour each. The colours are those of `docs/demo.svg`, for a dark background.
const SCHEDULES: [(&str, &str, &str); 4] = [
    ("17 3 * * *", "daily", "#56d364"),
    ("17 3 * * 1", "weekly", "#56d364"),
    ("0 2 */30 * *", "“every 30 days”", "#e3b341"),
    ("0 2 1 * *", "monthly", "#ff7b72"),
];

/// Where the plot is in the picture; the labels of the curves are to its right.
const PLOT: Plot = Plot { left: 74.0, top: 84.0, width: 420.0, height: 230.0 };
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 376.0;

struct Plot {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

const STEP_DAYS: u32 = 5;

/// A curve: the number of sites with a valid token, every [`STEP_DAYS`] days.
struct Curve {
    line: &'static str,
    name: &'static str,
    color: &'static str,
    alive: Vec<u32>,
}

/// Renders the picture.
pub(crate) fn picture() -> Result<String, Error> {
    let curves = SCHEDULES.map(|(line, name, color)| curve(line, name, color));
    let curves = curves.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(draw(&curves))
}

fn curve(line: &'static str, name: &'static str, color: &'static str) -> Result<Curve, Error> {
    let found = cron_line(line).map_err(|error| Error::unexpected(line, error.to_string()))?;
    let survival = simulate(&firings(&found.runs), &DECISIVE, &policy(USUAL_THRESHOLD_DAYS));
    let days = (0..=watched_days()).step_by(usize::try_from(STEP_DAYS).unwrap_or(1));
    let alive = days.map(|day| SITES - survival.lost_after(Duration::from_secs(u64::from(day) * 86_400))).collect();
    Ok(Curve { line, name, color, alive })
}

fn watched_days() -> u32 {
    u32::try_from(SIMULATED.as_secs() / 86_400).unwrap_or(u32::MAX)
}

impl Plot {
    fn x(&self, day: u32) -> f64 {
        self.left + self.width * f64::from(day) / f64::from(watched_days())
    }

    fn y(&self, alive: u32) -> f64 {
        self.top + self.height * (1.0 - f64::from(alive) / f64::from(SITES))
    }
}

fn draw(curves: &[Curve]) -> String {
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title description">
<title id="title">Sites with a valid token, by refresh schedule</title>
<desc id="description">{}</desc>
<style>
text {{ font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #8b949e }}
.title {{ font-size: 16px; font-weight: 600; fill: #e6edf3 }}
.name {{ font-weight: 600 }} .cron {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3 }}
.end {{ text-anchor: end }} .middle {{ text-anchor: middle }}
</style>
<rect x="0.5" y="0.5" width="{:.0}" height="{:.0}" rx="10" fill="#0d1117" stroke="#30363d"/>
<text class="title" x="24" y="34">Sites with a valid token, by refresh schedule</text>
<text x="24" y="56">{SITES} simulated sites; {}; refreshed with fewer than {USUAL_THRESHOLD_DAYS} days left</text>
"##,
        description(curves),
        WIDTH - 1.0,
        HEIGHT - 1.0,
        DECISIVE.name,
    );
    svg += &axes();
    // The best last, so that it is on top.
    for curve in curves.iter().rev() {
        svg += &line(curve);
    }
    svg += &labels(curves);
    svg + "</svg>\n"
}

/// Describes the picture for those who cannot see it.
fn description(curves: &[Curve]) -> String {
    let curves = curves.iter().map(|curve| {
        let left = curve.alive.last().copied().unwrap_or(0);
        format!("{} ({}): {left} of {SITES} valid after two years", curve.name, curve.line)
    });
    curves.collect::<Vec<_>>().join("; ")
}

fn axes() -> String {
    let mut svg = String::new();
    let (left, right, bottom) = (PLOT.left, PLOT.left + PLOT.width, PLOT.top + PLOT.height);
    for percent in [0, 25, 50, 75, 100] {
        let y = PLOT.y(SITES * percent / 100);
        // Writing to a string cannot fail.
        let _ = writeln!(svg, r##"<path d="M{left:.1} {y:.1}H{right:.1}" stroke="#21262d"/>"##);
        let _ = writeln!(svg, r#"<text class="end" x="{:.1}" y="{:.1}">{percent} %</text>"#, left - 8.0, y + 4.5);
    }
    for month in [0, 6, 12, 18, 24] {
        let x = PLOT.x(watched_days() * month / 24);
        let _ = writeln!(svg, r##"<path d="M{x:.1} {bottom:.1}v5" stroke="#8b949e"/>"##);
        let _ = writeln!(svg, r#"<text class="middle" x="{x:.1}" y="{:.1}">{month}</text>"#, bottom + 20.0);
    }
    let middle = f64::midpoint(left, right);
    let _ = writeln!(
        svg,
        r#"<text class="middle" x="{middle:.1}" y="{:.1}">months since the site went live</text>"#,
        bottom + 42.0
    );
    let y = PLOT.top + PLOT.height / 2.0;
    let _ = writeln!(svg, r#"<text class="middle" transform="translate(20 {y:.1}) rotate(-90)">valid tokens</text>"#);
    svg
}

fn line(curve: &Curve) -> String {
    let days = (0..).step_by(usize::try_from(STEP_DAYS).unwrap_or(1));
    let points = days.zip(&curve.alive).map(|(day, alive)| format!("{:.1},{:.1}", PLOT.x(day), PLOT.y(*alive)));
    let points = points.collect::<Vec<_>>().join(" ");
    format!(
        "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\" stroke-linejoin=\"round\" points=\"{points}\"/>\n",
        curve.color
    )
}

/// Labels the end of each curve. If two end at the same height, the second label is below the first.
fn labels(curves: &[Curve]) -> String {
    const PITCH: f64 = 40.0;
    let x = PLOT.left + PLOT.width + 14.0;
    let mut svg = String::new();
    let mut least: f64 = 0.0;
    for curve in curves {
        let left = curve.alive.last().copied().unwrap_or(0);
        let y = (PLOT.y(left) - 7.0).max(least);
        least = y + PITCH;
        let share = f64::from(left) * 100.0 / f64::from(SITES);
        let _ = writeln!(
            svg,
            r#"<text class="name" x="{x:.1}" y="{y:.1}" style="fill:{}">{share:.1} % {}</text>"#,
            curve.color, curve.name
        );
        let _ = writeln!(svg, r#"<text class="cron" x="{x:.1}" y="{:.1}">{}</text>"#, y + 17.0, curve.line);
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_a_description_and_all_curves() {
        let svg = picture().unwrap();
        assert!(svg.contains("daily (17 3 * * *): 1000 of 1000 valid after two years"), "{svg}");
        assert!(svg.contains("monthly (0 2 1 * *): 0 of 1000 valid after two years"), "{svg}");
        assert_eq!(svg.matches("<polyline").count(), SCHEDULES.len());
    }
}
