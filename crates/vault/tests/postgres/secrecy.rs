//! P3: who has the database and no key has nothing.

use everlit_meta_api::Token;
use everlit_testkit::contract::{NOW, candidate_for, now};
use everlit_testkit::postgres::client;
use everlit_testkit::server::run;
use everlit_testkit::spellings;

use crate::site::{POSTGRES, Site};

#[test]
fn a_dump_shows_no_token_and_no_name() {
    let token = Token::parse(&format!("IGAAfakeFAKE{}", "0123456789".repeat(12))).unwrap();
    let site = Site::direct(&token);
    site.add("ada.lovelace.official", &token);
    let mut lease = site.lease();
    let mut record = now(lease.load(NOW)).unwrap().record;
    record.username = Some("countess_ada".to_owned());
    now(lease.save_candidate(&candidate_for(&token, 'B'))).unwrap();
    now(lease.save_record(&record)).unwrap();
    drop(lease);
    let dump = run(client(&POSTGRES, "pg_dump").args(["--inserts", &site.database]));
    assert!(dump.contains("INSERT INTO public.accounts"), "the dump is one");
    let (b, token) = ("B".repeat(16), token.expose());
    for secret in ["lovelace", "countess_ada", &token[12..40], &b] {
        for shown in spellings(secret) {
            assert!(!dump.contains(&shown), "{secret} is in the dump as {shown}");
        }
    }
}
