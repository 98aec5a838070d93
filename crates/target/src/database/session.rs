//! A delivery into a database, whichever it is.

use everlit_keeper::{DeliveryError, DeliveryErrorClass};

use super::sql::{Dialect, Parameter, Sql, Table, Values, Writes};

/// A connection to a database.
pub(crate) trait Session {
    /// How its statements are written.
    const DIALECT: Dialect;
    /// What the server or the driver says.
    type Error: From<DeliveryError>;

    /// Begins a transaction.
    async fn begin(&mut self) -> Result<(), Self::Error>;

    /// Commits the transaction, or takes it back.
    async fn end(&mut self, is_kept: bool) -> Result<(), Self::Error>;

    /// How many rows it changed, whether or not they were the same before.
    async fn execute(&mut self, sql: &Sql, values: Values<'_>) -> Result<u64, Self::Error>;

    /// The first column of each row that it found.
    async fn read(&mut self, sql: &Sql, values: Values<'_>) -> Result<Vec<Option<String>>, Self::Error>;

    /// Plans a statement and checks the rights to run it; runs nothing.
    async fn explain(&mut self, sql: &Sql, values: Values<'_>) -> Result<(), Self::Error>;

    /// What the column of the expiry takes: a number or a date.
    async fn expires_parameter(&mut self, table: &Table) -> Result<Option<Parameter>, Self::Error>;
}

impl Writes {
    /// Writes the token.
    pub(crate) async fn put<S: Session>(&self, session: &mut S, values: Values<'_>) -> Result<(), S::Error> {
        let table = match self {
            Self::Row(table) => table,
            Self::Own(sql) => {
                let rows = session.execute(sql, values).await?;
                return if rows == 0 { Err(Sql::unchanged(values.account).into()) } else { Ok(()) };
            }
        };
        let expires = session.expires_parameter(table).await?;
        session.begin().await?;
        let outcome = put_row(session, table, expires, values).await;
        let ended = session.end(outcome.is_ok()).await;
        outcome.and(ended)
    }

    /// Whether a delivery would be let through, as far as can be told without one.
    pub(crate) async fn rehearse<S: Session>(&self, session: &mut S, values: Values<'_>) -> Result<(), S::Error> {
        let table = match self {
            Self::Row(table) => table,
            Self::Own(sql) => return session.explain(sql, values).await,
        };
        let expires = session.expires_parameter(table).await?;
        session.explain(&table.update(&S::DIALECT, expires, true)?, values).await?;
        match session.read(&table.select(&S::DIALECT)?, values).await?.len() {
            0 => session.explain(&table.insert(&S::DIALECT, expires)?, values).await,
            1 => Ok(()),
            _ => Err(table.several(values.account).into()),
        }
    }

    /// The token in the row. `None` where there is none, or no row of which that can be told.
    pub(crate) async fn held<S: Session>(
        &self,
        session: &mut S,
        values: Values<'_>,
    ) -> Result<Option<String>, S::Error> {
        let Self::Row(table) = self else { return Ok(None) };
        let mut rows = session.read(&table.select(&S::DIALECT)?, values).await?;
        Ok(if rows.len() == 1 { rows.remove(0) } else { None })
    }
}

/// Updates the row, or adds one. It is looked for first: an insert fails where the table has other columns that must be set,
/// even if the row is there.
async fn put_row<S: Session>(
    session: &mut S,
    table: &Table,
    expires: Option<Parameter>,
    values: Values<'_>,
) -> Result<(), S::Error> {
    let found = session.read(&table.select(&S::DIALECT)?.and(" FOR UPDATE"), values).await?;
    let is_guarded = values.expires_at.is_some();
    let written = match found.len() {
        0 => session.execute(&table.insert(&S::DIALECT, expires)?, values).await?,
        1 => session.execute(&table.update(&S::DIALECT, expires, is_guarded)?, values).await?,
        _ => return Err(table.several(values.account).into()),
    };
    match (written, found.len()) {
        (1.., _) => read_back(session, table, values).await,
        (0, 1) if is_guarded && expires.is_some() => Err(table.newer(values.account).into()),
        // Another program has just added the row, or a policy or a trigger holds the change back.
        (0, _) => {
            let message =
                format!("{} took no token for {}: a policy or a trigger may prevent it", table.name, values.account);
            Err(DeliveryError::new(DeliveryErrorClass::Retry, message).into())
        }
    }
}

/// A trigger may have changed the token on its way, and a column may be too short for it.
async fn read_back<S: Session>(session: &mut S, table: &Table, values: Values<'_>) -> Result<(), S::Error> {
    let held = session.read(&table.select(&S::DIALECT)?, values).await?;
    if held.first().is_some_and(|held| held.as_deref() == values.token) {
        return Ok(());
    }
    let message = format!(
        "{} holds something other than the token that was just written for {}, and was put back: does a trigger change \
         it, or is `{}` too short?",
        table.name, values.account, table.token_column
    );
    Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message).into())
}
