//! What schedules do to tokens in two years.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::time::Duration;

use everlit_meta_api::Timestamp;
use everlit_schedule::calendar::{FIRST_INSTANT, firings};
use everlit_schedule::read::{self, cron_line};
use everlit_schedule::simulate::survival::{CONDITIONS, DECISIVE, SITES, policy, simulate};
use everlit_schedule::simulate::warnings;
use everlit_schedule::{HostedMachine, Job, Scheduler};
use proptest::prelude::*;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Sites lost of a thousand, under each condition: none, 2 %, 5 %, 20 % of runs missed, up to 6 h late.
fn lost(line: &str, threshold_days: u32) -> [u32; 5] {
    let firings = firings(&cron_line(line).unwrap().runs);
    CONDITIONS.map(|conditions| simulate(&firings, &conditions, &policy(threshold_days)).lost())
}

/// The numbers follow from fixed years, fixed seeds and `decide`: another number means that one of these has changed.
#[test]
fn well_known_schedules_lose_known_numbers_of_sites() {
    // 60 days of threshold: refreshed at every run.
    let table: [(&str, u32, [u32; 5]); 8] = [
        ("0 2 */30 * *", 30, [0, 189, 391, 918, 414]),
        ("0 2 1 * *", 30, [1000, 1000, 1000, 1000, 993]),
        ("0 2 1 * *", 60, [0, 356, 642, 989, 0]),
        ("0 2 */15 * *", 10, [1000; 5]),
        ("0 0 1 1,3,5,7,9,11 *", 60, [1000; 5]),
        ("0 3 * * 1", 30, [0, 0, 0, 35, 0]),
        ("17 3 * * *", 30, [0; 5]),
        ("17 3 * * *", 50, [0; 5]),
    ];
    let measured = table.map(|(line, threshold, _)| (line, threshold, lost(line, threshold)));
    assert_eq!(measured, table);
}

#[test]
fn a_schedule_that_never_runs_loses_every_site() {
    let survival = simulate(&[], &DECISIVE, &policy(30));
    assert_eq!((survival.lost(), survival.lost_after(59 * DAY), survival.lost_after(60 * DAY)), (SITES, 0, SITES));
}

/// Everything that everlit writes for a scheduler is read back as daily and without warnings.
#[test]
fn every_generated_schedule_is_safe_and_without_warnings() {
    let job = Job::new("/usr/bin/everlit".as_ref(), "/srv/bakery".as_ref(), "web1").unwrap();
    let here = job.with_user("www").unwrap();
    let machine = HostedMachine { has_sources: true, ..HostedMachine::default() };
    let elsewhere = here.clone().on_hosted_machine(machine);
    let mut seen = Vec::new();
    for (scheduler, job) in
        Scheduler::ALL.into_iter().flat_map(|scheduler| [(scheduler, &here), (scheduler, &elsewhere)])
    {
        for file in scheduler.render(job).into_iter().flatten() {
            let Ok(found) = read::file(Path::new(&file.name), &file.bytes(), FIRST_INSTANT) else { continue };
            for found in found.schedules {
                assert_eq!(found.blockers, [], "{scheduler}");
                let firings = firings(&found.runs);
                assert_eq!(firings.len(), 1096, "{scheduler}: {found:?}");
                assert_eq!(simulate(&firings, &DECISIVE, &policy(30)).lost(), 0);
                let warnings = warnings::of(&found, &firings, 30 * DAY);
                let is_known = |code: &&str| ["github-60-days", "runs-elsewhere"].contains(code);
                let warnings: Vec<&str> =
                    warnings.iter().map(|warning| warning.code).filter(|code| !is_known(code)).collect();
                assert!(warnings.is_empty(), "{scheduler}: {warnings:?}");
                seen.push(scheduler);
            }
        }
    }
    for scheduler in [
        Scheduler::Cron,
        Scheduler::SystemdSystem,
        Scheduler::SystemdUser,
        Scheduler::Launchd,
        Scheduler::Windows,
        Scheduler::GitHubActions,
        Scheduler::Kubernetes,
        Scheduler::Azure,
        Scheduler::AwsLambda,
        Scheduler::Vercel,
        Scheduler::Cloudflare,
    ] {
        assert!(seen.contains(&scheduler), "{scheduler} was not read");
    }
}

const NAMES: [&str; 7] = ["crontab", "a.timer", "a.yml", "a.plist", "a.xml", "a.json", "a.toml"];

/// A file is read or refused with a position, whatever it holds: no panic, no endless loop.
fn read_or_refused(bytes: &[u8]) {
    for name in NAMES {
        match read::file(Path::new(name), bytes, FIRST_INSTANT) {
            Ok(found) => assert!(found.schedules.iter().all(|found| firings(&found.runs).is_sorted())),
            Err(error) => {
                assert!(!error.message.is_empty() && error.to_string().chars().all(|c| !c.is_control()), "{error:?}");
            }
        }
    }
}

/// One file of each kind, for mutation.
const FILES: [&str; 5] = [
    "MAILTO=x\n0 2 */30 * * cd /srv && everlit refresh\n@daily everlit refresh\n",
    "[Timer]\nOnCalendar=Mon..Fri *-*-1/30 03:17:00\nOnUnitActiveSec=1d 2h\nPersistent=true\n",
    "on:\n  schedule:\n    - cron: '0 2 1 * *'\n---\nkind: CronJob\nspec: {schedule: \"@every 12h\", suspend: false}\n",
    "<plist><dict><key>StartCalendarInterval</key><dict><key>Hour</key><integer>3</integer></dict></dict></plist>",
    "<Task><Triggers><CalendarTrigger><StartBoundary>2026-01-01T03:17:00</StartBoundary><ScheduleByDay>\
     <DaysInterval>3</DaysInterval></ScheduleByDay></CalendarTrigger></Triggers></Task>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn garbage_is_refused_and_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_or_refused(&bytes);
    }

    #[test]
    fn text_is_read_or_refused(text in "\\PC{0,40}( \\PC{0,6}){0,8}") {
        read_or_refused(text.as_bytes());
        let _ = (cron_line(&text), everlit_schedule::calendar::systemd::parse(&text));
        let _ = everlit_schedule::calendar::systemd::span(&text);
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(which in 0..FILES.len(), at in any::<prop::sample::Index>(), with in "[ -~\n*/,é]{0,3}", cut in 0..6_usize) {
        let mut text: Vec<char> = FILES[which].chars().collect();
        let at = at.index(text.len());
        text.splice(at..(at + cut).min(text.len()), with.chars());
        read_or_refused(text.into_iter().collect::<String>().as_bytes());
    }
}

#[test]
fn daily_runs_keep_every_site_at_any_hour_and_threshold() {
    for (line, threshold) in [("0 0 * * *", 20), ("59 23 * * *", 30), ("17 3 * * *", 55), ("0 */6 * * *", 25)] {
        assert_eq!(lost(line, threshold), [0; 5], "{line} {threshold}");
    }
}

#[test]
fn huge_and_hostile_files_are_read_quickly() {
    let many = 200_000;
    for part in
        ["*", "[", "{", "- ", "<a>", "0 2 * * * x\n", "&a *a ", "1,", "\"", "?\n", "OnCalendar=daily\n", "a:\n "]
    {
        read_or_refused(part.repeat(many / part.len()).as_bytes());
    }
}

#[test]
fn more_runs_or_a_higher_threshold_lose_fewer_sites() {
    let at = |days: i64| Timestamp::from_unix(1_798_761_600 + days * 86_400);
    let every = |days: i64| (0..1096 / days).map(|n| at(n * days)).collect::<Vec<_>>();
    let lost = |days, threshold| simulate(&every(days), &DECISIVE, &policy(threshold)).lost();
    let by_days = [1, 7, 14, 29].map(|days| lost(days, 30));
    assert!(by_days.is_sorted() && by_days[3] > 100, "{by_days:?}");
    let by_threshold = [45, 30, 20, 10].map(|threshold| lost(14, threshold));
    assert!(by_threshold.is_sorted() && by_threshold[3] > 400, "{by_threshold:?}");
}
