//! Machines whose disk is empty at every run: the token comes from the process environment or from a target.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]

mod support;

use everlit_sandbox::{Endpoint, Fault, Injection, Issue, Kind};
use support::function::Function;
use support::service::Service;
use support::{Meta, Project};

const CREATED: &str = r#"{"created": {}, "failed": [], "envs": []}"#;

/// A job of CI with a token that is due, and a host that keeps it.
fn job(host: &Service, after: &str) -> Project {
    let project = Project::empty();
    let settings =
        format!("[target.site]\nkind = \"vercel\"\nproject = \"p\"\nafter = \"{after}\"\nurl = \"{}\"\n", host.address);
    project.write("everlit.toml", settings);
    project
}

fn everlit(project: &Project, meta: &Meta, token: &str, arguments: &[&str]) -> support::Call {
    let call = project.everlit(arguments).asking(meta).env("IG_ACCESS_TOKEN", token).env("EVERLIT_CACHE", "cache");
    call.env("EVERLIT_TARGET_SITE_TOKEN", "fakeCREDENTIALfake")
}

#[test]
fn p2_a_token_of_the_environment_goes_where_it_is_kept() {
    let (meta, host) = (Meta::friendly(), Service::new());
    host.answers_with(201, CREATED);
    let project = job(&host, "none");
    let old = meta.token_of_age(40);
    let run = everlit(&project, &meta, &old, &["refresh"]).run();
    run.ended(0).never_shows(&old).says("site keeps the token, which comes from the environment");
    let new = meta.newest();
    let puts = || host.at("/v10/projects/p/env?upsert");
    assert_eq!(puts().len(), 1, "once, before the new token is verified");
    assert!(puts()[0].contains(&new));
    assert!(!project.has(".env.local") && !project.has(".everlit"), "{:?}", project.files().keys());
    let cached = project.read("cache/default.json");
    assert!(!cached.contains(&new[20..]) && !cached.contains(&old[20..]), "others can read a cache: {cached}");

    // The next job has the new token, and the cache of this one.
    let refreshes = meta.refreshes();
    everlit(&project, &meta, &new, &["refresh"]).run().ended(0).says("healthy");
    assert_eq!((meta.refreshes(), puts().len()), (refreshes, 1));
    everlit(&project, &meta, &new, &["status", "--check"]).run().ended(0).says("OK: 1 token safe");
    everlit(&project, &meta, &new, &["token"]).run().ended(0).says(&new);
    let doctor = everlit(&project, &meta, &new, &["doctor", "--verbose"]).run();
    doctor.says("ok       saving      site keeps the token");
    // Without the cache, how old the token is has to be asked.
    project.remove("cache/default.json");
    everlit(&project, &meta, &new, &["refresh"]).run();
    assert_eq!(meta.refreshes(), refreshes + 1);
}

#[test]
fn each_account_of_a_job_goes_back_under_its_own_name() {
    let (meta, host) = (Meta::friendly(), Service::new());
    host.answers_with(201, CREATED);
    let project = job(&host, "none");
    let accounts = "[account.shop]\nkey = \"SHOP_TOKEN\"\n[account.blog]\nkey = \"BLOG_TOKEN\"\n";
    project.write("everlit.toml", format!("{accounts}{}", project.read("everlit.toml")));
    let [shop, blog] =
        ["shop", "blog"].map(|name| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(40)));
    let call = everlit(&project, &meta, "", &["refresh"]);
    call.env("SHOP_TOKEN", &shop).env("BLOG_TOKEN", &blog).run().ended(0);
    let mut puts = host.at("/v10/projects/p/env?upsert");
    puts.sort();
    let is_for = |put: &str, key: &str, name: &str| {
        put.contains(key) && put.contains(&*meta.sandbox.with(|meta| meta.newest_token(name).unwrap().text.to_string()))
    };
    assert_eq!(puts.len(), 2);
    assert!(is_for(&puts[0], "BLOG_TOKEN", "blog") && is_for(&puts[1], "SHOP_TOKEN", "shop"), "{puts:?}");
}

/// A day of a job on a machine that has nothing but the secrets of CI and a cache.
#[test]
fn sixty_days_without_a_disk_leave_a_new_secret_and_a_new_site() {
    let (meta, host, hook) = (Meta::friendly(), Service::new(), Service::new());
    host.answers_with(201, CREATED);
    hook.answers_with(201, r#"{"job": {"id": "1"}}"#);
    let mut secret = meta.token_of_age(1);
    let cache = Project::empty();
    for day in 0..60 {
        let job = job(&host, "hook");
        let call = everlit(&job, &meta, &secret, &["refresh"]).env("EVERLIT_CACHE", cache.path());
        let run = call.env("EVERLIT_TARGET_SITE_HOOK", format!("{}/v1/integrations/deploy/p/fake", hook.address)).run();
        run.ended(0).never_shows(&secret);
        if let Some(put) = host.at("/v10/projects/p/env?upsert").last() {
            secret = serde_json::from_str::<serde_json::Value>(put).unwrap()["value"].as_str().unwrap().to_owned();
        }
        assert_eq!(job.files().into_keys().collect::<Vec<_>>(), ["everlit.toml"], "day {day}");
        meta.sandbox.with(|meta| meta.advance(86_400));
    }
    assert_eq!(secret, meta.newest());
    let (puts, builds) = (host.at("/v10/projects/p/env?upsert").len(), hook.lines().len());
    assert_eq!(
        (meta.refreshes(), puts, builds),
        (2, 2, 2),
        "it was refreshed when it was due, and the site built each time"
    );
}

#[test]
fn p2_meta_is_not_asked_while_nothing_keeps_the_token() {
    let (meta, host) = (Meta::friendly(), Service::new());
    host.answers(403);
    let project = job(&host, "none");
    let old = meta.token_of_age(40);
    let run = everlit(&project, &meta, &old, &["refresh"]).run().ended(5);
    run.says("site cannot keep the token").says("does not allow the credential").never_shows(&old);
    assert_eq!(meta.refreshes(), 0);
}

#[test]
fn without_a_target_an_env_file_is_needed_as_ever() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let old = meta.token_of_age(40);
    let run = project.everlit(&["refresh"]).asking(&meta).env("IG_ACCESS_TOKEN", &old).run().ended(2);
    run.says("Could not load current token from .env.local");
}

/// A Redis server that holds the token.
struct Redis {
    server: std::process::Child,
    url: String,
    port: u16,
}

impl Redis {
    fn start() -> Self {
        use std::process::{Command, Stdio};
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Command::new("redis-server");
        server.args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--requirepass",
            "fakePASSWORDfake",
        ]);
        let mut server = server.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = std::io::BufReader::new(server.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("Ready to accept connections") {
            line.clear();
            assert_ne!(std::io::BufRead::read_line(&mut output, &mut line).unwrap(), 0, "redis-server has ended");
        }
        // What it says later is read by nobody, and must not block it.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let url = format!("redis://:fakePASSWORDfake@127.0.0.1:{port}");
        Self { server, url, port }
    }

    fn call(&self, arguments: &[&str]) -> String {
        let mut client = std::process::Command::new("redis-cli");
        client.args(["-p", &self.port.to_string(), "--no-auth-warning", "-a", "fakePASSWORDfake"]);
        let output = client.args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// A project whose token lives there and nowhere else.
    fn project() -> Project {
        Project::empty().with_file("everlit.toml", "[target.store]\nkind = \"redis\"\nkey = \"ig\"\nsource = true\n")
    }

    fn everlit(&self, project: &Project, meta: &Meta, arguments: &[&str]) -> support::Call {
        project.everlit(arguments).asking(meta).env("EVERLIT_TARGET_STORE_URL", &self.url)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_token_may_live_in_redis_alone() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let project = Redis::project();
    let everlit = |arguments: &[&str]| redis.everlit(&project, &meta, arguments);
    let old = meta.token_of_age(40);
    everlit(&["status"]).run().ended(2);
    let connected = everlit(&["connect", "--stdin"]).fed(&old).ended(0).says("store keeps the token");
    assert!(!connected.stdout.contains(".env.local"), "{connected:?}");
    assert_eq!(redis.call(&["GET", "ig"]), old);
    everlit(&["refresh"]).run().ended(0).says("store keeps the token").never_shows(&old);
    let new = meta.newest();
    assert_eq!(redis.call(&["GET", "ig"]), new);
    let refreshes = meta.refreshes();
    everlit(&["refresh"]).run().ended(0);
    everlit(&["status", "--check"]).run().ended(0).says("OK");
    everlit(&["history"]).run().says("refreshed");
    assert_eq!(meta.refreshes(), refreshes, "the state beside the token is read");
    assert!(!redis.call(&["GET", "ig-everlit"]).is_empty());
    assert_eq!(project.files().into_keys().collect::<Vec<_>>(), ["everlit.toml"], "nothing is left on the disk");
}

#[test]
fn p1_the_state_of_one_account_is_no_place_of_another() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let settings = "[target.store]\nkind = \"redis\"\nsource = true\n[account.x]\n[account.x-everlit]\n";
    let project = Project::empty().with_file("everlit.toml", settings);
    let old = meta.token_of_age(40);
    redis.call(&["SET", "x", &old]);
    let run = redis.everlit(&project, &meta, &["refresh"]).run();
    run.says("x-everlit in store is the place of one account's token and of another's state: x and x-everlit");
    assert_eq!((redis.call(&["GET", "x"]), meta.newest() == old), (meta.newest(), false));
}

#[test]
fn several_accounts_may_live_in_one_store() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let settings = "[target.store]\nkind = \"redis\"\nsource = true\n[account.shop]\n[account.blog]\n";
    let project = Project::empty().with_file("everlit.toml", settings);
    for name in ["shop", "blog"] {
        redis.call(&["SET", name, &meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(40))]);
    }
    redis.everlit(&project, &meta, &["refresh"]).run().ended(0);
    redis.everlit(&project, &meta, &["status", "--check"]).run().ended(0).says("OK: 2 tokens safe");
}

#[test]
fn a_copy_beside_a_source_is_updated_with_it() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let project = Redis::project();
    let old = meta.token_of_age(40);
    redis.call(&["SET", "ig", &old]);
    project.write(".env.local", format!("IG_ACCESS_TOKEN={old}\n"));
    redis.everlit(&project, &meta, &["refresh"]).run().ended(0);
    let new = meta.newest();
    assert_eq!(
        (redis.call(&["GET", "ig"]), project.read(".env.local")),
        (new.clone(), format!("IG_ACCESS_TOKEN={new}\n"))
    );
    redis.everlit(&project, &meta, &["status"]).run().ended(0);
}

#[test]
fn p2_what_a_killed_machine_received_is_beside_the_token() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let project = Redis::project();
    let everlit = |arguments: &[&str]| redis.everlit(&project, &meta, arguments);
    let old = meta.token_of_age(40);
    everlit(&["connect", "--stdin"]).fed(&old).ended(0);
    // The verification of the new token does not end.
    meta.inject(Injection::new(Fault::Slow { millis: 3_600_000 }).at(Endpoint::Me));
    let temporary = project.home().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let mut run = everlit(&["refresh"]).env("TMPDIR", &temporary).into_command().spawn().unwrap();
    while meta.refreshes() == 0 || !redis.call(&["GET", "ig-everlit"]).contains(&meta.newest()) {
        assert!(run.try_wait().unwrap().is_none(), "it exited before it had a new token");
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let left = std::fs::read_dir(&temporary).unwrap().next().unwrap().unwrap().metadata().unwrap();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&left.permissions()) & 0o777,
        0o700,
        "nobody else sees what is left"
    );
    let new = meta.newest();
    assert_eq!(redis.call(&["GET", "ig"]), old, "it is not in use before it is verified");
    meta.lets_go();
    let refreshes = meta.refreshes();
    everlit(&["refresh"]).run().ended(0);
    assert_eq!((redis.call(&["GET", "ig"]), meta.refreshes()), (new, refreshes));
}

#[test]
fn a_lambda_function_refreshes_once_for_each_event() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let project = Redis::project();
    redis.everlit(&project, &meta, &["connect", "--stdin"]).fed(meta.token_of_age(40)).ended(0);
    let refreshes = meta.refreshes();
    let function = || {
        let call = redis.everlit(&project, &meta, &[]).env("LAMBDA_TASK_ROOT", project.path());
        Function::start(call)
    };
    let mut warm = function();
    let answers = [warm.invoke("{}"), warm.invoke("{}")];
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(answers[0].as_ref().is_ok_and(|report| report.contains("\"refreshed\"")), "{answers:?}");
    assert_eq!((meta.refreshes(), redis.call(&["GET", "ig"])), (refreshes + 1, meta.newest()));
    // Whatever keeps a token from being safe is an error of the function, which alarms watch.
    redis.call(&["SET", "ig", "not a token"]);
    assert!(function().invoke("{}").unwrap_err().contains("ExitCode2"));
    // Nobody else could ever tell that the store is away.
    let call = project.everlit(&[]).asking(&meta).env("EVERLIT_TARGET_STORE_URL", "redis://127.0.0.1:9");
    let mut away = Function::start(call.env("LAMBDA_TASK_ROOT", project.path()));
    assert!(away.invoke("{}").unwrap_err().contains("store cannot be read"));
}

#[test]
fn p5_a_store_that_is_away_is_told_to_somebody() {
    let (meta, chat) = (Meta::friendly(), Service::new());
    let project = Redis::project();
    let toml = project.read("everlit.toml");
    project.write("everlit.toml", format!("{toml}[notify.ops]\nkind = \"slack\"\n"));
    let call = project.everlit(&["refresh"]).asking(&meta).env("EVERLIT_TARGET_STORE_URL", "redis://127.0.0.1:9");
    call.env("EVERLIT_NOTIFY_OPS_URL", format!("{}/services/T/B/x", chat.address)).run().ended(4);
    let messages = chat.at("/services");
    assert!(messages.len() == 1 && messages[0].contains("store cannot be read"), "{messages:?}");
}

#[test]
fn p8_an_old_variable_takes_no_newer_tokens_place() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let project = Project::empty().with_file("everlit.toml", "[target.store]\nkind = \"redis\"\nkey = \"ig\"\n");
    let old = meta.token_of_age(40);
    let everlit = |arguments: &[&str]| redis.everlit(&project, &meta, arguments).env("IG_ACCESS_TOKEN", &old);
    everlit(&["refresh"]).run().ended(0);
    let new = redis.call(&["GET", "ig"]);
    assert_eq!(new, meta.newest());
    for command in ["test", "push"] {
        everlit(&["target", command]).run().ended(5).says("which of them is newer is not known");
        assert_eq!(redis.call(&["GET", "ig"]), new, "{command}");
    }
}

#[test]
fn a_function_url_takes_signed_calls_only() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let project = Redis::project();
    redis.everlit(&project, &meta, &["connect", "--stdin"]).fed(meta.token_of_age(40)).ended(0);
    let call = |method: &str, signed: &[(&'static str, everlit_meta_api::Secret)], body: &str| {
        let headers: serde_json::Map<_, _> =
            signed.iter().map(|(name, value)| ((*name).to_owned(), value.expose().into())).collect();
        let context = serde_json::json!({"http": {"method": method, "path": "/"}});
        serde_json::json!({"version": "2.0", "rawPath": "/", "headers": headers, "requestContext": context,
                           "body": body, "isBase64Encoded": body == "e30="})
    };
    let invoke = |function: &mut Function, event: &serde_json::Value| {
        let answer: serde_json::Value = serde_json::from_str(&function.invoke(&event.to_string()).unwrap()).unwrap();
        let body: serde_json::Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    };
    let secret = "whsec_ZmFrZWZha2VmYWtlZmFrZWZha2VmYWtl";
    let key = everlit_webhook::SigningKey::parse(secret).unwrap();
    let now = everlit_meta_api::Timestamp::from_unix(support::unix_now());
    let headers = key.headers("a", now, "{}");
    let function = || redis.everlit(&project, &meta, &[]).env("LAMBDA_TASK_ROOT", project.path());
    let asked = meta.calls();
    let mut closed = Function::start(function());
    assert_eq!(invoke(&mut closed, &call("POST", &headers, "{}")).0, 403, "nobody can have signed it");
    let mut open = Function::start(function().env("EVERLIT_TRIGGER_SECRET", secret));
    assert_eq!(invoke(&mut open, &call("POST", &[], "{}")).0, 401);
    assert_eq!(invoke(&mut open, &call("POST", &headers, "{ }")).0, 401);
    assert_eq!(invoke(&mut open, &call("GET", &headers, "{}")).0, 405);
    assert_eq!(invoke(&mut open, &serde_json::json!({"requestContext": {}, "httpMethod": "POST"})).0, 404);
    assert_eq!(meta.calls(), asked);
    let (status, report) = invoke(&mut open, &call("POST", &headers, "e30="));
    assert_eq!((status, report["accounts"][0]["outcome"].as_str()), (200, Some("refreshed")));
    assert_eq!(invoke(&mut open, &call("POST", &headers, "{}")).0, 409);
    assert_eq!(redis.call(&["GET", "ig"]), meta.newest());
}

#[test]
fn a_secret_that_nobody_updates_is_no_green_run() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    // The job gets its token from a secret that this target does not write.
    let project = Project::empty().with_file("everlit.toml", "[target.store]\nkind = \"redis\"\nkey = \"ig\"\n");
    let old = meta.token_of_age(40);
    let everlit = |arguments: &[&str]| {
        let call = redis.everlit(&project, &meta, arguments).env("IG_ACCESS_TOKEN", &old);
        call.env("EVERLIT_CACHE", "../cache")
    };
    everlit(&["refresh"]).run().ended(0);
    let stale = "IG_ACCESS_TOKEN in the environment is still the token that was replaced";
    for command in [&["refresh"][..], &["status"], &["status", "--check"], &["doctor"]] {
        everlit(command).run().ended(2).says(stale).never_shows(&old);
    }
    assert_eq!((meta.refreshes(), redis.call(&["GET", "ig"])), (1, meta.newest()));
    let printed = everlit(&["schedule", "print", "github-actions"]).run().ended(0);
    printed.says("runs-on: [self-hosted, everlit]");
}

#[test]
fn a_cache_that_cannot_be_written_is_named_before_meta_is_asked() {
    let (meta, host) = (Meta::friendly(), Service::new());
    host.answers_with(201, CREATED);
    let job = job(&host, "none").with_file("cache", "a file in its place");
    let run = everlit(&job, &meta, &meta.token_of_age(40), &["refresh"]).run().ended(2);
    run.says("the cache folder").says("cannot be written");
    assert_eq!((meta.refreshes(), host.lines().len()), (0, 0));
}

#[test]
fn a_variable_without_a_token_is_named() {
    let (meta, host) = (Meta::friendly(), Service::new());
    let job = job(&host, "none");
    for (value, why) in [("", "holds no token"), ("garbage", "holds no token"), ("***", "holds no token")] {
        let run = everlit(&job, &meta, value, &["refresh"]).run().ended(2);
        run.says(&format!("IG_ACCESS_TOKEN is set in the environment and {why}"));
    }
}

#[test]
fn a_store_that_is_away_for_a_moment_is_tried_again() {
    let (meta, redis) = (Meta::friendly(), Redis::start());
    let project = Redis::project();
    redis.everlit(&project, &meta, &["connect", "--stdin"]).fed(meta.token_of_age(40)).ended(0);
    let url = redis.url.clone();
    drop(redis);
    let run = |arguments: &[&str]| project.everlit(arguments).asking(&meta).env("EVERLIT_TARGET_STORE_URL", &url).run();
    for command in [&["refresh"][..], &["status"], &["status", "--check"]] {
        run(command).ended(4).says("store cannot be read");
    }
    let project = project.with_file("everlit.toml", "[target.store]\nkind = \"redis\"\nkey = \"ig\"\n");
    let call = project.everlit(&["refresh"]).asking(&meta).env("EVERLIT_TARGET_STORE_URL", &url);
    let run = call.env("IG_ACCESS_TOKEN", meta.token_of_age(40)).run().ended(4);
    run.says("store cannot keep the token");
    assert_eq!(meta.refreshes(), 0, "Meta is not asked while nothing could keep its answer");
}
