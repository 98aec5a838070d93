//! A notice as a person reads it: a title and plain lines, the same on every channel.

use everlit_keeper::{AccountName, Affected, Expiry, News, Notice, Step};
use everlit_meta_api::{Timestamp, redact};

/// What goes out to a person. Every text in it is inert: see [`inert`].
#[derive(Debug)]
pub(crate) struct Message {
    /// One line that says what happened to whom.
    pub(crate) title: String,
    /// How bad it is.
    pub(crate) tone: Tone,
    body: String,
    accounts: Vec<String>,
    next: Option<Step>,
    unreached: Vec<String>,
}

/// How bad the news is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something stops, or has stopped, working.
    Bad,
    /// Something will stop working.
    Warning,
    /// All is well.
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

/// How many accounts a message names. More are not read.
const SHOWN: usize = 20;
/// Longest name of an account, in characters.
const NAME: usize = 80;
/// Longest sentence, in characters.
const SENTENCE: usize = 600;

impl Message {
    pub(crate) fn of(notice: &Notice) -> Self {
        let shown = notice.accounts.iter().take(SHOWN).map(|account| account_line(account, notice)).collect();
        Self {
            title: title(notice),
            tone: match notice.news {
                News::NeedsPerson | News::NotSaved | News::Expiring { days: 0..=3 } => Tone::Bad,
                News::Expiring { .. } => Tone::Warning,
                News::WellAgain | News::Test => Tone::Good,
            },
            body: inert(&notice.message, SENTENCE),
            accounts: with_rest(shown, notice.accounts.len()),
            next: notice.next.clone(),
            unreached: notice.unreached.iter().take(5).map(|message| inert(message, 200)).collect(),
        }
    }

    /// The lines below the title: what happened, whom it concerns, what to do, who could not be told.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines = vec![Line::Text(self.body.clone())];
        lines.extend(self.accounts.iter().cloned().map(Line::Account));
        if let Some(Step { command, note }) = &self.next {
            lines.extend(command.as_ref().map(|command| Line::Command(inert(&command.to_string(), SENTENCE))));
            lines.extend(note.as_ref().map(|note| Line::Text(inert(note, SENTENCE))));
        }
        lines.extend(self.unreached.iter().map(|message| Line::Text(format!("Could not be told: {message}"))));
        lines.retain(|line| !matches!(line, Line::Text(text) if text.is_empty()));
        lines
    }

    /// All lines as one text of at most `limit` by `measure`.
    pub(crate) fn text(&self, write: impl Fn(&Line) -> String, measure: fn(&str) -> usize, limit: usize) -> String {
        let join = |lines: &[Line]| lines.iter().map(&write).collect::<Vec<_>>().join("\n");
        let text = self.fit(join, |text| measure(text), limit);
        cut(&text, measure, limit)
    }

    /// What `make` makes of the lines, with as many accounts as keep it within `limit`: when there is too much, accounts go
    /// first, from the end; what to do stays.
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
    /// Without any markup.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Account(account) => format!("- {account}"),
            Self::Command(command) => format!("Run: {command}"),
        }
    }
}

/// `everlit: shop needs a person`
fn title(notice: &Notice) -> String {
    let whom = match notice.accounts.as_slice() {
        [] => None,
        [one] => Some(name(one)),
        many => Some(format!("{} accounts", many.len())),
    };
    let is_many = notice.accounts.len() > 1;
    let whom = whom.as_deref().unwrap_or("something");
    match notice.news {
        News::NeedsPerson => format!("everlit: {whom} {} a person", if is_many { "need" } else { "needs" }),
        News::NotSaved => format!("everlit: a new token or a delivery of {whom} could not be saved"),
        News::Expiring { days: 0 } => format!("everlit: the token of {whom} has expired"),
        News::Expiring { days: 1 } => format!("everlit: the token of {whom} expires within a day"),
        News::Expiring { days } => format!("everlit: the token of {whom} expires in {days} days"),
        News::WellAgain => format!("everlit: {whom} {} well again", if is_many { "are" } else { "is" }),
        News::Test => "everlit: a test".to_owned(),
    }
}

/// `shop (user shop.official): since 20 Nov 2026; its token expires on 1 Dec 2026, in 8 days`
fn account_line(account: &Affected, notice: &Notice) -> String {
    let user = account.username.as_deref().map(|user| inert(user, NAME)).filter(|user| *user != name(account));
    let user = user.map_or_else(String::new, |user| format!(" (user {user})"));
    let began = match notice.news {
        News::WellAgain => "was in trouble since",
        _ => "since",
    };
    let since = account.since.map(|since| format!("{began} {}", date(since)));
    let facts: Vec<String> = since.into_iter().chain(expiry(account.expiry, notice.at)).collect();
    let colon = if facts.is_empty() { "" } else { ": " };
    format!("{}{user}{colon}{}", name(account), facts.join("; "))
}

/// What a person knows it by: where nobody has named it, its user name.
fn name(account: &Affected) -> String {
    let nameless = account.name.as_str() == AccountName::NAMELESS;
    let name = account.username.as_deref().filter(|_| nameless).unwrap_or_else(|| account.name.as_str());
    inert(name, NAME)
}

/// When things break.
fn expiry(expiry: Expiry, now: Timestamp) -> Option<String> {
    let end = expiry.instant()?;
    let on = if matches!(expiry, Expiry::Assumed(_)) { "about" } else { "on" };
    // A day that has begun counts, as in [`News::Expiring`].
    let days = end.since(now).saturating_add(86_399).div_euclid(86_400);
    Some(match days {
        ..=0 => format!("its token expired {on} {}", date(end)),
        1 => format!("its token expires {on} {}, within a day", date(end)),
        _ => format!("its token expires {on} {}, in {days} days", date(end)),
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

/// A text from outside that no reader takes for more than text, without secrets, at most `longest` characters.
///
/// Names and Meta's words may be anybody's choice, and the readers of messages differ in what they take for markup; so what
/// begins a mention, a tag or a link is replaced by what looks like it. Channels escape what else their markup has.
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

/// Without secrets and without characters that do not show. The latter go first: they may stand within a secret.
pub(crate) fn clean(text: &str) -> String {
    redact(&text.chars().map(|c| if is_shown(c) { c } else { ' ' }).collect::<String>())
}

/// Neither a control character nor one that hides or reorders what is shown.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// The beginning of a text that is at most `limit` by `measure`, with an ellipsis in place of the rest.
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

/// Characters, as Slack and Discord count them at most (UTF-16 units never are fewer).
pub(crate) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}
