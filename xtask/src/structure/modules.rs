//! The modules of a library or program, as its sources declare them: what each imports, and what its code names.
#![allow(clippy::disallowed_methods, reason = "reads the repository's own files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, UseTree, VisRestricted, Visibility};

use super::tokens::{code_lines, without_tests};
use crate::error::Error;

/// A library, program or example, without what only its tests compile. Paths begin with `crate`.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// Lines of code of each file.
    pub(crate) lines: BTreeMap<PathBuf, usize>,
    /// The file of each module. There are several where each is for another platform.
    pub(crate) files: BTreeMap<String, BTreeSet<PathBuf>>,
    /// What each name that a `use` brings into a module stands for.
    pub(crate) imports: BTreeMap<String, String>,
    /// Which file names what. A `pub use` alone is not a use.
    pub(crate) uses: BTreeSet<(PathBuf, String)>,
}

/// Reads a crate from its root file on.
pub(crate) fn read(root_file: &Path) -> Result<Modules, Error> {
    let root = Place { file: root_file.to_owned(), module: "crate".to_owned(), children: root_file.with_file_name("") };
    let mut reader = Reader { found: Modules::default(), here: root.clone(), unread: vec![root] };
    while let Some(place) = reader.unread.pop() {
        let wrong = |source| Error::Syntax { path: place.file.clone(), source };
        let text = fs::read_to_string(&place.file).map_err(Error::io(place.file.display().to_string()))?;
        let tokens = without_tests(text.parse::<TokenStream>().map_err(|error| wrong(error.into()))?);
        let syntax = syn::parse2::<syn::File>(tokens.clone()).map_err(wrong)?;
        reader.found.lines.insert(place.file.clone(), code_lines(tokens).len());
        reader.enter(place);
        reader.visit_file(&syntax);
    }
    Ok(reader.found)
}

/// A module, its file, and the folder in which the files of its children are.
#[derive(Clone)]
struct Place {
    file: PathBuf,
    module: String,
    children: PathBuf,
}

struct Reader {
    found: Modules,
    here: Place,
    unread: Vec<Place>,
}

impl Reader {
    fn enter(&mut self, place: Place) {
        self.found.files.entry(place.module.clone()).or_default().insert(place.file.clone());
        self.here = place;
    }

    fn read_use(&mut self, tree: &UseTree, prefix: &str, is_private: bool) {
        let (name, alias) = match tree {
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.read_use(tree, prefix, is_private));
            }
            UseTree::Path(path) => return self.read_use(&path.tree, &format!("{prefix}{}::", path.ident), is_private),
            UseTree::Name(name) => (name.ident.to_string(), None),
            UseTree::Rename(rename) => (rename.ident.to_string(), Some(rename.rename.to_string())),
            UseTree::Glob(_) => ("*".to_owned(), None),
        };
        let path = format!("{prefix}{name}");
        let path = path.trim_end_matches("::self");
        if is_private {
            self.add_use(path);
        }
        let name = alias.as_deref().or_else(|| path.rsplit("::").next()).unwrap_or_default();
        self.found.imports.insert(format!("{}::{name}", self.here.module), self.absolute(path));
    }

    fn add_use(&mut self, path: &str) {
        self.found.uses.insert((self.here.file.clone(), self.absolute(path)));
    }

    /// A path from the crate root on. One that begins with another crate becomes one of the current module: no use.
    fn absolute(&self, path: &str) -> String {
        let (mut module, mut path) = (self.here.module.as_str(), path);
        while let Some((first @ ("crate" | "self" | "super"), rest)) = path.split_once("::") {
            path = rest;
            match first {
                "crate" => module = "crate",
                "super" => module = module.rsplit_once("::").map_or(module, |(parent, _)| parent),
                _ => {}
            }
        }
        format!("{module}::{path}")
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let name = item.ident.to_string();
        let (outer, children) = (self.here.clone(), self.here.children.join(&name));
        let inner = Place { file: outer.file.clone(), module: format!("{}::{name}", outer.module), children };
        if item.content.is_some() {
            self.enter(inner);
            visit::visit_item_mod(self, item);
            self.here = outer;
            return;
        }
        let file = inner.children.with_extension("rs");
        let file = if file.is_file() { file } else { inner.children.join("mod.rs") };
        let named = item.attrs.iter().filter_map(|attribute| Some(outer.file.with_file_name(path_of(attribute)?)));
        let named: Vec<_> = named.collect();
        let files = if named.is_empty() { vec![file] } else { named };
        self.unread.extend(files.into_iter().map(|file| Place { file, ..inner.clone() }));
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.read_use(&item.tree, "", matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add_use(&segments.join("::"));
        visit::visit_path(self, path);
    }

    /// The arguments of a macro or an attribute, which are not parsed: everything with `::` in it is a path.
    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        let text = tokens.to_string().replace(" :: ", "::");
        let words = text.split(|sign: char| !sign.is_alphanumeric() && !"_:".contains(sign));
        words.filter(|word| word.contains("::")).for_each(|word| self.add_use(word));
    }

    /// The path of `pub(in path)` is not a use.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

/// The file that `#[path = "..."]` or `#[cfg_attr(..., path = "...")]` names.
fn path_of(attribute: &Attribute) -> Option<String> {
    let text = attribute.meta.to_token_stream().to_string();
    let is_path = attribute.path().is_ident("path") || attribute.path().is_ident("cfg_attr");
    let (_, path) = text.split_once("path = \"").filter(|_| is_path)?;
    path.split('"').next().map(str::to_owned)
}
