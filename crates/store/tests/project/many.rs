//! Many accounts: the work on each does not depend on how many there are.

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{AccountName, Store as _};
use everlit_store::{Key, ProjectAccount};

use crate::site::{Site, files_of};
use everlit_testkit::contract::{NOW, now};

const TOKEN: &str = "IGAAfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE";

/// How often the disk is asked while everything that `status` shows of that many accounts is read: in an env file for
/// each, or in one for all.
fn disk_calls(count: usize, in_one_file: bool) -> usize {
    let site = Site::empty();
    let account = |number| ProjectAccount {
        name: AccountName::new(format!("a{number}")),
        env_file: if in_one_file { ".env.local".into() } else { format!("env/{number}.env").into() },
        key: Key::Named(format!("TOKEN_{number}")),
        metadata: format!("scripts/{number}.json").into(),
    };
    let accounts: Vec<ProjectAccount> = (0..count).map(account).collect();
    let line = |number| format!("TOKEN_{number}={TOKEN}\n");
    site.write(".env.local", (0..count).map(line).collect::<String>());
    for number in 0..count {
        site.write(&format!("env/{number}.env"), line(number));
    }
    let disk = FaultyDisk::new(RealDisk, Plan::Nothing);
    let files = files_of(disk.clone(), &site.at(""), accounts.clone());
    for ProjectAccount { name, .. } in &accounts {
        now(files.load(name, NOW)).unwrap();
        assert_eq!((files.last_run(name), files.unusable_state(name)), (None, None));
    }
    disk.steps().len()
}

/// Once for the folder, the rest for each account.
#[test]
fn ten_times_the_accounts_are_ten_times_the_disk_calls() {
    for in_one_file in [false, true] {
        let (few, many) = (disk_calls(20, in_one_file), disk_calls(200, in_one_file));
        assert!(many <= 10 * few, "in one file: {in_one_file}: {many} and {few}");
    }
}
