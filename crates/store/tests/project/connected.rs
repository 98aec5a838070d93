//! A token that a person gives, saved at every step: the whole way, killed or failing at each of its steps on the disk.
//!
//! Whatever happens, the token that was there is there, or the given one is; and the next run finishes what was begun.

use std::sync::Arc;

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{Keeper, Outcome, ProvidedToken, Record, Replace, Report, Safety};
use everlit_meta_api::{Client, Token, TokenKind};
use everlit_sandbox::{Config, InProcess, Issue, Kind, Meta, State};

use crate::site::Site;
use crate::world::{kinds, set_mode, shown};
use everlit_testkit::MetaClock;
use everlit_testkit::contract::{NOW, now};

/// What is in the token's place before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Before {
    /// The account's token, which is dead, and notes about that.
    Dead,
    /// The same, in a file with two names, which is written in place.
    #[cfg(unix)]
    DeadInPlace,
    /// A live token of another account, which is meant to go.
    Another,
    /// An env file that has other things in it.
    NoKey,
    /// A text that is no token.
    Garbage,
    /// Not even a file.
    NoFile,
}

const ALL: &[Before] = &[
    Before::Dead,
    #[cfg(unix)]
    Before::DeadInPlace,
    Before::Another,
    Before::NoKey,
    Before::Garbage,
    Before::NoFile,
];

struct Scene {
    before: Before,
    site: Site,
    meta: InProcess,
    /// The env file's content before; `None` where there is none.
    old: Option<String>,
    /// The content with the given token in place.
    new: String,
    provided: ProvidedToken,
}

impl Scene {
    fn new(before: Before) -> Self {
        let meta = InProcess::new(Meta::new(Config::friendly().clock_at(NOW.as_unix()), 7));
        let issue = |name: &str| meta.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(3)));
        let whose = if before == Before::Another { "florist" } else { "bakery" };
        let (there, fresh) = (issue(whose), issue("bakery"));
        let id = |text: &str| meta.with(|meta| meta.token(text).map(|token| meta.account(token).user_id.clone()));
        let (old_id, new_id) = (id(&there).unwrap(), id(&fresh).unwrap());
        let file = |token: &str, id: &str| {
            format!("# the bakery\r\nIG_USER_ID={id}\r\nexport IG_ACCESS_TOKEN='{token}' # ours\r\nB=\"two words\"")
        };
        let (old, new) = match before {
            Before::NoFile => (None, format!("IG_ACCESS_TOKEN={fresh}\nIG_USER_ID={new_id}\n")),
            Before::NoKey => (Some("A=1\nB=2".to_owned()), format!("A=1\nB=2\nIG_ACCESS_TOKEN={fresh}\n")),
            Before::Garbage => (Some(file("your-token-here", "")), file(&fresh, &new_id)),
            _ => (Some(file(&there, &old_id)), file(&fresh, &new_id)),
        };
        let site = Site::empty();
        if let Some(old) = &old {
            site.write(".env.local", old);
            set_mode(&site, ".env.local", 0o640);
        }
        #[cfg(unix)]
        if before == Before::DeadInPlace {
            std::fs::hard_link(site.at(".env.local"), site.at("another-name")).unwrap();
        }
        let scene = |provided| Self { before, site, meta: meta.clone(), old, new, provided };
        let token = Token::parse(&fresh).unwrap();
        let provided = now(keeper_of(&Site::empty(), &meta, Plan::Nothing).0.examine(token)).unwrap();
        let mut scene = scene(provided);
        if scene.is_dead() {
            scene.meta.with(|meta| meta.set_state(&there, State::Revoked));
        }
        if !matches!(before, Before::NoKey | Before::Garbage | Before::NoFile) {
            // Whose it is, or that it is dead, is known.
            let name = scene.site.name();
            let keeper = keeper_of(&scene.site, &scene.meta, Plan::Nothing).0;
            now(keeper.refresh(&name));
            scene.old = scene.env();
        }
        scene
    }

    fn is_dead(&self) -> bool {
        format!("{:?}", self.before).starts_with("Dead")
    }

    fn connect(&self, plan: Plan) -> (Report, FaultyDisk) {
        let (keeper, disk) = keeper_of(&self.site, &self.meta, plan);
        (now(keeper.connect(&self.site.name(), &self.provided, Replace::AnyAccount)), disk)
    }

    fn env(&self) -> Option<String> {
        let copy = self.site.at(".everlit/recovery/env");
        let counts = if copy.exists() { copy } else { self.site.at(".env.local") };
        std::fs::read_to_string(counts).ok()
    }

    fn has_new(&self) -> bool {
        self.env().as_ref() == Some(&self.new)
    }

    /// The token that was there is there, or the given one is; the next run finishes; a second attempt always works.
    fn check_after_failure(&self, report: &Report, story: &dyn Fn() -> String) {
        let env = self.env();
        assert!(self.has_new() || env == self.old, "neither old nor new: {env:?}: {}", story());
        let waits = self.site.load().is_ok_and(|stored| stored.candidate.is_some());
        match &report.outcome {
            Outcome::Connected => assert!(self.has_new(), "{}", story()),
            Outcome::NotSaved { token: Safety::Candidate, .. } => assert!(waits || self.has_new(), "{}", story()),
            _ => {}
        }
        if waits {
            let next = now(keeper_of(&self.site, &self.meta, Plan::Nothing).0.refresh(&self.site.name()));
            assert!(matches!(next.outcome, Outcome::Recovered { .. }), "{:?}: {}", next.outcome, story());
            assert!(self.has_new(), "{}", story());
        }
        let (again, _) = self.connect(Plan::Nothing);
        assert_eq!(again.outcome, Outcome::Connected, "{}", story());
        self.check_all_well(story);
    }

    fn check_all_well(&self, story: &dyn Fn() -> String) {
        assert_eq!(self.env().as_ref(), Some(&self.new), "{}", story());
        let stored = self.site.load().unwrap();
        assert_eq!((stored.candidate, stored.notes), (None, Vec::new()), "{}", story());
        assert_eq!(stored.record.failure, None, "{}", story());
        assert_eq!(stored.record.username.as_deref(), Some("bakery"), "{}", story());
        assert_eq!(stored.record.account.as_ref(), self.provided.me.identity(), "{}", story());
        let left: Vec<String> = self.site.leftovers().into_iter().filter(|name| name != "another-name").collect();
        assert_eq!(left, [""; 0], "{}", story());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(self.site.at(".env.local")).unwrap().permissions().mode();
            let expected = if self.before == Before::NoFile { 0o600 } else { 0o640 };
            assert_eq!(mode & 0o7777, expected, "{}", story());
        }
    }
}

fn keeper_of(site: &Site, meta: &InProcess, plan: Plan) -> (Keeper, FaultyDisk) {
    let disk = FaultyDisk::new(RealDisk, plan);
    let clock = Arc::new(MetaClock(meta.clone()));
    (Keeper::new(Client::new(Arc::new(meta.clone())), Arc::new(site.files_on(disk.clone())), clock, 1), disk)
}

#[test]
fn p7_undisturbed_a_given_token_changes_no_other_byte() {
    for &before in ALL {
        let scene = Scene::new(before);
        if scene.is_dead() {
            assert!(scene.site.load().unwrap().record.failure.is_some(), "the token was to be known as dead");
        }
        assert_eq!(scene.connect(Plan::Nothing).0.outcome, Outcome::Connected, "{before:?}");
        scene.check_all_well(&|| format!("{before:?}"));
    }
}

#[test]
fn p1_p2_p7_killed_at_any_step_a_given_token_is_not_half_saved() {
    for &before in ALL {
        let steps = Scene::new(before).connect(Plan::Nothing).1.steps();
        for step in 0..steps.len() {
            for torn in [false, true] {
                let scene = Scene::new(before);
                let (report, _) = scene.connect(Plan::DieAt { step, torn });
                scene.check_after_failure(&report, &|| {
                    format!("{before:?}, killed at {step}, torn: {torn}: {:#?}", shown(&steps, &scene.site))
                });
            }
        }
    }
}

#[test]
fn p1_p2_p7_a_given_token_is_not_half_saved_if_any_step_fails() {
    for &before in ALL {
        let steps = Scene::new(before).connect(Plan::Nothing).1.steps();
        for step in 0..steps.len() {
            // Every other one, the others at the next step: all of them, in half of the time.
            for kind in kinds().into_iter().skip(step % 2).step_by(2) {
                let scene = Scene::new(before);
                let (report, disk) = scene.connect(Plan::FailOnce { step, kind });
                scene.check_after_failure(&report, &|| {
                    let steps = shown(&disk.steps(), &scene.site);
                    format!("{before:?}, {kind:?} at {step}: {:?}, {steps:#?}", report.outcome)
                });
            }
        }
    }
}

#[test]
fn p2_on_a_disk_that_is_full_the_token_that_was_there_stays() {
    for &before in ALL {
        let mut seen = [false; 2];
        for bytes in (0..64 << 10).step_by(1009) {
            let scene = Scene::new(before);
            let (report, _) = scene.connect(Plan::Budget(bytes));
            seen[usize::from(report.outcome == Outcome::Connected)] = true;
            scene.check_after_failure(&report, &|| format!("{before:?}, {bytes} bytes: {:?}", report.outcome));
        }
        assert_eq!(seen, [true; 2], "{before:?}: the disk was to be too small and large enough");
    }
}

#[test]
fn of_another_account_it_is_refused_and_nothing_is_touched() {
    let scene = Scene::new(Before::Another);
    let keeper = keeper_of(&scene.site, &scene.meta, Plan::Nothing).0;
    let report = now(keeper.connect(&scene.site.name(), &scene.provided, Replace::SameAccount));
    let Outcome::NotConnected { message, .. } = &report.outcome else { panic!("{:?}", report.outcome) };
    assert!(message.contains("@florist") && message.contains("@bakery"), "{message}");
    assert_eq!(scene.env(), scene.old);
}

#[test]
fn the_kind_that_a_person_gave_is_remembered() {
    let text = "fakeFAKE".repeat(10);
    let site = Site::new(format!("SITE_TOKEN={text}\n")).with_key("SITE_TOKEN");
    assert_eq!(site.load().unwrap().current.kind(), TokenKind::Unknown);
    let record = Record { kind: TokenKind::Threads, ..site.load().unwrap().record };
    site.under_lease(|lease| now(lease.save_record(&record)).unwrap());
    let stored = site.load().unwrap();
    assert_eq!((stored.current.kind(), stored.record.kind), (TokenKind::Threads, TokenKind::Threads));
    // Of another token it says nothing.
    site.write(".env.local", format!("SITE_TOKEN={}\n", "FAKEfake".repeat(10)));
    assert_eq!(site.load().unwrap().current.kind(), TokenKind::Unknown);
}
