//! An env file that holds the tokens of several accounts.

use std::fs;
use std::thread;

use everlit_meta_api::Token;

use crate::support::place;

#[test]
fn p8_accounts_that_share_an_env_file_undo_no_delivery() {
    const ACCOUNTS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.env");
    fs::write(&path, "NEXT_PUBLIC_SITE_NAME=x\n").unwrap();
    let text = path.to_str().unwrap();
    for round in 0..10 {
        let token = |number: usize| format!("IGAAfake{round:02}x{number:02}{}", "fakeFAKE".repeat(8));
        thread::scope(|scope| {
            for number in 0..ACCOUNTS {
                scope.spawn(move || {
                    let place = place("env-file", &format!("A{number}"), &[("path", &[text])], &[]).unwrap();
                    let token = Token::parse(&token(number)).unwrap();
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                    let receipt = runtime.block_on(place.deliver(&token, None));
                    assert!(receipt.is_ok(), "{number}: {receipt:?}");
                });
            }
        });
        let content = fs::read_to_string(&path).unwrap();
        let missing = (0..ACCOUNTS).filter(|number| !content.contains(&format!("A{number}={}\n", token(*number))));
        assert_eq!(missing.collect::<Vec<_>>(), Vec::<usize>::new(), "in round {round}");
    }
}
