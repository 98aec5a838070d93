//! Upstash's Redis over HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use everlit_keeper::{DeliveryErrorClass, Holds};
use everlit_target::Place;
use serde_json::{Value, json};

use crate::server::{Answer, Asked, Server};
use crate::support::{CREDENTIAL, EXPIRES, place, token};

type Keys = Arc<Mutex<BTreeMap<String, String>>>;

/// Answers as Upstash documents it: <https://upstash.com/docs/redis/features/restapi>.
fn upstash(keys: &Keys, is_read_only: bool, asked: &Asked) -> Answer {
    assert_eq!((asked.line.as_str(), asked.header("authorization")), ("POST /", &*format!("Bearer {CREDENTIAL}")));
    let command: Vec<String> = serde_json::from_value(asked.json()).unwrap();
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let mut keys = keys.lock().unwrap();
    let result = match command[..] {
        ["GET", key] => json!({"result": keys.get(key)}),
        ["SET", ..] if is_read_only => {
            return (
                400,
                "",
                json!({"error": "NOPERM this user has no permissions to run the 'set' command"}).to_string(),
            );
        }
        ["SET", key, _, "XX"] if !keys.contains_key(key) => json!({"result": Value::Null}),
        ["SET", key, value] | ["SET", key, value, "XX"] => {
            keys.insert(key.to_owned(), value.to_owned());
            json!({"result": "OK"})
        }
        _ => return (400, "", json!({"error": "ERR unknown command"}).to_string()),
    };
    (200, "", result.to_string())
}

fn at(keys: &Keys, is_read_only: bool) -> (Server, Arc<dyn Place>) {
    let theirs = Arc::clone(keys);
    let server = Server::new(move |asked| upstash(&theirs, is_read_only, asked));
    let place = place("upstash", "instagram:shop", &[("url", &[&server.url])], &[("TOKEN", CREDENTIAL)]).unwrap();
    (server, place)
}

#[tokio::test]
async fn a_key_at_upstash_holds_the_token() {
    let keys = Keys::default();
    let (_server, place) = at(&keys, false);
    place.check().await.unwrap();
    assert!(keys.lock().unwrap().is_empty(), "a check writes nothing");
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::Another);
    place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    let expected = BTreeMap::from([("instagram:shop".to_owned(), token().expose().to_owned())]);
    assert_eq!(*keys.lock().unwrap(), expected);
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
    place.check().await.unwrap();
    assert_eq!(*keys.lock().unwrap(), expected, "a check writes nothing");
}

#[tokio::test]
async fn a_read_only_token_of_upstash_is_found_by_a_check() {
    let (_server, place) = at(&Keys::default(), true);
    for error in [place.check().await.unwrap_err(), place.deliver(&token(), None).await.unwrap_err()] {
        assert_eq!((error.class, error.http_status), (DeliveryErrorClass::CredentialRefused, Some(400)), "{error}");
        assert!(error.message.contains("NOPERM"), "{error}");
    }
}
