//! Parameter Store and Secrets Manager, against moto, with AWS's own client as reader and signer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock};

use everlit_host::Environment;
use everlit_http::Secret;
use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds};
use everlit_meta_api::Token;
use everlit_target::{Error, Place};
use serde_json::{Value, json};

use crate::server::{Asked, Server};
use crate::support::{place_in, start, token, validator};

const KINDS: [&str; 2] = ["aws-ssm", "aws-secretsmanager"];
const ID: (&str, &str) = ("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE");
const SECRET: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", "fakeSECRETfake+/");
const REGION: (&str, &str) = ("AWS_REGION", "eu-central-1");
const SESSION: (&str, &str) = ("AWS_SESSION_TOKEN", "fakeSESSIONfake//==");

/// One moto for all tests, with AWS's own client. It ends with them, as its stdin does.
struct Moto {
    url: String,
    client: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    _process: Child,
}

fn running() -> &'static Moto {
    static MOTO: OnceLock<Moto> = OnceLock::new();
    MOTO.get_or_init(|| {
        let mut process = start("moto_server.py", &[]);
        let (stdin, stdout) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let mut stdout = BufReader::new(stdout);
        let mut url = String::new();
        stdout.read_line(&mut url).unwrap();
        Moto { url: url.trim().to_owned(), client: Mutex::new((stdin, stdout)), _process: process }
    })
}

fn moto() -> &'static str {
    &running().url
}

/// What AWS's own client is answered: `[[service, method, parameters], ...]`.
fn aws(calls: &Value) -> Value {
    let (stdin, stdout) = &mut *running().client.lock().unwrap();
    writeln!(stdin, "{calls}").unwrap();
    let mut answers = String::new();
    stdout.read_line(&mut answers).unwrap();
    serde_json::from_str(&answers).unwrap()
}

fn environment(folder: &Path, variables: &[(&str, &str)]) -> Environment {
    Environment::of(folder.to_owned(), variables)
}

/// A place with access keys, at this address.
fn place_at(url: &str, of: &str, key: &str) -> Arc<dyn Place> {
    let environment = environment(Path::new("/"), &[ID, SECRET, REGION]);
    place_in(&environment, false, of, key, &[("url", &[url])], &[]).unwrap()
}

/// What is refused about a place.
fn refused(environment: &Environment, options: &[(&'static str, &[&str])]) -> String {
    place_in(environment, false, "aws-ssm", "/site/token", options, &[]).unwrap_err().to_string()
}

fn next_token() -> Token {
    Token::parse("IGAAfakeNEXTfakeNEXTfakeNEXTfakeNEXTfakeNEXTfakeNEXTfakeNEXTfakeNEXT").unwrap()
}

#[tokio::test]
async fn awss_own_client_reads_what_was_delivered() {
    for of in KINDS {
        let place = place_at(moto(), of, "/read/ig-token");
        assert!(
            place.plan().ends_with(" /read/ig-token in eu-central-1 (a check can only read it)"),
            "{}",
            place.plan()
        );
        place.check().await.unwrap();
        assert!(place.checked().starts_with("can be read"), "no more is known");
        assert_eq!(place.verify(&token()).await, Ok(Holds::Another), "{of}: a check writes nothing");
        place.deliver(&token(), None).await.unwrap();
        place.deliver(&next_token(), None).await.unwrap();
        // An older token comes back, twice.
        for _ in 0..2 {
            place.deliver(&token(), None).await.unwrap();
            assert_eq!(place.verify(&token()).await, Ok(Holds::ThisToken), "{of}");
        }
    }
    let (parameter, secret) = (json!({"Name": "/read/ig-token"}), json!({"SecretId": "/read/ig-token"}));
    let answers = aws(&json!([
        ["ssm", "get_parameter", {"Name": "/read/ig-token", "WithDecryption": true}],
        ["ssm", "get_parameter_history", parameter],
        ["secretsmanager", "get_secret_value", secret],
        ["secretsmanager", "list_secret_version_ids", {"SecretId": "/read/ig-token", "IncludeDeprecated": true}],
    ]));
    let parameter = &answers[0]["Parameter"];
    assert_eq!((&parameter["Value"], &parameter["Type"]), (&json!(token().expose()), &json!("SecureString")));
    assert_eq!(answers[2]["SecretString"], token().expose());
    for versions in [&answers[1]["Parameters"], &answers[3]["Versions"]] {
        assert_eq!(versions.as_array().unwrap().len(), 3, "a repetition is not a version");
    }
}

#[tokio::test]
async fn what_is_not_a_token_is_left_alone() {
    aws(&json!([
        ["ssm", "put_parameter", {"Name": "/other/db", "Type": "SecureString", "Value": "{\"db\": 1}"}],
        ["ssm", "put_parameter", {"Name": "/other/plain", "Type": "String", "Value": token().expose()}],
        ["secretsmanager", "create_secret", {"Name": "other/db", "SecretString": "{\"db\": 1}"}],
        ["secretsmanager", "create_secret", {"Name": "other/binary", "SecretBinary": "AAAA"}],
    ]));
    for (of, key, why) in [
        ("aws-ssm", "/other/db", "something other than a token"),
        ("aws-ssm", "/other/plain", "is not encrypted"),
        ("aws-secretsmanager", "other/db", "something other than a token"),
        ("aws-secretsmanager", "other/binary", "something other than a token"),
    ] {
        let place = place_at(moto(), of, key);
        for outcome in [place.check().await, place.deliver(&token(), None).await] {
            let error = outcome.unwrap_err();
            assert_eq!(error.class, DeliveryErrorClass::RefusedByRule, "{key}");
            assert!(error.message.contains(why), "{error}");
        }
    }
    for (of, key) in [("aws-ssm", "/other/db"), ("aws-secretsmanager", "other/db")] {
        let kept = place_at(moto(), of, key).source().unwrap().token().await;
        assert_eq!(kept, Ok(Some(Secret::new("{\"db\": 1}"))));
    }
}

#[tokio::test]
async fn a_run_without_a_disk_finds_its_token_and_state_there() {
    for (of, room) in [("aws-ssm", 4096), ("aws-secretsmanager", 30_000)] {
        let place = place_at(moto(), of, "/source/ig-token");
        let source = place.source().unwrap();
        assert_eq!((source.token().await, source.state().await), (Ok(None), Ok(None)), "{of}");
        place.deliver(&token(), None).await.unwrap();
        assert_eq!(source.token().await, Ok(Some(Secret::new(token().expose()))), "{of}");
        // The longest that fits, of characters that JSON escapes.
        assert_eq!(source.room(), room);
        for state in ["\"".repeat(room), "{\"schema\": 1}".to_owned()] {
            source.save_state(&Secret::new(&*state)).await.unwrap();
            assert_eq!(source.state().await, Ok(Some(Secret::new(state))), "{of}");
        }
        let refused = source.save_state(&Secret::new("x".repeat(room + 1))).await.unwrap_err();
        assert_eq!(refused.class, DeliveryErrorClass::RefusedByRule);
        assert_eq!(source.token().await, Ok(Some(Secret::new(token().expose()))), "{of}: the state has its own place");
    }
}

/// A service that has nothing and takes everything.
fn empty() -> Server {
    Server::new(|asked| match asked.header("x-amz-target") {
        "AmazonSSM.GetParameter" => (400, "", json!({"__type": "ParameterNotFound"}).to_string()),
        "AmazonSSM.PutParameter" => (200, "", json!({"Version": 1, "Tier": "Standard"}).to_string()),
        "secretsmanager.CreateSecret" => (200, "", json!({"ARN": "arn:aws:secretsmanager:x"}).to_string()),
        _ => (400, "", json!({"__type": "ResourceNotFoundException", "Message": "cannot find it"}).to_string()),
    })
}

/// A request as the script takes it that signs the same.
fn to_sign(asked: &Asked, url: &str, service: &str) -> Value {
    let names = ["content-type", "x-amz-date", "x-amz-target"];
    let headers: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), json!(asked.header(name)))).collect();
    json!({"url": url, "headers": headers, "body": asked.body, "region": REGION.1, "service": service,
           "id": ID.1, "secret": SECRET.1, "token": SESSION.1})
}

#[tokio::test]
async fn p3_requests_are_signed_as_awss_own_client_signs_them() {
    let server = empty();
    let environment = environment(Path::new("/"), &[ID, SECRET, SESSION, REGION]);
    let options: [(&'static str, &[&str]); 2] = [("kms_key", &["alias/site"]), ("url", &[&server.url])];
    for of in KINDS {
        let place = place_in(&environment, false, of, "/site/token", &options, &[]).unwrap();
        place.deliver(&token(), None).await.unwrap();
    }
    let asked = server.asked();
    let service =
        |asked: &Asked| if asked.header("x-amz-target").starts_with("AmazonSSM") { "ssm" } else { "secretsmanager" };
    let to_sign: Vec<_> = asked.iter().map(|asked| to_sign(asked, &server.url, service(asked))).collect();
    let signatures = validator("sigv4.py", &[], &json!(to_sign).to_string());
    assert_eq!(
        asked.iter().map(|asked| asked.header("authorization")).collect::<Vec<_>>(),
        signatures.lines().collect::<Vec<_>>()
    );
    assert!(asked.iter().all(|asked| asked.line == "POST /" && asked.header("x-amz-security-token") == SESSION.1));
    let calls = asked.iter().map(|asked| asked.header("x-amz-target"));
    let expected = [
        "AmazonSSM.GetParameter",
        "AmazonSSM.PutParameter",
        "secretsmanager.GetSecretValue",
        "secretsmanager.PutSecretValue",
        "secretsmanager.CreateSecret",
    ];
    assert_eq!(calls.collect::<Vec<_>>(), expected);
    assert_eq!(asked[1].json()["Overwrite"], false, "not what somebody else has created meanwhile");
    assert_eq!((&asked[1].json()["KeyId"], &asked[4].json()["KmsKeyId"]), (&json!("alias/site"), &json!("alias/site")));
    let headers = format!("{:?}", asked.iter().map(|asked| &asked.headers).collect::<Vec<_>>());
    assert!(!headers.contains(SECRET.1) && !headers.contains("fakeFAKE"), "{headers}");
}

async fn refusal(status: u16, body: &Value) -> DeliveryError {
    let body = body.to_string();
    let server = Server::new(move |_| (status, "", body.clone()));
    place_at(&server.url, "aws-ssm", "/site/token").deliver(&token(), None).await.unwrap_err()
}

#[tokio::test]
async fn each_error_code_says_who_can_help() {
    use DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule, Retry};
    let table = [
        (400, "ThrottlingException", Retry),
        (400, "TooManyUpdates", Retry),
        (500, "InternalServerError", Retry),
        (400, "ParameterAlreadyExists", Retry),
        (400, "AccessDeniedException", CredentialRefused),
        (400, "com.amazon.coral.service#UnrecognizedClientException", CredentialRefused),
        (400, "ExpiredTokenException", CredentialRefused),
        (403, "InvalidSignatureException", CredentialRefused),
        (400, "InvalidKeyId", NotFound),
        (404, "UnknownOperationException", NotFound),
        (400, "ValidationException", RefusedByRule),
        (400, "ParameterMaxVersionLimitExceeded", RefusedByRule),
        (400, "HierarchyTypeMismatchException", RefusedByRule),
        // A code of tomorrow.
        (503, "SomethingElse", Retry),
    ];
    for (status, code, class) in table {
        let error = refusal(status, &json!({"__type": code, "message": "the reason"})).await;
        assert_eq!((error.class, error.http_status), (class, Some(status)), "{error}");
        let code = code.rsplit('#').next().unwrap();
        assert!(error.message.contains(code) && error.message.contains("the reason"), "{error}");
    }
    let echo = format!("1 validation error detected: Value '{}' at 'value' is too long", token().expose());
    let error = refusal(400, &json!({"__type": "ValidationException", "Message": echo})).await;
    assert!(!error.message.contains("fakeFAKE") && error.message.contains("validation error"), "P3: {error}");
    let error = refusal(400, &json!("<html>")).await;
    assert!(error.message.contains("refused the request (400)"), "{error}");
}

#[tokio::test]
async fn a_limit_on_calls_is_waited_for_some_seconds() {
    for (limited, is_delivered) in [(3, true), (4, false)] {
        let left = AtomicUsize::new(limited);
        let server = Server::new(move |asked| match asked.header("x-amz-target") {
            "AmazonSSM.GetParameter" => (400, "", json!({"__type": "ParameterNotFound"}).to_string()),
            _ if left.load(Relaxed) == 0 => (200, "", json!({"Version": 1}).to_string()),
            _ => {
                left.fetch_sub(1, Relaxed);
                (400, "", json!({"__type": "ThrottlingException", "message": "Rate exceeded"}).to_string())
            }
        });
        let delivered = place_at(&server.url, "aws-ssm", "/site/token").deliver(&token(), None).await;
        assert_eq!((delivered.is_ok(), server.asked().len()), (is_delivered, 5), "{delivered:?}");
    }
}

#[tokio::test]
async fn what_aws_does_not_say_is_not_taken_for_success() {
    for body in ["", "<html>Please sign in</html>", "{}", "[]"] {
        for of in KINDS {
            let server = Server::new(|_| (200, "", body.to_owned()));
            let place = place_at(&server.url, of, "/site/token");
            let error = place.deliver(&token(), None).await.unwrap_err();
            assert_eq!(error.class, DeliveryErrorClass::Retry);
            assert!(error.message.contains("did not answer as the service does"), "{body}: {error}");
        }
    }
}

#[tokio::test]
async fn a_secret_that_may_not_be_created_says_how_to() {
    let server = Server::new(|asked| {
        let code = if asked.header("x-amz-target").ends_with("CreateSecret") {
            "AccessDeniedException"
        } else {
            "ResourceNotFoundException"
        };
        (400, "", json!({"__type": code, "Message": "no"}).to_string())
    });
    let error = place_at(&server.url, "aws-secretsmanager", "site/token").deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::CredentialRefused);
    assert!(error.message.contains("aws secretsmanager create-secret --name site/token"), "{error}");
}

/// The headers of the delivery, signed with what a role gave.
async fn delivered_with(folder: &Path, variables: &[(&str, &str)]) -> Result<Asked, DeliveryError> {
    let server = empty();
    let all: Vec<_> = [REGION].iter().chain(variables).copied().collect();
    let options: [(&'static str, &[&str]); 1] = [("url", &[&server.url])];
    let place = place_in(&environment(folder, &all), false, "aws-ssm", "/site/token", &options, &[]).unwrap();
    place.deliver(&token(), None).await?;
    Ok(server.asked().pop().unwrap())
}

#[tokio::test]
async fn a_job_with_oidc_gets_credentials_from_sts() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("oidc"), "eyJfake.fake.fake\n").unwrap();
    let role = [("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/site"), ("AWS_WEB_IDENTITY_TOKEN_FILE", "oidc")];
    let at = |url| [role[0], role[1], ("AWS_ENDPOINT_URL_STS", url)];
    let asked = delivered_with(folder.path(), &at(moto())).await.unwrap();
    assert!(asked.header("authorization").contains("Credential=ASIA"), "a temporary key");
    assert!(asked.header("x-amz-security-token").len() > 100);
    let sts = Server::new(|_| {
        let error = "<Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>No OpenIDConnect provider</Message></Error>";
        (400, "", format!("<ErrorResponse>{error}</ErrorResponse>"))
    });
    let error = delivered_with(folder.path(), &at(&sts.url)).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::CredentialRefused);
    assert!(error.message.contains("InvalidIdentityToken (400): No OpenIDConnect provider"), "{error}");
    assert_eq!(
        sts.asked()[0].body,
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fsite\
         &RoleSessionName=everlit&WebIdentityToken=eyJfake%2Efake%2Efake"
    );
    std::fs::remove_file(folder.path().join("oidc")).unwrap();
    let error = delivered_with(folder.path(), &at(moto())).await.unwrap_err();
    assert!(error.message.contains("oidc cannot be read"), "{error}");
}

#[tokio::test]
async fn an_instance_gets_credentials_of_its_role() {
    let at = |url| [("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)];
    let asked = delivered_with(Path::new("/"), &at(moto())).await.unwrap();
    assert!(!asked.header("x-amz-security-token").is_empty());
    // Nothing listens there.
    let error = delivered_with(Path::new("/"), &at("http://127.0.0.1:9")).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::CredentialRefused);
    assert!(error.message.starts_with("no AWS credentials"), "{error}");
    let without_role =
        Server::new(|asked| (if asked.line.starts_with("PUT") { 200 } else { 404 }, "", "fake".to_owned()));
    let error = delivered_with(Path::new("/"), &at(&without_role.url)).await.unwrap_err();
    assert!(error.message.contains("this EC2 instance has no role"), "{error}");
}

#[tokio::test]
async fn a_container_gets_credentials_until_they_end() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "Basic fake\n").unwrap();
    // Now is 8:00: those that end within minutes do not last for both calls of a delivery.
    for (name, value, end, calls) in [
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic fake", "2027-01-15T09:00:00Z", 1),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "token", "2027-01-15T08:04:00Z", 2),
    ] {
        let given =
            json!({"AccessKeyId": "ASIAFAKE", "SecretAccessKey": "fake", "Token": "fakeSESSION", "Expiration": end});
        let container = Server::new(move |_| (200, "", given.to_string()));
        let url = format!("{}/v2/credentials/fake", container.url);
        let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()), (name, value)];
        let asked = delivered_with(folder.path(), &variables).await.unwrap();
        assert!(asked.header("authorization").contains("Credential=ASIAFAKE/20270115/eu-central-1/ssm/aws4_request"));
        assert_eq!(asked.header("x-amz-security-token"), "fakeSESSION");
        assert_eq!(container.lines(), vec!["GET /v2/credentials/fake"; calls]);
        assert_eq!(container.asked()[0].header("authorization"), "Basic fake");
    }
}

#[tokio::test]
async fn a_profile_gives_keys_and_region() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(".aws").join(name), text).unwrap();
    write(
        "credentials",
        "[site]\naws_access_key_id = AKIASITE\naws_secret_access_key = fake\n[half]\naws_access_key_id = A\n",
    );
    write(
        "config",
        "[profile site]\nregion = sa-east-1\n[profile sso]\nsso_session = x\nregion = sa-east-1\n[profile half]\nregion = x\n[profile empty]\n",
    );
    let home = home.path().to_str().unwrap();
    let server = empty();
    let url = [server.url.as_str()];
    // A profile that the settings name counts more than keys in the environment, one that the environment names less.
    for (variables, options, id) in [
        (vec![("HOME", home), ID, SECRET], vec![("profile", &["site"][..])], "AKIASITE"),
        (vec![("HOME", home), ("AWS_PROFILE", "site")], vec![], "AKIASITE"),
        (vec![("HOME", home), ("AWS_PROFILE", "site"), ID, SECRET], vec![], ID.1),
    ] {
        let options: Vec<(&'static str, &[&str])> = options.into_iter().chain([("url", &url[..])]).collect();
        let place = place_in(&environment(Path::new("/"), &variables), false, "aws-ssm", "t", &options, &[]).unwrap();
        place.check().await.unwrap();
        let asked = server.asked().pop().unwrap();
        let scope = format!("Credential={id}/20270115/sa-east-1/ssm/aws4_request");
        assert!(asked.header("authorization").contains(&scope), "{}", asked.header("authorization"));
    }
    for (profile, why) in [
        ("half", "the AWS profile half has an AWS access key id without its secret access key"),
        ("sso", "the AWS profile sso uses sso_session, which everlit does not follow"),
        ("empty", "`region` is missing"),
        ("other", "the AWS profile other is neither in"),
    ] {
        let refused = refused(&environment(Path::new("/"), &[("HOME", home)]), &[("profile", &[profile])]);
        assert!(refused.contains(why), "{refused}");
    }
}

#[test]
fn wrong_settings_are_refused_before_anything_is_sent() {
    let full = environment(Path::new("/"), &[ID, SECRET, REGION]);
    for (of, key) in
        [("aws-ssm", "site/token"), ("aws-ssm", "to ken"), ("aws-secretsmanager", "arn:aws:secretsmanager:x")]
    {
        let refused = place_in(&full, false, of, key, &[], &[]);
        assert!(matches!(refused, Err(Error::Setting("key", _))), "{key}");
    }
    let url = "`url` may use plain http only to reach this machine";
    assert_eq!(refused(&full, &[("url", &["http://aws.example"])]), url);
    assert!(refused(&full, &[("region", &["eu-central-1.example/"])]).contains("must be a name such as"));
    let half = environment(Path::new("/"), &[SECRET, REGION]);
    assert!(refused(&half, &[]).contains("without its access key id"));
    let none = environment(Path::new("/"), &[REGION, ("AWS_EC2_METADATA_DISABLED", "true")]);
    assert!(refused(&none, &[]).starts_with("no AWS credentials"));
}

#[test]
fn p3_a_trial_reaches_no_other_machine() {
    let keys = [ID, SECRET, REGION];
    let role = [
        REGION,
        ("AWS_ROLE_ARN", "arn"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "f"),
        ("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:9"),
    ];
    for (variables, host) in [
        (&keys[..], "ssm.eu-central-1.amazonaws.com"),
        (&[ID, SECRET, ("AWS_REGION", "cn-north-1")], "ssm.cn-north-1.amazonaws.com.cn"),
        (&role, "sts.eu-central-1.amazonaws.com"),
        (&[REGION, ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")], "169.254.169.254"),
        (
            &[
                REGION,
                ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
                ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/fake"),
            ],
            "169.254.170.2",
        ),
    ] {
        let refused = place_in(&environment(Path::new("/"), variables), true, "aws-ssm", "t", &[], &[]).unwrap_err();
        assert_eq!(refused, Error::Trial(host.to_owned()));
    }
    let local: [(&'static str, &[&str]); 1] = [("url", &["http://127.0.0.1:9"])];
    assert!(place_in(&environment(Path::new("/"), &keys), true, "aws-ssm", "t", &local, &[]).is_ok());
}
