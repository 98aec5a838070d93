//! Accounts that share a folder, an env file, or a folder of metadata: whatever happens to one, the others keep theirs.

use std::sync::Arc;

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{AccountName, Candidate, Expiry, Keeper, Origin, Outcome, Report, Store as _};
use everlit_meta_api::{Client, Timestamp, Token};
use everlit_sandbox::{Config, InProcess, Issue, Kind, Meta, OldAfterRefresh, State};
use everlit_store::{Key, ProjectAccount};

use crate::site::{Site, files_of};
use crate::world::kinds;
use everlit_testkit::MetaClock;
use everlit_testkit::contract::{NOW, now};

/// How two accounts lie beside each other. The state folder and the metadata folder are always shared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Together {
    /// One env file with two keys.
    OneFile,
    /// One env file with two keys, which is written in place.
    #[cfg(unix)]
    OneFileInPlace,
    /// Two env files in one folder.
    TwoFiles,
}

const ALL: &[Together] = &[
    Together::OneFile,
    #[cfg(unix)]
    Together::OneFileInPlace,
    Together::TwoFiles,
];

/// Two accounts: one is due, the other has a new token that a killed run left; the old tokens of both die at once.
struct Pair {
    together: Together,
    site: Site,
    meta: InProcess,
    accounts: Vec<ProjectAccount>,
    /// The tokens at the start.
    old: [String; 2],
    /// The one that waits for the second account.
    waiting: Token,
}

impl Pair {
    fn new(together: Together) -> Self {
        let mut config = Config::friendly().clock_at(NOW.as_unix());
        config.knobs.old_after_refresh = OldAfterRefresh::Dies;
        let meta = InProcess::new(Meta::new(config, 7));
        let old = ["bakery", "florist"]
            .map(|name| meta.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(40))));
        let [first, second] = &old;
        let site = Site::empty();
        let (other_file, key) = if together == Together::TwoFiles {
            (".env.shop.local", Key::Default)
        } else {
            (".env.local", Key::Named("SHOP_TOKEN".to_owned()))
        };
        if together == Together::TwoFiles {
            site.write(".env.local", format!("A=1\nIG_ACCESS_TOKEN={first}\n"));
            site.write(other_file, format!("IG_ACCESS_TOKEN={second}\nB=2\n"));
        } else {
            site.write(".env.local", format!("A=1\nIG_ACCESS_TOKEN={first}\nSHOP_TOKEN='{second}' # x\nB=2"));
        }
        #[cfg(unix)]
        if together == Together::OneFileInPlace {
            std::fs::hard_link(site.at(".env.local"), site.at("another-name")).unwrap();
        }
        let shop = ProjectAccount {
            name: AccountName::new("shop"),
            env_file: other_file.into(),
            key,
            metadata: "scripts/shop-token.json".into(),
        };
        let accounts = vec![site.account.clone(), shop];
        let waiting = meta.with(|meta| {
            meta.set_state(second, State::Revoked);
            meta.issue(&Issue::new(Kind::Instagram).username("florist"))
        });
        let pair = Self { together, site, meta, accounts, waiting: Token::parse(&waiting).unwrap(), old };
        let files = files_of(RealDisk, &pair.site.at(""), pair.accounts.clone());
        let mut lease = now(files.lease(&pair.accounts[1].name, NOW)).unwrap();
        now(lease.save_candidate(&pair.candidate())).unwrap();
        drop(lease);
        pair
    }

    fn candidate(&self) -> Candidate {
        Candidate {
            token: self.waiting.clone(),
            replaces: Token::parse(&self.old[1]).unwrap().fingerprint(),
            received_at: NOW,
            expiry: Expiry::At(Timestamp::from_unix(NOW.as_unix() + 5_184_000)),
            account: None,
            origin: Origin::Refresh,
        }
    }

    fn run(&self, account: usize, plan: Plan) -> (Report, FaultyDisk) {
        let disk = FaultyDisk::new(RealDisk, plan);
        let files = Arc::new(files_of(disk.clone(), &self.site.at(""), self.accounts.clone()));
        let clock = Arc::new(MetaClock(self.meta.clone()));
        let keeper = Keeper::new(Client::new(Arc::new(self.meta.clone())), files, clock, 1);
        (now(keeper.refresh(&self.accounts[account].name)), disk)
    }

    fn stored(&self, account: usize) -> everlit_keeper::Stored {
        let files = files_of(RealDisk, &self.site.at(""), self.accounts.clone());
        now(files.load(&self.accounts[account].name, NOW)).unwrap()
    }

    fn newest(&self, name: &str) -> String {
        self.meta.with(|meta| meta.newest_token(name).unwrap().text.to_string())
    }

    /// The second account has what it had: its token, or the new one, and the candidate while that is not in use.
    fn check_other(&self, story: &dyn Fn() -> String) {
        let stored = self.stored(1);
        assert_eq!(stored.current.expose(), self.old[1], "{}", story());
        assert_eq!(stored.candidate, Some(self.candidate()), "{}", story());
    }

    /// Both runs of the next day, in either order, end well; every other byte of the user's is as it was.
    fn check_next_day(&self, order: [usize; 2], may_be_lost: bool, story: &dyn Fn() -> String) {
        for account in order {
            let (report, _) = self.run(account, Plan::Nothing);
            let is_well =
                matches!(report.outcome, Outcome::Refreshed { .. } | Outcome::Recovered { .. } | Outcome::Idle(_));
            assert!(is_well || (account == 0 && may_be_lost), "{account}: {:?}: {}", report.outcome, story());
        }
        let first = if may_be_lost { self.stored(0).current.expose().to_owned() } else { self.newest("bakery") };
        let waiting = self.waiting.expose();
        let (one, other) = if self.together == Together::TwoFiles {
            (format!("A=1\nIG_ACCESS_TOKEN={first}\n"), Some(format!("IG_ACCESS_TOKEN={waiting}\nB=2\n")))
        } else {
            (format!("A=1\nIG_ACCESS_TOKEN={first}\nSHOP_TOKEN='{waiting}' # x\nB=2"), None)
        };
        assert_eq!(self.site.read(".env.local"), one.as_bytes(), "{}", story());
        if let Some(other) = other {
            assert_eq!(self.site.read(".env.shop.local"), other.as_bytes(), "{}", story());
        }
        let candidates: Vec<String> =
            self.site.listing().into_iter().filter(|name| name.contains("/candidate")).collect();
        assert!(candidates.is_empty() || may_be_lost, "{candidates:?}: {}", story());
    }
}

#[test]
fn p2_p7_killed_at_any_step_an_account_harms_no_other() {
    for &together in ALL {
        let steps = Pair::new(together).run(0, Plan::Nothing).1.steps();
        for (step, struck) in steps.iter().enumerate() {
            // The other account goes first every other time, and mends what the killed run has left.
            let order = if step % 2 == 0 { [0, 1] } else { [1, 0] };
            let pair = Pair::new(together);
            let (_, disk) = pair.run(0, Plan::DieAt { step, torn: true });
            let story = || format!("{together:?}, killed at {step} of {:#?}, then {order:?}", disk.steps());
            pair.check_other(&story);
            let stored = pair.stored(0);
            let is_live = |token: &Token| {
                pair.meta.with(|meta| meta.token(token.expose()).is_some_and(|it| it.state_at(meta.now) == State::Live))
            };
            let is_lost = !is_live(&stored.current)
                && !stored.candidate.as_ref().is_some_and(|candidate| is_live(&candidate.token));
            let is_the_write = struck.name == "write_at" && struck.path.ends_with(".everlit/candidate");
            assert!(!is_lost || is_the_write, "the account that was killed has lost its token: {}", story());
            pair.check_next_day(order, is_lost, &story);
        }
    }
}

#[test]
fn p2_p7_an_error_at_any_step_of_an_account_harms_no_other() {
    for &together in ALL {
        let steps = Pair::new(together).run(0, Plan::Nothing).1.steps();
        for step in 0..steps.len() {
            // Another kind of error at each step, and all of them over the steps.
            let kind = kinds()[step % kinds().len()];
            let pair = Pair::new(together);
            let (report, disk) = pair.run(0, Plan::FailOnce { step, kind });
            let story = || format!("{together:?}, {kind:?} at {step}: {report:?} {:#?}", disk.steps());
            pair.check_other(&story);
            pair.check_next_day([1, 0], false, &story);
        }
    }
}

#[test]
fn a_candidate_of_another_account_is_named_and_left_alone() {
    let pair = Pair::new(Together::TwoFiles);
    let of_shop = pair.site.listing().into_iter().find(|name| name.contains("/candidate-")).unwrap();
    let content = pair.site.read(&of_shop);
    pair.site.write(".everlit/candidate", &content);
    let stored = pair.stored(0);
    assert_eq!(stored.candidate, None);
    assert!(stored.notes.iter().any(|note| note.contains("IG_ACCESS_TOKEN in .env.shop.local")), "{:?}", stored.notes);
    let (report, _) = pair.run(0, Plan::Nothing);
    match report.outcome {
        Outcome::NotSaved { error, .. } => assert!(error.message.contains(".env.shop.local"), "{error}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(pair.site.read(".everlit/candidate"), content);
    assert_eq!(pair.newest("bakery"), pair.old[0], "Meta was not asked");
}

/// `.env.local` beside the metadata of another account: its state folder is the one that the other falls back to.
#[test]
fn two_accounts_whose_state_folders_meet_keep_apart() {
    let pair = Pair::new(Together::TwoFiles);
    let mut accounts = pair.accounts.clone();
    accounts[1].env_file = "scripts/.env.local".into();
    pair.site.write("scripts/.env.local", format!("IG_ACCESS_TOKEN={}\n", pair.old[1]));
    // Nothing can be created beside the first one's env file.
    let refused = Plan::FailEvery {
        name: "make_folder",
        path: Some(pair.site.at("")),
        kind: std::io::ErrorKind::PermissionDenied,
    };
    std::fs::remove_dir_all(pair.site.at(".everlit")).unwrap();
    let files = files_of(FaultyDisk::new(RealDisk, refused), &pair.site.at(""), accounts.clone());
    let names: Vec<AccountName> = accounts.iter().map(|account| account.name.clone()).collect();
    let ours = Candidate { token: Token::parse(&pair.newest("bakery")).unwrap(), ..pair.candidate() };
    for (name, candidate) in names.iter().zip([&ours, &pair.candidate()]) {
        let mut lease = now(files.lease(name, NOW)).unwrap();
        now(lease.save_candidate(candidate)).unwrap();
    }
    let found = names.iter().map(|name| now(files.load(name, NOW)).unwrap().candidate);
    assert_eq!(found.collect::<Vec<_>>(), [Some(ours), Some(pair.candidate())]);
}
