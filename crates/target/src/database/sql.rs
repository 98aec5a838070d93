//! Where in a database the token goes: a row of a table, or whatever a statement of the user's writes.

use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use everlit_meta_api::Timestamp;
use everlit_options::{OptionSpec, Shape};

use super::CA_FILE;
use crate::error::Error;
use crate::kind::optional;
use crate::setup::Setup;

/// What a delivery writes.
#[derive(Clone, Debug)]
pub(crate) enum Writes {
    /// One row.
    Row(Table),
    /// The user's own statement.
    Own(Sql),
}

/// A table with a row for each account. Names are as in the settings.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) account_column: String,
    pub(crate) token_column: String,
    pub(crate) expires_column: Option<String>,
    /// Where everlit's state is kept if the token is read from this table.
    pub(crate) state_column: Option<String>,
}

/// A statement whose named parameters have been replaced by the database's own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sql {
    pub(crate) text: String,
    /// What the parameters are, in their order.
    pub(crate) parameters: Vec<Parameter>,
}

/// A value that a statement may name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Parameter {
    Account,
    Token,
    /// As a date and time.
    ExpiresAt,
    /// As Unix seconds.
    ExpiresUnix,
}

const PARAMETERS: [(&str, Parameter); 4] = [
    ("account", Parameter::Account),
    ("token", Parameter::Token),
    ("expires_at", Parameter::ExpiresAt),
    ("expires_unix", Parameter::ExpiresUnix),
];

impl Writes {
    pub(crate) const OPTIONS: [OptionSpec; 7] = [
        optional("table", Shape::Text),
        optional("account_column", Shape::Text),
        optional("token_column", Shape::Text),
        optional("expires_column", Shape::Text),
        optional("state_column", Shape::Text),
        optional("sql", Shape::Text),
        CA_FILE,
    ];

    /// As the settings say.
    pub(crate) fn of(setup: &Setup<'_>, dialect: &Dialect) -> Result<Self, Error> {
        let Some(sql) = setup.options.text("sql") else {
            let text = |key| setup.required(key).map(str::to_owned);
            return Ok(Self::Row(Table {
                name: text("table")?,
                account_column: text("account_column")?,
                token_column: text("token_column")?,
                expires_column: setup.options.text("expires_column").map(str::to_owned),
                state_column: setup.options.text("state_column").map(str::to_owned),
            }));
        };
        let others = ["table", "account_column", "token_column", "expires_column", "state_column"];
        if let Some(other) = others.into_iter().find(|key| setup.options.text(key).is_some()) {
            return Err(Error::Setting("sql", format!("takes the place of `{other}`: set one of them")));
        }
        Sql::parse(sql, dialect).map(Self::Own).map_err(|why| Error::Setting("sql", why))
    }

    /// What writes everlit's state into the same row; `None` if no column is set for it.
    pub(crate) fn of_state(&self) -> Option<Self> {
        let Self::Row(table) = self else { return None };
        let token_column = table.state_column.clone()?;
        Some(Self::Row(Table { token_column, expires_column: None, state_column: None, ..table.clone() }))
    }

    /// As a sentence without a subject.
    pub(crate) fn plan(&self, account: &str) -> String {
        match self {
            Self::Row(table) => format!("writes {} of {account} in the table {}", table.token_column, table.name),
            Self::Own(_) => format!("runs its `sql` for {account}"),
        }
    }
}

/// How a database writes what others write in another way.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// What stands around an identifier.
    pub(crate) quote: char,
    /// The n-th parameter, from 1.
    pub(crate) placeholder: fn(usize) -> String,
    /// The type that any value can be cast to, to read it as text.
    pub(crate) text: &'static str,
    /// A date and time, in UTC.
    pub(crate) instant: fn(jiff::Timestamp) -> String,
    /// Whether the column, quoted, has the account, and not something that is merely taken for it.
    pub(crate) is_account: fn(&str) -> String,
    /// What makes an insert do nothing where the column, quoted, has the account already.
    pub(crate) or_nothing: fn(&str) -> String,
}

/// What a statement's parameters stand for.
#[derive(Clone, Copy)]
pub(crate) struct Values<'v> {
    pub(crate) account: &'v str,
    /// Left out where nothing is written.
    pub(crate) token: Option<&'v str>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Values<'_> {
    fn get(&self, parameter: Parameter, dialect: &Dialect) -> Option<String> {
        match parameter {
            Parameter::Account => Some(self.account.to_owned()),
            Parameter::Token => self.token.map(str::to_owned),
            Parameter::ExpiresAt => jiff::Timestamp::from_second(self.expires_at?.as_unix()).ok().map(dialect.instant),
            Parameter::ExpiresUnix => self.expires_at.map(|at| at.as_unix().to_string()),
        }
    }
}

/// The statements on a table. `expires` is what the column of the expiry takes, where there is one.
impl Table {
    /// Changes the row of the account; with a guard, only if it does not hold a token that expires later.
    pub(super) fn update(
        &self,
        dialect: &Dialect,
        expires: Option<Parameter>,
        is_guarded: bool,
    ) -> Result<Sql, DeliveryError> {
        let (table, account, token) = self.names(dialect);
        let expires = self.expires(dialect, expires);
        let set = expires.as_ref().map(|(column, value)| format!(", {column} = {value}")).unwrap_or_default();
        let guard = expires.filter(|_| is_guarded);
        // A date beside an empty token protects nothing.
        let is_empty = format!("{token} IS NULL OR CAST({token} AS {}) = ''", dialect.text);
        let guard =
            guard.map(|(column, value)| format!(" AND ({column} IS NULL OR {column} <= {value} OR {is_empty})"));
        let (is_account, guard) = ((dialect.is_account)(&account), guard.unwrap_or_default());
        Sql::known(dialect, &format!("UPDATE {table} SET {token} = :token{set} WHERE {is_account}{guard}"))
    }

    /// Adds the row of the account, unless another program has just done so.
    pub(super) fn insert(&self, dialect: &Dialect, expires: Option<Parameter>) -> Result<Sql, DeliveryError> {
        let (table, account, token) = self.names(dialect);
        let (column, value) = match self.expires(dialect, expires) {
            Some((column, value)) => (format!(", {column}"), format!(", {value}")),
            None => Default::default(),
        };
        let or_nothing = (dialect.or_nothing)(&account);
        let values = format!("VALUES (:account, :token{value})");
        Sql::known(dialect, &format!("INSERT INTO {table} ({account}, {token}{column}) {values}{or_nothing}"))
    }

    /// Reads the token of the account, from two rows if there are so many.
    pub(super) fn select(&self, dialect: &Dialect) -> Result<Sql, DeliveryError> {
        let (table, account, token) = self.names(dialect);
        let (text, is_account) = (dialect.text, (dialect.is_account)(&account));
        Sql::known(dialect, &format!("SELECT CAST({token} AS {text}) FROM {table} WHERE {is_account} LIMIT 2"))
    }

    fn expires(&self, dialect: &Dialect, parameter: Option<Parameter>) -> Option<(String, String)> {
        Some((dialect.quoted(self.expires_column.as_ref()?), parameter?.placeholder()))
    }

    fn names(&self, dialect: &Dialect) -> (String, String, String) {
        (self.quoted_name(dialect), dialect.quoted(&self.account_column), dialect.quoted(&self.token_column))
    }

    /// With the schema, where the name has one.
    pub(crate) fn quoted_name(&self, dialect: &Dialect) -> String {
        let parts: Vec<_> = self.name.split('.').map(|part| dialect.quoted(part)).collect();
        parts.join(".")
    }

    /// More than one row is the account's.
    pub(super) fn several(&self, account: &str) -> DeliveryError {
        let (name, column) = (&self.name, &self.account_column);
        let message = format!(
            "{name} has several rows with {account} in {column}, and none was changed: set `account_column` to a column \
             that is different in each row"
        );
        DeliveryError::new(DeliveryErrorClass::NotFound, message)
    }

    /// The row has a token that outlives this one.
    pub(super) fn newer(&self, account: &str) -> DeliveryError {
        let message = format!(
            "{} already holds a token for {account} that expires later, and was left alone: does another program refresh \
             it too?",
            self.name
        );
        DeliveryError::new(DeliveryErrorClass::RefusedByRule, message)
    }
}

impl Dialect {
    /// An identifier that cannot be taken for anything else.
    pub(crate) fn quoted(&self, name: &str) -> String {
        let quote = self.quote;
        format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))
    }
}

impl Parameter {
    fn placeholder(self) -> String {
        let known = PARAMETERS.into_iter().find(|(_, parameter)| *parameter == self);
        known.map(|(name, _)| format!(":{name}")).unwrap_or_default()
    }
}

impl Sql {
    /// A user's statement.
    fn parse(text: &str, dialect: &Dialect) -> Result<Self, String> {
        let sql = Self::replaced(text, dialect)?;
        let first = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        match &*first {
            _ if !sql.parameters.contains(&Parameter::Token) => Err("does not name :token".to_owned()),
            "select" if !text.contains('(') => {
                Err("only reads: write the token, or call a function that does".to_owned())
            }
            "insert" | "update" | "merge" | "replace" | "select" | "with" | "call" => Ok(sql),
            _ => Err("must begin with INSERT, UPDATE, MERGE, REPLACE, CALL, WITH or SELECT of a function".to_owned()),
        }
    }

    /// A statement of this program's own.
    fn known(dialect: &Dialect, text: &str) -> Result<Self, DeliveryError> {
        Self::replaced(text, dialect)
            .map_err(|why| DeliveryError::new(DeliveryErrorClass::Bug, format!("a statement of everlit's {why}")))
    }

    /// The values of its parameters.
    pub(crate) fn values(&self, dialect: &Dialect, of: &Values<'_>) -> Vec<Option<String>> {
        self.parameters.iter().map(|parameter| of.get(*parameter, dialect)).collect()
    }

    /// Replaces `:token` and the like outside quotes.
    fn replaced(text: &str, dialect: &Dialect) -> Result<Self, String> {
        let (mut out, mut parameters) = (String::new(), Vec::new());
        let mut rest = text;
        while let Some(at) = rest.find(['\'', '"', '`', ':', '-', '/']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let length = match from.as_bytes() {
                [b'-', b'-', ..] | [b'/', b'*', ..] => return Err("has a comment: remove it".to_owned()),
                [b':', b':', ..] => 2,
                [b':', next, ..] if next.is_ascii_alphabetic() => {
                    let end = |c: char| !c.is_ascii_alphanumeric() && c != '_';
                    let length = from[1..].find(end).map_or(from.len(), |end| end + 1);
                    parameters.push(parameter(&from[1..length])?);
                    out.push_str(&(dialect.placeholder)(parameters.len()));
                    rest = &from[length..];
                    continue;
                }
                [quote @ (b'\'' | b'"' | b'`'), ..] => {
                    // A doubled quote ends one string and begins the next.
                    let end = from[1..].find(char::from(*quote)).ok_or("has a quote that does not end")?;
                    end + 2
                }
                _ => 1,
            };
            out.push_str(&from[..length]);
            rest = &from[length..];
        }
        out.push_str(rest);
        Ok(Self { text: out, parameters })
    }

    /// The statement with something after it.
    pub(super) fn and(mut self, more: &str) -> Self {
        self.text.push_str(more);
        self
    }

    /// It ran and changed nothing.
    pub(super) fn unchanged(account: &str) -> DeliveryError {
        let message = format!(
            "the statement in `sql` changed no row for {account}: no such row exists, or one of its conditions was not met"
        );
        DeliveryError::new(DeliveryErrorClass::RefusedByRule, message)
    }
}

fn parameter(name: &str) -> Result<Parameter, String> {
    let known = PARAMETERS.into_iter().find(|(known, _)| *known == name);
    known.map(|(_, parameter)| parameter).ok_or_else(|| {
        let names: Vec<_> = PARAMETERS.iter().map(|(name, _)| format!(":{name}")).collect();
        format!("names :{name}; there are {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIALECT: Dialect = Dialect {
        quote: '"',
        placeholder: |index| format!("${index}"),
        text: "text",
        instant: |at| at.to_string(),
        is_account: |column| format!("{column} = :account"),
        or_nothing: |_| String::new(),
    };

    fn parse(text: &str) -> Result<Sql, String> {
        Sql::parse(text, &DIALECT)
    }

    #[test]
    fn named_parameters_become_those_of_the_database() {
        let sql =
            parse("select set_token(:account, :token::text, ':token', \"a:token\", :expires_unix - 1 / 2)").unwrap();
        assert_eq!(sql.text, "select set_token($1, $2::text, ':token', \"a:token\", $3 - 1 / 2)");
        assert_eq!(sql.parameters, [Parameter::Account, Parameter::Token, Parameter::ExpiresUnix]);
    }

    #[test]
    fn statements_that_cannot_work_are_refused_with_the_reason() {
        for (text, why) in [
            ("update t set a = 1", "does not name :token"),
            ("update t set a = ':token'", "does not name :token"),
            ("update t set a = :token where b = :name", "names :name; there are :account, :token"),
            ("update t set a = 'x where b = :token", "a quote that does not end"),
            ("update t set a = :token -- it's new", "has a comment"),
            ("select :token", "only reads"),
            ("DELETE from t where a <> :token", "must begin with INSERT"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn names_are_quoted_whatever_they_hold() {
        assert_eq!(DIALECT.quoted("a\"; drop table b"), "\"a\"\"; drop table b\"");
    }
}
