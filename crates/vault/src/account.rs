//! The accounts of a vault, as people manage them.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::policy::LONGEST_LIFE;
use everlit_keeper::{AccountName, Candidate, Event, EventKind, Policy, Record, next_check};
use everlit_meta_api::{Fingerprint, Timestamp, Token};

use crate::contents::{Contents, Unreadable, kept, open_event, seal_event, seal_kept};
use crate::database::{self, AccountRow, Kept, Leased, Queue, Right, Save};
use crate::vault::{Inner, Vault};
use crate::{VaultError, VaultErrorClass};

/// An account that is to be added.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its name, which no other account of the vault has.
    pub name: AccountName,
    /// Its token; without one, it waits for a person to give it.
    pub token: Option<Token>,
    /// What is known about the token, from elsewhere.
    pub record: Option<Record>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The name of the Meta app that issues its tokens; `None` for the one of the settings.
    pub app: Option<String>,
}

/// An account with its token and all that is known of it, on its way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeAccount {
    /// Its name.
    pub name: AccountName,
    /// Its token; without one, it waits for a person to give it.
    pub token: Option<Token>,
    /// What is known about the token, without events; there if and only if the token is.
    pub record: Option<Record>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The name of the Meta app that issues its tokens; `None` for the one of the settings.
    pub app: Option<String>,
    /// Nothing is done for it.
    pub is_paused: bool,
}

impl From<WholeAccount> for Contents {
    fn from(account: WholeAccount) -> Self {
        let WholeAccount { name, token, record, tags, app, is_paused } = account;
        Self { name, token, record, tags, app, is_paused }
    }
}

impl From<Contents> for WholeAccount {
    fn from(contents: Contents) -> Self {
        let Contents { name, token, record, tags, app, is_paused } = contents;
        Self { name, token, record, tags, app, is_paused }
    }
}

/// An account of a vault.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name.
    pub name: AccountName,
    /// What is known about its token, without events; `None` while it has none.
    pub record: Option<Record>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The name of the Meta app that issues its tokens; `None` for the one of the settings.
    pub app: Option<String>,
    /// Nothing is done for it.
    pub is_paused: bool,
}

/// The accounts of a vault, to be exported.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// Those that can be read, in the order in which they were added.
    pub accounts: Vec<WholeAccount>,
    /// What is wrong with the others.
    pub unreadable: Vec<String>,
    /// Those of `accounts` for which a newer token waits to be put into use: the next refresh does that.
    pub unfinished: Vec<AccountName>,
}

/// The accounts that are read at once.
const PAGE: usize = 1_000;

impl Vault {
    /// Adds an account.
    pub async fn add(&self, account: NewAccount, now: Timestamp) -> Result<(), VaultError> {
        let NewAccount { name, token, record, tags, app } = account;
        let record = token.as_ref().map(|token| match record {
            Some(record) if record.fingerprint == token.fingerprint() => record,
            _ => Record::of_new_token(token.kind(), token.fingerprint(), now),
        });
        self.insert(&Contents { name, token, record, tags, app, is_paused: false }, "added to the vault", now).await
    }

    /// Adds an account with all that is known of it. `origin` says for people where it comes from.
    pub async fn import(&self, account: WholeAccount, origin: &str, now: Timestamp) -> Result<(), VaultError> {
        self.insert(&account.into(), &format!("imported from {origin}"), now).await
    }

    /// Puts the token of an account from elsewhere in the place of the one in use, with what is known of it. The one in use
    /// is kept until the new one has proved that it works. Tags and whether the account is paused stay.
    pub async fn replace(&self, account: WholeAccount, origin: &str, now: Timestamp) -> Result<(), VaultError> {
        let WholeAccount { name, token, record, .. } = account;
        let event = Event { at: now, what: EventKind::Connected, detail: format!("imported from {origin}") };
        let put = |contents: &mut Contents| {
            let events = contents.record.take().map(|record| record.events).unwrap_or_default();
            contents.record = record.clone().map(|record| Record { events, ..record });
            contents.token.clone_from(&token);
        };
        for _ in 0..TRIES {
            let Taken { row, lease, .. } = &self.take(&name, now).await?;
            self.keep_replaced(row, record.as_ref()).await?;
            if self.edit(row, Right::Lease(*lease), &event, put).await? {
                return Ok(());
            }
        }
        Err(changed_by_others(&name))
    }

    /// Keeps the token in use for as long as that of `new` has not proved that it works.
    async fn keep_replaced(&self, row: &AccountRow, new: Option<&Record>) -> Result<(), VaultError> {
        let contents = self.read(row).map_err(|error| error.error(&format!("the account in row {}", row.id)))?;
        let (Some(current), Some(record), Some(new)) = (&contents.token, &contents.record, new) else { return Ok(()) };
        let previous = Candidate::of_current(current, record, new.fingerprint);
        let sealed = seal_kept(&self.inner.keyring(), row.id, &previous)?;
        self.inner.database.keep(row.id, Kept::Previous, sealed).await.map(drop)
    }

    async fn insert(&self, contents: &Contents, detail: &str, now: Timestamp) -> Result<(), VaultError> {
        check_name(&contents.name)?;
        check_tags(&contents.tags)?;
        let (inner, id) = (&self.inner, self.inner.new_id(now));
        let keyring = inner.keyring();
        let event = Event { at: now, what: EventKind::Adopted, detail: detail.to_owned() };
        let row = database::NewAccount {
            id,
            name_index: inner.name_index(&contents.name),
            columns: contents.columns(&keyring, id, 1)?,
            event: seal_event(&keyring, id, &inner.actor, &event)?,
        };
        if inner.database.insert(row).await? { Ok(()) } else { Err(VaultError::exists(&contents.name)) }
    }

    /// Removes an account with its tokens; its events stay.
    pub async fn remove(&self, name: &AccountName, now: Timestamp) -> Result<(), VaultError> {
        let Taken { row, .. } = &self.take(name, now).await?;
        let event = Event { at: now, what: EventKind::Removed, detail: format!("{name} was removed from the vault") };
        let event = seal_event(&self.inner.keyring(), row.id, &self.inner.actor, &event)?;
        if self.inner.database.remove(row.id, event).await? { Ok(()) } else { Err(VaultError::no_account(name)) }
    }

    /// One account.
    pub async fn account(&self, name: &AccountName) -> Result<Account, VaultError> {
        let row = self.row(name).await?;
        self.read(&row).map(Account::of).map_err(|error| error.error(name.as_str()))
    }

    /// Hands each account to `each`, in the order in which they were added; also those that cannot be read, with the
    /// reason. Others may change the vault meanwhile.
    pub async fn for_each(&self, mut each: impl FnMut(Result<Account, VaultError>) + Send) -> Result<(), VaultError> {
        let mut after = 0;
        loop {
            let rows = self.inner.database.page(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            for row in &rows {
                each(
                    self.read(row)
                        .map(Account::of)
                        .map_err(|error| error.error(&format!("the account in row {}", row.id))),
                );
            }
        }
    }

    /// All accounts with their tokens, or those with a tag.
    pub async fn export(&self, tag: Option<&str>) -> Result<Exported, VaultError> {
        let (mut exported, mut after) = (Exported::default(), 0);
        loop {
            let rows = self.inner.database.page(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(exported) };
            after = last.id;
            for row in rows {
                // With what is kept beside it; gone if somebody has removed it meanwhile.
                let Some(whole) = self.inner.database.account(row.name_index).await? else { continue };
                self.inner.known_keys(&whole).await?;
                match self.read_with_waiting(&whole) {
                    Ok((account, _)) if tag.is_some_and(|tag| !account.tags.iter().any(|own| own == tag)) => {}
                    Ok((account, is_unfinished)) => {
                        exported.unfinished.extend(is_unfinished.then(|| account.name.clone()));
                        exported.accounts.push(account);
                    }
                    Err(error) => {
                        exported.unreadable.push(error.error(&format!("the account in row {}", row.id)).message);
                    }
                }
            }
        }
    }

    /// The account without events, and whether a newer token waits to be put into use. A first one is taken as it is.
    fn read_with_waiting(&self, row: &AccountRow) -> Result<(WholeAccount, bool), Unreadable> {
        let mut contents = self.read(row)?;
        let waiting = kept(&self.inner.keyring(), row, Kept::Waiting)?.pop();
        let is_unfinished = waiting.is_some();
        if let Some((_, Candidate { token, received_at, .. })) = waiting.filter(|_| contents.token.is_none()) {
            contents.record = Some(Record::of_new_token(token.kind(), token.fingerprint(), received_at));
            contents.token = Some(token);
        }
        if let Some(record) = &mut contents.record {
            record.events.clear();
        }
        Ok((contents.into(), is_unfinished))
    }

    /// The names of all accounts, sorted.
    pub async fn names(&self) -> Result<Vec<AccountName>, VaultError> {
        let mut names = Vec::new();
        self.for_each(|account| names.extend(account.map(|account| account.name))).await?;
        names.sort();
        Ok(names)
    }

    /// Stops or resumes all work on an account.
    pub async fn pause(&self, name: &AccountName, is_paused: bool, now: Timestamp) -> Result<(), VaultError> {
        let what = if is_paused { EventKind::Paused } else { EventKind::Resumed };
        let change = move |contents: &mut Contents| {
            contents.is_paused = is_paused;
            if let Some(record) = contents.record.as_mut().filter(|_| !is_paused) {
                // Much may have happened since.
                record.next_check_at = Some(next_check(record, now, &Policy::default()));
            }
        };
        self.change(name, what, "by a person", now, change).await
    }

    /// Gives an account another name.
    pub async fn rename(&self, name: &AccountName, new: &AccountName, now: Timestamp) -> Result<(), VaultError> {
        check_name(new)?;
        if self.inner.database.account(self.inner.name_index(new)).await?.is_some() {
            return Err(VaultError::exists(new));
        }
        let detail = format!("from {name} to {new}");
        self.change(name, EventKind::Renamed, &detail, now, |contents| {
            contents.name = new.clone();
            // Targets take the token under the name of the account, and get it soon.
            let Some(record) = contents.record.as_mut().filter(|record| !record.deliveries.is_empty()) else { return };
            record.next_check_at = Some(now);
            for delivery in &mut record.deliveries {
                (delivery.delivered, delivery.delivered_at, delivery.verified_at) = (None, None, None);
            }
        })
        .await
    }

    /// Gives an account other tags.
    pub async fn tag(&self, name: &AccountName, tags: Vec<String>, now: Timestamp) -> Result<(), VaultError> {
        check_tags(&tags)?;
        let detail = tags.join(", ");
        self.change(name, EventKind::Tagged, &detail, now, |contents| contents.tags.clone_from(&tags)).await
    }

    /// Says which app issues the tokens of an account; `None` for the one of the settings.
    pub async fn set_app(&self, name: &AccountName, app: Option<&str>, now: Timestamp) -> Result<(), VaultError> {
        let detail = app.map_or_else(|| "none".to_owned(), str::to_owned);
        self.change(name, EventKind::AppChosen, &detail, now, |contents| contents.app = app.map(str::to_owned)).await
    }

    /// Puts another token in the place of the one in use, whoever is at work on the account: that work then saves nothing
    /// over it. Its record is new.
    pub async fn put_token(&self, name: &AccountName, token: &Token, now: Timestamp) -> Result<(), VaultError> {
        let event = Event { at: now, what: EventKind::Connected, detail: "by a person".to_owned() };
        let put = |contents: &mut Contents| {
            let events = contents.record.take().map(|record| record.events).unwrap_or_default();
            let new = Record::of_new_token(token.kind(), token.fingerprint(), now);
            contents.record = Some(Record { events, ..new });
            contents.token = Some(token.clone());
        };
        for _ in 0..TRIES {
            if self.edit(&self.row(name).await?, Right::Person, &event, put).await? {
                return Ok(());
            }
        }
        Err(changed_by_others(name))
    }

    /// The accounts that have this very token in use.
    pub async fn with_token(&self, token: Fingerprint) -> Result<Vec<AccountName>, VaultError> {
        let mut names = Vec::new();
        let has_it = |account: &Account| account.record.as_ref().is_some_and(|record| record.fingerprint == token);
        self.for_each(|account| names.extend(account.ok().filter(has_it).map(|account| account.name))).await?;
        Ok(names)
    }

    /// Other accounts of the vault whose token belongs to the same owner.
    pub async fn same_owner(&self, record: &Record) -> Result<Vec<AccountName>, VaultError> {
        let Some(owner) = &record.account else { return Ok(Vec::new()) };
        let platform = record.kind.platform().map_or("unknown", everlit_meta_api::Platform::as_str);
        let index = self.inner.keyring().index("owner", &format!("{platform} {}", owner.as_str()));
        let rows = self.inner.database.same_owner(index).await?;
        Ok(rows.iter().filter_map(|row| Some(self.read(row).ok()?.name)).collect())
    }

    /// The latest events of all accounts, newest first: when, who, which account (by its number, and its name where it is
    /// still there is found by [`Vault::for_each`]), what, why.
    pub async fn audit(&self, limit: usize) -> Result<Vec<(i64, String, Event)>, VaultError> {
        let rows = self.inner.database.events(None, limit).await?;
        let keyring = self.inner.keyring();
        let event = |row: &database::EventRow| Some((row.account, row.actor.clone(), open_event(&keyring, row).ok()?));
        Ok(rows.iter().filter_map(event).collect())
    }

    /// How many accounts stand how, by the words of `status`: as each was last saved, unless its token has expired since.
    pub async fn states(&self, now: Timestamp) -> Result<Vec<(String, u64)>, VaultError> {
        self.inner.database.states(now.as_unix()).await
    }

    /// What waits to be done. Counting stops at `most`.
    pub async fn queue(&self, now: Timestamp, most: usize) -> Result<Queue, VaultError> {
        self.inner.database.queue(now.as_unix(), most).await
    }

    /// How many times a target lacks a token. Counting stops at `most`.
    pub async fn undelivered(&self, most: usize) -> Result<u64, VaultError> {
        self.inner.database.undelivered(most).await
    }

    /// Those of these accounts of which people were told something that still counts.
    pub async fn alerted(&self, names: &[AccountName]) -> Result<HashSet<AccountName>, VaultError> {
        let indexes: Vec<_> = names.iter().map(|name| self.inner.name_index(name)).collect();
        let found: HashSet<_> = self.inner.database.alerted(indexes.clone()).await?.into_iter().collect();
        let known = names.iter().zip(indexes).filter(|(_, index)| found.contains(index));
        Ok(known.map(|(name, _)| name.clone()).collect())
    }

    /// At most `limit` accounts after this number that did not stand well when they were last saved, and the number to go on
    /// with; `None` if these are all. One that cannot be read is left out.
    pub async fn troubled(&self, after: i64, limit: usize) -> Result<(Vec<AccountName>, Option<i64>), VaultError> {
        let rows = self.inner.database.page_of_troubled(after, limit).await?;
        let last = rows.last().filter(|_| rows.len() == limit).map(|row| row.id);
        Ok((rows.iter().filter_map(|row| Some(self.read(row).ok()?.name)).collect(), last))
    }

    /// Makes accounts due whose next check is further away than any token lives: a wrong clock has dated it. Returns how many.
    pub async fn mend_queue(&self, now: Timestamp) -> Result<u64, VaultError> {
        // A dead token is next looked at after exactly that time.
        let furthest = now + LONGEST_LIFE + Duration::from_secs(24 * 60 * 60);
        self.inner.database.make_due(furthest.as_unix(), now.as_unix()).await
    }

    /// [`Vault::mark_unreadable`], unless a process that uses this vault has begun that within the last 24 hours.
    pub async fn mark_unreadable_daily(&self, now: Timestamp) -> Result<(), VaultError> {
        const READ_AT: &str = "accounts_read_at";
        const DAY: i64 = 24 * 60 * 60;
        let read_at = self.inner.database.setting(READ_AT).await?;
        let age = read_at.and_then(|at| Some(now.as_unix().saturating_sub(i64::from_be_bytes(at.try_into().ok()?))));
        if age.is_some_and(|age| (0..DAY).contains(&age)) {
            return Ok(());
        }
        self.inner.database.put_setting(READ_AT, now.as_unix().to_be_bytes().into()).await?;
        self.mark_unreadable().await
    }

    /// Reads every account, and notes which cannot be read. Others go on meanwhile.
    pub async fn mark_unreadable(&self) -> Result<(), VaultError> {
        let mut after = 0;
        loop {
            let rows = self.inner.database.page(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            for row in &rows {
                // Others may have sealed it with a data key that they have just made.
                self.inner.known_keys(row).await?;
                if self.read(row).is_err() {
                    self.inner.database.mark_unreadable(row.id).await?;
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// Reads every account with what is kept beside it, and says what is wrong with those that cannot be read, and with the
    /// database itself.
    pub async fn check(&self) -> Result<(usize, Vec<String>), VaultError> {
        let (mut count, mut problems) = (0, self.inner.database.damage().await?);
        self.for_each(|account| {
            count += 1;
            problems.extend(account.err().map(|error| error.message));
        })
        .await?;
        problems.extend(self.unreadable_beside().await?);
        Ok((count, problems))
    }

    /// What is wrong with tokens that are kept beside accounts, where the accounts themselves can be read.
    async fn unreadable_beside(&self) -> Result<Vec<String>, VaultError> {
        let (mut problems, mut after) = (Vec::new(), 0);
        loop {
            let rows = self.inner.database.page_with_kept(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(problems) };
            after = last.id;
            for row in rows {
                let Ok(contents) = self.read(&row) else { continue };
                let Some(whole) = self.inner.database.account(row.name_index).await? else { continue };
                self.inner.known_keys(&whole).await?;
                let keyring = self.inner.keyring();
                let mut of_kinds = [Kept::Waiting, Kept::Previous].iter().map(|kind| kept(&keyring, &whole, *kind));
                problems
                    .extend(of_kinds.find_map(Result::err).map(|error| error.error(contents.name.as_str()).message));
            }
        }
    }

    async fn row(&self, name: &AccountName) -> Result<AccountRow, VaultError> {
        let row = self.inner.database.account(self.inner.name_index(name)).await?;
        let row = row.ok_or_else(|| VaultError::no_account(name))?;
        self.inner.known_keys(&row).await?;
        Ok(row)
    }

    /// The account, for a person who changes it. Work on it that has begun is waited for, a moment.
    async fn take(&self, name: &AccountName, now: Timestamp) -> Result<Taken, VaultError> {
        const WAITS: usize = 30;
        const PAUSE: Duration = Duration::from_millis(100);
        let mut holder = None;
        for _ in 0..WAITS {
            let new = self.inner.new_lease(now);
            let lease = new.lease;
            match self.inner.database.lease(self.inner.name_index(name), new).await? {
                Leased::Yes(row) => {
                    let taken = Taken { vault: Arc::clone(&self.inner), row: *row, lease };
                    self.inner.known_keys(&taken.row).await?;
                    return Ok(taken);
                }
                Leased::HeldBy(other) => holder = Some(other),
                Leased::NoAccount => return Err(VaultError::no_account(name)),
            }
            tokio::time::sleep(PAUSE).await;
        }
        let by = holder.map_or_else(String::new, |holder| format!(" by {holder}"));
        Err(VaultError::new(VaultErrorClass::Taken, format!("{name} is being refreshed{by}; nothing was changed")))
    }

    fn read(&self, row: &AccountRow) -> Result<Contents, Unreadable> {
        Contents::open(&self.inner.keyring(), row)
    }

    /// Changes what a person may change. Where the account is sealed anew at the same time, it is read again.
    async fn change(
        &self,
        name: &AccountName,
        what: EventKind,
        detail: &str,
        now: Timestamp,
        change: impl Fn(&mut Contents),
    ) -> Result<(), VaultError> {
        let event = Event { at: now, what, detail: detail.to_owned() };
        for _ in 0..TRIES {
            let Taken { row, lease, .. } = &self.take(name, now).await?;
            if self.edit(row, Right::Lease(*lease), &event, &change).await? {
                return Ok(());
            }
        }
        Err(changed_by_others(name))
    }

    /// `false` if somebody else was faster.
    async fn edit(
        &self,
        row: &AccountRow,
        right: Right,
        event: &Event,
        change: impl Fn(&mut Contents),
    ) -> Result<bool, VaultError> {
        let keyring = self.inner.keyring();
        let unreadable = |error: Unreadable| error.error(&format!("the account in row {}", row.id));
        let mut contents = Contents::open(&keyring, row).map_err(unreadable)?;
        change(&mut contents);
        let save = Save {
            id: row.id,
            right,
            generation: row.generation,
            columns: contents.columns(&keyring, row.id, row.generation + 1)?,
            name_index: Some(self.inner.name_index(&contents.name)),
            forgotten: Vec::new(),
            events: vec![seal_event(&keyring, row.id, &self.inner.actor, event)?],
            undelivered: None,
        };
        self.inner.database.save(save).await
    }
}

/// How often an account is read again that others change at the same time.
const TRIES: usize = 5;

fn changed_by_others(name: &AccountName) -> VaultError {
    VaultError::new(VaultErrorClass::Taken, format!("{name} is being changed by others; try again"))
}

/// The right of a person to change an account, given back on drop.
struct Taken {
    vault: Arc<Inner>,
    row: AccountRow,
    lease: i64,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.vault.database.release(self.row.id, self.lease);
    }
}

impl Account {
    fn of(contents: Contents) -> Self {
        let Contents { name, record, tags, app, is_paused, .. } = contents;
        Self { name, record, tags, app, is_paused }
    }
}

/// Checks that an account of a vault can have this name: names are shown on terminals and typed into them.
pub fn check_name(name: &AccountName) -> Result<(), VaultError> {
    check_word("the name of an account", name.as_str())
}

fn check_tags(tags: &[String]) -> Result<(), VaultError> {
    tags.iter().try_for_each(|tag| check_word("a tag", tag))
}

fn check_word(what: &str, text: &str) -> Result<(), VaultError> {
    const LONGEST: usize = 200;
    let why = match () {
        () if text.is_empty() => "is empty",
        () if text.len() > LONGEST => "is longer than 200 bytes",
        () if text.starts_with('-') => "begins with a hyphen, as options do",
        () if text.trim() != text => "begins or ends with a space",
        () if text.chars().any(is_unprintable) => "contains characters that cannot be seen",
        () => return Ok(()),
    };
    Err(VaultError::new(VaultErrorClass::NoAccount, format!("{what} {why}")))
}

/// Control characters, and those that turn the direction of the text around them.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
