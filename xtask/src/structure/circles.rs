//! Files of one crate that import each other, directly or through others.
//!
//! A file imports another if its code or one of its private imports names an item that the other defines. A re-export
//! counts for the file that defines the item, so a parent module that only declares and re-exports its children imports
//! none of them. A glob counts as an item of the module it names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::modules::Modules;

/// More re-exports of re-exports than anybody writes.
const MOST_HOPS: u8 = 16;

/// For each file, the files it imports and the names that it takes from them.
type Imports<'a> = BTreeMap<&'a Path, BTreeMap<&'a Path, BTreeSet<String>>>;

/// The shortest circle through each import that is part of one: `a.rs -> b.rs (Name) -> a.rs (Other, More)`.
pub(crate) fn circles(modules: &Modules, folder: &Path) -> BTreeSet<String> {
    let mut imports = Imports::new();
    for (file, path) in &modules.uses {
        let Some((definers, name)) = resolve(modules, path, MOST_HOPS) else { continue };
        for definer in definers.iter().filter(|_| !definers.contains(file)) {
            imports.entry(file).or_default().entry(definer).or_default().insert(name.clone());
        }
    }
    let edges = imports.iter().flat_map(|(from, targets)| targets.keys().map(move |to| (*from, *to)));
    edges.filter_map(|(from, to)| Some(shown(&imports, shortest_path(&imports, to, from)?, folder))).collect()
}

/// The files that define what a path names, and the name there. `None` for a module by itself: what is used through it
/// counts. `hops` bounds how many imports lead from one to the next.
fn resolve<'a>(modules: &'a Modules, path: &str, hops: u8) -> Option<(&'a BTreeSet<PathBuf>, String)> {
    let mut definers = None;
    for end in path.match_indices("::").map(|(end, _)| end).chain([path.len()]) {
        let (prefix, rest) = path.split_at(end);
        match (modules.files.get(prefix), modules.imports.get(prefix)) {
            (Some(files), _) if !rest.is_empty() => definers = Some(files),
            (_, Some(import)) => return resolve(modules, &format!("{import}{rest}"), hops.checked_sub(1)?),
            (Some(_), None) => return None,
            (None, None) => return Some((definers?, prefix.rsplit("::").next()?.to_owned())),
        }
    }
    None
}

/// The files on the shortest way between two, both included.
fn shortest_path<'a>(imports: &Imports<'a>, from: &'a Path, to: &'a Path) -> Option<Vec<&'a Path>> {
    let mut queue = VecDeque::from([vec![from]]);
    let mut seen = BTreeSet::from([from]);
    while let Some(path) = queue.pop_front() {
        let last = *path.last()?;
        if last == to {
            return Some(path);
        }
        for next in imports.get(last).into_iter().flat_map(BTreeMap::keys).filter(|next| seen.insert(next)) {
            queue.push_back([path.as_slice(), &[next]].concat());
        }
    }
    None
}

/// A circle as text, from its first file in the order of the alphabet.
fn shown(imports: &Imports<'_>, mut circle: Vec<&Path>, folder: &Path) -> String {
    let file = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    let first = (0..circle.len()).min_by_key(|index| circle[*index]).unwrap_or(0);
    circle.rotate_left(first);
    let mut text = file(circle[0]);
    for (index, from) in circle.iter().enumerate() {
        let to = circle[(index + 1) % circle.len()];
        let names: Vec<_> = imports[from][to].iter().map(String::as_str).collect();
        // Writing to a string does not fail.
        let _ = write!(text, " -> {} ({})", file(to), names.join(", "));
    }
    text
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "writes the files of a crate for a test")]
mod tests {
    use std::fs;

    use super::super::modules::read;
    use super::*;

    /// The circles of a crate with these files.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let modules = read(&folder.path().join("lib.rs")).unwrap();
        circles(&modules, folder.path()).into_iter().collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn two_files_that_import_each_other_are_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "use super::a; pub struct B(a::A);"),
        ];
        assert_eq!(found(&files), ["a.rs -> b.rs (B) -> a.rs (A)"]);
    }

    #[test]
    fn a_circle_over_three_files_is_found_and_named() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::{b::{self, f as g}}; pub struct A; fn x() { g(); b::h() }"),
            ("b.rs", "pub fn f() { super::c::f() } pub fn h() {}"),
            ("c.rs", "pub fn f() { println!(\"{:?}\", crate::a::A) }"),
        ];
        assert_eq!(found(&files), ["a.rs -> b.rs (f, h) -> c.rs (f) -> a.rs (A)"]);
    }

    #[test]
    fn imports_in_one_direction_are_not_a_circle() {
        let files =
            [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "use std::fmt; pub struct B;")];
        assert_eq!(found(&files), NONE);
    }

    #[test]
    fn a_re_export_counts_for_the_file_that_defines() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::*;"),
            ("a.rs", "pub struct A; use crate::b::B;"),
            ("b.rs", "pub struct B; use crate::A as Other;"),
        ];
        assert_eq!(found(&files), ["a.rs -> b.rs (B) -> a.rs (A)"]);
    }

    #[test]
    fn a_parent_that_only_declares_is_not_in_a_circle() {
        let files = [
            ("lib.rs", "mod a;"),
            ("a.rs", "mod b; pub use self::b::B; pub struct A;"),
            ("a/b.rs", "use super::A; pub struct B(A);"),
        ];
        assert_eq!(found(&files), NONE);
    }

    #[test]
    fn a_parent_that_uses_a_child_that_uses_it_is_a_circle() {
        for uses in
            ["use self::b::B;", "fn f() { b::B; }", "pub use self::b::B; fn f(b: B) {}", "fn f() { x!(self::b::B) }"]
        {
            let parent = format!("mod b; {uses} pub struct A;");
            let files = [("lib.rs", "mod a;"), ("a.rs", &parent), ("a/b.rs", "use super::A; pub struct B(A);")];
            assert_eq!(found(&files), ["a/b.rs -> a.rs (A) -> a/b.rs (B)"], "{uses}");
        }
    }

    #[test]
    fn tests_and_inline_modules_make_no_circle() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A; mod inner { use super::A; } fn f() { inner::g() }"),
            ("b.rs", "pub struct B; #[cfg(test)] mod tests { use crate::a::A; use super::*; }"),
        ];
        assert_eq!(found(&files), NONE);
    }

    #[test]
    fn every_platforms_module_of_one_name_is_followed() {
        let files = [
            (
                "lib.rs",
                "#[cfg(unix)] #[path = \"a/unix.rs\"] mod a; #[cfg(windows)] #[path = \"a/windows.rs\"] mod a; mod b;",
            ),
            ("a/unix.rs", "pub fn f() {}"),
            ("a/windows.rs", "use crate::b::g; pub fn f() {}"),
            ("b.rs", "pub fn g() { crate::a::f() }"),
        ];
        assert_eq!(found(&files), ["a/windows.rs -> b.rs (g) -> a/windows.rs (f)"]);
    }
}
