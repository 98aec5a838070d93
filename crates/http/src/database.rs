//! The connection string of a database, as its provider's dashboard shows it.

use std::fmt;

use percent_encoding::percent_decode_str;

use crate::{Origin, Secret};

/// `postgres://user:password@host:port/database?sslmode=require`, taken apart.
#[derive(Clone, Eq, PartialEq)]
pub struct DatabaseUrl {
    /// As written, such as `postgresql`.
    pub scheme: String,
    /// Who logs in; empty if the URL names nobody.
    pub user: String,
    /// With what.
    pub password: Option<Secret>,
    /// A name or an address without brackets; or the folder of a Unix socket, which begins with `/`.
    pub host: String,
    /// The port, or the usual one.
    pub port: u16,
    /// The database; empty if the URL names none.
    pub database: String,
    parameters: Vec<(String, String)>,
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://..@{}:{}/..", self.scheme, self.host, self.port)
    }
}

impl DatabaseUrl {
    /// Parses a URL of one of these schemes. `Err` completes the sentence "the URL ...", and shows no password. A folder for
    /// a Unix socket is given as libpq has it, by the parameter `host`, and for PostgreSQL only.
    pub fn parse(text: &str, schemes: &[&str], usual_port: u16) -> Result<Self, String> {
        let (scheme, rest) =
            text.split_once("://").filter(|(scheme, _)| schemes.contains(scheme)).ok_or_else(|| {
                let schemes: Vec<_> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
                format!("must begin with {}", schemes.join(" or "))
            })?;
        if rest.contains("[YOUR-PASSWORD]") {
            return Err("still holds [YOUR-PASSWORD]: put the password there".to_owned());
        }
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // Cut at the wrong place, a password would be taken for a host's name.
        if rest.contains(['@', '#']) {
            return Err("has a / ? or # in its password: write %2F, %3F or %23 for it".to_owned());
        }
        let (user_info, place) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = match user_info.split_once(':') {
            Some((user, password)) => (user, Some(Secret::new(decoded(password)?))),
            None => (user_info, None),
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let pair = |pair: &str| -> Result<_, String> {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        };
        let parameters: Vec<(String, String)> = query.split('&').map(pair).collect::<Result<_, _>>()?;
        if schemes.contains(&"postgres") {
            check(&parameters)?;
        }
        let value = |name| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let (host, port) = match value("host").filter(|host| host.starts_with('/')) {
            Some(folder) if place.is_empty() && schemes.contains(&"postgres") => {
                (folder.to_owned(), port(value("port").unwrap_or_default(), usual_port)?)
            }
            _ => host_and_port(place, usual_port)?,
        };
        Ok(Self {
            scheme: scheme.to_owned(),
            user: decoded(user)?,
            password,
            host,
            port,
            database: decoded(path.trim_start_matches('/'))?,
            parameters,
        })
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value.as_str())
    }

    /// Whether the server is on this machine.
    pub fn is_this_machine(&self) -> bool {
        self.is_socket() || Origin::https(self.host.as_str()).is_this_machine()
    }

    /// Whether it is reached through a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    /// Encrypted to any other machine, unless the URL says `sslmode=disable`; and then verified.
    pub fn is_encrypted(&self) -> bool {
        match self.parameter("sslmode") {
            _ if self.is_socket() => false,
            Some("disable") => false,
            None => !self.is_this_machine(),
            Some(_) => true,
        }
    }
}

/// The parameters of libpq that take one of a few words, which a typing error would turn into another.
const WORDS: [(&str, &[&str]); 2] = [
    ("sslmode", &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
    ("channel_binding", &["disable", "prefer", "require"]),
];

/// Refuses values that libpq does not have either. They are not repeated: a password may be misplaced there.
fn check(parameters: &[(String, String)]) -> Result<(), String> {
    let wrong = |(name, words): &&(&str, &[&str])| {
        parameters.iter().any(|(known, value)| known == name && !words.contains(&value.as_str()))
    };
    let Some((name, words)) = WORDS.iter().find(wrong) else { return Ok(()) };
    Err(format!("has an unknown value of {name}: write one of {}", words.join(", ")))
}

fn host_and_port(place: &str, usual_port: u16) -> Result<(String, u16), String> {
    if place.contains(',') {
        return Err("names several hosts: name one, the primary".to_owned());
    }
    let bracketed = place.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port) = bracketed.unwrap_or_else(|| place.split_at(place.find(':').unwrap_or(place.len())));
    if host.is_empty() {
        return Err("names no host".to_owned());
    }
    if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte)) {
        return Err("names a host with a character that no host has".to_owned());
    }
    let digits = port.strip_prefix(':').unwrap_or(if port.is_empty() { "" } else { "0" });
    Ok((host.to_owned(), self::port(digits, usual_port)?))
}

fn port(digits: &str, usual: u16) -> Result<u16, String> {
    if digits.is_empty() {
        return Ok(usual);
    }
    let port = digits.parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| "has a port that is not a number from 1 to 65535".to_owned())
}

fn decoded(text: &str) -> Result<String, String> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| "has a %.. that is not UTF-8".to_owned())?;
    if text.contains('\0') { Err("contains %00".to_owned()) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DatabaseUrl, String> {
        DatabaseUrl::parse(text, &["postgres", "postgresql"], 5432)
    }

    #[test]
    fn urls_are_read_as_dashboards_show_them() {
        for (text, user, password, host, port, database, sslmode) in [
            (
                "postgresql://neondb_owner:npg_fake@ep-cool-1-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
                "neondb_owner",
                Some("npg_fake"),
                "ep-cool-1-pooler.eu-central-1.aws.neon.tech",
                5432,
                "neondb",
                Some("require"),
            ),
            (
                "postgresql://postgres.abc:fa%40ke@aws-0-eu-central-1.pooler.supabase.com:6543/postgres",
                "postgres.abc",
                Some("fa@ke"),
                "aws-0-eu-central-1.pooler.supabase.com",
                6543,
                "postgres",
                None,
            ),
            ("postgres://ada:f@k:e@db", "ada", Some("f@k:e"), "db", 5432, "", None),
            ("postgres://ada@[::1]:7/x", "ada", None, "::1", 7, "x", None),
            ("postgres://ada@/x?host=/run/postgresql&port=6432", "ada", None, "/run/postgresql", 6432, "x", None),
        ] {
            let url = parse(text).unwrap();
            let found = (&*url.user, url.password.as_ref().map(Secret::expose), &*url.host, url.port, &*url.database);
            assert_eq!(found, (user, password, host, port, database), "{text}");
            assert_eq!(url.parameter("sslmode"), sslmode, "{text}");
        }
    }

    #[test]
    fn urls_that_cannot_work_are_refused_with_the_reason() {
        for (text, why) in [
            ("mysql://a:b@c/d", "must begin with postgres:// or postgresql://"),
            ("postgres://postgres:[YOUR-PASSWORD]@db.abc.supabase.co/postgres", "[YOUR-PASSWORD]"),
            ("postgres://a:fake/pass@db/x", "%2F"),
            ("postgres://a:fake#pass@db/x", "%23"),
            ("postgres://a:b@/x", "names no host"),
            ("postgres:///x?host=elsewhere", "names no host"),
            ("postgres:///x?host=/run&port=x", "port"),
            ("postgres://a:b@one,two/x", "names several hosts"),
            ("postgres://a:b@db:0/x", "port"),
            ("postgres://a:%ff@db/x", "UTF-8"),
            (
                "postgres://a:b@db/x?sslmode=wat",
                "unknown value of sslmode: write one of disable, allow, prefer, require",
            ),
            ("postgres://a:b@db/x?sslmode=", "unknown value of sslmode"),
            ("postgres://a:b@db/x?sslmode=require&sslmode=Disable", "unknown value of sslmode"),
            ("postgres://a:b@db/x?channel_binding=required", "channel_binding: write one of disable, prefer, require"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why) && !error.contains("pass@"), "{text}: {error}");
        }
    }

    #[test]
    fn debug_output_hides_the_password() {
        let url = parse("postgres://ada:fakefake@db/x?sslmode=require").unwrap();
        assert_eq!(format!("{url:?}"), "postgres://..@db:5432/..");
    }
}
