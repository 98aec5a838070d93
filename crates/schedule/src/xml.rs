//! XML: escaping what is written, finding elements in what is read.

use std::borrow::Cow;

use roxmltree::{Document, Node, ParsingOptions};

use crate::calendar::quoted;
use crate::detected::Unreadable;

/// Escapes text for the content of an element.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

pub(crate) fn parse(text: &str) -> Result<Document<'_>, Unreadable> {
    // A property list names its DTD. The parser does not fetch it, and bounds the expansion of entities.
    let options = ParsingOptions { allow_dtd: true, nodes_limit: 100_000, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let (line, column) = (usize::try_from(at.row).ok(), usize::try_from(at.col).ok());
        Unreadable { line, column, message: format!("not XML: {}", quoted(&error.to_string())) }
    })
}

/// The line on which an element begins.
pub(crate) fn line(node: Node<'_, '_>) -> usize {
    let row = node.document().text_pos_at(node.range().start).row;
    usize::try_from(row).unwrap_or(usize::MAX)
}

pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name() == name)
}

/// The number in an element.
pub(crate) fn number(node: Node<'_, '_>, least: u32, most: u32) -> Result<u32, Unreadable> {
    let text = node.text().unwrap_or("").trim();
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Unreadable::at(line(node), format!("{} is not a number from {least} to {most}", quoted(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiplying_entities_are_refused() {
        let bomb = "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \
                    \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]><plist>&d;</plist>";
        assert!(parse(bomb).is_err());
    }
}
