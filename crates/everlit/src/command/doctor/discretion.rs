//! What a report must not show: it is made to be pasted in public. Every text passes here, whatever wrote it.

use everlit_meta_api::redact;

use super::Patient;
use crate::system::Environment;

pub(super) struct Discretion {
    home: Option<String>,
    /// User names and ids of accounts.
    names: Vec<String>,
}

impl Discretion {
    pub(super) fn new(environment: &Environment) -> Self {
        let home = environment.variable("HOME").or_else(|| environment.variable("USERPROFILE"));
        let home = home.map(|home| home.trim_end_matches(['/', '\\']).to_owned()).filter(|home| home.len() > 1);
        Self { home, names: Vec::new() }
    }

    pub(super) fn hide_names_of(&mut self, patient: &Patient<'_>) {
        // A shorter name would be found inside innocent words; no text here is built from one in the first place.
        const SHORTEST: usize = 4;
        let Ok(stored) = &patient.found else { return };
        let id = stored.record.account.as_ref().map(|id| id.as_str().to_owned());
        let names = id.into_iter().chain(stored.record.username.clone());
        self.names.extend(names.filter(|name| name.len() >= SHORTEST));
    }

    pub(super) fn cleaned(&self, text: &str) -> String {
        let mut text = match &self.home {
            Some(home) => without_home(text, home),
            None => text.to_owned(),
        };
        for name in &self.names {
            text = text.replace(name.as_str(), "(account)");
        }
        redact(&text)
    }
}

/// `/home/ada/site` as `~/site`; `/home/adam` stays.
fn without_home(text: &str, home: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(home) {
        let after = &rest[at + home.len()..];
        let ends_there = !after.starts_with(|c: char| c.is_alphanumeric() || "-_.".contains(c));
        shown.push_str(&rest[..at]);
        shown.push_str(if ends_there { "~" } else { home });
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_folder_is_a_tilde_and_nothing_that_only_begins_like_it_is() {
        let cases = [
            ("in /home/ada/site", "in ~/site"),
            ("chmod 600 /home/ada/.env /home/ada", "chmod 600 ~/.env ~"),
            ("/home/adam/x and /home/ada-old", "/home/adam/x and /home/ada-old"),
            ("`/home/ada`: no", "`~`: no"),
        ];
        for (text, shown) in cases {
            assert_eq!(without_home(text, "/home/ada"), shown);
        }
    }

    #[test]
    fn account_names_and_tokens_do_not_pass() {
        let discretion = Discretion { home: None, names: vec!["sunny_bakery".to_owned()] };
        let token = "IGAAfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE";
        let shown = discretion.cleaned(&format!("@sunny_bakery has {token}, sha256:0123456789abcdef"));
        assert!(!shown.contains("sunny") && !shown.contains("fakeFAKE"), "{shown}");
        assert!(shown.contains("sha256:0123456789abcdef"), "{shown}");
    }
}
