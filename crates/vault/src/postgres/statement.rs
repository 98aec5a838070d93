//! A statement with its values.

use std::borrow::Cow;
use std::fmt;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

/// The time by the clock of the server, in seconds since 1970.
pub(super) const NOW: &str = "extract(epoch FROM now())::bigint";

/// A lease has ended, or the clock of the server was wrong when it was taken: none lasts for an hour.
pub(super) const OVER: &str = "lease_until NOT BETWEEN extract(epoch FROM now())::bigint + 1 AND \
                               extract(epoch FROM now())::bigint + 3600";

/// A statement with its values; or a script without any, which is one transaction.
pub(super) struct Statement {
    text: Cow<'static, str>,
    values: Vec<(Box<dyn ToSql + Send + Sync>, Type)>,
    is_script: bool,
}

/// Shows no value: names and tokens are among them, if sealed.
impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a statement may be given.
pub(super) trait Value: ToSql + Send + Sync + 'static {
    const TYPE: Type;
}

macro_rules! values {
    ($($of:ty: $is:ident),+) => {
        $(impl Value for $of {
            const TYPE: Type = Type::$is;
        })+
    };
}

values! {
    i64: INT8, Option<i64>: INT8, Vec<i64>: INT8_ARRAY, Option<Vec<i64>>: INT8_ARRAY,
    Vec<Option<i64>>: INT8_ARRAY,
    Vec<u8>: BYTEA, Option<Vec<u8>>: BYTEA, Vec<Vec<u8>>: BYTEA_ARRAY, Vec<Option<Vec<u8>>>: BYTEA_ARRAY,
    &'static str: TEXT, String: TEXT, Vec<String>: TEXT_ARRAY, Option<Vec<String>>: TEXT_ARRAY,
    Vec<&'static str>: TEXT_ARRAY
}

impl Statement {
    /// A statement with `$1`, `$2` and so on.
    pub(super) fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), values: Vec::new(), is_script: false }
    }

    /// Several statements, of which all are done or none.
    pub(super) fn script(text: String) -> Self {
        Self { text: text.into(), values: Vec::new(), is_script: true }
    }

    /// Adds the next value.
    pub(super) fn with<V: Value>(mut self, value: V) -> Self {
        self.values.push((Box::new(value), V::TYPE));
        self
    }

    /// Sends it, without a name: <https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY>.
    pub(super) async fn send(&self, client: &Client) -> Result<Vec<Row>, Error> {
        if self.is_script {
            return client.batch_execute(&self.text).await.map(|()| Vec::new());
        }
        let values: Vec<(&(dyn ToSql + Sync), Type)> =
            self.values.iter().map(|(value, of)| (&**value as &(dyn ToSql + Sync), of.clone())).collect();
        client.query_typed(&self.text, &values).await
    }
}
