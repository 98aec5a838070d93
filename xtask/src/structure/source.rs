//! The files of a library or program, without what only its tests compile.
#![allow(clippy::disallowed_methods, reason = "reads the repository's own files")]

use std::fs;
use std::path::Path;

use syn::spanned::Spanned as _;
use syn::{Attribute, File, Item, ItemMod};

use crate::error::Error;

/// A file of a crate.
pub(crate) struct Source {
    /// Relative to the folder of the root file.
    pub(crate) path: String,
    /// Its module, from `crate` on.
    pub(crate) module: String,
    pub(crate) syntax: File,
    /// Lines of code: without comments and blank lines.
    pub(crate) lines: usize,
}

/// Reads a crate from its root file on.
pub(crate) fn read(root_file: &Path) -> Result<Vec<Source>, Error> {
    let folder = root_file.with_file_name("");
    let root = root_file.strip_prefix(&folder).unwrap_or(root_file).display().to_string();
    let mut unread = vec![(root, String::new(), "crate".to_owned())];
    let mut sources = Vec::new();
    while let Some((path, children, module)) = unread.pop() {
        let file = folder.join(&path);
        let text = fs::read_to_string(&file).map_err(Error::io(file.display().to_string()))?;
        let mut syntax = syn::parse_file(&text).map_err(|source| Error::Syntax { path: file, source })?;
        let tests: Vec<Item> = syntax.items.extract_if(.., |item| is_only_for_tests(item)).collect();
        let in_tests =
            |line| tests.iter().any(|test| (test.span().start().line..=test.span().end().line).contains(&line));
        let is_code = |(line, text): &(usize, &str)| {
            !text.trim().is_empty() && !text.trim_start().starts_with("//") && !in_tests(line + 1)
        };
        let lines = text.lines().enumerate().filter(is_code).count();
        for item in &syntax.items {
            if let Item::Mod(ItemMod { ident, content: None, .. }) = item {
                let own = format!("{children}{ident}.rs");
                let path = if folder.join(&own).is_file() { own } else { format!("{children}{ident}/mod.rs") };
                unread.push((path, format!("{children}{ident}/"), format!("{module}::{ident}")));
            }
        }
        sources.push(Source { path, module, syntax, lines });
    }
    Ok(sources)
}

/// Whether an attribute of the item itself, not of one inside it, leaves it out of the program.
fn is_only_for_tests(item: &Item) -> bool {
    attributes(item).iter().any(|attribute| {
        let condition = attribute.meta.require_list().map(|list| list.tokens.to_string()).unwrap_or_default();
        attribute.path().is_ident("cfg") && (condition == "test" || condition.starts_with("all (test ,"))
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(syn::ItemConst { attrs, .. })
        | Item::Enum(syn::ItemEnum { attrs, .. })
        | Item::Fn(syn::ItemFn { attrs, .. })
        | Item::Impl(syn::ItemImpl { attrs, .. })
        | Item::Macro(syn::ItemMacro { attrs, .. })
        | Item::Mod(ItemMod { attrs, .. })
        | Item::Static(syn::ItemStatic { attrs, .. })
        | Item::Struct(syn::ItemStruct { attrs, .. })
        | Item::Trait(syn::ItemTrait { attrs, .. })
        | Item::Type(syn::ItemType { attrs, .. })
        | Item::Use(syn::ItemUse { attrs, .. }) => attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::is_only_for_tests;

    #[test]
    fn only_an_attribute_of_its_own_makes_an_item_a_test() {
        let table = [
            ("#[cfg(test)] mod tests {}", true),
            ("#[cfg(all(test, unix))] mod tests {}", true),
            ("#[allow(dead_code)] #[cfg(test)] fn helper() {}", true),
            ("#[cfg(not(test))] mod code {}", false),
            ("impl Code { #[cfg(test)] fn helper(&self) {} }", false),
            ("mod code { #[cfg(test)] mod tests {} }", false),
        ];
        for (item, expected) in table {
            assert_eq!(is_only_for_tests(&syn::parse_str(item).unwrap()), expected, "{item}");
        }
    }
}
