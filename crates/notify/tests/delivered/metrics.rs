//! Metrics and alerts, checked with Prometheus' own tools and served by a real `node_exporter`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use everlit_http::{HttpClient, Method, Options, Request, Url};
use everlit_keeper::Health;
use everlit_meta_api::Timestamp;
use everlit_notify::metrics::{Account, MOST_NAMED, Run, Snapshot, exposition};

use crate::{NOW, validators};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds)
}

fn snapshot() -> Snapshot {
    let account = |name: &str, state| Account {
        name: name.to_owned(),
        platform: "instagram",
        state,
        expiry: Some(at(NOW + 40 * 86_400)),
        failing_since: None,
        refreshed: Some(at(NOW - 20 * 86_400)),
    };
    Snapshot {
        version: "0.1.0".to_owned(),
        accounts: vec![
            account("shop", Health::Healthy),
            Account {
                failing_since: Some(at(NOW - 86_400)),
                ..account("a \"quoted\\name\"\nwith a line break", Health::Retrying)
            },
            Account { expiry: None, platform: "threads", ..account("page", Health::NeedsPerson) },
        ],
        run: Some(Run { started: at(NOW), completed: at(NOW + 2), seconds: 1.5 }),
        last_success: Some(at(NOW - 86_400)),
        deliveries_failing: 1,
        not_saved: 0,
        channels: vec![("ops".to_owned(), true), ("mail".to_owned(), false)],
    }
}

fn promtool() -> Command {
    Command::new(validators::folder().join("bin/promtool"))
}

fn rules(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/prometheus").join(name)
}

#[test]
fn promtool_accepts_the_metrics() {
    for snapshot in [snapshot(), Snapshot::default()] {
        let text = exposition(&snapshot);
        let output = validators::run(promtool().args(["check", "metrics", "--extended"]), &text);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{said}\n{text}");
    }
}

#[test]
fn alert_rules_are_valid_and_fire_as_intended() {
    for arguments in [["check", "rules", "everlit.rules.yml"], ["test", "rules", "everlit.rules.test.yml"]] {
        let [first, second, file] = arguments;
        let output = promtool().args([first, second]).arg(rules(file)).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn every_metric_used_by_a_rule_is_exported() {
    let text = exposition(&snapshot());
    let rules = std::fs::read_to_string(rules("everlit.rules.yml")).unwrap();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let used: Vec<_> = rules.split(|c| !is_name(c)).filter(|word| word.starts_with("everlit_")).collect();
    assert!(used.len() >= 5, "{used:?}");
    for name in used {
        assert!(text.lines().any(|line| line.starts_with(&format!("# TYPE {name} "))), "{name}");
    }
}

#[tokio::test]
async fn node_exporter_serves_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("everlit.prom"), exposition(&snapshot())).unwrap();
    let mut exporter = Command::new(validators::folder().join("bin/prometheus-node-exporter"))
        .args(["--collector.disable-defaults", "--collector.textfile", "--web.listen-address=127.0.0.1:0"])
        .arg(format!("--collector.textfile.directory={}", folder.path().display()))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept until the end: closing the pipe would kill the exporter.
    let mut log = BufReader::new(exporter.stderr.take().unwrap()).lines().map_while(Result::ok);
    // level=info msg="Listening on" address=127.0.0.1:34567
    let address = log.find_map(|line| Some(line.split_once("address=127.0.0.1:")?.1.to_owned()));
    let port: String = address.unwrap().chars().take_while(char::is_ascii_digit).collect();
    let url = Url::parse(&format!("http://127.0.0.1:{port}/metrics")).unwrap();
    let request = Request { method: Method::GET, url, headers: Vec::new(), body: Vec::new().into() };
    let reply = HttpClient::new(Options::default()).unwrap().send(request).await;
    exporter.kill().unwrap();
    exporter.wait().unwrap();
    drop(log);
    let text = String::from_utf8(reply.unwrap().body).unwrap();
    for line in [
        "everlit_token_expiry_timestamp_seconds{account=\"shop\",platform=\"instagram\"} 1.803456e+09",
        "everlit_tokens{platform=\"instagram\",state=\"healthy\"} 1",
        "everlit_tokens{platform=\"threads\",state=\"healthy\"} 0",
        "everlit_run_duration_seconds 1.5",
        "everlit_notification_failed{channel=\"ops\"} 1",
        "node_textfile_scrape_error 0",
    ] {
        assert!(text.lines().any(|served| served == line), "{line}\n{text}");
    }
    assert!(text.contains("account=\"a \\\"quoted\\\\name\\\"\\nwith a line break\""), "{text}");
}

#[test]
fn accounts_beyond_the_cap_are_counted_but_not_named() {
    let mut many = snapshot();
    many.accounts = vec![many.accounts[0].clone(); MOST_NAMED + 1];
    let text = exposition(&many);
    assert!(text.contains("everlit_tokens{platform=\"instagram\",state=\"healthy\"} 1001\n"));
    assert!(!text.contains("account="));
}
