//! What is true of every file, whatever its bytes. Shared by the property tests and the fuzz target.

use everlit_envfile::{Assignment, EnvError, EnvFile, Quote};

/// Checks that an edit of `file` is refused, or changes only the value of `key`.
pub(crate) fn check_edit(file: &[u8], key: &str, new: &[u8]) {
    let before = EnvFile::parse(file);
    let copies: Vec<_> = before.assignments(key).collect();
    let edited = match before.with_value(key, new) {
        Ok(edited) => edited,
        Err(error) => return check_refusal(&error, file, copies.is_empty()),
    };
    let after = EnvFile::parse(&edited);
    let new_copies: Vec<_> = after.assignments(key).collect();
    assert_eq!(copies.len(), new_copies.len(), "no copy appears or disappears");
    assert!(outside(file, &copies) == outside(&edited, &new_copies), "every byte outside of the values stays");
    assert_eq!(after.value(key).as_ref().map(Option::as_deref), Ok(Some(new)), "the new value is read back");
    assert_eq!(others(before, key), others(after, key), "every other assignment stays");
    check_return(file, key, &copies, &edited);
}

/// Checks that the old value restores the old file, if every copy had it and its quotes are the same again.
fn check_return(file: &[u8], key: &str, copies: &[Assignment<'_>], edited: &[u8]) {
    let Ok(Some(old)) = EnvFile::parse(file).value(key) else { panic!("what was edited has a value") };
    let after = EnvFile::parse(edited);
    let Ok(restored) = after.with_value(key, &old) else { return };
    let quotes = |file| EnvFile::parse(file).assignments(key).map(|copy| copy.quote()).collect::<Vec<_>>();
    let was_everywhere = copies.iter().all(|copy| file[copy.span()] == *old && !copy.span().is_empty());
    let is_everywhere = after.assignments(key).all(|copy| !copy.span().is_empty());
    if was_everywhere && is_everywhere && quotes(file) == quotes(&restored) {
        assert!(restored == file, "the old value restores the old file");
    }
}

/// Checks that adding a line to `file` is refused, or changes nothing else.
pub(crate) fn check_addition(file: &[u8], key: &str, value: &[u8]) {
    let Ok(longer) = EnvFile::parse(file).with_added(key, value) else {
        return;
    };
    assert!(longer.starts_with(file), "what was there stays");
    let (before, after) = (EnvFile::parse(file), EnvFile::parse(&longer));
    assert_eq!(after.value(key).as_ref().map(Option::as_deref), Ok(Some(value)), "the value is read back");
    assert_eq!(after.assignments(key).count(), 1);
    assert_eq!(others(before, key), others(after, key), "every other assignment stays");
}

fn check_refusal(error: &EnvError, file: &[u8], is_missing: bool) {
    let lines = 1 + file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    if let Some(line) = error.line() {
        assert!((1..=lines).contains(&line), "{error:?} in a file of {lines} lines");
    }
    assert!(!error.to_string().is_empty());
    assert!(is_missing || *error != EnvError::Missing);
}

/// The file without the values of `copies` and their quotes.
fn outside(file: &[u8], copies: &[Assignment<'_>]) -> Vec<u8> {
    let mut outside = Vec::new();
    let mut kept = 0;
    for copy in copies {
        let quotes = usize::from(copy.quote() != Quote::None);
        outside.extend_from_slice(&file[kept..copy.span().start - quotes]);
        kept = copy.span().end + quotes;
    }
    outside.extend_from_slice(&file[kept..]);
    outside
}

fn others<'a>(file: EnvFile<'a>, key: &str) -> Vec<(&'a str, Vec<u8>)> {
    let mut others = Vec::new();
    for name in file.keys().filter(|name| *name != key) {
        if !others.iter().any(|(seen, _)| *seen == name) {
            others.extend(file.assignments(name).map(|copy| (name, copy.value().into_owned())));
        }
    }
    others
}
