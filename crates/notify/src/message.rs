//! A notice as people read it: a title and plain lines, the same on every channel.

use everlit_keeper::{AccountName, Affected, Expiry, News, Notice, Step};
use everlit_meta_api::{Timestamp, redact};

/// A message to a person. Every text in it is inert: see [`inert`].
#[derive(Debug)]
pub(crate) struct Message {
    /// What happened to which account, in one line.
    pub(crate) title: String,
    /// How bad the news is.
    pub(crate) tone: Tone,
    body: String,
    accounts: Vec<String>,
    next: Option<Step>,
    unreached: Vec<String>,
}

/// How bad the news is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something has failed or is about to.
    Bad,
    /// Something will fail.
    Warning,
    /// Everything works.
    Good,
}

/// A line below the title.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A sentence.
    Text(String),
    /// One of the accounts.
    Account(String),
    /// A command to run.
    Command(String),
}

/// How many accounts a message names. Nobody reads more.
const SHOWN: usize = 20;
/// The longest account name, in characters.
const NAME: usize = 80;
/// The longest sentence, in characters.
const SENTENCE: usize = 600;

impl Message {
    pub(crate) fn of(notice: &Notice) -> Self {
        let shown = notice.accounts.iter().take(SHOWN).map(|account| account_line(account, notice)).collect();
        Self {
            title: title(notice),
            tone: match notice.news {
                News::NeedsPerson | News::NotSaved | News::Expiring { days: 0..=3 } => Tone::Bad,
                News::FailingForLong | News::Expiring { .. } => Tone::Warning,
                News::Recovered | News::Test => Tone::Good,
            },
            body: inert(&notice.message, SENTENCE),
            accounts: with_rest(shown, notice.accounts.len()),
            next: notice.next.clone(),
            unreached: notice.unreached.iter().take(5).map(|message| inert(message, 200)).collect(),
        }
    }

    /// The lines below the title: what happened, to which accounts, what to do, which channels failed.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines = vec![Line::Text(self.body.clone())];
        lines.extend(self.accounts.iter().cloned().map(Line::Account));
        if let Some(Step { command, note }) = &self.next {
            lines.extend(command.as_ref().map(|command| Line::Command(inert(&command.to_string(), SENTENCE))));
            lines.extend(note.as_ref().map(|note| Line::Text(inert(note, SENTENCE))));
        }
        lines.extend(self.unreached.iter().map(|message| Line::Text(format!("Could not notify {message}"))));
        lines.retain(|line| !matches!(line, Line::Text(text) if text.is_empty()));
        lines
    }

    /// All lines as one text of at most `limit`, as `measure` counts.
    pub(crate) fn text(&self, write: impl Fn(&Line) -> String, measure: fn(&str) -> usize, limit: usize) -> String {
        let join = |lines: &[Line]| lines.iter().map(&write).collect::<Vec<_>>().join("\n");
        let text = self.fit(join, |text| measure(text), limit);
        cut(&text, measure, limit)
    }

    /// What `make` builds from the lines, within `limit` as `size` counts: accounts are dropped first, from the end, so
    /// that the next step stays.
    pub(crate) fn fit<T>(&self, make: impl Fn(&[Line]) -> T, size: impl Fn(&T) -> usize, limit: usize) -> T {
        let mut lines = self.lines();
        loop {
            let made = make(&lines);
            let last = lines.iter().rposition(|line| matches!(line, Line::Account(_)));
            match last {
                Some(at) if size(&made) > limit => drop(lines.remove(at)),
                _ => return made,
            }
        }
    }
}

impl Line {
    /// The line without markup.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Account(account) => format!("- {account}"),
            Self::Command(command) => format!("Run: {command}"),
        }
    }
}

/// `everlit: action required for shop`
fn title(notice: &Notice) -> String {
    let (whom, is_many) = match notice.accounts.as_slice() {
        [one] => (name(one), false),
        many => (format!("{} accounts", many.len()), true),
    };
    let (token, expires, has) = if is_many { ("tokens", "expire", "have") } else { ("token", "expires", "has") };
    match notice.news {
        News::NeedsPerson => format!("everlit: action required for {whom}"),
        News::NotSaved => format!("everlit: cannot save or deliver the {token} for {whom}"),
        News::FailingForLong => format!("everlit: refreshes have been failing for days for {whom}"),
        News::Expiring { days: 0 } => format!("everlit: {token} for {whom} {has} expired"),
        News::Expiring { days: 1 } => format!("everlit: {token} for {whom} {expires} within a day"),
        News::Expiring { days } => format!("everlit: {token} for {whom} {expires} in {days} days"),
        News::Recovered => format!("everlit: {whom} {has} recovered"),
        News::Test => "everlit: test message".to_owned(),
    }
}

/// `shop (user shop.official): since 20 Nov 2026; token expires on 1 Dec 2026 (in 8 days)`
fn account_line(account: &Affected, notice: &Notice) -> String {
    let user = account.username.as_deref().map(|user| inert(user, NAME)).filter(|user| *user != name(account));
    let user = user.map_or_else(String::new, |user| format!(" (user {user})"));
    let began = match notice.news {
        News::Recovered => "failing since",
        _ => "since",
    };
    let since = account.since.map(|since| format!("{began} {}", date(since)));
    let facts: Vec<String> = since.into_iter().chain(expiry(account.expiry, notice.at)).collect();
    let colon = if facts.is_empty() { "" } else { ": " };
    format!("{}{user}{colon}{}", name(account), facts.join("; "))
}

/// The account's name, or its user name if it has no name of its own.
fn name(account: &Affected) -> String {
    let nameless = account.name.as_str() == AccountName::NAMELESS;
    let name = account.username.as_deref().filter(|_| nameless).unwrap_or_else(|| account.name.as_str());
    inert(name, NAME)
}

/// `token expires on 1 Dec 2026 (in 8 days)`
fn expiry(expiry: Expiry, now: Timestamp) -> Option<String> {
    let end = expiry.instant()?;
    let on = if matches!(expiry, Expiry::Assumed(_)) { "around" } else { "on" };
    // A started day counts as a whole one, as in `News::Expiring`.
    let days = end.since(now).saturating_add(86_399).div_euclid(86_400);
    Some(match days {
        ..=0 => format!("token expired {on} {}", date(end)),
        1 => format!("token expires {on} {} (within a day)", date(end)),
        _ => format!("token expires {on} {} (in {days} days)", date(end)),
    })
}

fn with_rest(mut shown: Vec<String>, all: usize) -> Vec<String> {
    if let Some(rest) = all.checked_sub(shown.len()).filter(|rest| *rest > 0) {
        shown.push(format!("and {rest} more"));
    }
    shown
}

/// `1 Dec 2026`
fn date(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_second(at.as_unix());
    instant.map_or_else(
        |_| "an unknown date".to_owned(),
        |at| at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %b %Y").to_string(),
    )
}

/// Makes a foreign text safe to display: without secrets and markup, at most `longest` characters.
///
/// Anybody may have chosen a name or a text that Meta quotes, and clients differ in what they treat as markup. So
/// characters that begin a mention, a tag or a link become look-alikes. Channels escape the rest of their markup.
pub(crate) fn inert(text: &str, longest: usize) -> String {
    let redacted = clean(text);
    let mut safe = String::with_capacity(redacted.len());
    for c in redacted.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '<' => safe.push('\u{2039}'),
            '>' => safe.push('\u{203a}'),
            '@' => safe.push('\u{ff20}'),
            '`' => safe.push('\''),
            '/' if safe.ends_with(":/") => {
                safe.truncate(safe.len() - 2);
                safe.push_str("[:]//");
            }
            '(' if safe.ends_with(']') => safe.push_str(" ("),
            c => safe.push(c),
        }
    }
    cut(&safe, |text| text.chars().count(), longest)
}

/// Removes invisible characters, then secrets, which might be interrupted by them.
pub(crate) fn clean(text: &str) -> String {
    redact(&text.chars().map(|c| if is_shown(c) { c } else { ' ' }).collect::<String>())
}

/// Whether a character is visible: no control character, and none that hides or reorders text.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        && !matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Truncates a text to `limit`, as `measure` counts, with an ellipsis.
pub(crate) fn cut(text: &str, measure: fn(&str) -> usize, limit: usize) -> String {
    if measure(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(measure("..."));
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        if text.get(..next).is_none_or(|start| measure(start) > room) {
            break;
        }
        end = next;
    }
    format!("{}...", text.get(..end).unwrap_or_default())
}

/// Length in UTF-16 units, which is never less than what Slack and Discord count.
pub(crate) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}
