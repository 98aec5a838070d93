//! The note of the last run over an account. A block of fixed length that is written in place: a full disk takes it too.

use std::io;
use std::time::Duration;

use everlit_disk::{Disk, ReplaceOptions, check_private_file, read_private, replace, uninterrupted};
use everlit_keeper::{AccountName, Health};
use everlit_meta_api::{DAY, Timestamp};
use serde::{Deserialize, Serialize};

use crate::project::files::AccountFiles;
use crate::project::format::optional;
use crate::project::read::ProjectFiles;
use crate::rfc3339::rfc3339;

/// One block of most disks.
const LENGTH: usize = 4 << 10;

/// Longer messages are cut, so that the note fits, whatever its characters take.
const LONGEST_MESSAGE: usize = 500;

/// A daily run that was missed three times over.
const SHORTEST_STOP: Duration = Duration::from_secs(3 * DAY.unsigned_abs());

/// A longer gap between two runs is no schedule that keeps a token alive.
const LONGEST_GAP: Duration = Duration::from_secs(8 * DAY.unsigned_abs());

/// How the answer of [`ProjectFiles::runs_unknown`] begins.
pub const RUNS_UNKNOWN: &str = "whether runs happen is not known";

/// The last run over an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LastRun {
    /// When it was.
    pub at: Timestamp,
    /// The usual time between runs.
    gap: Duration,
    /// What kept it from doing its work, where the record does not tell.
    pub failure: Option<(Health, String)>,
}

impl LastRun {
    /// A run that did its work; `before` is when the one before it was.
    pub fn well(at: Timestamp, before: Option<Timestamp>) -> Self {
        let gap = before.map_or(0, |before| u64::try_from(at.since(before)).unwrap_or(0));
        Self { at, gap: Duration::from_secs(gap).min(LONGEST_GAP), failure: None }
    }

    /// Whether the schedule has stopped: three times its usual gap, at least three days, have passed without a run.
    pub fn has_stopped(&self, now: Timestamp) -> bool {
        self.at + SHORTEST_STOP.max(3 * self.gap) < now
    }

    /// Says that the date of the run is ahead of `now` by more than a day: whether the schedule stops shows only after it.
    pub fn is_ahead(&self, now: Timestamp) -> Option<String> {
        let date = rfc3339(self.at);
        (self.at.since(now) > DAY)
            .then(|| format!("{RUNS_UNKNOWN}: the last one is dated {date}, in the future; a clock was wrong"))
    }
}

/// How far the clock of the disk may be from ours, in seconds.
const TOLERABLE: i64 = 60;

/// What is written. The time is that of the file's last modification, moved by the seconds that our clock was ahead of it.
#[derive(Clone, Default, Deserialize, Serialize)]
struct Note {
    gap_seconds: u64,
    #[serde(default)]
    ahead_seconds: i64,
    #[serde(default, with = "optional")]
    state: Option<Health>,
    #[serde(default)]
    message: String,
}

impl ProjectFiles {
    /// The last run over the account, as far as it was noted.
    pub fn last_run(&self, account: &AccountName) -> Option<LastRun> {
        self.latest_note(&self.paths(self.account(account).ok()?).homes)
    }

    /// Why nobody can tell whether runs happen: there is a note, or may be one, and this user cannot read it.
    pub fn runs_unknown(&self, account: &AccountName) -> Option<String> {
        let paths = self.paths(self.account(account).ok()?);
        let is_absent = |home: &AccountFiles| {
            let error = uninterrupted(|| self.disk.lstat(&home.last_run())).err();
            error.is_some_and(|error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
        };
        let unread = paths.homes.iter().find(|home| !is_absent(home))?.last_run();
        let is_read = self.latest_note(&paths.homes).is_some();
        (!is_read).then(|| format!("{RUNS_UNKNOWN}: this user cannot read `{}`", unread.display()))
    }

    /// The home that comes first takes the notes, wherever it can.
    fn latest_note(&self, homes: &[AccountFiles]) -> Option<LastRun> {
        homes.iter().rev().filter_map(|home| self.noted_in(home)).max_by_key(|run| run.at)
    }

    fn noted_in(&self, home: &AccountFiles) -> Option<LastRun> {
        let (disk, path) = (&*self.disk, home.last_run());
        let stat = uninterrupted(|| disk.lstat(&path)).ok()?;
        check_private_file(disk, &path, &stat).ok()?;
        let bytes = read_private(disk, &path, LENGTH).ok()?;
        let note: Note = serde_json::from_slice(&bytes).unwrap_or_default();
        Some(LastRun {
            at: Timestamp::from_unix(stat.modified_unix.saturating_add(note.ahead_seconds)),
            gap: Duration::from_secs(note.gap_seconds).min(LONGEST_GAP),
            failure: note.state.map(|state| (state, note.message)),
        })
    }

    /// Notes that a run has looked at the account, and what kept it from doing its work. A run that found nothing to do
    /// leaves no other trace, and the lock belongs to everybody who changes something.
    pub fn note_run(&self, account: &AccountName, failure: Option<(Health, &str)>) {
        let Ok(account) = self.account(account) else { return };
        let paths = self.paths(account);
        let before = self.latest_note(&paths.homes);
        let gap = before.map_or(0, |before| {
            let gap = u64::try_from(self.clock.now().since(before.at)).unwrap_or(0).min(LONGEST_GAP.as_secs());
            // A run by hand in between does not make a weekly schedule a daily one.
            gap.max(before.gap.as_secs() / 2)
        });
        let (state, message) = failure.unzip();
        let message = message.unwrap_or_default().chars().take(LONGEST_MESSAGE).collect();
        let mut note = Note { gap_seconds: gap, ahead_seconds: 0, state, message };
        // A project that cannot be written has no note.
        let Some(home) = paths.homes.iter().find(|home| write(&*self.disk, home, &note)) else { return };
        // A file server has a clock of its own, and a stand-in for Meta brings one. Between two writes, a second may end.
        for tolerable in [TOLERABLE, 0, 0] {
            let ahead_seconds = self.noted_in(home).map_or(0, |run| self.clock.now().since(run.at));
            if ahead_seconds.abs() <= tolerable {
                break;
            }
            note.ahead_seconds += ahead_seconds;
            write(&*self.disk, home, &note);
        }
    }

    /// Writes the note of a run at `at`, which a snapshot contains, into a home that has none.
    pub(crate) fn restore_last_run(&self, home: &AccountFiles, note: &serde_json::Value, at: Timestamp) {
        let note = Note { ahead_seconds: 0, ..Note::deserialize(note).unwrap_or_default() };
        write(&*self.disk, home, &note);
        let ahead_seconds = self.noted_in(home).map_or(0, |run| at.since(run.at));
        write(&*self.disk, home, &Note { ahead_seconds, ..note });
    }
}

fn write(disk: &dyn Disk, home: &AccountFiles, note: &Note) -> bool {
    let path = home.last_run();
    let block = serde_json::to_string(note).unwrap_or_default() + &" ".repeat(LENGTH);
    let block = block.as_bytes().get(..LENGTH).unwrap_or_default();
    if home.state.create(disk).is_err() {
        return false;
    }
    let stat = uninterrupted(|| disk.lstat(&path));
    let is_ours = stat.is_ok_and(|stat| check_private_file(disk, &path, &stat).is_ok());
    let in_place = || disk.open_for_update(&path)?.write_at(0, block);
    is_ours && uninterrupted(in_place).is_ok() || replace(disk, &path, block, &ReplaceOptions::private()).is_ok()
}
