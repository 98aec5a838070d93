//! AWS Secrets Manager rotates a secret with the program as its function: four steps, any of which may be repeated or be the
//! last. AWS is moto, Meta the sandbox.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]

mod support;

use everlit_sandbox::{Endpoint, Fault, Injection, Issue, Kind, MetaError, State};
use serde_json::{Value, json};
use support::function::Function;
use support::moto::Moto;
use support::{Meta, Project};

const STEPS: [&str; 4] = ["createSecret", "setSecret", "testSecret", "finishSecret"];
const ROLE: &str = "arn:aws:iam::123456789012:role/everlit";
const VERSION: &str = "11111111-fake-fake-fake-111111111111";

/// A secret of AWS that is the source of a project's token.
struct Secret {
    moto: Moto,
    meta: Meta,
    project: Project,
    arn: String,
    function: Function,
}

impl Secret {
    /// With a token that was issued so many days ago.
    fn of_age(days: i64) -> Self {
        let meta = Meta::friendly();
        let token = meta.token_of_age(days);
        let mut moto = Moto::start();
        let created = moto.call("secretsmanager", "create_secret", &json!({"Name": "site/ig", "SecretString": token}));
        let arn = created["ARN"].as_str().unwrap().to_owned();
        let settings = "[target.store]\nkind = \"aws-secretsmanager\"\nkey = \"site/ig\"\nsource = true\n";
        let project = Project::empty().with_file("everlit.toml", settings);
        let function = Function::start(everlit(&project, &moto, &meta, &[]));
        Self { moto, meta, project, arn, function }
    }

    fn aws(&mut self, method: &str, mut parameters: Value) -> Value {
        parameters["SecretId"] = self.arn.as_str().into();
        self.moto.call("secretsmanager", method, &parameters)
    }

    /// Starts a rotation as its owner does; AWS creates an empty version for it.
    fn rotate(&mut self, version: &str) {
        let trust = json!({"RoleName": "everlit", "AssumeRolePolicyDocument": "{}"});
        let code = json!({"ZipFile": "fake"});
        let function = json!({"FunctionName": "everlit", "Runtime": "provided.al2023", "Role": ROLE,
                              "Handler": "refresh", "Code": code});
        self.moto.call("iam", "create_role", &trust);
        let arn = self.moto.call("lambda", "create_function", &function)["FunctionArn"].clone();
        let rules = json!({"AutomaticallyAfterDays": 7});
        let parameters = json!({"ClientRequestToken": version, "RotationLambdaARN": arn, "RotationRules": rules});
        self.aws("rotate_secret", parameters);
    }

    fn step(&mut self, step: &str, version: &str) -> Result<String, String> {
        let event = json!({"Step": step, "SecretId": self.arn, "ClientRequestToken": version});
        self.function.invoke(&event.to_string())
    }

    /// What the version with this label holds.
    fn holds(&mut self, stage: &str) -> String {
        let value = self.aws("get_secret_value", json!({"VersionStage": stage}));
        value["SecretString"].as_str().unwrap().to_owned()
    }

    fn version_in_use(&mut self) -> String {
        let value = self.aws("get_secret_value", json!({"VersionStage": "AWSCURRENT"}));
        value["VersionId"].as_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> support::Run {
        everlit(&self.project, &self.moto, &self.meta, arguments).run()
    }

    /// Ends the function, and starts another.
    fn restart(&mut self) {
        self.function = Function::start(everlit(&self.project, &self.moto, &self.meta, &[]));
    }
}

fn everlit(project: &Project, moto: &Moto, meta: &Meta, arguments: &[&str]) -> support::Call {
    let call = project.everlit(arguments).asking(meta).env("LAMBDA_TASK_ROOT", project.path());
    let call = call.env("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE").env("AWS_SECRET_ACCESS_KEY", "fakeSECRETfake");
    call.env("AWS_REGION", "eu-central-1").env("AWS_ENDPOINT_URL_SECRETS_MANAGER", &moto.url)
}

#[test]
fn four_steps_rotate_a_secret_with_one_refresh() {
    let mut secret = Secret::of_age(40);
    let old = secret.holds("AWSCURRENT");
    secret.rotate(VERSION);
    for step in STEPS {
        for _ in 0..2 {
            let answer = secret.step(step, VERSION).unwrap();
            assert!(!answer.contains(&old[20..]), "{answer}");
        }
        let in_use = if step == "finishSecret" { secret.meta.newest() } else { old.clone() };
        assert_eq!(secret.holds("AWSCURRENT"), in_use, "{step}");
    }
    assert_eq!((secret.meta.refreshes(), secret.version_in_use()), (1, VERSION.to_owned()));
    assert_eq!(secret.holds("AWSPREVIOUS"), old, "AWS keeps it");
    // Whatever comes late changes nothing.
    for step in STEPS {
        secret.step(step, VERSION).unwrap();
    }
    secret.run(&["refresh"]).ended(0).says("healthy");
    secret.run(&["history"]).says("refreshed").never_shows("recovered");
    secret.run(&["status", "--check"]).ended(0).says("OK: 1 token safe");
    assert_eq!((secret.meta.refreshes(), secret.version_in_use()), (1, VERSION.to_owned()));
}

#[test]
fn p2_a_rotation_that_never_ends_loses_no_token() {
    let mut secret = Secret::of_age(40);
    secret.rotate(VERSION);
    secret.step("createSecret", VERSION).unwrap();
    let new = secret.meta.newest();
    // The scheduled run puts in use what waits, without another refresh.
    secret.run(&["refresh"]).ended(0).says("store keeps the token");
    assert_eq!((secret.holds("AWSCURRENT"), secret.meta.refreshes()), (new.clone(), 1));
    // Late, but not too late.
    secret.restart();
    for step in &STEPS[1..] {
        secret.step(step, VERSION).unwrap();
    }
    assert_eq!((secret.holds("AWSCURRENT"), secret.version_in_use()), (new, VERSION.to_owned()));
    secret.run(&["refresh"]).ended(0).says("healthy");
    assert_eq!(secret.meta.refreshes(), 1);
}

#[test]
fn p2_a_function_killed_in_any_step_goes_on_without_a_refresh() {
    let mut secret = Secret::of_age(40);
    let old = secret.holds("AWSCURRENT");
    everlit(&secret.project, &secret.moto, &secret.meta, &["connect", "--stdin"]).fed(&old).ended(0);
    secret.rotate(VERSION);
    // Meta has handed out a token and does not answer any more.
    secret.meta.inject(Injection::new(Fault::Slow { millis: 3_600_000 }).at(Endpoint::Me));
    let event = json!({"Step": "createSecret", "SecretId": secret.arn, "ClientRequestToken": VERSION});
    secret.function.begin(&event.to_string());
    while secret.meta.refreshes() == 0 {
        secret.function.assert_busy();
    }
    let new = secret.meta.newest();
    let state = json!({"SecretId": "site/ig-everlit"});
    while !secret.moto.call("secretsmanager", "list_secrets", &json!({})).to_string().contains("site/ig-everlit")
        || !secret.moto.call("secretsmanager", "get_secret_value", &state).to_string().contains(&new)
    {
        secret.function.assert_busy();
    }
    secret.restart();
    secret.meta.lets_go();
    for step in STEPS {
        secret.step(step, VERSION).unwrap();
        secret.restart();
    }
    assert_eq!((secret.holds("AWSCURRENT"), secret.meta.refreshes()), (new, 1));
}

#[test]
fn a_token_that_is_not_due_is_rotated_to_itself() {
    // Meta refuses to refresh the first one, which is too young, and the second is not due.
    for days in [0, 40] {
        let mut secret = Secret::of_age(days);
        secret.run(&["refresh"]).ended(0);
        let (token, refreshes) = (secret.holds("AWSCURRENT"), secret.meta.refreshes());
        secret.rotate(VERSION);
        for step in STEPS {
            secret.step(step, VERSION).unwrap();
        }
        assert_eq!((secret.holds("AWSCURRENT"), secret.version_in_use()), (token, VERSION.to_owned()));
        assert_eq!(secret.meta.refreshes(), refreshes);
    }
}

#[test]
fn a_step_fails_if_meta_refuses_the_token() {
    let mut secret = Secret::of_age(61);
    let dead = secret.holds("AWSCURRENT");
    secret.rotate(VERSION);
    for _ in 0..2 {
        let error = secret.step("createSecret", VERSION).unwrap_err();
        assert!(error.contains("ExitCode3") && !error.contains(&dead[20..]), "{error}");
    }
    let error = secret.step("testSecret", VERSION).unwrap_err();
    assert!(error.contains("createSecret has to come first"), "{error}");
    assert_eq!(secret.holds("AWSCURRENT"), dead);
}

#[test]
fn a_step_fails_while_meta_does_not_answer() {
    let mut secret = Secret::of_age(40);
    secret.rotate(VERSION);
    secret.meta.inject(Injection::new(Fault::Error(MetaError::new(4, "Application request limit reached"))));
    let error = secret.step("createSecret", VERSION).unwrap_err();
    assert!(error.contains("NotRotated"), "{error}");
    secret.meta.lets_go();
    // The owner's next attempt.
    secret.meta.sandbox.with(|meta| meta.advance(86_400));
    for step in STEPS {
        secret.step(step, VERSION).unwrap();
    }
    assert_eq!(secret.holds("AWSCURRENT"), secret.meta.newest());
}

#[test]
fn a_version_that_everlit_has_not_made_is_not_put_in_use() {
    let mut secret = Secret::of_age(40);
    secret.run(&["refresh"]).ended(0);
    let own = secret.holds("AWSCURRENT");
    let other = secret.meta.issue(&Issue::new(Kind::Instagram).username("another_shop").aged_days(2));
    let older = secret.meta.token_of_age(30);
    secret.rotate(VERSION);
    for foreign in [other, older] {
        let put = json!({"SecretString": foreign, "VersionStages": ["AWSPENDING"], "ClientRequestToken": VERSION});
        secret.aws("put_secret_value", put);
        for step in ["testSecret", "finishSecret"] {
            let error = secret.step(step, VERSION).unwrap_err();
            assert!(error.contains("not the token in use"), "{error}");
        }
        assert_eq!(secret.holds("AWSCURRENT"), own);
    }
}

#[test]
fn a_new_token_that_meta_refuses_fails_the_test() {
    let mut secret = Secret::of_age(40);
    let old = secret.holds("AWSCURRENT");
    secret.rotate(VERSION);
    secret.step("createSecret", VERSION).unwrap();
    let new = secret.meta.newest();
    secret.meta.sandbox.with(|meta| meta.set_state(&new, State::Revoked));
    let error = secret.step("testSecret", VERSION).unwrap_err();
    assert!(error.contains("Meta does not confirm the new token"), "{error}");
    assert_eq!(secret.holds("AWSCURRENT"), old);
}

#[test]
fn what_is_no_rotation_is_refused_in_words() {
    let mut secret = Secret::of_age(40);
    let unknown = "22222222-fake-fake-fake-222222222222";
    assert!(secret.step("createSecret", VERSION).unwrap_err().contains("rotation is not enabled"));
    secret.rotate(VERSION);
    assert!(secret.step("createSecret", unknown).unwrap_err().contains("has no version"));
    for step in &STEPS[1..] {
        assert!(secret.step(step, VERSION).unwrap_err().contains("createSecret has to come first"), "{step}");
    }
    let stage = json!({"VersionStage": "AWSPENDING", "RemoveFromVersionId": VERSION});
    secret.aws("update_secret_version_stage", stage);
    assert!(secret.step("createSecret", VERSION).unwrap_err().contains("is not AWSPENDING"));
    for (id, why) in [
        ("site/other", "no target of this project has its token in site/other: set `kind = "),
        (&secret.arn.replace("123456789012", "210987654321"), "the rotation is of arn:aws:"),
        (&secret.arn.replace("site/ig", "site/ig-everlit"), "no target of this project"),
    ] {
        let event = json!({"Step": "createSecret", "SecretId": id, "ClientRequestToken": VERSION});
        let error: Value = serde_json::from_str(&secret.function.invoke(&event.to_string()).unwrap_err()).unwrap();
        assert!(error["errorMessage"].as_str().unwrap().contains(why), "{error}");
    }
    assert_eq!(secret.meta.calls(), 0, "Meta is asked for nothing");
}

#[test]
fn a_rotation_is_of_one_account_among_others() {
    let mut secret = Secret::of_age(40);
    let other = secret.meta.token_of_age(40);
    secret.moto.call("secretsmanager", "create_secret", &json!({"Name": "site/ig-2", "SecretString": other}));
    let target = |account: &str, key: &str| {
        let kind = "kind = \"aws-secretsmanager\"\nsource = true";
        format!("[target.{account}]\n{kind}\naccount = \"{account}\"\nkey = \"{key}\"\n")
    };
    let accounts = "[account.a]\n[account.b]\nkey = \"TOKEN_B\"\n";
    secret.project.write("everlit.toml", format!("{accounts}{}{}", target("a", "site/ig-2"), target("b", "site/ig")));
    secret.rotate(VERSION);
    for step in STEPS {
        secret.step(step, VERSION).unwrap();
    }
    assert_eq!((secret.holds("AWSCURRENT"), secret.meta.refreshes()), (secret.meta.newest(), 1));
    let id = json!({"SecretId": "site/ig-2"});
    assert_eq!(secret.moto.call("secretsmanager", "get_secret_value", &id)["SecretString"], other);
}
