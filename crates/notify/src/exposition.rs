//! Prometheus' text format: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::fmt::{Display, Write as _};

/// Metrics as text. Each name gets the prefix `everlit_`.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// The text.
    pub fn into_text(self) -> String {
        self.0
    }

    /// Begins a metric that goes up and down; its samples follow.
    pub fn family(&mut self, name: &str, help: &str) {
        self.begin(name, "gauge", help);
    }

    /// A metric that goes up and down, with one sample.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, help);
        self.sample(name, &[], value);
    }

    /// Begins a metric that only goes up; its samples follow, and its name ends with `_total`.
    pub fn counters(&mut self, name: &str, help: &str) {
        self.begin(name, "counter", help);
    }

    /// A distribution: for each upper bound, in rising order, how many values are not above it; then the sum and the number
    /// of all values.
    pub fn histogram(&mut self, name: &str, help: &str, bounds: &[(f64, u64)], sum: f64, count: u64) {
        self.begin(name, "histogram", help);
        let bucket = format!("{name}_bucket");
        for (bound, count) in bounds {
            self.sample(&bucket, &[("le", &bound.to_string())], count);
        }
        self.sample(&bucket, &[("le", "+Inf")], count);
        self.sample(&format!("{name}_sum"), &[], sum);
        self.sample(&format!("{name}_count"), &[], count);
    }

    /// A sample of the metric that was begun last.
    pub fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "everlit_{name}{labels} {value}");
    }

    fn begin(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String cannot fail, here and above.
        let _ = writeln!(self.0, "# HELP everlit_{name} {help}\n# TYPE everlit_{name} {kind}");
    }
}

/// Escapes a label's value as the format requires, and redacts secrets.
fn escape(value: &str) -> String {
    everlit_meta_api::redact(value).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
