//! After a write in place that a crash broke off.

use std::fs;
use std::path::{Path, PathBuf};

use everlit_disk::{RealDisk, Recovered, ReplaceError, ReplaceOptions, recover, replace};
use tempfile::{TempDir, tempdir};

const OLD: &[u8] = b"IG_ACCESS_TOKEN=old\nB=2\n";
const NEW: &[u8] = b"IG_ACCESS_TOKEN=a longer new one\nB=2\n";

#[test]
fn nothing_to_recover_is_no_error() {
    let crash = Crash::new(OLD);
    fs::remove_file(&crash.recovery).unwrap();
    assert_eq!(crash.recover(), Ok(Recovered::Nothing));
    assert_eq!(fs::read(&crash.path).unwrap(), OLD);
}

#[test]
fn a_whole_file_old_or_new_stays_and_the_copy_goes() {
    for (content, recovered) in [(OLD, Recovered::Old), (NEW, Recovered::New)] {
        let crash = Crash::new(content);
        assert_eq!(crash.recover(), Ok(recovered));
        assert_eq!(fs::read(&crash.path).unwrap(), content);
        assert_eq!(crash.files(), 1);
    }
}

#[test]
fn a_half_written_file_is_finished() {
    let torn: [&[u8]; 4] = [
        b"IG_ACCESS_TOKEN=a l\nB=2\n",
        b"IG_ACCESS_TOKEN=old\nB=2\n new",
        b"IG_ACCESS_TOKEN=a l\nB=2\n new one\nB=2\n",
        b"IG_ACCESS_TOKEN=a longer\0\0\0\0\0\0\0\0",
    ];
    for content in torn {
        let crash = Crash::new(content);
        assert_eq!(crash.recover(), Ok(Recovered::Finished), "{}", content.escape_ascii());
        assert_eq!(fs::read(&crash.path).unwrap(), NEW);
        assert_eq!(crash.files(), 1);
    }
}

#[test]
fn what_a_person_wrote_since_stays_and_the_copy_is_kept_aside() {
    for edited in [Some(&b"IG_ACCESS_TOKEN=mine\nB=2\n"[..]), Some(b""), Some(b"IG_ACCESS_TOKEN=old\nB=2\nC=3\n"), None]
    {
        let crash = Crash::new(OLD);
        fs::write(format!("{}.kept-1.local", crash.recovery.display()), "of an earlier crash").unwrap();
        match edited {
            Some(content) => fs::write(&crash.path, content).unwrap(),
            None => fs::remove_file(&crash.path).unwrap(),
        }
        let kept = PathBuf::from(format!("{}.kept-2.local", crash.recovery.display()));
        assert_eq!(crash.recover(), Ok(Recovered::Edited { kept: kept.clone() }));
        assert_eq!(fs::read(&kept).unwrap(), OLD);
        assert_eq!(fs::read(&crash.path).ok().as_deref(), edited);
        assert_eq!(crash.recover(), Ok(Recovered::Nothing));
    }
}

#[test]
fn a_write_in_place_waits_for_the_recovery_of_an_earlier_one() {
    let crash = Crash::new(b"IG_ACCESS_TOKEN=a l\nB=2\n");
    fs::hard_link(&crash.path, crash.path.with_file_name("other")).unwrap();
    let options = ReplaceOptions { recovery: Some(crash.recovery.clone()), ..ReplaceOptions::default() };
    let error = replace(&RealDisk, &crash.path, NEW, &options).unwrap_err();
    assert_eq!(error, ReplaceError::Unfinished { path: crash.path.clone(), recovery: crash.recovery.clone() });
    assert_eq!(fs::read(&crash.recovery).unwrap(), OLD, "the only whole copy stays");
    assert_eq!(crash.recover(), Ok(Recovered::Finished));
    assert_eq!(replace(&RealDisk, &crash.path, OLD, &options), Ok(()));
}

/// A file of some content beside the recovery copy of [`OLD`].
struct Crash {
    folder: TempDir,
    path: PathBuf,
    recovery: PathBuf,
}

impl Crash {
    fn new(content: &[u8]) -> Self {
        let folder = tempdir().unwrap();
        let (path, recovery) = (folder.path().join(".env.local"), folder.path().join(".env.recovery.local"));
        fs::write(&path, content).unwrap();
        fs::write(&recovery, OLD).unwrap();
        Self { folder, path, recovery }
    }

    fn recover(&self) -> Result<Recovered, ReplaceError> {
        recover(&RealDisk, &self.path, &self.recovery, NEW)
    }

    fn files(&self) -> usize {
        let folder: &Path = self.folder.path();
        fs::read_dir(folder).unwrap().count()
    }
}
