//! What all hosts have in common: the token gets there, and nothing that is not the host's is taken for a delivery.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use everlit_host::Environment;
use everlit_keeper::{DeliveryErrorClass, Holds};
use everlit_meta_api::Token;
use everlit_target::{Error, Place};
use serde_json::{Value, json};

use crate::fakes::{HOSTS, Host, KEY};
use crate::server::{Asked, Server, json as answer};
use crate::support::{CREDENTIAL, EXPIRES, place_in, token};

impl Host {
    /// The place at this server, with the host's credential or another.
    fn place(&self, key: &str, url: &str, credential: &str) -> Result<Arc<dyn Place>, Error> {
        let at = [url];
        let of = |(name, values): &(&'static str, &'static [&'static str])| {
            if *values == ["URL"] { (*name, at.as_slice()) } else { (*name, *values) }
        };
        let mut options: Vec<(&'static str, &[&str])> = self.options.iter().map(of).collect();
        options.push(("url", &at));
        let metadata_server = url.trim_start_matches("http://");
        let environment = Environment::of("/".into(), &[("GCE_METADATA_HOST", metadata_server)]);
        let secret = self.secret.map(|suffix| (suffix, credential));
        place_in(&environment, false, self.kind, key, &options, secret.as_slice())
    }

    fn at(&self, server: &Server) -> Arc<dyn Place> {
        self.place(KEY, &server.url, CREDENTIAL).unwrap()
    }
}

#[tokio::test]
async fn each_host_gets_the_token_and_then_the_next() {
    let next = Token::parse(&token().expose().replacen("fake", "next", 1)).unwrap();
    for host in HOSTS {
        let (state, kind) = (Arc::<Mutex<Value>>::default(), host.kind);
        let server = Server::with_state(&state, host.answer);
        let place = host.at(&server);
        place.check().await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert!(state.lock().unwrap().pointer(host.kept_at).is_none(), "{kind}: a check writes nothing");
        for token in [token(), next.clone()] {
            place.deliver(&token, Some(EXPIRES)).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
            let kept = state.lock().unwrap().pointer(host.kept_at).cloned();
            assert_eq!(kept, Some(Value::from(token.expose())), "{kind}");
            let holds = if host.is_readable { Holds::ThisToken } else { Holds::Unreadable };
            assert_eq!(place.verify(&token).await.unwrap(), holds, "{kind}");
        }
        let holds = if host.is_readable { Holds::Another } else { Holds::Unreadable };
        assert_eq!(place.verify(&token()).await.unwrap(), holds, "{kind}");
        let is_secret = |asked: &Asked| asked.line.contains("fakeFAKE") || asked.line.contains(CREDENTIAL);
        assert!(!server.asked().iter().any(is_secret), "{kind}: addresses hold no secret");
        assert!(place.plan().replace('-', "_").contains(KEY), "{kind}: {}", place.plan());
    }
}

#[tokio::test]
async fn a_place_without_a_token_holds_another() {
    for host in HOSTS.iter().filter(|host| host.is_readable) {
        let server = Server::with_state(&Arc::default(), host.answer);
        assert_eq!(host.at(&server).verify(&token()).await.unwrap(), Holds::Another, "{}", host.kind);
    }
}

#[tokio::test]
async fn a_wrong_credential_is_said_to_be_one() {
    for host in HOSTS.iter().filter(|host| host.secret.is_some()) {
        let server = Server::with_state(&Arc::default(), host.answer);
        let place = host.place(KEY, &server.url, "fakeWRONGfake").unwrap();
        for error in [place.check().await.unwrap_err(), place.deliver(&token(), None).await.unwrap_err()] {
            assert_eq!(error.class, DeliveryErrorClass::CredentialRefused, "{}: {error}", host.kind);
            assert!(error.message.contains("): "), "{}: what the host says is missing: {error}", host.kind);
        }
    }
}

/// What a proxy or a sign-in page may answer: a success of somebody else's.
const NOT_THE_HOSTS: [(u16, &str, &str); 6] = [
    (200, "", ""),
    (204, "", ""),
    (200, "content-type: text/html\r\n", "Sign in"),
    (200, "", "{}"),
    (200, "", "[]"),
    (201, "", "{\"ok\":true}"),
];

#[tokio::test]
async fn a_check_believes_nobody_but_the_host() {
    for host in HOSTS {
        for (status, headers, body) in NOT_THE_HOSTS {
            let server = Server::new(move |asked| {
                if is_access_token(asked) {
                    (host.answer)(&mut Value::Null, asked)
                } else {
                    (status, headers, body.to_owned())
                }
            });
            let checked = host.at(&server).check().await;
            assert!(checked.is_err(), "{} {status} {body}", host.kind);
        }
    }
}

/// Whether the machine or an OAuth server is asked, not the host.
fn is_access_token(asked: &Asked) -> bool {
    asked.line.contains("/computeMetadata/") || asked.line.contains("/oauth2/")
}

#[tokio::test]
async fn nothing_counts_as_delivered_that_is_not_there() {
    for host in HOSTS {
        let server = Server::with_state(&Arc::default(), host.answer);
        host.at(&server).deliver(&token(), None).await.unwrap();
        for wrong in 0..server.asked().len() {
            for (status, headers, body) in NOT_THE_HOSTS {
                let (state, count) = (Arc::<Mutex<Value>>::default(), AtomicUsize::new(0));
                let server =
                    Server::with_state(&state, move |state, asked| match count.fetch_add(1, Ordering::Relaxed) {
                        nth if nth == wrong => (status, headers, body.to_owned()),
                        _ => (host.answer)(state, asked),
                    });
                let delivered = host.at(&server).deliver(&token(), None).await;
                let is_there = state.lock().unwrap().pointer(host.kept_at) == Some(&Value::from(token().expose()));
                let (kind, at) = (host.kind, server.lines().pop());
                assert!(delivered.is_err() || is_there, "{kind}: {status} {body:?} to call {wrong}, last: {at:?}");
            }
        }
    }
}

#[tokio::test]
async fn p3_an_error_repeats_no_secret() {
    let encoded = STANDARD.encode(token().expose());
    let secrets = [token().expose().to_owned(), encoded, CREDENTIAL.to_owned(), "fakeACCESSfake".to_owned()];
    for host in HOSTS {
        let server = Server::new(|asked| {
            if is_access_token(asked) {
                return (host.answer)(&mut Value::Null, asked);
            }
            let headers: Vec<&str> = asked.headers.iter().map(|(_, value)| value.as_str()).collect();
            let echo =
                |text: &str| answer(400, &json!({"message": text, "errors": [text], "error": {"message": text}}));
            echo(&format!("{} {}", headers.join(" "), asked.body))
        });
        let error = host.at(&server).deliver(&token(), None).await.unwrap_err();
        let shown = format!("{error:?}");
        let leaked = secrets.iter().find(|secret| shown.contains(&secret[..14]));
        assert!(leaked.is_none() && shown.contains("(400): "), "{}: {shown}", host.kind);
    }
}

#[test]
fn names_that_a_host_refuses_are_refused_first() {
    let table: [(&str, &[&str]); 10] = [
        ("netlify", &["IG-TOKEN", "1TOKEN", "TÖKEN", ""]),
        ("gitlab-variable", &["IG-TOKEN", "TÖKEN", ""]),
        ("heroku", &["HEROKU_TOKEN", "__TOKEN", "IG-TOKEN", ""]),
        ("cloudflare-kv", &["", ".", ".."]),
        ("cloudflare-worker-secret", &["IG-TOKEN", "1TOKEN", ""]),
        ("vault-kv", &[""]),
        ("kubernetes-secret", &["", ".", "..", "..data", "A/B"]),
        ("azure-keyvault", &["", "A.B", "TÖKEN"]),
        ("gcp-secret", &["", "A.B", "TÖKEN"]),
        ("doppler", &["ig_token", "DOPPLER_CONFIG", "IG-TOKEN", ""]),
    ];
    for (kind, keys) in table {
        let host = HOSTS.iter().find(|host| host.kind == kind).unwrap();
        for key in keys {
            let refused = host.place(key, "http://127.0.0.1:9", CREDENTIAL);
            assert!(matches!(refused, Err(Error::Setting("key", _))), "{kind} {key}");
        }
    }
}
