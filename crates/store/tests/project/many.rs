//! Many accounts: the work on each does not depend on how many there are.

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{AccountName, Store as _};
use everlit_store::{Key, ProjectAccount};

use crate::contract::{NOW, now};
use crate::site::{Site, files_of};

/// How often the disk is asked while everything that `status` shows of that many accounts is read.
fn disk_calls(count: usize) -> usize {
    let site = Site::empty();
    let accounts: Vec<ProjectAccount> = (0..count)
        .map(|number| ProjectAccount {
            name: AccountName::new(format!("a{number}")),
            env_file: format!("env/{number}.env").into(),
            key: Key::Default,
            metadata: format!("scripts/{number}.json").into(),
        })
        .collect();
    for account in &accounts {
        site.write(account.env_file.to_str().unwrap(), "IG_ACCESS_TOKEN=IGAAfakeFAKEfakeFAKEfakeFAKEfakeFAKE\n");
    }
    let disk = FaultyDisk::new(RealDisk, Plan::Nothing);
    let files = files_of(disk.clone(), &site.at(""), accounts.clone());
    for ProjectAccount { name, .. } in &accounts {
        now(files.load(name, NOW)).unwrap();
        assert_eq!((files.last_run(name), files.unusable_state(name)), (None, None));
    }
    disk.steps().len()
}

#[test]
fn ten_times_the_accounts_are_ten_times_the_disk_calls() {
    assert_eq!(disk_calls(200), 10 * disk_calls(20));
}
