//! Ways in which a secret may show.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The text as it is, in hexadecimal digits, and in base64 wherever in a longer text it begins.
pub fn spellings(text: &str) -> Vec<String> {
    let hex = text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    // The first and the last characters also depend on what stands around the text.
    let shifted = (0..3).map(|by| {
        let encoded = STANDARD_NO_PAD.encode(format!("{}{text}", "x".repeat(by)));
        encoded[(by * 4).div_ceil(3)..encoded.len() - 1].to_owned()
    });
    [text.to_owned(), hex].into_iter().chain(shifted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_wherever_the_text_begins() {
        for before in ["", "a", "ab", "abc", "abcd"] {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}the secret, and more"));
            let found = spellings("the secret").iter().any(|shown| encoded.contains(shown));
            assert!(found, "{encoded}");
        }
    }
}
