//! Files of one crate that import each other, directly or through others.
//!
//! A file imports another if its code or one of its private imports names an item that the other defines. A re-export
//! counts for the file that defines the item, so a parent module that only declares and re-exports its children imports
//! none of them. A glob counts as an item of the module it names.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{ItemMod, ItemUse, UseTree, Visibility};

use super::source::Source;

/// More re-exports of re-exports than anybody writes.
const MOST_HOPS: u8 = 16;

/// Each import that is part of a circle, with the names it takes: `a.rs -> b.rs (Name, Other)`.
pub(crate) fn circles(sources: &[Source]) -> Vec<String> {
    let mut names = Names::default();
    for source in sources {
        (names.file, names.module) = (&source.path, source.module.clone());
        names.files.insert(source.module.clone(), &source.path);
        names.visit_file(&source.syntax);
    }
    let mut imports: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for (file, path) in &names.uses {
        let others = names.resolve(path, MOST_HOPS).into_iter().filter(|(definer, _)| definer != file);
        others.for_each(|(definer, name)| _ = imports.entry((file, definer)).or_default().insert(name));
    }
    // A file on a circle imports another and is imported by another. Drop those that do not, until all do.
    for _ in 0..imports.len() {
        let (importers, imported): (BTreeSet<_>, BTreeSet<_>) = imports.keys().copied().unzip();
        imports.retain(|(from, to), _| imported.contains(from) && importers.contains(to));
    }
    let names = |names| Vec::from_iter::<BTreeSet<String>>(names).join(", ");
    imports.into_iter().map(|((from, to), taken)| format!("{from} -> {to} ({})", names(taken))).collect()
}

/// What the files of a crate name. Every path is absolute: it begins with `crate`.
#[derive(Default)]
struct Names<'a> {
    /// The file and the module that are being read.
    file: &'a str,
    module: String,
    files: BTreeMap<String, &'a str>,
    /// What each name that a `use` brings into a module stands for.
    imports: BTreeMap<String, BTreeSet<String>>,
    /// Which file names what. A `pub use` alone is not a use.
    uses: BTreeSet<(&'a str, String)>,
}

impl<'a> Names<'a> {
    /// A path from the crate root on. One that begins with another crate becomes one of the current module: no use.
    fn absolute(&self, path: &str) -> String {
        if path.starts_with("crate::") {
            return path.to_owned();
        }
        let (mut module, mut path) = (self.module.as_str(), path.trim_start_matches("self::"));
        while let Some((rest, (parent, _))) = path.strip_prefix("super::").zip(module.rsplit_once("::")) {
            (module, path) = (parent, rest);
        }
        format!("{module}::{path}")
    }

    fn add_use(&mut self, path: &str) {
        self.uses.insert((self.file, self.absolute(path)));
    }

    fn read_use(&mut self, tree: &UseTree, prefix: &str, private: bool) {
        let (name, alias) = match tree {
            UseTree::Path(path) => return self.read_use(&path.tree, &format!("{prefix}{}::", path.ident), private),
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.read_use(tree, prefix, private));
            }
            UseTree::Name(name) => (name.ident.to_string(), None),
            UseTree::Rename(rename) => (rename.ident.to_string(), Some(rename.rename.to_string())),
            UseTree::Glob(_) => ("*".to_owned(), None),
        };
        let path = self.absolute(format!("{prefix}{name}").trim_end_matches("::self"));
        let name = alias.as_deref().or_else(|| path.rsplit("::").next()).unwrap_or_default();
        self.imports.entry(format!("{}::{name}", self.module)).or_default().insert(path.clone());
        self.uses.extend(private.then_some((self.file, path)));
    }

    /// The files that define what a path names, and the name there; several if each is for another platform. None for a
    /// module by itself: what is used through it counts. `hops` bounds how many imports lead from one to the next.
    fn resolve(&self, path: &str, hops: u8) -> Vec<(&'a str, String)> {
        let mut definer = None;
        for end in path.match_indices("::").map(|(end, _)| end).chain([path.len()]) {
            let (prefix, rest) = path.split_at(end);
            if let Some(file) = self.files.get(prefix).filter(|_| !rest.is_empty()) {
                definer = Some(*file);
            } else if let Some(imports) = self.imports.get(prefix).filter(|_| hops > 0) {
                return imports.iter().flat_map(|path| self.resolve(&format!("{path}{rest}"), hops - 1)).collect();
            } else if !self.files.contains_key(prefix) {
                return definer.zip(prefix.rsplit("::").next().map(str::to_owned)).into_iter().collect();
            }
        }
        Vec::new()
    }
}

impl<'a> Visit<'a> for Names<'a> {
    /// A module with a file of its own is read with that file.
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        let outer = self.module.clone();
        self.module = format!("{outer}::{}", item.ident);
        if item.content.is_some() {
            self.files.insert(self.module.clone(), self.file);
            visit::visit_item_mod(self, item);
        }
        self.module = outer;
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        self.read_use(&item.tree, "", matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add_use(&segments.join("::"));
        visit::visit_path(self, path);
    }

    /// The arguments of a macro or an attribute, which are not parsed: everything with `::` in it is a path.
    fn visit_token_stream(&mut self, tokens: &'a proc_macro2::TokenStream) {
        let text = tokens.to_string().replace(" :: ", "::");
        let words = text.split(|sign: char| !sign.is_alphanumeric() && !"_:".contains(sign));
        words.filter(|word| word.contains("::")).for_each(|path| self.add_use(path));
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "writes the files of a crate for a test")]
mod tests {
    use std::fs;

    use super::super::source::read;
    use super::*;

    /// The circles of a crate with these files.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        circles(&read(&folder.path().join("lib.rs")).unwrap())
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn two_files_that_import_each_other_are_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "use super::a; pub struct B(a::A);"),
        ];
        assert_eq!(found(&files), ["a.rs -> b.rs (B)", "b.rs -> a.rs (A)"]);
    }

    #[test]
    fn a_circle_over_three_files_is_found_and_named() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::{b::{self, f as g}}; pub struct A; fn x() { g(); b::h() }"),
            ("b.rs", "pub fn f() { super::c::f() } pub fn h() {}"),
            ("c.rs", "pub fn f() { println!(\"{:?}\", crate::a::A) }"),
        ];
        assert_eq!(found(&files), ["a.rs -> b.rs (f, h)", "b.rs -> c.rs (f)", "c.rs -> a.rs (A)"]);
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
        assert_eq!(found(&files), ["a.rs -> b.rs (B)", "b.rs -> a.rs (A)"]);
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
            assert_eq!(found(&files), ["a.rs -> a/b.rs (B)", "a/b.rs -> a.rs (A)"], "{uses}");
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
    fn the_modules_of_every_platform_are_followed() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "#[cfg(unix)] mod unix; #[cfg(unix)] pub use unix::f; #[cfg(windows)] mod windows; #[cfg(windows)] pub use windows::f;",
            ),
            ("a/unix.rs", "pub fn f() {}"),
            ("a/windows.rs", "use crate::b::g; pub fn f() {}"),
            ("b.rs", "pub fn g() { crate::a::f() }"),
        ];
        assert_eq!(found(&files), ["a/windows.rs -> b.rs (g)", "b.rs -> a/windows.rs (f)"]);
    }
}
