//! What PostgreSQL's answers mean for a vault.

use everlit_http::Stage;
use everlit_postgres::Failure;

use super::PostgresAddress;
use crate::{VaultError, VaultErrorClass};

/// Names the server and the database in messages.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) database: String,
}

impl Place {
    pub(super) fn of(address: &PostgresAddress) -> Self {
        let url = &address.url;
        Self { host: url.host.clone(), port: url.port, user: url.user.clone(), database: url.database.clone() }
    }

    /// An error at this place.
    pub(super) fn error(&self, class: VaultErrorClass, what: &str) -> VaultError {
        let Self { host, database, .. } = self;
        VaultError::new(class, format!("the vault's database `{database}` at {host} {what}"))
    }

    pub(super) fn failed(&self, failure: &Failure) -> VaultError {
        use VaultErrorClass::{Address, Denied, Internal, Unreachable};
        match failure {
            Failure::Unreached(error) if error.stage == Stage::Tls && error.detail.contains("is not trusted") => {
                let what = format!(
                    "has a certificate that is not trusted: {error}. If the provider has a CA of its own, add \
                     sslrootcert=FILE to the address, with that CA's certificate"
                );
                self.error(Address, &what)
            }
            Failure::Unreached(error) if error.stage == Stage::Setup => self.error(Address, &error.to_string()),
            Failure::Unreached(error) => {
                self.error(Unreachable, &format!("cannot be reached: {error}. Is the server running?"))
            }
            Failure::Refused { code, message } => {
                let (class, what) = meaning(code, message);
                self.error(class, &format!("{what} ({code}): {message}"))
            }
            Failure::Closed(None) => self.error(Unreachable, "closed the connection"),
            Failure::Closed(Some((_, detail))) => {
                self.error(Unreachable, &format!("closed the connection: {detail}"))
            }
            Failure::NoTls => self.error(
                Address,
                "does not offer TLS: enable it there, or add sslmode=disable to the address if the network between is yours",
            ),
            Failure::NoPassword => self.error(Denied, "asks for a password, and the address has none"),
            Failure::NoChannelBinding => self
                .error(Address, "does not bind the login to TLS: remove channel_binding=require from the address"),
            Failure::Login(detail) => self.error(Denied, &format!("does not let everlit log in: {detail}")),
            Failure::Other(what) => self.error(Internal, what),
        }
    }
}

/// Whether the connection has ended. What was sent last may have been done or not.
pub(super) fn has_ended(failure: &Failure) -> bool {
    match failure {
        Failure::Closed(_) => true,
        // `08...` is what poolers say when the server behind them has gone; `57P0.` the server before it goes.
        Failure::Refused { code, .. } => code.starts_with("08") || code.starts_with("57P0"),
        _ => false,
    }
}

/// Whether the statement was rolled back only because of others, so that it may work now.
pub(super) fn was_in_the_way(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused { code, .. } if ["40001", "40P01"].contains(&&**code))
}

/// Whether another worker has made the same table at the same moment.
pub(super) fn is_made_already(error: &Failure) -> bool {
    matches!(error, Failure::Refused { code, .. } if ["23505", "42P07", "42710"].contains(&&**code))
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn meaning(code: &str, message: &str) -> (VaultErrorClass, &'static str) {
    use VaultErrorClass::{Address, Denied, Exists, Internal, Missing, NoAccount, ReadOnly, Unreachable};
    let says = |text: &str| message.contains(text);
    match code {
        "28000" if says("no encryption") || says("SSL off") => (Address, "wants TLS: remove sslmode=disable"),
        "28000" | "28P01" => (Denied, "does not accept the user or the password: correct the vault's address"),
        // Supabase's pooler, and pgbouncer.
        _ if says("Tenant or user not found") || says("no such user") || says("authentication failed") => {
            (Denied, "does not accept the user or the password: correct the vault's address")
        }
        "08P01" if says("no such database") => (Missing, "does not exist: create it, or correct the vault's address"),
        "3D000" => (Missing, "does not exist: create it, or correct the vault's address"),
        "3F000" => (Missing, "has no schema for everlit's tables: create it, or correct the user's search_path"),
        "42P01" => (Missing, "has no vault, or its tables were removed"),
        "42501" => (
            Denied,
            "does not let everlit's user do this: make it the owner of the vault's tables, with CREATE on their schema",
        ),
        "42P07" => (
            Address,
            "has tables of another program with the same names: give everlit a database or a schema of its own",
        ),
        "25006" => (ReadOnly, "is read-only: it is a replica, or was made so; name the primary in the vault's address"),
        "53100" => (ReadOnly, "cannot grow: the server's disk is full"),
        "53300" => (Unreachable, "has too many connections: raise its limit, or use a pooler"),
        "57014" => (Unreachable, "took longer than its statement_timeout"),
        "23505" => (Exists, "has this already"),
        "23503" => (NoAccount, "does not have the account any more"),
        _ => match code.get(..2).unwrap_or_default() {
            "08" | "57" | "53" | "40" | "55" | "58" => (Unreachable, "cannot do this now"),
            _ => (Internal, "did not do as asked"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_says_who_can_help() {
        use VaultErrorClass::{Denied, Internal, Missing, ReadOnly, Unreachable};
        let [host, user, database] = ["db.example", "ada", "shop"].map(str::to_owned);
        let place = Place { host, port: 5432, user, database };
        for (code, message, class) in [
            ("53300", "sorry, too many clients already", Unreachable),
            ("57P01", "terminating connection due to administrator command", Unreachable),
            ("57P03", "the database system is starting up", Unreachable),
            ("57014", "canceling statement due to statement timeout", Unreachable),
            ("40P01", "deadlock detected", Unreachable),
            ("40001", "could not serialize access", Unreachable),
            ("55P03", "canceling statement due to lock timeout", Unreachable),
            ("08P01", "server conn crashed?", Unreachable),
            ("25006", "cannot execute UPDATE in a read-only transaction", ReadOnly),
            ("53100", "could not extend file", ReadOnly),
            ("28P01", "password authentication failed for user [redacted]", Denied),
            ("08P01", "no such user: [redacted]", Denied),
            ("42501", "permission denied for table accounts", Denied),
            ("3D000", "database \"shop\" does not exist", Missing),
            ("08P01", "no such database: shop", Missing),
            ("XX000", "cache lookup failed", Internal),
            ("", "", Internal),
        ] {
            let failure = Failure::Refused { code: code.to_owned(), message: message.to_owned() };
            let error = place.failed(&failure);
            assert_eq!(error.class, class, "{error}");
            assert!(error.message.contains("`shop` at db.example"), "{error}");
        }
    }
}
