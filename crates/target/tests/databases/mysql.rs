//! MariaDB, which speaks MySQL's protocol.

use std::process::Command;
use std::sync::{Arc, LazyLock};

use everlit_keeper::DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule, Retry};
use everlit_keeper::Holds;
use everlit_target::{Error, Place};
use everlit_testkit::server::{Server, User, certificate, folder, free_port, run};

use crate::expected::{DAY, Setting, another_token, refused};
use crate::support::{EXPIRES, place, token};

/// Runs for all tests, each with tables of its own.
static MARIADB: LazyLock<Server> = LazyLock::new(|| {
    let user = User::unless_root("mysql");
    let (folder, port) = (folder(user), free_port());
    let data = format!("--datadir={}", folder.join("data").display());
    certificate(&folder, user);
    let mut init = user.command("/usr/bin/mariadb-install-db");
    run(init.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", &data]));
    let mut server = user.command("/usr/sbin/mariadbd");
    let files =
        ["socket", "pid-file", "ssl-cert", "ssl-key"].into_iter().zip(["socket", "pid", "server.crt", "server.key"]);
    server.args(["--no-defaults", &data, "--bind-address=127.0.0.1,::1", "--innodb-flush-log-at-trx-commit=0"]);
    server.arg(format!("--port={port}"));
    server.args(files.map(|(option, file)| format!("--{option}={}", folder.join(file).display())));
    let server = Server::start(folder, port, &server, "ready for connections");
    let users = ["writer", "reader", "encrypted"].map(|user| format!("CREATE USER {user} IDENTIFIED BY 'fa@ke';"));
    sql_on(&server, &format!("CREATE DATABASE shop; {}", users.concat()));
    sql_on(&server, "GRANT SELECT, INSERT, UPDATE ON shop.* TO writer; GRANT SELECT ON shop.* TO reader");
    sql_on(&server, "GRANT SELECT, INSERT, UPDATE ON shop.* TO encrypted REQUIRE SSL");
    server
});

fn sql_on(server: &Server, sql: &str) -> String {
    let mut client = Command::new("mariadb");
    client.args(["--no-defaults", "--batch", "--skip-column-names", "-u", "root"]);
    run(client.arg(format!("--socket={}", server.folder.join("socket").display())).args(["-e", sql]))
}

fn sql(sql: &str) -> String {
    sql_on(&MARIADB, &format!("USE shop; {sql}"))
}

fn url(user: &str, query: &str) -> String {
    format!("mysql://{user}:fa%40ke@localhost:{}/shop{query}", MARIADB.port)
}

fn at(url: &str, key: &str, settings: &[Setting<'_>]) -> Result<Arc<dyn Place>, Error> {
    place("mysql", key, settings, &[("URL", url)])
}

fn row_at(url: &str, key: &str, table: &str, has_expiry: bool) -> Arc<dyn Place> {
    let columns: [Setting<'_>; 4] = [
        ("table", &[table]),
        ("account_column", &["account"]),
        ("token_column", &["token"]),
        ("expires_column", &["ends"]),
    ];
    at(url, key, &columns[..if has_expiry { 4 } else { 3 }]).unwrap()
}

#[tokio::test]
async fn a_row_is_added_once_and_then_updated() {
    sql("CREATE TABLE added (account varchar(40) PRIMARY KEY, token varchar(300) NOT NULL, ends timestamp NULL)");
    let place = row_at(&url("writer", ""), "shop", "shop.added", true);
    place.check().await.unwrap();
    assert_eq!(sql("SELECT count(*) FROM added"), "0", "a check writes nothing");
    // The same token twice is two deliveries.
    for token in [another_token(), token(), token()] {
        place.deliver(&token, Some(EXPIRES)).await.unwrap();
        assert_eq!(place.verify(&token).await.unwrap(), Holds::ThisToken);
        let row = sql("SELECT account, token, unix_timestamp(ends) FROM added");
        assert_eq!(row, format!("shop\t{}\t{}", token.expose(), EXPIRES.as_unix()));
        place.check().await.unwrap();
    }
    assert_eq!(place.verify(&another_token()).await.unwrap(), Holds::Another);
}

#[tokio::test]
async fn a_newer_token_is_never_replaced_by_an_older_one() {
    for (table, kind) in [("dated", "datetime"), ("numbered", "bigint")] {
        sql(&format!("CREATE TABLE {table} (account varchar(40), token text, ends {kind})"));
        let place = row_at(&url("writer", ""), "shop", table, true);
        place.deliver(&token(), Some(EXPIRES)).await.unwrap();
        let error = place.deliver(&another_token(), Some(EXPIRES - DAY)).await.unwrap_err();
        assert_eq!(error.class, RefusedByRule);
        assert!(error.message.contains("already holds a token for shop that expires later"), "{error}");
        assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
        place.deliver(&another_token(), Some(EXPIRES + DAY)).await.unwrap();
        assert_eq!(place.verify(&another_token()).await.unwrap(), Holds::ThisToken);
    }
}

#[tokio::test]
async fn a_name_is_never_taken_for_a_number() {
    sql("CREATE TABLE clients (account int, name varchar(9) NOT NULL, token text)");
    sql("INSERT INTO clients VALUES (0, 'Zoe', 'z'), (7, 'Ada', 'a'), (8, 'Bob', 'b'), (8, 'Ben', 'b')");
    let at = |key| row_at(&url("writer", ""), key, "clients", false);
    at("7").check().await.unwrap();
    at("7").deliver(&token(), None).await.unwrap();
    for (key, class, why) in [
        ("shop", RefusedByRule, "add the row"),
        ("9", RefusedByRule, "add the row"),
        ("8", NotFound, "clients has several rows with 8 in account"),
    ] {
        let error = at(key).deliver(&token(), None).await.unwrap_err();
        assert!(error.class == class && error.message.contains(why), "{key}: {error}");
    }
    assert_eq!(at("shop").verify(&token()).await.unwrap(), Holds::Another);
    let tokens = sql("SELECT group_concat(token ORDER BY account) FROM clients");
    assert_eq!(tokens, format!("z,{},b,b", token().expose()));
}

#[tokio::test]
async fn what_stands_in_the_way_is_found_by_a_check() {
    sql("CREATE TABLE plain (account varchar(40) PRIMARY KEY, token text)");
    let wrong = url("writer", "").replace("fa%40ke", "wrong");
    let elsewhere = url("writer", "").replace("/shop", "/elsewhere");
    let absent = url("writer", "").replace(&MARIADB.port.to_string(), "1");
    for (url, table, class, why) in [
        (wrong, "plain", CredentialRefused, "does not accept the user or the password"),
        (elsewhere, "plain", CredentialRefused, "does not let the user do this"),
        (url("writer", ""), "absent", NotFound, "has no such table"),
        (url("reader", ""), "plain", CredentialRefused, "it needs SELECT, INSERT and UPDATE"),
        (url("encrypted", ""), "plain", CredentialRefused, "does not accept the user or the password"),
        (url("writer", "?sslmode=require"), "plain", NotFound, "is not trusted"),
        (absent, "plain", Retry, "cannot be reached"),
    ] {
        refused(&row_at(&url, "shop", table, false), class, why).await;
    }
    refused(&row_at(&url("writer", ""), "shop", "plain", true), NotFound, "has no such column").await;
}

#[tokio::test]
async fn a_verified_certificate_encrypts_the_login() {
    sql("CREATE TABLE secured (account varchar(40) PRIMARY KEY, token text)");
    let certificate = MARIADB.folder.join("server.crt");
    let settings: [Setting<'_>; 4] = [
        ("table", &["secured"]),
        ("account_column", &["account"]),
        ("token_column", &["token"]),
        ("ca_file", &[certificate.to_str().unwrap()]),
    ];
    let place = at(&url("encrypted", "?sslmode=require"), "shop", &settings).unwrap();
    place.deliver(&token(), None).await.unwrap();
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
}

#[tokio::test]
async fn a_statement_of_the_users_own_is_run() {
    sql(
        "CREATE TABLE own (account varchar(40), token text, ends datetime, unix bigint); INSERT INTO own (account) VALUES ('shop')",
    );
    let statement =
        "UPDATE own SET token = upper(:token), ends = :expires_at, unix = :expires_unix WHERE account = :account";
    let place = at(&url("writer", ""), "shop", &[("sql", &[statement])]).unwrap();
    place.check().await.unwrap();
    assert_eq!(sql("SELECT count(*) FROM own WHERE token IS NULL"), "1", "a check writes nothing");
    place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    let unix = EXPIRES.as_unix();
    let row = sql("SET time_zone = '+00:00'; SELECT token, unix_timestamp(ends), unix FROM own");
    assert_eq!(row, format!("{}\t{unix}\t{unix}", token().expose().to_uppercase()));
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::Unreadable);
    let none = at(&url("writer", ""), "nobody", &[("sql", &[statement])]).unwrap();
    let error = none.deliver(&token(), None).await.unwrap_err();
    assert!(error.message.contains("changed no row for nobody"), "{error}");
}

#[tokio::test]
async fn p3_a_server_that_quotes_the_token_is_not_repeated() {
    sql("CREATE TABLE quoting (account varchar(40) PRIMARY KEY, token int)");
    let error = row_at(&url("writer", ""), "shop", "quoting", false).deliver(&token(), None).await.unwrap_err();
    assert!(error.class == RefusedByRule && !error.message.contains("fakeFAKE"), "{error}");
}
