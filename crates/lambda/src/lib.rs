//! The program as a function of AWS Lambda, invoked on a schedule: each invocation is one run of `everlit refresh`.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use everlit_host::{Environment, runtime};
use everlit_http::{HttpClient, Method, Options, Request, Secret, Url};
use serde_json::{Value, json};

/// The variable with the address of the runtime API, which Lambda sets.
pub const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// The next event may be days away.
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Answers invocations until Lambda ends the process, each with a run of this program. Returns only if the runtime API cannot
/// be used.
pub fn serve(environment: &Environment) -> ExitCode {
    let api = environment.variable(RUNTIME_API).unwrap_or_default();
    let program = std::env::current_exe().map_err(|error| error.to_string());
    let error = match (Api::new(api), program) {
        (Ok(api), Ok(program)) => api.serve(environment, &program),
        (Err(error), _) | (_, Err(error)) => error,
    };
    #[allow(clippy::print_stderr, reason = "Lambda keeps it in the function's log")]
    {
        eprintln!("everlit cannot use Lambda's runtime API: {error}");
    }
    ExitCode::FAILURE
}

struct Api {
    http: HttpClient,
    url: String,
}

impl Api {
    fn new(address: &str) -> Result<Self, String> {
        let http = HttpClient::new(Options { deadline: LONGEST_WAIT, ..Options::default() });
        let http = http.map_err(|error| error.to_string())?;
        Ok(Self { http, url: format!("http://{address}/2018-06-01/runtime/invocation") })
    }

    /// Returns why it cannot go on.
    fn serve(&self, environment: &Environment, program: &Path) -> String {
        loop {
            let answered = self.next().and_then(|(id, event)| {
                let (path, body) = answer(&event, environment, program);
                self.call(Method::POST, &format!("/{id}/{path}"), body.to_string()).map(drop)
            });
            if let Err(error) = answered {
                return error;
            }
        }
    }

    /// The id and the event of the next invocation.
    fn next(&self) -> Result<(String, Value), String> {
        let response = self.call(Method::GET, "/next", String::new())?;
        let id = response.header("lambda-runtime-aws-request-id").ok_or("an invocation without an id")?;
        Ok((id.to_owned(), serde_json::from_slice(&response.body).unwrap_or_default()))
    }

    fn call(&self, method: Method, path: &str, body: String) -> Result<everlit_http::Response, String> {
        let url = Url::parse(&format!("{}{path}", self.url)).map_err(|error| error.to_string())?;
        let headers = vec![("content-type", Secret::new("application/json"))];
        let request = Request { method, url, headers, body: body.into_bytes().into() };
        let runtime = runtime().map_err(|error| error.to_string())?;
        let response = runtime.block_on(self.http.send(request)).map_err(|error| error.to_string())?;
        if (200..300).contains(&response.status) { Ok(response) } else { Err(format!("status {}", response.status)) }
    }
}

/// Where the answer to an event goes, and what it is.
fn answer(event: &Value, environment: &Environment, program: &Path) -> (&'static str, Value) {
    // Secrets Manager calls a function for rotation four times: each would be a refresh, and Meta refuses the second.
    if event.get("Step").is_some() && event.get("SecretId").is_some() {
        let why = "everlit is no rotation function of Secrets Manager: invoke it once a day with EventBridge Scheduler";
        return failed("NotARotationFunction", why);
    }
    let mut refresh = Command::new(program);
    // The function's own files cannot be changed: a token comes from the environment or a target.
    let folder = environment.variable("LAMBDA_TASK_ROOT").unwrap_or(".");
    refresh.args(["-C", folder, "refresh", "--json", "--no-input"]).env_remove(RUNTIME_API).stdin(Stdio::null());
    let output = match refresh.stderr(Stdio::inherit()).output() {
        Ok(output) => output,
        Err(error) => return failed("NotStarted", &error.to_string()),
    };
    let code = output.status.code();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| json!({"exit_code": code}));
    match code {
        // 4 and 6: failed or busy, and tried again by the next invocation.
        Some(0 | 4 | 6) => ("response", report),
        Some(code) => failed(&format!("ExitCode{code}"), &reasons(&report)),
        None => failed("Killed", "a signal ended the run"),
    }
}

fn failed(kind: &str, why: &str) -> (&'static str, Value) {
    ("error", json!({"errorType": kind, "errorMessage": why}))
}

/// `shop: expired 2 days ago`, for each account that is not well.
fn reasons(report: &Value) -> String {
    let accounts = report["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let failing = accounts.iter().filter(|account| account["exit_code"] != 0);
    let reasons: Vec<String> = failing
        .filter_map(|account| Some(format!("{}: {}", account["name"].as_str()?, account["message"].as_str()?)))
        .collect();
    let message = report["message"].as_str().unwrap_or("a person is needed");
    if reasons.is_empty() { message.to_owned() } else { reasons.join("; ") }
}
