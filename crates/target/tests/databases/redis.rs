//! Redis, with and without TLS.

use std::process::Command;
use std::sync::{Arc, LazyLock};

use everlit_keeper::DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule, Retry};
use everlit_keeper::Holds;
use everlit_target::{Error, Place};
use everlit_testkit::server::{Server, User, certificate, folder, free_port, run};
use serde_json::json;

use crate::expected::{Setting, refused};
use crate::support::{EXPIRES, place, token};

/// Listens on one port without TLS, and on another with it.
struct Redis {
    server: Server,
    encrypted_port: u16,
}

static REDIS: LazyLock<Redis> = LazyLock::new(|| {
    let user = User::unless_root("redis");
    let (folder, encrypted_port) = (folder(user), free_port());
    certificate(&folder, user);
    let tls = ["--tls-cert-file", "server.crt", "--tls-key-file", "server.key", "--tls-auth-clients", "no"];
    let server = start(user, folder, &[&tls[..], &["--tls-port", &encrypted_port.to_string()]].concat());
    cli(
        &server,
        &["ACL", "SETUSER", "writer", "on", ">fa@ke", "~shop*", "+get", "+set", "+multi", "+discard", "+select"],
    );
    cli(&server, &["ACL", "SETUSER", "reader", "on", ">fa@ke", "~*", "+@read", "+multi"]);
    cli(&server, &["ACL", "SETUSER", "plain", "on", ">fa@ke", "~*", "+get", "+set"]);
    Redis { server, encrypted_port }
});

fn start(user: User, folder: std::path::PathBuf, options: &[&str]) -> Server {
    let port = free_port();
    let mut server = user.command("/usr/bin/redis-server");
    server.args(["--port", &port.to_string(), "--save", "", "--bind", "127.0.0.1", "::1"]).args(options);
    Server::start(folder, port, &server, "Ready to accept connections")
}

fn cli(server: &Server, command: &[&str]) -> String {
    let reply = run(Command::new("redis-cli").args(["-p", &server.port.to_string()]).args(command));
    assert!(!reply.starts_with("ERR"), "{reply}");
    reply
}

fn url(user: &str, rest: &str) -> String {
    format!("redis://{user}:fa%40ke@localhost:{}{rest}", REDIS.server.port)
}

fn at(url: &str, key: &str, settings: &[Setting<'_>]) -> Result<Arc<dyn Place>, Error> {
    place("redis", key, settings, &[("URL", url)])
}

#[tokio::test]
async fn a_key_holds_the_token_and_never_expires() {
    let place = at(&url("writer", ""), "shop:raw", &[]).unwrap();
    place.check().await.unwrap();
    assert_eq!(cli(&REDIS.server, &["EXISTS", "shop:raw"]), "0", "a check writes nothing");
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::Another);
    for _ in 0..2 {
        place.deliver(&token(), Some(EXPIRES)).await.unwrap();
        cli(&REDIS.server, &["EXPIRE", "shop:raw", "9"]);
    }
    place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    assert_eq!(cli(&REDIS.server, &["GET", "shop:raw"]), token().expose());
    assert_eq!(cli(&REDIS.server, &["TTL", "shop:raw"]), "-1");
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
    place.check().await.unwrap();
    assert_eq!(cli(&REDIS.server, &["GET", "shop:raw"]), token().expose(), "a check writes nothing");
}

#[tokio::test]
async fn a_key_in_another_database_holds_json_sent_over_tls() {
    let certificate = REDIS.server.folder.join("server.crt");
    let encrypted = url("writer", "/3").replace("redis://", "rediss://");
    let encrypted = encrypted.replace(&REDIS.server.port.to_string(), &REDIS.encrypted_port.to_string());
    let settings: [Setting<'_>; 2] = [("format", &["json"]), ("ca_file", &[certificate.to_str().unwrap()])];
    let place = at(&encrypted, "shop:json", &settings).unwrap();
    place.check().await.unwrap();
    place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    let held: serde_json::Value = serde_json::from_str(&cli(&REDIS.server, &["-n", "3", "GET", "shop:json"])).unwrap();
    let expected = json!({"account": "shop", "access_token": token().expose(), "expires_at": EXPIRES.as_unix()});
    assert_eq!(held, expected);
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
    let untrusted = at(&encrypted, "shop:json", &[]).unwrap().check().await.unwrap_err();
    assert!(untrusted.class == NotFound && untrusted.message.contains("set `ca_file`"), "{untrusted}");
}

#[tokio::test]
async fn what_is_not_a_token_is_left_alone() {
    cli(&REDIS.server, &["RPUSH", "shop:list", "one"]);
    cli(&REDIS.server, &["SET", "shop:text", "of another kind"]);
    for (key, why) in [("shop:list", "something other than a string"), ("shop:text", "something other than a token")] {
        let place = at(&url("writer", ""), key, &[]).unwrap();
        for error in [place.check().await.unwrap_err(), place.deliver(&token(), None).await.unwrap_err()] {
            assert!(error.class == RefusedByRule && error.message.contains(why), "{error}");
        }
    }
    assert_eq!(cli(&REDIS.server, &["LRANGE", "shop:list", "0", "-1"]), "one");
    assert_eq!(cli(&REDIS.server, &["GET", "shop:text"]), "of another kind");
}

#[tokio::test]
async fn what_stands_in_the_way_is_found_by_a_check() {
    let user = User::unless_root("redis");
    let replica = start(user, folder(user), &["--replicaof", "127.0.0.1", "1"]);
    let of_replica = format!("redis://localhost:{}", replica.port);
    let to_tls = format!("redis://localhost:{}", REDIS.encrypted_port);
    for (url, key, class, why) in [
        (url("writer", "").replace("fa%40ke", "wrong"), "shop", CredentialRefused, "does not accept the user"),
        (url("reader", ""), "shop", CredentialRefused, "it needs GET and SET"),
        (url("writer", ""), "other", CredentialRefused, "it needs GET and SET"),
        (url("writer", "/99"), "shop", NotFound, "has no such database"),
        (of_replica, "shop", RefusedByRule, "is a replica"),
        (to_tls, "shop", Retry, "wants TLS (rediss://)"),
        ("redis://localhost:1".to_owned(), "shop", Retry, "connection failed"),
    ] {
        refused(&at(&url, key, &[]).unwrap(), class, why).await;
    }
    let unasked = at(&url("plain", ""), "shop:plain", &[]).unwrap();
    let error = unasked.check().await.unwrap_err();
    assert!(error.class == Retry && error.message.contains("only a delivery shows"), "{error}");
    unasked.deliver(&token(), None).await.unwrap();
}

#[test]
fn no_password_is_sent_in_the_clear_by_mistake() {
    let error = at("redis://default:fakefake@db.example:6379", "shop", &[]).unwrap_err();
    assert!(error.to_string().contains("`URL` is not encrypted: begin it with rediss://"), "{error}");
    at("redis://redis:6379?sslmode=disable", "shop", &[]).unwrap();
}
