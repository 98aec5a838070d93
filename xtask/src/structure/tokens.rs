//! Rust source as tokens: leaves out what only tests compile, and counts the lines of the rest.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Drops every item, statement, field and variant under `#[cfg(test)]` or `#[cfg(all(test, ...))]`.
pub(crate) fn without_tests(tokens: TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept = TokenStream::new();
    let mut start = 0;
    while start < trees.len() {
        let mut item = start;
        let mut only_for_tests = false;
        while let Some(attribute) = attribute(&trees[item..]) {
            only_for_tests |= is_cfg_test(attribute);
            item += 2;
        }
        let end = if only_for_tests { item + item_length(&trees[item..]) } else { trees.len().min(item + 1) };
        if !only_for_tests {
            kept.extend(trees[start..item].iter().cloned());
            kept.extend(trees[item..end].iter().cloned().map(strip));
        }
        start = end;
    }
    kept
}

/// The numbers of the lines that hold code. Comments, doc comments and blank lines hold none.
pub(crate) fn code_lines(tokens: TokenStream) -> BTreeSet<usize> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut lines = BTreeSet::new();
    let mut next = 0;
    while next < trees.len() {
        if let Some(length) = doc_comment_length(&trees[next..]) {
            next += length;
            continue;
        }
        match &trees[next] {
            TokenTree::Group(group) => {
                lines.extend([group.span_open().start().line, group.span_close().start().line]);
                lines.extend(code_lines(group.stream()));
            }
            TokenTree::Literal(literal) => {
                let first = literal.span().start().line;
                let text = literal.to_string();
                lines.extend(
                    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(n, _)| first + n),
                );
            }
            other => lines.extend([other.span().start().line]),
        }
        next += 1;
    }
    lines
}

fn strip(tree: TokenTree) -> TokenTree {
    match tree {
        TokenTree::Group(group) => {
            let mut stripped = Group::new(group.delimiter(), without_tests(group.stream()));
            stripped.set_span(group.span());
            TokenTree::Group(stripped)
        }
        other => other,
    }
}

/// The brackets of an outer attribute that begins here.
fn attribute(trees: &[TokenTree]) -> Option<&Group> {
    match trees {
        [TokenTree::Punct(hash), TokenTree::Group(group), ..]
            if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
        {
            Some(group)
        }
        _ => None,
    }
}

fn is_cfg_test(attribute: &Group) -> bool {
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// Up to the `;`, `,` or block that ends an item, a statement or a field.
fn item_length(trees: &[TokenTree]) -> usize {
    let mut angles = 0_i32;
    let mut before = ' ';
    for (index, tree) in trees.iter().enumerate() {
        let mut sign = ' ';
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let ends_after =
                    |tree: &TokenTree| matches!(tree, TokenTree::Punct(end) if ";,".contains(end.as_char()));
                return index + 1 + usize::from(trees.get(index + 1).is_some_and(ends_after));
            }
            TokenTree::Punct(punct) => {
                sign = punct.as_char();
                match sign {
                    '<' => angles += 1,
                    '>' if !"-=".contains(before) => angles -= 1,
                    ';' => return index + 1,
                    ',' if angles == 0 => return index + 1,
                    _ => {}
                }
            }
            _ => {}
        }
        before = sign;
    }
    trees.len()
}

/// How many tokens the doc comment that begins here has: `///` is `#[doc = "..."]`, and `//!` is `#![doc = "..."]`.
fn doc_comment_length(trees: &[TokenTree]) -> Option<usize> {
    let is = |tree: &TokenTree, sign| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign);
    let (group, length) = match trees {
        [hash, TokenTree::Group(group), ..] if is(hash, '#') => (group, 2),
        [hash, bang, TokenTree::Group(group), ..] if is(hash, '#') && is(bang, '!') => (group, 3),
        _ => return None,
    };
    group.stream().to_string().starts_with("doc =").then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(source: &str) -> String {
        without_tests(source.parse().unwrap()).to_string()
    }

    fn same(source: &str, expected: &str) {
        assert_eq!(kept(source), expected.parse::<TokenStream>().unwrap().to_string());
    }

    #[test]
    fn items_under_cfg_test_are_left_out() {
        same("fn a() {} #[cfg(test)] mod tests { fn b() {} }", "fn a() {}");
        same("#[cfg(test)] mod tests; fn a() {}", "fn a() {}");
        same("#[cfg(all(test, unix))] #[allow(x)] mod tests {} fn a() {}", "fn a() {}");
        same("/// Doc.\n#[cfg(test)] use a::{b, c}; fn a() {}", "fn a() {}");
        same("impl A { #[cfg(test)] fn b<T, U>(t: T) -> Map<T, U> { t } fn c() {} }", "impl A { fn c() {} }");
        same("struct A { #[cfg(test)] b: Map<u8, u8>, c: u8 }", "struct A { c: u8 }");
    }

    #[test]
    fn items_that_others_compile_too_are_kept() {
        for source in ["#[cfg(any(windows, test))] fn a() {}", "#[cfg(not(test))] fn a() {}", "#[test_case] fn a() {}"]
        {
            same(source, source);
        }
    }

    #[test]
    fn comments_blank_lines_and_tests_are_not_lines_of_code() {
        let source = "//! Crate.\n\n/// Doc.\n// Note.\nfn a() {\n\n    /* b */\n    b(\"c\n\nd\");\n}\n#[cfg(test)]\nmod tests {\n}\n";
        let lines = code_lines(without_tests(source.parse().unwrap()));
        assert_eq!(lines, BTreeSet::from([5, 8, 10, 11]));
    }
}
