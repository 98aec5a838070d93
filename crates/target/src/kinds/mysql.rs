//! A row of a MySQL or MariaDB table.

use std::sync::Arc;

use everlit_http::{DatabaseUrl, Roots, Secret};
use everlit_keeper::DeliveryErrorClass::{self, CredentialRefused, NotFound, RefusedByRule, Retry};
use everlit_keeper::{DeliveryError, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, DriverError, IoError, Opts, OptsBuilder, Params, Row, ServerError, SslOpts, Value};

use crate::database::{
    Dialect, Parameter, READ_ONLY, Session, Sql, Table, URL, Values, Writes, roots_of, said, url_of,
};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room};
use crate::place::Place;
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "mysql",
    secrets: &[URL],
    options: &Writes::OPTIONS,
    effect: Effect::NextRead,
    room: Room::EachAccount,
    guide: "A row of a MySQL or MariaDB table. Paste the URL with the password: mysql://user:password@host:3306/database. Set \
            table, account_column and token_column, better also expires_column: with it, an older token never replaces a newer \
            one. Or set sql to one statement of yours with :account, :token, :expires_at and :expires_unix. `key` is what \
            account_column holds; left out, it is the account's name. TLS certificates are verified: where the provider has a \
            CA of its own (RDS, DigitalOcean), set ca_file to its certificate.",
    build,
};

#[derive(Debug)]
struct MySql {
    name: String,
    url: DatabaseUrl,
    options: Opts,
    account: String,
    writes: Writes,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let url = url_of(setup, &["mysql", "mariadb"], 3306)?;
    let tls = if url.is_encrypted() { Some(tls_of(roots_of(setup)?)) } else { None };
    let options = OptsBuilder::default()
        .ip_or_hostname(&*url.host)
        .tcp_port(url.port)
        .prefer_socket(false)
        .user(Some(&*url.user))
        .pass(url.password.as_ref().map(Secret::expose))
        .db_name(Some(&*url.database).filter(|name| !name.is_empty()))
        .ssl_opts(tls)
        // A row that holds the token already counts as written.
        .client_found_rows(true)
        // What a column of type timestamp is given is taken to be in the session's zone.
        .setup(vec!["SET time_zone = '+00:00'"]);
    Ok(Arc::new(MySql {
        name: setup.name.to_owned(),
        options: options.into(),
        account: setup.key.clone(),
        writes: Writes::of(setup, &Open::DIALECT)?,
        url,
    }))
}

fn tls_of(roots: Roots) -> SslOpts {
    let (pem, only) = match roots {
        Roots::Bundled => return SslOpts::default(),
        Roots::BundledAnd(pem) => (pem, false),
        Roots::Only(pem) => (pem, true),
    };
    SslOpts::default().with_root_certs(vec![pem.into()]).with_disable_built_in_roots(only)
}

/// A connection.
struct Open(Conn);

/// Why work in the database ended.
enum Failure {
    Server(mysql_async::Error),
    Known(DeliveryError),
}

impl From<mysql_async::Error> for Failure {
    fn from(error: mysql_async::Error) -> Self {
        Self::Server(error)
    }
}

impl From<DeliveryError> for Failure {
    fn from(error: DeliveryError) -> Self {
        Self::Known(error)
    }
}

/// The values as text, which the server reads as what the columns hold.
fn sent(sql: &Sql, values: Values<'_>) -> Params {
    let values = sql.values(&Open::DIALECT, &values);
    if values.is_empty() {
        return Params::Empty;
    }
    Params::Positional(values.into_iter().map(|value| value.map_or(Value::NULL, Value::from)).collect())
}

impl Session for Open {
    const DIALECT: Dialect = Dialect {
        quote: '`',
        placeholder: |_| "?".to_owned(),
        text: "CHAR",
        instant: |at| at.strftime("%F %T").to_string(),
        // In a column of numbers, 0 would be taken for any name.
        is_account: |column| format!("{column} = :account AND CAST({column} AS CHAR) = :account"),
        or_nothing: |_| String::new(),
    };
    type Error = Failure;

    async fn begin(&mut self) -> Result<(), Failure> {
        Ok(self.0.query_drop("START TRANSACTION").await?)
    }

    async fn end(&mut self, is_kept: bool) -> Result<(), Failure> {
        Ok(self.0.query_drop(if is_kept { "COMMIT" } else { "ROLLBACK" }).await?)
    }

    async fn execute(&mut self, sql: &Sql, values: Values<'_>) -> Result<u64, Failure> {
        let result = self.0.exec_iter(&*sql.text, sent(sql, values)).await?;
        let rows = result.affected_rows();
        result.drop_result().await?;
        Ok(rows)
    }

    async fn read(&mut self, sql: &Sql, values: Values<'_>) -> Result<Vec<Option<String>>, Failure> {
        let rows: Vec<Row> = self.0.exec(&*sql.text, sent(sql, values)).await?;
        Ok(rows.into_iter().map(|mut row| row.take::<Option<String>, _>(0).flatten()).collect())
    }

    /// "EXPLAIN requires the same privileges required to execute the explained statement":
    /// <https://dev.mysql.com/doc/refman/8.4/en/explain.html>
    async fn explain(&mut self, sql: &Sql, values: Values<'_>) -> Result<(), Failure> {
        Ok(self.0.exec_drop(format!("EXPLAIN {}", sql.text), sent(sql, values)).await?)
    }

    async fn expires_parameter(&mut self, table: &Table) -> Result<Option<Parameter>, Failure> {
        use ColumnType::{MYSQL_TYPE_DOUBLE, MYSQL_TYPE_LONG, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_NEWDECIMAL};
        const NUMBERS: [ColumnType; 4] =
            [MYSQL_TYPE_LONG, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_NEWDECIMAL, MYSQL_TYPE_DOUBLE];
        let Some(column) = &table.expires_column else { return Ok(None) };
        let (column, table) = (Self::DIALECT.quoted(column), table.quoted_name(&Self::DIALECT));
        let statement = self.0.prep(format!("SELECT {column} FROM {table} LIMIT 0")).await?;
        let is_number = statement.columns().iter().any(|column| NUMBERS.contains(&column.column_type()));
        Ok(Some(if is_number { Parameter::ExpiresUnix } else { Parameter::ExpiresAt }))
    }
}

impl MySql {
    /// Does the work over a connection of its own.
    async fn session<T, F>(&self, work: impl FnOnce(Open) -> F) -> Result<T, DeliveryError>
    where
        F: Future<Output = (Result<T, Failure>, Open)>,
    {
        let connection = Conn::new(self.options.clone()).await.map_err(|error| self.failed(error))?;
        let (outcome, Open(connection)) = work(Open(connection)).await;
        // Whether the goodbye arrives changes nothing.
        let _ = connection.disconnect().await;
        outcome.map_err(|failure| match failure {
            Failure::Known(error) => error,
            Failure::Server(error) => self.failed(error),
        })
    }

    fn values<'v>(&'v self, token: Option<&'v Token>, expires_at: Option<Timestamp>) -> Values<'v> {
        Values { account: &self.account, token: token.map(Token::expose), expires_at }
    }

    async fn rehearse(&self, open: &mut Open) -> Result<(), Failure> {
        let is_read_only: Option<bool> = open.0.query_first("SELECT @@global.read_only").await?;
        if is_read_only == Some(true) {
            return Err(self.error(RefusedByRule, READ_ONLY).into());
        }
        self.writes.rehearse(open, self.values(None, None)).await
    }

    fn error(&self, class: DeliveryErrorClass, what: &str) -> DeliveryError {
        DeliveryError::new(class, format!("{} {what}", self.url.host))
    }

    fn untrusted(&self, why: &str) -> DeliveryError {
        let message = format!("is not trusted: {why}. If the service has a CA of its own, set `ca_file`");
        self.error(NotFound, &message)
    }

    fn failed(&self, error: mysql_async::Error) -> DeliveryError {
        use mysql_async::Error::{Driver, Io, Server};
        match error {
            Server(ServerError { code, message, .. }) => {
                let (class, what) = meaning(code);
                self.error(class, &format!("{what} ({code}): {}", said(&message)))
            }
            Io(IoError::Io(io)) if io.to_string().contains("invalid peer certificate") => self.untrusted(&io.to_string()),
            Io(IoError::Io(io)) => {
                let message = format!("cannot be reached: {io}");
                DeliveryError { io: Some(io.kind()), ..self.error(Retry, &message) }
            }
            Io(IoError::Tls(why)) => self.untrusted(&why.to_string()),
            Driver(DriverError::NoClientSslFlagFromServer) => self.error(
                NotFound,
                "does not offer TLS: enable it there, or add sslmode=disable to the URL if the network between is yours",
            ),
            Driver(
                why @ (DriverError::UnknownAuthPlugin { .. }
                | DriverError::MysqlOldPasswordDisabled
                | DriverError::CleartextPluginDisabled),
            ) => self.error(CredentialRefused, &format!("cannot log in: {why}")),
            other => self.error(Retry, &format!("could not be used: {}", said(&other.to_string()))),
        }
    }
}

/// Who can help with what the server said: <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>
fn meaning(code: u16) -> (DeliveryErrorClass, &'static str) {
    match code {
        1045 | 1130 | 1698 => (CredentialRefused, "does not accept the user or the password"),
        1044 | 1142 | 1143 | 1227 => {
            (CredentialRefused, "does not let the user do this: it needs SELECT, INSERT and UPDATE")
        }
        1049 => (NotFound, "has no such database"),
        1146 => (NotFound, "has no such table"),
        1054 => (NotFound, "has no such column"),
        3159 => (NotFound, "wants TLS: remove sslmode=disable from the URL"),
        1290 | 1792 | 1836 => (RefusedByRule, READ_ONLY),
        1364 => (
            RefusedByRule,
            "has no row for the account, and a new one needs other columns too: add the row, then it is kept up to date",
        ),
        1292 | 1366 => {
            (RefusedByRule, "cannot store this: `key` is what `account_column` holds, the account's name if not set")
        }
        1048 | 1264 | 1265 | 1406 | 1451 | 1452 | 1644 | 3819 | 4025 => (RefusedByRule, "refused the token"),
        1064 | 1101..=1149 => (NotFound, "does not accept the statement"),
        _ => (Retry, "cannot do this now"),
    }
}

impl Target for MySql {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        let values = self.values(Some(token), expires_at);
        Box::pin(async move {
            let work = |mut open| async move { (self.writes.put(&mut open, values).await, open) };
            self.session(work).await.map(|()| Receipt::default())
        })
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move {
            if matches!(self.writes, Writes::Own(_)) {
                return Ok(Holds::Unreadable);
            }
            let values = self.values(None, None);
            let work = |mut open| async move { (self.writes.held(&mut open, values).await, open) };
            let held = self.session(work).await?;
            Ok(if held.as_deref() == Some(token.expose()) { Holds::ThisToken } else { Holds::Another })
        })
    }
}

impl Place for MySql {
    fn plan(&self) -> String {
        self.writes.plan(&self.account)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let work = |mut open| async move { (self.rehearse(&mut open).await, open) };
            self.session(work).await.map(|()| Receipt::default())
        })
    }
}
