//! A row of a PostgreSQL table: Supabase, Neon, RDS, or a server of one's own, also behind pgbouncer.
//!
//! Statements are sent without a name (<https://www.postgresql.org/docs/current/protocol-flow.html>, "Extended Query"), and
//! nothing outlives its transaction: a pooler may give the next statement to another session. Values are sent as text, so that
//! the server reads them as whatever type the column has.

use std::fmt;
use std::sync::Arc;

use DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule, Retry};
use bytes::{BufMut as _, BytesMut};
use everlit_http::{DatabaseUrl, Secret};
use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_postgres::{Failure as Cause, SCHEMES, Server, USUAL_PORT};
use tokio_postgres::Client;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

use crate::database::{
    Dialect, Parameter, READ_ONLY, Session, Sql, Table, URL, Values, Writes, roots_of, unreached, url_of,
};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room};
use crate::place::{Place, Source};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "postgres",
    secrets: &[URL],
    options: &Writes::OPTIONS,
    effect: Effect::NextRead,
    room: Room::EachAccount,
    guide: "A row of a PostgreSQL table (Supabase, Neon, RDS, your own). Paste the URL of your provider's dashboard, with the \
            password; poolers work. Set table, account_column and token_column, better also expires_column: with it, an older \
            token never replaces a newer one. Or set sql to one statement of yours with :account, :token, :expires_at and \
            :expires_unix. `key` is what account_column holds; left out, it is the account's name. TLS certificates are \
            verified: where the provider has a CA of its own (Supabase, RDS), set ca_file to its certificate. With source = true, \
            state_column names a text column for what everlit must remember.",
    build,
};

#[derive(Debug)]
struct Postgres {
    name: String,
    url: DatabaseUrl,
    server: Server,
    account: String,
    writes: Writes,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let url = url_of(setup, SCHEMES, USUAL_PORT)?;
    Ok(Arc::new(Postgres {
        name: setup.name.to_owned(),
        server: Server::new(&url, roots_of(setup)?),
        account: setup.key.clone(),
        writes: Writes::of(setup, &Open::DIALECT)?,
        url,
    }))
}

/// A value in its textual form, which the server reads as the type that it expects.
struct Text(Option<String>);

/// The driver may log it, and it may be a token.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text")
    }
}

impl ToSql for Text {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let Some(text) = &self.0 else { return Ok(IsNull::Yes) };
        out.put_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    tokio_postgres::types::to_sql_checked!();
}

/// What the server is sent for the parameters of a statement, each of the type "find it out".
struct Sent(Vec<Text>);

impl Sent {
    fn of(sql: &Sql, values: Values<'_>) -> Self {
        Self(sql.values(&Open::DIALECT, &values).into_iter().map(Text).collect())
    }

    fn typed(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.0.iter().map(|text| (text as &(dyn ToSql + Sync), Type::UNKNOWN)).collect()
    }
}

/// Why work in the database ended.
enum Failure {
    Server(tokio_postgres::Error),
    Known(DeliveryError),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Server(error)
    }
}

impl From<DeliveryError> for Failure {
    fn from(error: DeliveryError) -> Self {
        Self::Known(error)
    }
}

/// A connection.
struct Open(Client);

impl Session for Open {
    const DIALECT: Dialect = Dialect {
        quote: '"',
        placeholder: |index| format!("${index}"),
        text: "text",
        instant: |at| at.to_string(),
        is_account: |column| format!("{column} = :account"),
        or_nothing: |column| format!(" ON CONFLICT ({column}) DO NOTHING"),
    };
    type Error = Failure;

    async fn begin(&mut self) -> Result<(), Failure> {
        Ok(self.0.batch_execute("BEGIN").await?)
    }

    async fn end(&mut self, is_kept: bool) -> Result<(), Failure> {
        Ok(self.0.batch_execute(if is_kept { "COMMIT" } else { "ROLLBACK" }).await?)
    }

    async fn execute(&mut self, sql: &Sql, values: Values<'_>) -> Result<u64, Failure> {
        Ok(self.0.execute_typed(&sql.text, &Sent::of(sql, values).typed()).await?)
    }

    async fn read(&mut self, sql: &Sql, values: Values<'_>) -> Result<Vec<Option<String>>, Failure> {
        let rows = self.0.query_typed(&sql.text, &Sent::of(sql, values).typed()).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
    }

    /// <https://www.postgresql.org/docs/current/sql-explain.html>
    async fn explain(&mut self, sql: &Sql, values: Values<'_>) -> Result<(), Failure> {
        let sent = Sent::of(sql, values);
        Ok(self.0.query_typed(&format!("EXPLAIN {}", sql.text), &sent.typed()).await.map(drop)?)
    }

    async fn expires_parameter(&mut self, table: &Table) -> Result<Option<Parameter>, Failure> {
        const NUMBERS: [&str; 4] = ["bigint", "integer", "numeric", "double precision"];
        let Some(column) = &table.expires_column else { return Ok(None) };
        let (column, table) = (Self::DIALECT.quoted(column), table.quoted_name(&Self::DIALECT));
        // It has an answer also where the table has no row.
        let question = format!("SELECT pg_typeof((SELECT {column} FROM {table} LIMIT 0))::text");
        let answer = self.0.query_typed_one(&question, &[]).await?;
        let is_number = NUMBERS.contains(&answer.try_get::<_, &str>(0)?);
        Ok(Some(if is_number { Parameter::ExpiresUnix } else { Parameter::ExpiresAt }))
    }
}

impl Postgres {
    /// Does the work over a connection of its own.
    async fn session<T, F>(&self, work: impl FnOnce(Open) -> F) -> Result<T, DeliveryError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let (client, connection) = self.server.connect().await.map_err(|cause| self.failed(&cause))?;
        // The connection ends, with a goodbye to the server, once the work has dropped the client.
        let (outcome, ended) = tokio::join!(work(Open(client)), connection);
        outcome.map_err(|failure| match (failure, ended) {
            (Failure::Known(error), _) => error,
            (Failure::Server(error), Err(why)) if error.is_closed() => self.failed(&self.server.failure(&why)),
            (Failure::Server(error), _) => self.failed(&self.server.failure(&error)),
        })
    }

    fn values<'v>(&'v self, token: Option<&'v Token>, expires_at: Option<Timestamp>) -> Values<'v> {
        Values { account: &self.account, token: token.map(Token::expose), expires_at }
    }

    /// What the row holds.
    async fn held(&self, writes: &Writes) -> Result<Option<Secret>, DeliveryError> {
        let held =
            self.session(|mut open| async move { writes.held(&mut open, self.values(None, None)).await }).await?;
        Ok(held.map(Secret::new))
    }

    fn state_writes(&self) -> Result<Writes, DeliveryError> {
        let missing = || DeliveryError::new(NotFound, "`state_column` is not set");
        self.writes.of_state().ok_or_else(missing)
    }

    async fn rehearse(&self, mut open: Open) -> Result<(), Failure> {
        let mode = open.0.query_typed_one("SELECT current_setting('transaction_read_only')", &[]).await?;
        if mode.try_get::<_, &str>(0)? == "on" {
            return Err(self.error(RefusedByRule, READ_ONLY).into());
        }
        self.writes.rehearse(&mut open, self.values(None, None)).await
    }
}

impl Postgres {
    fn error(&self, class: DeliveryErrorClass, what: &str) -> DeliveryError {
        DeliveryError::new(class, format!("{} {what}", self.url.host))
    }

    fn failed(&self, cause: &Cause) -> DeliveryError {
        match cause {
            Cause::Unreached(error) => unreached(error),
            Cause::Refused { code, message } => {
                let (class, what) = meaning(code, message);
                self.error(class, &format!("{what} ({code}): {message}"))
            }
            Cause::Closed(None) => self.error(Retry, "closed the connection"),
            Cause::Closed(Some((kind, detail))) => {
                DeliveryError { io: Some(*kind), ..self.error(Retry, &format!("closed the connection: {detail}")) }
            }
            Cause::NoTls => self.error(
                NotFound,
                "does not offer TLS: enable it there, or add sslmode=disable to the URL if the network between is yours",
            ),
            Cause::NoPassword => self.error(CredentialRefused, "asks for a password, and the URL has none"),
            Cause::NoChannelBinding => {
                self.error(NotFound, "does not bind the login to TLS: remove channel_binding=require from the URL")
            }
            Cause::Login(detail) => self.error(CredentialRefused, &format!("cannot log in: {detail}")),
            Cause::Other(what) => self.error(Retry, what),
        }
    }
}

/// Who can help with what the server said: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn meaning(code: &str, message: &str) -> (DeliveryErrorClass, &'static str) {
    let says = |text: &str| message.contains(text);
    match code {
        "28000" if says("no encryption") || says("SSL off") => {
            (NotFound, "wants TLS: remove sslmode=disable from the URL")
        }
        "28000" | "28P01" => (CredentialRefused, "does not accept the user or the password"),
        // Supabase's pooler.
        _ if says("Tenant or user not found") => {
            (CredentialRefused, "does not know the user; on Supabase's pooler, it is postgres.PROJECT")
        }
        // pgbouncer.
        "08P01" if says("no such user") || says("authentication failed") => {
            (CredentialRefused, "does not accept the user or the password")
        }
        "08P01" if says("no such database") => (NotFound, "has no such database"),
        "3D000" => (NotFound, "has no such database"),
        "42P01" | "3F000" => (NotFound, "has no such table; upper case matters, and a schema may be missing"),
        "42703" => (NotFound, "has no such column; upper case matters"),
        "42P10" => (
            NotFound,
            "has no row for the account, and cannot add one: give `account_column` a unique constraint, or add the row",
        ),
        "42501" => (
            CredentialRefused,
            "does not let the user do this: it needs SELECT, INSERT and UPDATE, and a policy under row-level security",
        ),
        "25006" => (RefusedByRule, READ_ONLY),
        "23502" => (
            RefusedByRule,
            "has no row for the account, and a new one needs other columns too: add the row, then it is kept up to date",
        ),
        "22P02" => {
            (RefusedByRule, "cannot store this: `key` is what `account_column` holds, the account's name if not set")
        }
        _ => match code.get(..2).unwrap_or_default() {
            "22" | "23" | "44" => (RefusedByRule, "refused the token"),
            "42" | "0A" => (NotFound, "does not accept the statement"),
            _ => (Retry, "cannot do this now"),
        },
    }
}

impl Target for Postgres {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let values = self.values(Some(token), expires_at);
            self.session(|mut open| async move { self.writes.put(&mut open, values).await })
                .await
                .map(|()| Receipt::default())
        })
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move {
            if matches!(self.writes, Writes::Own(_)) {
                return Ok(Holds::Unreadable);
            }
            let held = self.held(&self.writes).await?;
            Ok(Holds::of(held.as_ref().map(Secret::expose), token))
        })
    }
}

impl Place for Postgres {
    fn plan(&self) -> String {
        self.writes.plan(&self.account)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move { self.session(|open| self.rehearse(open)).await.map(|()| Receipt::default()) })
    }

    fn source(&self) -> Option<&dyn Source> {
        self.writes.of_state().is_some().then_some(self)
    }
}

impl Source for Postgres {
    fn token(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>> {
        Box::pin(self.held(&self.writes))
    }

    fn state(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>> {
        Box::pin(async move { self.held(&self.state_writes()?).await })
    }

    fn save_state<'a>(&'a self, state: &'a Secret) -> BoxFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            let writes = self.state_writes()?;
            let values = Values { token: Some(state.expose()), ..self.values(None, None) };
            self.session(|mut open| async move { writes.put(&mut open, values).await }).await
        })
    }

    /// Far less than a column takes.
    fn room(&self) -> usize {
        100 * 1024
    }
}
