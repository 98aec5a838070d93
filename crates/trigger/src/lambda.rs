//! The program as a function of AWS Lambda, invoked on a schedule: each invocation is one run of `everlit refresh`. It rotates
//! a secret of Secrets Manager as well, and takes signed calls to its function URL.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::cell::RefCell;
use std::process::ExitCode;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use everlit_engine::{Overrides, Project, Rotation, RotationEvent, World};
use everlit_host::{Environment, SystemClock, runtime};
use everlit_http::{HttpClient, Method, Options, Request, Response, Secret, Url};
use everlit_keeper::Clock as _;
use everlit_webhook::{Headers, ID, SIGNATURE, TIMESTAMP};
use serde_json::{Value, json};

use crate::RUNTIME_API;
use crate::call::{Answer, Call, Gate};
use crate::run::{Failure, Runner, reasons};

/// The next event may be days away.
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Answers invocations until Lambda ends the process. Returns only if the runtime API cannot be used.
pub fn serve(environment: &Environment) -> ExitCode {
    let error = match (runtime(), Function::new(environment)) {
        (Ok(runtime), Ok(function)) => runtime.block_on(function.serve()),
        (Err(error), _) => error.to_string(),
        (_, Err(error)) => error,
    };
    log(&format!("everlit cannot use Lambda's runtime API: {error}"));
    ExitCode::FAILURE
}

#[allow(clippy::print_stderr, reason = "Lambda keeps it in the function's log")]
fn log(message: &str) {
    eprintln!("{message}");
}

struct Function<'a> {
    environment: &'a Environment,
    /// Where the function's own files are. They cannot be changed: a token comes from the environment or a target.
    folder: &'a str,
    runner: Runner,
    /// Once a call has come, and there is a secret.
    gate: RefCell<Option<Gate>>,
    http: HttpClient,
    url: String,
}

impl<'a> Function<'a> {
    fn new(environment: &'a Environment) -> Result<Self, String> {
        let http = HttpClient::new(Options { deadline: LONGEST_WAIT, ..Options::default() });
        let http = http.map_err(|error| error.to_string())?;
        let folder = environment.variable("LAMBDA_TASK_ROOT").unwrap_or(".");
        let runner = Runner::new(vec!["-C".into(), folder.into()])?;
        let address = environment.variable(RUNTIME_API).unwrap_or_default();
        let url = format!("http://{address}/2018-06-01/runtime/invocation");
        Ok(Self { environment, folder, runner, gate: RefCell::default(), http, url })
    }

    /// Returns why it cannot go on.
    async fn serve(&self) -> String {
        loop {
            let answered = async {
                let (id, event) = self.next().await?;
                let (path, body) = match self.answer(&event).await {
                    Ok(answer) => ("response", answer),
                    Err(Failure { kind, why }) => ("error", json!({"errorType": kind, "errorMessage": why})),
                };
                self.send(Method::POST, &format!("/{id}/{path}"), body.to_string()).await.map(drop)
            };
            if let Err(error) = answered.await {
                return error;
            }
        }
    }

    /// The id and the event of the next invocation.
    async fn next(&self) -> Result<(String, Value), String> {
        let response = self.send(Method::GET, "/next", String::new()).await?;
        let id = response.header("lambda-runtime-aws-request-id").ok_or("an invocation without an id")?;
        Ok((id.to_owned(), serde_json::from_slice(&response.body).unwrap_or_default()))
    }

    async fn send(&self, method: Method, path: &str, body: String) -> Result<Response, String> {
        let url = Url::parse(&format!("{}{path}", self.url)).map_err(|error| error.to_string())?;
        let headers = vec![("content-type", Secret::new("application/json"))];
        let request = Request { method, url, headers, body: body.into_bytes().into() };
        let response = self.http.send(request).await.map_err(|error| error.to_string())?;
        if (200..300).contains(&response.status) { Ok(response) } else { Err(format!("status {}", response.status)) }
    }

    async fn answer(&self, event: &Value) -> Result<Value, Failure> {
        if RotationEvent::is_in(event) {
            return self.rotate(event).await;
        }
        // <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>
        if event.get("requestContext").is_some() {
            let Answer { status, body } = self.call(event).await;
            let headers = json!({"content-type": "application/json"});
            return Ok(json!({"statusCode": status, "headers": headers, "body": body.to_string()}));
        }
        self.runner.run(None, None).await.map(|ran| ran.report)
    }

    /// A call to the function URL, which anybody can make.
    async fn call(&self, event: &Value) -> Answer {
        let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned();
        let header = |name| text(&event["headers"][name]);
        let body = text(&event["body"]);
        let body = if event["isBase64Encoded"] == true { STANDARD.decode(body) } else { Ok(body.into_bytes()) };
        let Ok(body) = body else { return Answer::error(400, "the body is not base64") };
        let (id, timestamp, signature) = (header(ID), header(TIMESTAMP), header(SIGNATURE));
        let headers = Headers { id: &id, timestamp: &timestamp, signature: &signature };
        let (method, path) = (text(&event["requestContext"]["http"]["method"]), text(&event["rawPath"]));
        let call = Call { method: &method, path: &path, headers, body: &body };
        if let Err(answer) = self.admit(&call) {
            return answer;
        }
        Answer::of_run(self.runner.run(None, None).await)
    }

    fn admit(&self, call: &Call<'_>) -> Result<(), Answer> {
        let mut gate = self.gate.borrow_mut();
        if gate.is_none() {
            let opened = self.project().and_then(|project| Gate::of(&project).map_err(|error| error.message));
            *gate = opened.map_err(|error| log(&error)).ok();
        }
        let closed = || Answer::error(403, "no call is taken here; the function's log says why");
        gate.as_mut().ok_or_else(closed)?.admit(call, SystemClock.now())
    }

    /// One step of a rotation. The first is a run, unless it was done before.
    async fn rotate(&self, event: &Value) -> Result<Value, Failure> {
        let refused = |why: String| Failure::new("NotRotated", why);
        let event = RotationEvent::read(event).map_err(refused)?;
        let project = self.project().map_err(refused)?;
        let rotation = Rotation::find(&project, event).map_err(refused)?;
        if rotation.step().await.map_err(refused)? {
            return Ok(json!({"rotation": "done"}));
        }
        let ran = self.runner.run(rotation.account(), Some(rotation.variable())).await?;
        if ran.is_complete {
            rotation.hold().await.map_err(refused)?;
        } else if !rotation.is_held().await {
            return Err(refused(reasons(&ran.report)));
        }
        Ok(ran.report)
    }

    fn project(&self) -> Result<Project<'_>, String> {
        let overrides = Overrides { folder: Some(self.folder.into()), ..Overrides::default() };
        Project::open(&overrides, self.environment, World::real()).map_err(|error| error.message)
    }
}
