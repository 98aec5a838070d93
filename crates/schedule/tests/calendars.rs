//! Compares the runs of expressions with other programs: croniter for cron, systemd itself for `OnCalendar=`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "the validators are other programs")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use everlit_schedule::calendar::{When, cron, firings, systemd};

/// The number of runs that `firings.py` prints.
const COMPARED: usize = 40;

fn ours(when: When) -> Vec<i64> {
    firings(&[when]).iter().take(COMPARED).map(|at| at.as_unix()).collect()
}

/// A random field of numbers, ranges, steps and lists.
fn field(rng: &mut fastrand::Rng, first: u32, last: u32) -> String {
    // croniter takes a range from a number to itself for the whole field, so there are none.
    let part = |rng: &mut fastrand::Rng| {
        let (from, to) = (rng.u32(first..last), rng.u32(first + 1..=last));
        match rng.u8(0..4) {
            0 => format!("*/{}", rng.u32(1..=last)),
            1 if from < to => format!("{from}-{to}"),
            2 => format!("{first}-{to}/{}", rng.u32(1..=4)),
            _ => to.to_string(),
        }
    };
    if rng.u8(0..3) == 0 {
        return "*".to_owned();
    }
    (0..rng.usize(1..=2)).map(|_| part(rng)).collect::<Vec<_>>().join(",")
}

#[test]
fn cron_expressions_run_when_croniter_says() {
    let mut lines: Vec<String> =
        ["0 2 */30 * *", "0 0 */50 * *", "0 0 13 * 5", "0 0 */2 * 5", "0 0 31 2 *", "0 0 29 2 *"]
            .into_iter()
            .chain([
                "@weekly",
                "@monthly",
                "0 0 * jan,jul mon-fri",
                "0 0 1 * 7",
                "5/20 0 * * *",
                "0 0 32 * *",
                "0 24 * * *",
            ])
            .map(str::to_owned)
            .collect();
    let mut rng = fastrand::Rng::with_seed(1);
    let limits = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
    lines.extend((0..400).map(|_| limits.map(|(first, last)| field(&mut rng, first, last)).join(" ")));
    let expected = croniter(&lines);
    assert_eq!(expected.len(), lines.len());
    for (line, expected) in lines.iter().zip(expected) {
        assert_eq!(cron::parse(line).ok().map(ours), expected, "{line}");
    }
}

/// `None` for an invalid expression.
fn croniter(lines: &[String]) -> Vec<Option<Vec<i64>>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let to = std::env::var_os("EVERLIT_VALIDATORS").map_or_else(|| here.join("../../target/validators"), PathBuf::from);
    let setup = Command::new("bash").arg(here.join("tests/calendars/setup.sh")).env("EVERLIT_VALIDATORS", &to).status();
    assert!(setup.unwrap().success(), "tests/calendars/setup.sh could not install croniter");
    let mut python = Command::new(to.join("calendars/python/bin/python"));
    python.arg(here.join("tests/calendars/firings.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = lines.join("\n");
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let line = |line: &str| match line {
        "error" => None,
        runs => Some(runs.split_whitespace().map(|run| run.parse().unwrap()).collect()),
    };
    String::from_utf8(output.stdout).unwrap().lines().map(line).collect()
}

#[test]
fn calendar_expressions_run_when_systemd_says() {
    let expressions = [
        "daily",
        "weekly",
        "monthly",
        "quarterly",
        "semiannually",
        "yearly",
        "hourly",
        "weekly UTC",
        "*-*-* 03:17",
        "*-*-1/30 02:00",
        "*-*-01/5 3:17",
        "Mon-Fri 03:17",
        "Mon..Fri 3:00",
        "Sat,Sun,Wed 1:2:3",
        "Mon *-*-1..7 3:17",
        "2027-*-* 1:2",
        "2028..2029-2-*",
        "2027/2-01-01",
        "27-1-1",
        "*-02~03",
        "*-*~07/1",
        "*-*~1",
        "*-*~10/3",
        "12-24",
        "Friday",
        "*:0/15",
        "1:2:3 UTC",
        "*-*-* 00..06/3:30:00",
        "*-1..3/2-1",
        "*-*-1,15",
        "*-02-30",
        "Mon,Tue *-*-* 0/6:00",
        "03:17:30.5",
        "*-*-29",
        "*-*-* 03:17 UTC",
    ];
    for expression in expressions {
        let here = ours(When::Calendar(systemd::parse(expression).unwrap()));
        let expected = systemd_analyze(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
        assert!(expected.len() == COMPARED || expected.len() == here.len(), "{expression}: {expected:?}");
        assert_eq!(here, expected, "{expression}");
    }
}

#[test]
fn what_systemd_refuses_is_refused() {
    let wrong = [
        "*-*-*/2",
        "*/2:00",
        "Sat..Mon 3:00",
        "*-*-31..5",
        "*-*-32",
        "24:00",
        "*-*-5..1",
        "*-*~5..2",
        "03",
        "*-*-0",
        "*-*-1,15,*",
        "Foo 3:00",
        "3:17 *-*-*",
        "",
        "1:2:60",
        "*-13-1",
        "soon",
    ];
    for expression in wrong {
        assert!(systemd_analyze(expression).is_err(), "systemd accepts {expression:?}");
        assert!(systemd::parse(expression).is_err(), "{expression:?} is accepted here, but not by systemd");
    }
}

/// The runs from 2027 to 2029, to the minute.
fn systemd_analyze(expression: &str) -> Result<Vec<i64>, String> {
    let mut command = Command::new("systemd-analyze");
    command.args(["calendar", &format!("--iterations={COMPARED}"), "--base-time=2026-12-31 23:59:59 UTC"]);
    let output = command.arg(expression).env("TZ", "UTC").env("LC_ALL", "C").output();
    let output = output.expect("systemd-analyze (package systemd) is needed to check calendar expressions");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let run = |line: &str| {
        let (label, time) = line.trim().split_once(": ")?;
        let time =
            time.trim().split_once(' ').filter(|_| label.starts_with("Next elapse") || label.starts_with("Iter"));
        let (date, time) = time?.1.strip_suffix(" UTC")?.split_once(' ')?;
        let at: jiff::Timestamp = format!("{date}T{}:00Z", &time[..5]).parse().unwrap();
        Some(at.as_second())
    };
    let end: jiff::Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
    let mut runs: Vec<i64> = text.lines().filter_map(run).filter(|at| *at < end.as_second()).collect();
    runs.dedup();
    Ok(runs)
}
