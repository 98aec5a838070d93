//! The picture of a simulation: refreshes per hour, and the days left to the token nearest to its end. The card has a
//! background of its own, so that it can be read on light and on dark pages.

use std::fmt::Write as _;

use crate::history::History;
use crate::incidents::{DAY, HOUR, Incident, Kind, YEAR};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 560.0;
/// The plotted time axis.
const LEFT: f64 = 84.0;
const RIGHT: f64 = 936.0;
/// One column of the plot in user units: half a pixel on most screens.
const COLUMN: f64 = 0.5;

/// Shorter incidents than a day are too narrow to be seen.
const SHADED_FROM: u32 = DAY;

/// Blue, green, red, amber and violet of GitHub's dark theme.
const REFRESHES: &str = "#58a6ff";
const LEFT_DAYS: &str = "#56d364";
const META: &str = "#f85149";
const WORKERS: &str = "#d29922";
const DATABASE: &str = "#a371f7";

const STYLE: &str = r#"
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #8b949e }
.title { font-size: 16px; font-weight: 600; fill: #e6edf3 } .name { font-weight: 600; fill: #e6edf3 }
.end { text-anchor: end } .middle { text-anchor: middle }
"#;

/// A panel whose scale begins at zero.
struct Panel {
    top: f64,
    bottom: f64,
    most: f64,
    /// 1 for a linear scale, 0.5 for one of square roots, on which peaks leave room for what is usual.
    exponent: f64,
}

impl Panel {
    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value / self.most).clamp(0.0, 1.0).powf(self.exponent)
    }
}

/// The picture as SVG.
pub(crate) fn draw(accounts: u32, history: &History, incidents: &[Incident]) -> String {
    let hours = history.is_excused.len();
    let refreshes: Vec<f64> = (0..hours).map(|hour| f64::from(history.refreshes.at(hour))).collect();
    let left: Vec<f64> = history.least_left.iter().map(|left| float(*left) / f64::from(DAY)).collect();
    let peak = refreshes.iter().copied().fold(1.0, f64::max);
    let loads = Panel { top: 92.0, bottom: 302.0, most: nice(peak), exponent: 0.5 };
    let lives = Panel { top: 350.0, bottom: 486.0, most: 28.0, exponent: 1.0 };
    let years = whole_years(hours);
    let x_of_second = |second: f64| LEFT + (RIGHT - LEFT) * second / (f64::from(years) * f64::from(YEAR));

    let mut svg = head(accounts, years, &refreshes, &left);
    for incident in incidents.iter().filter(|incident| incident.to - incident.from >= SHADED_FROM) {
        shade(&mut svg, incident, [&loads, &lives], x_of_second);
    }
    grid(
        &mut svg,
        &loads,
        &[0.025, 0.1, 0.25, 0.5, 1.0].map(|share| share * loads.most),
        "refreshes per hour (square-root scale)",
    );
    grid(&mut svg, &lives, &[7.0, 14.0, 21.0, 28.0], "days left");
    for year in 0..=years {
        let x = x_of_second(f64::from(year) * f64::from(YEAR));
        let _ = writeln!(svg, r##"<path d="M{x:.1} {:.1}v5" stroke="#8b949e"/>"##, lives.bottom);
        let _ = writeln!(svg, r#"<text class="middle" x="{x:.1}" y="{:.1}">{year}</text>"#, lives.bottom + 20.0);
    }
    let middle = f64::midpoint(LEFT, RIGHT);
    let _ = writeln!(
        svg,
        r#"<text class="middle" x="{middle:.1}" y="{:.1}">years since the import</text>"#,
        lives.bottom + 40.0
    );
    svg.push_str(&band(&loads, &refreshes, |hour| x_of_second(hour * f64::from(HOUR))));
    svg.push_str(&line(&lives, &left, |day| x_of_second(day * f64::from(DAY))));
    legend(&mut svg);
    svg.push_str("</svg>\n");
    svg
}

/// Everything before the plot.
fn head(accounts: u32, years: u32, refreshes: &[f64], left: &[f64]) -> String {
    let mean = refreshes.iter().sum::<f64>() / refreshes.iter().map(|_| 1.0).sum::<f64>().max(1.0);
    let least = left.iter().skip(30).copied().fold(f64::INFINITY, f64::min);
    let title = format!("{} accounts for {years} years", grouped(f64::from(accounts)));
    let description = format!(
        "{} refreshes per hour on average; after the import, no token ever has less than {least:.0} days left",
        grouped(mean)
    );
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title description">
<title id="title">{title}</title>
<desc id="description">{description}</desc>
<style>{STYLE}</style>
<rect x="0.5" y="0.5" width="{}" height="{}" rx="10" fill="#0d1117" stroke="#30363d"/>
<text class="title" x="24" y="34">{title}</text>
<text x="24" y="56">{description}</text>
"##,
        WIDTH - 1.0,
        HEIGHT - 1.0,
    )
}

/// An incident behind both panels; one of Meta's with its length if that is a week or more.
fn shade(svg: &mut String, incident: &Incident, panels: [&Panel; 2], x_of_second: impl Fn(f64) -> f64) {
    let color = match incident.kind {
        Kind::Meta => META,
        Kind::Workers => WORKERS,
        Kind::Database => DATABASE,
        // There are too many, and each concerns few accounts.
        Kind::App(_) => return,
    };
    let (x, end) = (x_of_second(f64::from(incident.from)), x_of_second(f64::from(incident.to)));
    let width = (end - x).max(1.0);
    for Panel { top, bottom, .. } in panels {
        let height = bottom - top;
        let _ = writeln!(
            svg,
            r#"<rect x="{x:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" fill="{color}" fill-opacity="0.6"/>"#
        );
    }
    let days = (incident.to - incident.from) / DAY;
    if days >= 7 && incident.kind == Kind::Meta {
        let (x, y) = (f64::midpoint(x, x + width), panels[0].top - 8.0);
        let _ = writeln!(svg, r#"<text class="middle" x="{x:.1}" y="{y:.1}">Meta down, {days} days</text>"#);
    }
}

/// Horizontal lines with their values, and the name of the axis.
fn grid(svg: &mut String, panel: &Panel, values: &[f64], name: &str) {
    for value in [0.0].iter().chain(values) {
        let y = panel.y(*value);
        let _ = writeln!(svg, r##"<path d="M{LEFT} {y:.1}H{RIGHT}" stroke="#21262d"/>"##);
        let _ =
            writeln!(svg, r#"<text class="end" x="{:.1}" y="{:.1}">{}</text>"#, LEFT - 8.0, y + 4.5, grouped(*value));
    }
    let y = f64::midpoint(panel.top, panel.bottom);
    let _ = writeln!(svg, r#"<text class="middle" transform="translate(20 {y:.1}) rotate(-90)">{name}</text>"#);
}

/// The range of values in each column as an area: single hours stay visible however many share a column.
fn band(panel: &Panel, values: &[f64], x_of: impl Fn(f64) -> f64) -> String {
    let columns = columns(values, x_of);
    let points = |value: fn(&Column) -> f64| columns.iter().map(move |column| (column.x, value(column)));
    let mut text = String::new();
    for (x, value) in points(|column| column.most).chain(points(|column| column.least).rev()) {
        let _ = write!(text, "{x:.1},{:.1} ", panel.y(value));
    }
    format!(
        "<polygon fill=\"{REFRESHES}\" stroke=\"{REFRESHES}\" stroke-width=\"0.8\" stroke-linejoin=\"round\" points=\"{}\"/>\n",
        text.trim_end()
    )
}

/// The smallest value in each column.
fn line(panel: &Panel, values: &[f64], x_of: impl Fn(f64) -> f64) -> String {
    let mut text = String::new();
    for Column { x, least, .. } in columns(values, x_of) {
        let _ = write!(text, "{x:.1},{:.1} ", panel.y(least));
    }
    format!(
        "<polyline fill=\"none\" stroke=\"{LEFT_DAYS}\" stroke-width=\"1.6\" stroke-linejoin=\"round\" points=\"{}\"/>\n",
        text.trim_end()
    )
}

fn legend(svg: &mut String) {
    let items = [
        (REFRESHES, "refreshes", 105.0),
        (LEFT_DAYS, "days left to the token nearest to its end", 300.0),
        (META, "Meta down (a day or more)", 205.0),
        (WORKERS, "half the workers", 140.0),
        (DATABASE, "no database", 100.0),
    ];
    let mut x = LEFT;
    for (color, name, width) in items {
        let _ = writeln!(svg, r#"<rect x="{x:.1}" y="536" width="12" height="10" fill="{color}"/>"#);
        let _ = writeln!(svg, r#"<text x="{:.1}" y="545.5">{name}</text>"#, x + 17.0);
        x += width;
    }
}

/// The values that share a column of the picture.
struct Column {
    x: f64,
    least: f64,
    most: f64,
}

fn columns(values: &[f64], x_of: impl Fn(f64) -> f64) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut position = 0.0;
    for value in values {
        let x = (x_of(position) / COLUMN).floor() * COLUMN;
        position += 1.0;
        match columns.last_mut() {
            Some(last) if last.x >= x => {
                last.least = last.least.min(*value);
                last.most = last.most.max(*value);
            }
            _ => columns.push(Column { x, least: *value, most: *value }),
        }
    }
    columns
}

/// The next number of the form 1, 2, 4, 6 or 8 times a power of ten.
fn nice(number: f64) -> f64 {
    let unit = 10_f64.powf(number.log10().floor());
    [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].into_iter().map(|step| step * unit).find(|most| *most >= number).unwrap_or(number)
}

/// A whole number with commas between thousands; one that is not whole keeps a digit.
fn grouped(number: f64) -> String {
    if number < 10.0 && number.fract() > 0.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn whole_years(hours: usize) -> u32 {
    u32::try_from(hours).unwrap_or(u32::MAX).div_ceil(YEAR / HOUR)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_on_the_axes_are_round() {
        let tops = [3.0, 10.0, 1_389.0, 4_100.0, 9_000.0].map(|number| grouped(nice(number)));
        assert_eq!(tops, ["4", "10", "2,000", "6,000", "10,000"]);
        assert_eq!([7.5, 14.0, 999.0, 1_000.0, 1_234_567.0].map(grouped), ["7.5", "14", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_column_keeps_the_extremes_of_its_hours() {
        let columns = columns(&[5.0, 9.0, 1.0, 7.0], |hour| if hour < 3.0 { 10.1 } else { 10.6 });
        let ranges: Vec<_> = columns.iter().map(|column| (column.least, column.most)).collect();
        assert_eq!(ranges, [(1.0, 9.0), (7.0, 7.0)]);
    }
}
