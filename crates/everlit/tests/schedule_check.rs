//! `everlit schedule check`: what a schedule would do to tokens.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and reads the documents as files"
)]

mod support;

use std::path::Path;

use serde_json::Value;
use support::{Project, Run};

const USUAL: &str = "0 2 */30 * *";

fn check(project: &Project, arguments: &[&str]) -> Run {
    project.everlit(&[&["schedule", "check"], arguments].concat()).run()
}

/// Sites lost of 1000 with 2 % of runs missed.
fn lost(line: &str) -> u64 {
    let document = check(&Project::empty(), &["--cron", line, "--json"]).json();
    document["schedules"][0]["sites_lost"][0]["missed_2_percent"].as_u64().unwrap()
}

#[test]
fn the_usual_line_is_unsafe_and_the_next_step_is_a_better_one() {
    check(&Project::empty(), &["--cron", USUAL])
        .ended(3)
        .says("189 of 1000 sites lose their token within two years")
        .says("it runs twice within 24 h, then not for up to 30 days")
        .says("Meta is busiest at minute 0; pick another minute")
        .says("Next: everlit schedule install\n      or write ");
}

#[test]
fn a_daily_line_is_safe_and_quiet_prints_nothing() {
    let project = Project::empty();
    check(&project, &["--cron", "17 3 * * *"]).ended(0).says("Safe").says("Next: nothing to do");
    let run = check(&project, &["--cron", "17 3 * * *", "--quiet"]).ended(0);
    assert_eq!(run.stdout + &run.stderr, "");
}

#[test]
fn another_threshold_is_shown_beside_the_older_scripts() {
    let run = check(&Project::empty(), &["--cron", "0 2 1 * *", "--threshold-days", "50", "--json"]).ended(3);
    let losses = &run.json()["schedules"][0]["sites_lost"];
    assert_eq!((losses[0]["threshold_days"].as_u64(), losses[1]["threshold_days"].as_u64()), (Some(50), Some(30)));
    assert_eq!((losses[0]["none_missed"].as_u64(), losses[1]["none_missed"].as_u64()), (Some(0), Some(1000)));
}

#[test]
fn a_vault_is_simulated_with_the_due_times_of_its_accounts() {
    let (project, vault) = (Project::empty(), Project::empty());
    vault.everlit(&["vault", "create"]).run().ended(0);
    let [of_project, of_vault] = [&project, &vault].map(|folder| check(folder, &["--cron", "17 3 1,11,21 * *"]));
    let of_project = of_project.says("Sites that lose").says("a due token gets only 2 runs");
    // One that is due with 20 days left has no more.
    let of_vault = of_vault.says("Accounts of a vault that lose").says("a due token gets only one run");
    assert!(of_project.stdout.contains("of 1000 sites") && of_vault.stdout.contains("of 1000 accounts"), "{of_vault}");
    let lost = |folder| check(folder, &["--cron", "17 3 1,11,21 * *", "--json"]).json()["schedules"][0].clone();
    let [of_project, of_vault] = [lost(&project), lost(&vault)];
    let at_20_percent = |found: &Value| found["sites_lost"][0]["missed_20_percent"].as_u64().unwrap();
    assert!(at_20_percent(&of_vault) > at_20_percent(&of_project), "{of_vault}");
    assert_eq!((of_project["spread_days"].as_u64(), of_vault["spread_days"].as_u64()), (Some(0), Some(10)));
}

#[test]
fn json_holds_everything_and_the_exit_code() {
    let project = Project::empty().with_file("crontab", "MAILTO=\"\"\n0 2 1 * * cd /srv && everlit refresh\n");
    let run = check(&project, &["crontab", "--json"]).ended(3);
    let document = run.json();
    assert_eq!(document["schema"], "everlit.schedule-check/1");
    assert_eq!((document["exit_code"].as_u64(), document["sites"].as_u64()), (Some(3), Some(1000)));
    let schedule = &document["schedules"][0];
    assert_eq!((schedule["file"].as_str(), schedule["line"].as_u64()), (Some("crontab"), Some(2)));
    assert_eq!((schedule["scheduler"].as_str(), schedule["expression"].as_str()), (Some("cron"), Some("0 2 1 * *")));
    assert_eq!(
        (schedule["longest_pause_seconds"].as_u64(), schedule["safe"].as_bool()),
        (Some(31 * 86_400), Some(false))
    );
    let codes: Vec<&str> =
        schedule["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["not-daily", "minute-zero"]);
}

#[test]
fn each_kind_of_file_is_read_with_warnings_of_its_own() {
    let project = Project::empty()
        .with_file("everlit.timer", "[Timer]\nOnCalendar=*-*-* 03:17\n")
        .with_file("job.yml", "on:\n  schedule:\n    - cron: '0 2 1 * *'\n    - cron: '0 2 15 * *'\n")
        .with_file("pod.yaml", "kind: CronJob\nspec:\n  schedule: '17 3 * * *'\n");
    check(&project, &["everlit.timer"]).ended(0).says("Persistent=true is missing");
    // Twice a month is not enough either.
    check(&project, &["job.yml"]).ended(3).says("0 2 1 * *; 0 2 15 * *").says("after 60 days without activity");
    check(&project, &["pod.yaml"]).ended(0).says("17 3 * * *").says("line 3");
}

#[test]
fn a_schedule_that_something_may_stop_is_never_safe() {
    let daily = |command: &str| format!("17 3 * * * {command}\n");
    let workflow = |runner: &str| {
        format!(
            "on: {{schedule: [{{cron: 17 3 * * *}}]}}\njobs: {{a: {{runs-on: {runner}, steps: [{{run: everlit refresh}}]}}}}\n"
        )
    };
    let project = Project::empty()
        .with_file("guard", daily("[ \"$(date +\\%u)\" = 1 ] && everlit refresh").as_str())
        .with_file("status", daily("everlit status").as_str())
        .with_file("hosted.yml", workflow("ubuntu-latest").as_str())
        .with_file("own.yml", workflow("self-hosted").as_str())
        .with_file("vercel.json", "{\n\t\"crons\": [{\"path\": \"/a\", \"schedule\": \"17 3 * * *\"}]\n}\n")
        .with_file("netlify.toml", "[functions.\"refresh\"]\nschedule = \"@daily\"\n")
        .with_file("wrangler.toml", "[triggers]\ncrons = [\"17 3 * * *\"]\n")
        .with_file("template.yaml", "Schedule: rate(1 day)\n");
    for (file, message) in [
        ("guard", "the test in front of it decides"),
        ("status", "this command refreshes nothing"),
        ("hosted.yml", "GitHub discards this machine"),
        ("vercel.json", "Vercel calls a function"),
        ("netlify.toml", "Netlify calls a function"),
        ("wrangler.toml", "Cloudflare calls a function"),
        ("template.yaml", "AWS calls a function"),
    ] {
        let run = check(&project, &[file]).ended(3).says(message).says("Next: everlit schedule install");
        assert!(!run.stdout.contains("✓"), "{file}: {}", run.stdout);
    }
    check(&project, &["own.yml"]).ended(0).says("Safe");
    let document = check(&project, &["vercel.json", "--json"]).ended(3).json();
    let schedule = &document["schedules"][0];
    assert_eq!((&schedule["scheduler"], &schedule["safe"]), (&"vercel".into(), &false.into()));
    assert_eq!(schedule["blockers"][0]["code"], "keeps-no-files");
}

#[test]
fn an_unreadable_line_is_named_and_the_rest_is_checked() {
    let crontab = "@reboot /srv/other\n17 3 * * * everlit -C /a refresh\nH 3 * * * everlit -C /b refresh\n";
    let project = Project::empty().with_file("crontab", crontab);
    let run = check(&project, &["crontab"]).ended(3).notes("cannot read crontab: line 3, column 1: H is a number that");
    let run = run.says("17 3 * * *").says("Not known to be safe").says("Next: everlit schedule check --cron");
    assert!(!run.stdout.contains("✓"), "{run}");
    let unrelated = Project::empty().with_file("crontab", "@reboot /srv/other\nx\n17 3 * * * everlit refresh\n");
    check(&unrelated, &["crontab"]).ended(0).says("Safe");
}

/// As it is shown.
const WORKFLOW: &str = if cfg!(windows) { r".github\workflows\token.yml" } else { ".github/workflows/token.yml" };

#[test]
fn the_projects_workflow_is_found_without_a_file() {
    let workflow =
        "on:\n  schedule:\n    - cron: '0 2 1 * *'\njobs: {a: {steps: [{run: npm run refresh-instagram-token}]}}\n";
    let project = Project::empty()
        .with_file(".github/workflows/token.yml", workflow)
        .with_file(".github/workflows/test.yml", "on: push\n");
    check(&project, &[]).ended(3).says(&format!("{WORKFLOW}, line 3")).says("Not safe");
}

#[test]
fn a_workflow_that_cannot_be_read_is_named() {
    let unreadable = Project::empty().with_file(".github/workflows/token.yml/not-a-file", "");
    check(&unreadable, &[]).ended(3).notes(&format!("cannot read {WORKFLOW}: "));
}

#[test]
fn nothing_is_safe_while_a_source_cannot_be_read() {
    let daily = "on: {schedule: [{cron: 17 3 * * *}]}\n\
                 jobs: {a: {runs-on: self-hosted, steps: [{run: everlit refresh}]}}\n";
    let project = Project::empty().with_file(".github/workflows/daily.yml", daily);
    check(&project, &[]).ended(0).says("Safe: none of 1000");
    project.write(".github/workflows/token.yml", "on: {schedule: [{cron: H 3 * * *}]}\n# token\n");
    let run = check(&project, &[]).ended(3).notes(&format!("cannot read {WORKFLOW}: "));
    let run = run.says("Not known to be safe").says("then check again");
    assert!(!run.stdout.contains("✓"), "{run}");
    let document = check(&project, &["--json"]).ended(3).json();
    assert_eq!(
        (&document["schedules"][0]["safe"], document["unreadable"].as_array().unwrap().len()),
        (&false.into(), 1)
    );
}

#[test]
fn without_any_schedule_check_fails() {
    check(&Project::empty(), &[]).ended(3).says("nothing here runs everlit").says("Next: everlit schedule install");
}

#[test]
fn invalid_files_are_reported_with_their_position() {
    let project =
        Project::empty().with_file("crontab", "# mine\n0 25 * * * everlit refresh\n").with_file("no.yml", "a: 1\n");
    check(&project, &["crontab"]).ended(2).notes("crontab: line 2, column 3: \"25\" is not a valid hour");
    check(&project, &["--cron", "0 2 * *"]).ended(2).notes("column 8: the weekday is missing");
    check(&project, &["no.yml"]).ended(2).notes("no schedule found in it");
    check(&project, &["missing"]).ended(2).notes("cannot read missing");
    let run = check(&project, &["crontab", "--json"]).ended(2);
    assert_eq!(run.json()["schema"], "everlit.problem/1");
}

/// A command in a crontab may hold a token: only expressions are shown.
#[test]
fn p3_never_leaked_by_a_crontab() {
    let token = support::FAKE_TOKEN;
    let crontab = format!("0 2 1 * * IG_ACCESS_TOKEN={token} node refresh.js\n{token} is not a minute\n");
    let project = Project::empty().with_file("crontab", &crontab).with_file("one", crontab.lines().next().unwrap());
    for arguments in [["crontab"].as_slice(), &["one"], &["one", "--json"], &["--cron", &crontab], &["--cron", token]] {
        check(&project, arguments).never_shows(token).never_shows(&token[..40]);
    }
}

#[test]
fn the_docs_show_the_numbers_of_the_command() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (usual, monthly, weekly, daily) = (lost(USUAL), lost("0 2 1 * *"), lost("17 3 * * 1"), lost("17 3 * * *"));
    assert_eq!((monthly, weekly, daily), (1000, 0, 0));
    let text =
        |page: &str| std::fs::read_to_string(root.join(page)).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for page in ["README.md", "docs/schedule.md"] {
        assert!(text(page).contains(&format!("{usual} of 1000 simulated sites lose their token")), "{page}: {usual}");
    }
    let table = text("docs/schedule.md");
    for (line, threshold) in
        [(USUAL, "30"), ("0 2 1 * *", "30"), ("0 2 1 * *", "50"), ("17 3 * * 1", "30"), ("17 3 * * *", "30")]
    {
        let run = check(&Project::empty(), &["--cron", line, "--threshold-days", threshold, "--json"]);
        let lost: Value = run.json()["schedules"][0]["sites_lost"][0].clone();
        let cells = ["none_missed", "missed_2_percent", "missed_5_percent", "missed_20_percent", "late_6_hours"]
            .map(|conditions| lost[conditions].to_string());
        let row = format!("| `{line}` | {threshold} days | {} |", cells.join(" | "));
        assert!(table.contains(&row), "docs/schedule.md has no row {row}");
    }
}
