//! Which column of a table holds what, and the accounts in its rows.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use everlit_keeper::{Expiry, Record};
use everlit_meta_api::Timestamp;
use everlit_store::json::read_time;

use super::found::{Gathered, shown};

/// The columns that a person has named, such as `name=Client,token=Access token`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Mapping([Option<String>; FIELDS.len()]);

/// The text of a mapping cannot be understood.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct BadMapping(String);

/// What a column may hold, with the names by which it is recognized, as [`normal`] writes them.
const FIELDS: [(&str, &[&str]); 6] = [
    (
        "name",
        &[
            "name",
            "account",
            "account_name",
            "client",
            "client_name",
            "customer",
            "label",
            "username",
            "user_name",
            "handle",
            "site",
            "project",
        ],
    ),
    (
        "token",
        &[
            "token",
            "access_token",
            "long_lived_token",
            "long_lived_access_token",
            "ig_access_token",
            "ig_token",
            "instagram_access_token",
            "instagram_token",
            "threads_access_token",
            "threads_token",
            "fb_access_token",
            "facebook_access_token",
        ],
    ),
    ("tags", &["tags", "tag", "labels", "groups", "group"]),
    ("expires_at", &["expires_at", "token_expires_at", "expires", "expiry", "expiration", "expiration_date"]),
    ("expires_in", &["expires_in"]),
    ("refreshed_at", &["refreshed_at", "last_refreshed_at", "last_refreshed", "issued_at", "token_issued_at"]),
];

const NAME: usize = 0;
const TOKEN: usize = 1;
const TAGS: usize = 2;
const EXPIRES_AT: usize = 3;
const EXPIRES_IN: usize = 4;
const REFRESHED_AT: usize = 5;

/// The columns of the table in which instagram-token-agent keeps its only token.
/// <https://github.com/companionstudio/instagram-token-agent/blob/master/lib/tasks/setup.rake>
const TOKEN_AGENT: [&str; 5] = ["value", "created_at", "expires_at", "success", "response_body"];

/// No token is older.
const YEAR_2010: Timestamp = Timestamp::from_unix(1_262_304_000);

/// Meta's long-lived tokens live 60 days; whoever says more is in another unit, or wrong.
const LONGEST_LIFE: Duration = Duration::from_secs(100 * 24 * 60 * 60);

impl FromStr for Mapping {
    type Err = BadMapping;

    fn from_str(text: &str) -> Result<Self, BadMapping> {
        let mut mapping = Self::default();
        for part in text.split(',') {
            let known = || FIELDS.map(|(field, _)| field).join(", ");
            let Some((field, column)) = part.split_once('=').filter(|(_, column)| !column.trim().is_empty()) else {
                return Err(BadMapping(format!("`{}` is not FIELD=COLUMN", shown(part))));
            };
            let place = FIELDS.iter().position(|(name, _)| *name == field.trim());
            let place =
                place.ok_or_else(|| BadMapping(format!("there is no `{}`; there are {}", shown(field), known())))?;
            if mapping.0[place].replace(column.trim().to_owned()).is_some() {
                return Err(BadMapping(format!("{} has two columns", field.trim())));
            }
        }
        Ok(mapping)
    }
}

/// As it is given.
impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = FIELDS.iter().zip(&self.0).filter_map(|((field, _), column)| Some((field, column.as_ref()?)));
        let parts: Vec<String> = named.map(|(field, column)| format!("{field}={column}")).collect();
        f.write_str(&parts.join(","))
    }
}

/// The columns of one table, by their places.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Columns {
    of: [Option<usize>; FIELDS.len()],
    /// In a table of instagram-token-agent, when its row was made.
    created_at: Option<usize>,
}

impl Columns {
    /// Finds the columns in a table's header.
    ///
    /// # Errors
    /// In words: none holds tokens, several may, or a column that the mapping names is not there.
    pub(super) fn find<'h>(header: impl IntoIterator<Item = &'h str>, mapping: &Mapping) -> Result<Self, String> {
        let names: Vec<&str> = header.into_iter().map(str::trim).collect();
        let normal_names: Vec<String> = names.iter().map(|name| normal(name)).collect();
        let mut of = [None; FIELDS.len()];
        for ((place, wanted), (field, known)) in of.iter_mut().zip(&mapping.0).zip(FIELDS) {
            *place = match wanted {
                Some(column) => {
                    Some(only(&names, column).or_else(|why| only(&normal_names, &normal(column)).map_err(|_| why))?)
                }
                None => match known.iter().find(|name| normal_names.iter().any(|own| own == *name)) {
                    Some(name) => Some(
                        only(&normal_names, name)
                            .map_err(|why| format!("{why}: say which is the {field} with --map"))?,
                    ),
                    None => None,
                },
            };
        }
        let is_agent = TOKEN_AGENT.iter().all(|name| normal_names.iter().any(|own| own == name));
        if of[TOKEN].is_none() && is_agent {
            of[TOKEN] = Some(only(&normal_names, "value")?);
            return Ok(Self { of, created_at: Some(only(&normal_names, "created_at")?) });
        }
        if of[TOKEN].is_none() {
            return Err("none of its columns is known to hold tokens".to_owned());
        }
        Ok(Self { of, created_at: None })
    }

    /// Adds the account of a row. `fallback` is its name if the table has no column for names.
    pub(super) fn read(&self, cells: &[String], origin: String, fallback: &str, now: Timestamp, to: &mut Gathered) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let cell = |place: Option<usize>| place.and_then(|place| cells.get(place)).map_or("", |cell| cell.trim());
        let Some(token) = to.token(&origin, cell(self.of[TOKEN])) else { return };
        let name = if self.of[NAME].is_some() { cell(self.of[NAME]) } else { fallback };
        let mut record = Record::of_new_token(token.kind(), token.fingerprint(), now);
        record.issued_at = read_time(cell(self.of[REFRESHED_AT])).filter(|at| *at <= now);
        match self.expiry(cell, record.issued_at, now) {
            Ok(expiry) => record.expiry = expiry,
            Err(why) => to.notes.push(format!("{origin}: {why}; the first check asks Meta")),
        }
        let tags = cell(self.of[TAGS]).split([',', ';', '|']).map(str::trim).filter(|tag| !tag.is_empty());
        let (usable, unusable): (Vec<&str>, Vec<&str>) = tags.partition(|tag| super::found::usable_name(tag).is_ok());
        if !unusable.is_empty() {
            to.notes.push(format!("{origin}: {} of its tags cannot be used", unusable.len()));
        }
        to.add(origin, name, token, record, usable.into_iter().map(str::to_owned).collect());
    }

    /// What the row says of the token's end.
    fn expiry<'c>(
        &self,
        cell: impl Fn(Option<usize>) -> &'c str,
        issued_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Expiry, &'static str> {
        let (text, life) = (cell(self.of[EXPIRES_AT]), cell(self.of[EXPIRES_IN]));
        let end = match text {
            "" | "0" => match (issued_at, life.parse::<u64>()) {
                (Some(issued_at), Ok(seconds)) => issued_at + Duration::from_secs(seconds),
                _ => return Ok(Expiry::Unknown),
            },
            text => read_time(text).ok_or("its expiry cannot be understood")?,
        };
        // The agent's first row says that its token has expired, so that it is refreshed at once.
        let created_at = read_time(cell(self.created_at));
        if created_at.is_some_and(|created| end <= created + Duration::from_secs(60)) {
            return Ok(Expiry::Unknown);
        }
        if end < YEAR_2010 || end > now + LONGEST_LIFE {
            return Err("its expiry is not within the 100 days for which a token can live");
        }
        Ok(Expiry::At(end))
    }
}

/// The place of the only column with this name.
fn only(names: &[impl AsRef<str>], name: &str) -> Result<usize, String> {
    let mut places = (0..).zip(names).filter(|(_, own)| own.as_ref() == name).map(|(place, _)| place);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => Err(format!("there is no column `{}`", shown(name))),
        (Some(_), Some(_)) => Err(format!("there are several columns `{}`", shown(name))),
    }
}

/// `Access Token` as `access_token`.
fn normal(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn token() -> String {
        format!("IGAAfakeFAKE{}", "fake".repeat(12))
    }

    fn read(header: &[&str], cells: &[&str]) -> Gathered {
        let columns = Columns::find(header.iter().copied(), &Mapping::default()).unwrap();
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let mut gathered = Gathered::default();
        columns.read(&cells, "here".to_owned(), "fallback", NOW, &mut gathered);
        gathered
    }

    fn expiry(header: &[&str], cells: &[&str]) -> (Expiry, usize) {
        let token = token();
        let gathered = read(&[&["token"], header].concat(), &[&[&*token], cells].concat());
        (gathered.found[0].account.record.clone().unwrap().expiry, gathered.notes.len())
    }

    #[test]
    fn usual_columns_are_recognized_by_their_names() {
        for header in [["Name", "Token"], ["client", "access_token"], ["Account Name", "Long-lived token"]] {
            let found = read(&header, &["shop", &token()]).found;
            assert_eq!(found[0].account.name.as_str(), "shop");
        }
        assert_eq!(read(&["token"], &[&token()]).found[0].account.name.as_str(), "fallback");
    }

    #[test]
    fn columns_named_by_hand_win() {
        let mapping: Mapping = "name=Kunde, token=Schlüssel".parse().unwrap();
        let columns = Columns::find(["name", "Kunde", "Schlüssel"], &mapping).unwrap();
        assert_eq!((columns.of[NAME], columns.of[TOKEN]), (Some(1), Some(2)));
        assert!(Columns::find(["name", "token"], &mapping).unwrap_err().contains("no column `Kunde`"));
        for wrong in ["", "name", "name=", "nam=x", "name=a,name=b"] {
            assert!(wrong.parse::<Mapping>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn two_columns_for_one_thing_are_not_guessed() {
        let error = Columns::find(["token", "name", "Token"], &Mapping::default()).unwrap_err();
        assert!(error.contains("several columns `token`") && error.contains("--map"), "{error}");
        assert!(Columns::find(["a", "b"], &Mapping::default()).is_err());
    }

    #[test]
    fn an_expiry_is_understood_in_every_usual_unit() {
        let at = Expiry::At(Timestamp::from_unix(1_802_000_000));
        for text in
            ["1802000000", "1802000000000", "2027-02-07T11:33:20Z", "2027-02-07 11:33:20", "2027-02-07 12:33:20+01"]
        {
            assert_eq!(expiry(&["expires_at"], &[text]), (at, 0), "{text}");
        }
        assert_eq!(expiry(&["refreshed_at", "expires_in"], &["1799000000", "3000000"]), (at, 0));
        for unknown in ["", "0"] {
            assert_eq!(expiry(&["expires_at"], &[unknown]), (Expiry::Unknown, 0));
        }
        assert_eq!(expiry(&["expires_in"], &["5184000"]), (Expiry::Unknown, 0), "since when?");
        for odd in ["soon", "5184000", "2031-01-01", "-5"] {
            assert_eq!(expiry(&["expires_at"], &[odd]), (Expiry::Unknown, 1), "{odd}");
        }
    }

    #[test]
    fn the_table_of_the_token_agent_is_recognized() {
        let read = |end: &str| read(&TOKEN_AGENT, &[&token(), "2027-01-01 00:00:00", end, "t", ""]).found[0].clone();
        let expiry = |end: &str| read(end).account.record.unwrap().expiry;
        assert_eq!(expiry("2027-02-07 11:33:20.123"), Expiry::At(Timestamp::from_unix(1_802_000_000)));
        assert_eq!(expiry("2026-12-31 23:59:59"), Expiry::Unknown, "it was never refreshed");
    }

    #[test]
    fn what_is_not_a_token_is_named_and_never_shown() {
        let basic = format!("IGQV{}", "fake".repeat(20));
        let long = "x".repeat(70_000);
        for wrong in ["", "hunter2", &*basic, &*long, "\"quoted\""] {
            let gathered = read(&["name", "token"], &["shop", wrong]);
            assert!(gathered.found.is_empty());
            assert!(wrong.is_empty() || !gathered.left_out[0].why.contains(wrong), "{}", gathered.left_out[0].why);
        }
        let swapped = read(&["name", "token"], &[&token(), &token()]);
        assert!(!swapped.left_out[0].why.contains("IGAA"));
    }
}
