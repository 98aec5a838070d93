//! PostgreSQL, by itself and behind pgbouncer.

use std::sync::{Arc, LazyLock};

use everlit_http::Secret;
use everlit_keeper::{DeliveryErrorClass, Holds};
use everlit_target::{Error, Place};
use everlit_testkit::postgres::{pooler, psql as psql_on, start};
use everlit_testkit::server::Server;

use crate::expected::{DAY, Setting, another_token, refused};
use crate::support::{EXPIRES, place, token};

/// Runs for all tests, each with tables of its own.
static POSTGRES: LazyLock<Server> = LazyLock::new(|| {
    let server = start("hostnossl all encrypted all reject\nhost all all all scram-sha-256\n", &[]);
    let roles =
        ["writer", "reader", "replica", "encrypted"].map(|role| format!("CREATE ROLE {role} LOGIN PASSWORD 'fa@ke';"));
    psql_on(&server, "postgres", &roles.concat());
    let settings = "ALTER ROLE replica SET default_transaction_read_only = on; GRANT writer TO replica, encrypted";
    psql_on(&server, "postgres", settings);
    server
});

static PGBOUNCER: LazyLock<Server> = LazyLock::new(|| pooler(&POSTGRES, 1, &[("writer", "fa@ke")]));

fn psql(sql: &str) -> String {
    psql_on(&POSTGRES, "postgres", sql)
}

fn url(role: &str, query: &str) -> String {
    format!("postgresql://{role}:fa%40ke@localhost:{}/postgres{query}", POSTGRES.port)
}

fn at(url: &str, settings: &[Setting<'_>]) -> Result<Arc<dyn Place>, Error> {
    place("postgres", "shop", settings, &[("URL", url)])
}

/// The place of the account `shop` in the table, with the columns `account`, `token` and, if the table has it, `ends`.
fn row_of(table: &str, has_expiry: bool) -> Arc<dyn Place> {
    row_at(&url("writer", ""), table, has_expiry)
}

fn row_at(url: &str, table: &str, has_expiry: bool) -> Arc<dyn Place> {
    let columns: [Setting<'_>; 4] = [
        ("table", &[table]),
        ("account_column", &["account"]),
        ("token_column", &["token"]),
        ("expires_column", &["ends"]),
    ];
    at(url, &columns[..if has_expiry { 4 } else { 3 }]).unwrap()
}

fn create(table: &str, columns: &str) {
    psql(&format!("CREATE TABLE {table} ({columns}); GRANT SELECT, INSERT, UPDATE ON {table} TO writer"));
}

#[tokio::test]
async fn a_row_is_added_once_and_then_updated() {
    create("added", "account text PRIMARY KEY, token text NOT NULL, ends timestamptz");
    let place = row_of("added", true);
    assert_eq!(place.plan(), "writes token of shop in the table added");
    place.check().await.unwrap();
    assert_eq!(psql("SELECT count(*) FROM added"), "0", "a check writes nothing");
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::Another);
    for token in [another_token(), token()] {
        place.deliver(&token, Some(EXPIRES)).await.unwrap();
        assert_eq!(place.verify(&token).await.unwrap(), Holds::ThisToken);
        let row = psql("SELECT account, token, extract(epoch from ends)::bigint FROM added");
        assert_eq!(row, format!("shop|{}|{}", token.expose(), EXPIRES.as_unix()));
        place.check().await.unwrap();
    }
}

#[tokio::test]
async fn a_newer_token_is_never_replaced_by_an_older_one() {
    for (table, kind) in [("dated", "timestamptz"), ("numbered", "bigint"), ("local_time", "timestamp")] {
        create(table, &format!("account text UNIQUE, token text, ends {kind}"));
        let place = row_of(table, true);
        place.deliver(&token(), Some(EXPIRES)).await.unwrap();
        let error = place.deliver(&another_token(), Some(EXPIRES - DAY)).await.unwrap_err();
        assert_eq!(error.class, DeliveryErrorClass::RefusedByRule);
        assert!(
            error.message.contains(&format!("{table} already holds a token for shop that expires later")),
            "{error}"
        );
        assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
        place.deliver(&another_token(), Some(EXPIRES + DAY)).await.unwrap();
        assert_eq!(place.verify(&another_token()).await.unwrap(), Holds::ThisToken);
        // Nothing is known of the end of this one, so that nothing speaks against it.
        place.deliver(&token(), None).await.unwrap();
        assert_eq!(psql(&format!("SELECT ends IS NULL FROM {table}")), "t");
    }
}

#[tokio::test]
async fn a_date_beside_an_empty_token_protects_nothing() {
    create("emptied", "account text PRIMARY KEY, token text, ends timestamptz");
    for empty in ["NULL", "''"] {
        psql(&format!("DELETE FROM emptied; INSERT INTO emptied VALUES ('shop', {empty}, '2999-01-01')"));
        let place = row_of("emptied", true);
        place.deliver(&token(), Some(EXPIRES)).await.unwrap();
        assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken, "{empty}");
    }
}

#[tokio::test]
async fn a_token_that_a_trigger_changes_is_not_delivered() {
    create("changed", "account text PRIMARY KEY, token text");
    psql("INSERT INTO changed VALUES ('shop', 'before')");
    psql(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.token := left(NEW.token, 20); RETURN NEW; END $$",
    );
    psql("CREATE TRIGGER cut BEFORE UPDATE ON changed FOR EACH ROW EXECUTE FUNCTION cut()");
    let error = row_of("changed", false).deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::RefusedByRule);
    assert!(error.message.contains("something other than the token that was just written for shop"), "{error}");
    assert_eq!(psql("SELECT token FROM changed"), "before");
}

#[tokio::test]
async fn a_table_of_the_users_own_keeps_its_other_columns() {
    psql("CREATE SCHEMA \"My shop\"; GRANT USAGE ON SCHEMA \"My shop\" TO writer");
    let table = "\"My shop\".\"Clients\"";
    create(table, "id int UNIQUE, name varchar(9) NOT NULL, \"Say \"\"ig\"\"\" varchar(300)");
    psql(&format!("INSERT INTO {table} VALUES (7, 'Ada'), (8, 'Bob')"));
    let settings: [Setting<'_>; 3] =
        [("table", &["My shop.Clients"]), ("account_column", &["id"]), ("token_column", &["Say \"ig\""])];
    let secrets = [("URL", url("writer", ""))];
    let at = |id| place("postgres", id, &settings, &[(secrets[0].0, &secrets[0].1)]).unwrap();
    at("7").check().await.unwrap();
    at("7").deliver(&token(), Some(EXPIRES)).await.unwrap();
    let rows = psql(&format!("SELECT * FROM {table} ORDER BY id"));
    assert_eq!(rows, format!("7|Ada|{}\n8|Bob|", token().expose()));
    let error = at("9").deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::RefusedByRule);
    assert!(error.message.contains("has no row for the account") && error.message.contains("add the row"), "{error}");
    let error = at("shop").check().await.unwrap_err();
    assert!(error.message.contains("`key` is what `account_column` holds"), "{error}");
}

#[tokio::test]
async fn a_row_with_a_column_for_the_state_is_a_source() {
    create("sources", "account text PRIMARY KEY, token text, state text");
    let settings: [Setting<'_>; 4] = [
        ("table", &["sources"]),
        ("account_column", &["account"]),
        ("token_column", &["token"]),
        ("state_column", &["state"]),
    ];
    let place = at(&url("writer", ""), &settings).unwrap();
    let source = place.source().unwrap();
    assert!(source.token().await.unwrap().is_none() && source.state().await.unwrap().is_none());
    for state in ["{\"run\": 1}", "{\"run\": 2}"] {
        source.save_state(&Secret::new(state)).await.unwrap();
        assert_eq!(source.state().await.unwrap().unwrap().expose(), state);
    }
    place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    assert_eq!(source.token().await.unwrap().unwrap().expose(), token().expose());
    assert_eq!(psql("SELECT * FROM sources"), format!("shop|{}|{{\"run\": 2}}", token().expose()));
    assert!(row_of("sources", false).source().is_none(), "without the column there is no place for the state");
}

#[tokio::test]
async fn rows_that_are_not_one_accounts_are_left_alone() {
    create("mixed", "account text, platform text, token text");
    psql("INSERT INTO mixed VALUES ('shop', 'instagram', 'a'), ('shop', 'facebook', 'b')");
    let place = row_of("mixed", false);
    for error in [place.check().await.unwrap_err(), place.deliver(&token(), None).await.unwrap_err()] {
        assert_eq!(error.class, DeliveryErrorClass::NotFound);
        assert!(error.message.contains("mixed has several rows with shop in account"), "{error}");
    }
    assert_eq!(psql("SELECT string_agg(token, ',' ORDER BY token) FROM mixed"), "a,b");
}

#[tokio::test]
async fn what_stands_in_the_way_is_found_by_a_check() {
    use DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule};
    create("plain", "account text PRIMARY KEY, token text");
    create("free", "account text, token text");
    create("guarded", "account text PRIMARY KEY, token text");
    psql("GRANT SELECT ON plain TO reader; ALTER TABLE guarded ENABLE ROW LEVEL SECURITY");
    let wrong = url("writer", "").replace("fa%40ke", "wrong");
    let elsewhere = url("writer", "").replace("/postgres", "/elsewhere");
    for (url, table, class, why) in [
        (wrong, "plain", CredentialRefused, "does not accept the user or the password (28P01)"),
        (elsewhere, "plain", NotFound, "has no such database (3D000)"),
        (url("writer", ""), "absent", NotFound, "has no such table"),
        (url("writer", ""), "free", NotFound, "give `account_column` a unique constraint"),
        (url("reader", ""), "plain", CredentialRefused, "it needs SELECT, INSERT and UPDATE"),
        (url("replica", ""), "plain", RefusedByRule, "is read only, as a replica is"),
        (url("encrypted", "?sslmode=disable"), "plain", NotFound, "remove sslmode=disable"),
        (url("writer", "?sslmode=require"), "plain", NotFound, "is not trusted"),
        (url("writer", "").replace(":fa%40ke", ""), "plain", CredentialRefused, "the URL has none"),
    ] {
        refused(&row_at(&url, table, false), class, why).await;
    }
    refused(&row_of("plain", true), NotFound, "has no such column").await;
    // Only a delivery meets a policy.
    let error = row_of("guarded", false).deliver(&token(), None).await.unwrap_err();
    assert!(error.class == CredentialRefused && error.message.contains("row-level security"), "{error}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_tried_again() {
    // Port 1 (tcpmux) has been unused for decades.
    let place = row_at("postgres://writer:fa%40ke@localhost:1/postgres", "plain", false);
    let error = place.deliver(&token(), None).await.unwrap_err();
    assert_eq!((error.class, error.io), (DeliveryErrorClass::Retry, Some(std::io::ErrorKind::ConnectionRefused)));
    assert!(error.message.contains("localhost"), "{error}");
}

#[tokio::test]
async fn a_login_is_bound_to_a_verified_certificate() {
    create("secured", "account text PRIMARY KEY, token text");
    let certificate = POSTGRES.folder.join("server.crt");
    let settings: [Setting<'_>; 4] = [
        ("table", &["secured"]),
        ("account_column", &["account"]),
        ("token_column", &["token"]),
        ("ca_file", &[certificate.to_str().unwrap()]),
    ];
    let place = at(&url("encrypted", "?sslmode=require&channel_binding=require"), &settings).unwrap();
    place.deliver(&token(), None).await.unwrap();
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
    let error = at(&url("writer", ""), &[("ca_file", &["/absent.pem"])]).unwrap_err();
    assert!(error.to_string().contains("`ca_file` cannot be read: /absent.pem"), "{error}");
}

#[tokio::test]
async fn deliveries_pass_a_pooler_that_shares_connections() {
    create("pooled", "account text PRIMARY KEY, token text, ends timestamptz");
    let url = url("writer", "").replace(&POSTGRES.port.to_string(), &PGBOUNCER.port.to_string());
    let place = row_at(&url, "pooled", true);
    place.check().await.unwrap();
    let deliveries = (0..8).map(|day| {
        let (place, expires) = (Arc::clone(&place), EXPIRES + DAY * day);
        tokio::spawn(async move { place.deliver(&token(), Some(expires)).await })
    });
    for delivery in deliveries.collect::<Vec<_>>() {
        // One that comes late finds the token of a later day.
        let outcome = delivery.await.unwrap();
        assert!(outcome.is_ok() || outcome.is_err_and(|error| error.class == DeliveryErrorClass::RefusedByRule));
    }
    let newest = (EXPIRES + DAY * 7).as_unix().to_string();
    assert_eq!(psql("SELECT extract(epoch from ends)::bigint FROM pooled"), newest);
    let wrong = row_at(&url.replace("fa%40ke", "wrong"), "pooled", true);
    refused(&wrong, DeliveryErrorClass::CredentialRefused, "does not accept the user or the password").await;
    let unencrypted = row_at(&format!("{url}?sslmode=require"), "pooled", true);
    refused(&unencrypted, DeliveryErrorClass::NotFound, "does not offer TLS").await;
}

#[tokio::test]
async fn a_statement_of_the_users_own_is_run() {
    create("own", "account text, token text, ends timestamptz, unix bigint");
    psql("INSERT INTO own VALUES ('shop')");
    let sql = "UPDATE own SET token = upper(:token), ends = :expires_at, unix = :expires_unix WHERE account = :account";
    let place = at(&url("writer", ""), &[("sql", &[sql])]).unwrap();
    place.check().await.unwrap();
    assert_eq!(psql("SELECT count(*) FROM own WHERE token IS NULL"), "1", "a check writes nothing");
    place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    let unix = EXPIRES.as_unix();
    let row = psql("SELECT token, extract(epoch from ends)::bigint, unix FROM own");
    assert_eq!(row, format!("{}|{unix}|{unix}", token().expose().to_uppercase()));
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::Unreadable);
    let none = at(&url("writer", ""), &[("sql", &["UPDATE own SET token = :token WHERE account = 'x'"])]).unwrap();
    let error = none.deliver(&token(), None).await.unwrap_err();
    assert!(error.message.contains("changed no row for shop"), "{error}");
}

#[tokio::test]
async fn p3_a_server_that_quotes_the_token_is_not_repeated() {
    create("quoting", "account text PRIMARY KEY, token int");
    let error = row_of("quoting", false).deliver(&token(), None).await.unwrap_err();
    assert!(error.message.contains("(22P02)") && !error.message.contains("fakeFAKE"), "{error}");
}

#[test]
fn settings_that_can_never_work_are_refused_at_once() {
    let table: Setting<'_> = ("table", &["t"]);
    for (settings, why) in [
        (vec![], "`table` is missing"),
        (vec![table], "`account_column` is missing"),
        (vec![table, ("sql", &["UPDATE t SET a = :token"])], "`sql` takes the place of `table`"),
        (vec![("sql", &["UPDATE t SET a = :secret"])], "`sql` names :secret"),
    ] {
        assert!(at("postgres://a:b@db/x", &settings).unwrap_err().to_string().contains(why), "{why}");
    }
    let error = at("postgres://postgres:[YOUR-PASSWORD]@db.abc.supabase.co/postgres", &[table]).unwrap_err();
    assert!(error.to_string().contains("`URL` still holds [YOUR-PASSWORD]"), "{error}");
}
