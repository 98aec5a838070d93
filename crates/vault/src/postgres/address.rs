//! `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=...`.

use std::fmt;
use std::path::{Path, PathBuf};

use everlit_disk::Disk;
use everlit_http::{DatabaseUrl, Roots};
use everlit_postgres::{SCHEMES, USUAL_PORT};

use crate::{VaultError, VaultErrorClass};

/// Where a vault in PostgreSQL is, and how to log in there. Shows neither user nor password.
///
/// Connections to other machines are encrypted and verified unless the URL says `sslmode=disable`, also with `sslmode=prefer`
/// or `require`. `sslrootcert=FILE` names the only CA to trust, `host=/run/postgresql` the folder of a Unix socket.
#[derive(Clone, Eq, PartialEq)]
pub struct PostgresAddress {
    pub(super) url: DatabaseUrl,
    /// What a relative path in the URL starts from.
    folder: PathBuf,
}

impl PostgresAddress {
    /// Reads a URL.
    pub(crate) fn parse(text: &str) -> Result<Self, VaultError> {
        let unusable = |why: String| VaultError::new(VaultErrorClass::Address, format!("the vault's address {why}"));
        let url = DatabaseUrl::parse(text, SCHEMES, USUAL_PORT).map_err(unusable)?;
        if let Some(wanted) = url.parameter("target_session_attrs").filter(|wanted| *wanted != "any") {
            let why = "chooses among hosts, and everlit knows one: name the primary, without this parameter";
            return Err(unusable(format!("has target_session_attrs={wanted}, which {why}")));
        }
        Ok(Self { url, folder: PathBuf::new() })
    }

    /// The same, with a relative `sslrootcert` taken from this folder.
    pub(crate) fn within(self, folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..self }
    }

    /// Who may answer as the host.
    pub(super) fn roots(&self, disk: &dyn Disk) -> Result<Roots, VaultError> {
        const LARGEST: usize = 1 << 20;
        match self.url.parameter("sslrootcert") {
            None | Some("system") => Ok(Roots::Bundled),
            Some(file) => disk.read(&self.folder.join(file), LARGEST).map(Roots::Only).map_err(|error| {
                let message = format!("sslrootcert in the vault's address cannot be read: {file}: {error}");
                VaultError::new(VaultErrorClass::Address, message)
            }),
        }
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DatabaseUrl { host, port, database, .. } = &self.url;
        match (self.url.is_socket(), host.contains(':')) {
            (true, _) => write!(f, "postgres:///{database}?host={host}&port={port}"),
            (false, true) => write!(f, "postgres://[{host}]:{port}/{database}"),
            (false, false) => write!(f, "postgres://{host}:{port}/{database}"),
        }
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_neither_user_nor_password() {
        for (text, shown) in [
            ("postgres://ada:fakefake@db.example/shop?sslmode=require", "postgres://db.example:5432/shop"),
            ("postgresql://ada:fakefake@[::1]:7/shop", "postgres://[::1]:7/shop"),
            ("postgres://ada@/shop?host=/run/postgresql", "postgres:///shop?host=/run/postgresql&port=5432"),
        ] {
            let address = PostgresAddress::parse(text).unwrap();
            assert_eq!((address.to_string(), format!("{address:?}")), (shown.to_owned(), shown.to_owned()));
            assert_eq!(PostgresAddress::parse(shown).unwrap().to_string(), shown);
        }
        let error = PostgresAddress::parse("postgres://ada:fake/fake@db/shop").unwrap_err();
        assert!(error.class == VaultErrorClass::Address && !error.message.contains("fake"), "{error}");
    }

    #[test]
    fn an_address_that_chooses_among_hosts_is_refused() {
        for (text, why) in [
            ("postgres://ada:fakefake@one,two/shop?target_session_attrs=read-write", "several hosts"),
            ("postgres://ada:fakefake@one/shop?target_session_attrs=read-write", "target_session_attrs=read-write"),
            ("postgres://ada:fakefake@one/shop?target_session_attrs=standby", "name the primary"),
        ] {
            let error = PostgresAddress::parse(text).unwrap_err();
            assert!(error.class == VaultErrorClass::Address && error.message.contains(why), "{error}");
            assert!(!error.message.contains("fakefake"), "{error}");
        }
        PostgresAddress::parse("postgres://one/shop?target_session_attrs=any").unwrap();
    }
}
