//! Which calls start a run, and what they are answered: the same for a function URL of Lambda and for the listener.

use std::collections::HashMap;

use everlit_engine::{ConfigError, Project};
use everlit_keeper::Step;
use everlit_meta_api::Timestamp;
use everlit_webhook::{Headers, Refused, SigningKey, TOLERANCE};
use serde_json::{Value, json};

use crate::SECRET;
use crate::run::{Failure, Ran};

/// The path of a call that starts a run.
const RUN: &str = "/";

/// The path that monitors and platforms ask.
const HEALTH: &str = "/healthz";

/// The largest body that is read, in bytes. What is in it does not matter.
pub(crate) const LARGEST_BODY: usize = 64 << 10;

/// A call as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Those of the signature; empty where they are missing.
    pub(crate) headers: Headers<'a>,
    pub(crate) body: &'a [u8],
}

/// What a call is answered.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Decides about calls, and remembers those that it has let in: each starts one run.
#[derive(Debug)]
pub(crate) struct Gate {
    key: SigningKey,
    /// The ids of calls, each with the time from which a repetition would be too old anyway.
    known: HashMap<String, Timestamp>,
}

impl Answer {
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self { status, body: json!({"message": message}) }
    }

    /// What came of the run that a call has started.
    pub(crate) fn of_run(outcome: Result<Ran, Failure>) -> Self {
        match outcome {
            Ok(ran) => Self { status: 200, body: ran.report },
            Err(Failure { kind, why }) => Self { status: 500, body: json!({"error": kind, "message": why}) },
        }
    }
}

impl Gate {
    /// With the secret of the project.
    pub(crate) fn of(project: &Project<'_>) -> Result<Self, ConfigError> {
        let next = || Step::note(format!("set {SECRET} to what this prints: echo whsec_$(openssl rand -base64 32)"));
        let wrong = |what: &str| ConfigError::new(format!("{SECRET} {what}"), next());
        let secret = project.secret(SECRET)?.ok_or_else(|| wrong("is not set, so no call could be trusted"))?;
        let key = SigningKey::parse(&secret.value)
            .ok_or_else(|| wrong(&format!("({}) must be `whsec_` and 24 to 64 bytes in base64", secret.origin)))?;
        Ok(Self { key, known: HashMap::new() })
    }

    /// `Ok` if the call is to start a run, else its answer.
    pub(crate) fn admit(&mut self, call: &Call<'_>, now: Timestamp) -> Result<(), Answer> {
        match (call.path, call.method) {
            (RUN, "POST") => {}
            (HEALTH, "GET" | "HEAD") => return Err(Answer { status: 200, body: json!({"status": "ok"}) }),
            (RUN | HEALTH, _) => return Err(Answer::error(405, "POST / starts a run, GET /healthz does not")),
            _ => return Err(Answer::error(404, "POST / starts a run")),
        }
        if call.body.len() > LARGEST_BODY {
            return Err(Answer::error(413, "the body is larger than 64 KB"));
        }
        self.key.verify(call.headers, call.body, now).map_err(|refused| {
            Answer::error(
                401,
                match refused {
                    Refused::NotSigned => "the call is not signed with the secret of this everlit",
                    Refused::OutOfTime => "the call was signed more than five minutes ago, or a clock is wrong",
                },
            )
        })?;
        self.known.retain(|_, until| *until >= now);
        if self.known.contains_key(call.headers.id) {
            return Err(Answer::error(409, "a call with this id has started a run"));
        }
        // Signed in the future, it could be repeated for as long after that.
        self.known.insert(call.headers.id.to_owned(), now + TOLERANCE + TOLERANCE);
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    pub(crate) const KEY: &str = "whsec_ZmFrZWZha2VmYWtlZmFrZWZha2VmYWtl";

    pub(crate) fn gate() -> Gate {
        Gate { key: SigningKey::parse(KEY).unwrap(), known: HashMap::new() }
    }

    /// What a call with this id, signed at this time, is answered.
    fn status(gate: &mut Gate, id: &str, signed_at: Timestamp, now: Timestamp) -> u16 {
        let [(_, id), (_, timestamp), (_, signature)] = gate.key.headers(id, signed_at, "{}");
        let headers = Headers { id: id.expose(), timestamp: timestamp.expose(), signature: signature.expose() };
        let call = Call { method: "POST", path: "/", headers, body: b"{}" };
        gate.admit(&call, now).map_or_else(|answer| answer.status, |()| 200)
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(NOW.as_unix() + seconds)
    }

    #[test]
    fn a_call_starts_one_run() {
        let gate = &mut gate();
        assert_eq!(status(gate, "a", NOW, NOW), 200);
        assert_eq!(status(gate, "a", NOW, NOW), 409, "a repetition");
        assert_eq!(status(gate, "b", NOW, NOW), 200, "another call in the same second");
        assert_eq!(status(gate, "old", at(-301), NOW), 401);
        // As long as a recorded call is young enough, its id is known.
        assert_eq!(status(gate, "future", at(300), NOW), 200);
        assert_eq!(status(gate, "future", at(300), at(600)), 409);
        assert_eq!(status(gate, "future", at(300), at(601)), 401);
        assert_eq!(status(gate, "c", at(601), at(601)), 200);
        assert_eq!(gate.known.len(), 1, "what cannot be repeated is forgotten");
    }

    #[test]
    fn only_a_signed_post_starts_a_run() {
        let headers = Headers { id: "a", timestamp: "1800000000", signature: "v1,AAAA" };
        for (method, path, status) in [
            ("POST", "/", 401),
            ("GET", "/", 405),
            ("PUT", "/", 405),
            ("POST", "/healthz", 405),
            ("GET", "/healthz", 200),
            ("HEAD", "/healthz", 200),
            ("POST", "/run", 404),
            ("", "", 404),
        ] {
            let answer = gate().admit(&Call { method, path, headers, body: b"" }, NOW).unwrap_err();
            assert_eq!(answer.status, status, "{method} {path}");
        }
        let large = vec![0; LARGEST_BODY + 1];
        let call = Call { method: "POST", path: "/", headers, body: &large };
        assert_eq!(gate().admit(&call, NOW).unwrap_err().status, 413);
    }
}
