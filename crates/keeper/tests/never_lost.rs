//! Whatever Meta answers, whatever a person edits, whatever the clock says and wherever a run is killed: two accounts, and
//! the last token that each of them was given.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::{Arc, Mutex};

use everlit_keeper::{AccountName, Keeper, Outcome, Replace};
use everlit_meta_api::{BoxFuture, Client, DAY, HttpReply, HttpRequest, Token, Transport, TransportError};
use everlit_sandbox::{
    Config, Endpoint, Fault, InProcess, Injection, Issue, Kind, MetaError, OneOf, RefreshString, State,
};
use everlit_testkit::Shifted;
use proptest::prelude::*;
use support::World;

const NAMES: [&str; 2] = ["shop", "blog"];

/// Something that happens, to one of the two accounts where it concerns one.
#[derive(Clone, Debug)]
enum Step {
    /// A run over both accounts.
    Run,
    /// A run that is killed after so many steps of the store.
    KilledRun(usize),
    /// A run whose clock is so many days off.
    RunWithWrongClock(i64),
    /// Days pass.
    Wait(i64),
    /// The next calls to this endpoint fail, or their replies are odd.
    Fault(usize, Endpoint, usize, u32),
    /// Meta behaves again.
    Calm,
    /// A person puts a token into the env file.
    Edit(usize),
    /// A person connects a token.
    Connect(usize),
    /// Meta revokes the token in use.
    Revoke(usize),
}

/// Good, odd, undecided, transient and definite.
fn faults() -> Vec<Fault> {
    let alter = |field: &str, value: serde_json::Value| Fault::Alter { field: field.to_owned(), value };
    let error = |code, subcode: Option<i64>| {
        let error = MetaError::new(code, "Error validating access token");
        Fault::Error(subcode.into_iter().fold(error, MetaError::subcode))
    };
    vec![
        error(190, None),
        error(100, Some(33)),
        error(190, Some(467)),
        error(190, Some(459)),
        error(2, None),
        error(4, None),
        error(10, None),
        error(9_999, None),
        Fault::Empty { status: 500 },
        Fault::Html { status: 403 },
        Fault::Dropped,
        Fault::LostReply,
        Fault::Truncated,
        Fault::OtherAccount,
        alter("expires_in", 3_600.into()),
        alter("expires_in", (20 * DAY).into()),
        alter("expires_in", serde_json::Value::Null),
        alter("user_id", serde_json::Value::Null),
        alter("error", serde_json::json!({})),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let account = || 0_usize..2;
    let endpoint = prop_oneof![Just(Endpoint::Refresh), Just(Endpoint::Me)];
    prop_oneof![
        6 => Just(Step::Run),
        4 => (0_usize..16).prop_map(Step::KilledRun),
        1 => prop_oneof![Just(-40_i64), Just(31), Just(100)].prop_map(Step::RunWithWrongClock),
        6 => prop_oneof![Just(1_i64), Just(8), Just(31)].prop_map(Step::Wait),
        6 => (account(), endpoint, 0..faults().len(), 1_u32..6).prop_map(|(a, e, f, t)| Step::Fault(a, e, f, t)),
        2 => Just(Step::Calm),
        2 => account().prop_map(Step::Edit),
        2 => account().prop_map(Step::Connect),
        1 => account().prop_map(Step::Revoke),
    ]
}

/// Passes calls on to Meta and notes the tokens in the replies that arrive.
#[derive(Debug)]
struct Recording {
    meta: InProcess,
    received: Mutex<Vec<String>>,
}

impl Transport for Recording {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let reply = self.meta.send(request).await?;
            let body: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
            let token = body.as_ref().and_then(|body| body.get("access_token")?.as_str());
            self.received.lock().unwrap().extend(token.map(str::to_owned));
            Ok(reply)
        })
    }
}

struct Story {
    world: World,
    transport: Arc<Recording>,
    accounts: [AccountName; 2],
    /// The last token that a person or Meta has given to each account.
    given: [Token; 2],
}

impl Story {
    fn new(same_string: bool) -> Self {
        let mut config = Config::friendly();
        if same_string {
            config.knobs.refresh_string = OneOf::only(RefreshString::Same);
        }
        let mut world = World::new(config, 1);
        let accounts = NAMES.map(|name| world.account(name, &Issue::new(Kind::Instagram).username(name).aged_days(2)));
        let transport = Arc::new(Recording { meta: world.meta.clone(), received: Mutex::default() });
        world.keeper = Keeper::new(Client::new(transport.clone()), world.store.clone(), world.clock.clone(), 1);
        let given = accounts.each_ref().map(|account| world.store.token(account));
        Self { world, transport, accounts, given }
    }

    async fn take(&mut self, step: &Step) {
        match step {
            Step::Run => drop(self.world.keeper.refresh_all(&self.accounts).await),
            Step::KilledRun(steps) => {
                self.world.store.kill_after(*steps);
                self.world.keeper.refresh_all(&self.accounts).await;
                self.world.store.kill_after(usize::MAX);
            }
            Step::RunWithWrongClock(days) => {
                let clock = Arc::new(Shifted { clock: self.world.clock.clone(), by_seconds: days * DAY });
                let client = Client::new(self.transport.clone());
                Keeper::new(client, self.world.store.clone(), clock, 1).refresh_all(&self.accounts).await;
            }
            Step::Wait(days) => self.world.advance(days * DAY),
            Step::Fault(account, endpoint, fault, times) => {
                let injection = Injection::new(faults()[*fault].clone()).at(*endpoint).times(*times);
                self.world.meta.with(|meta| meta.inject(injection.for_account(NAMES[*account])));
            }
            Step::Calm => self.world.meta.with(everlit_sandbox::Meta::clear_injections),
            Step::Edit(account) => {
                let token = self.new_token(*account);
                self.world.store.put_another(&self.accounts[*account], token.clone());
                self.given[*account] = token;
            }
            Step::Connect(account) => self.connect(*account).await,
            Step::Revoke(account) => {
                let token = self.world.store.token(&self.accounts[*account]);
                self.world.meta.with(|meta| meta.set_state(token.expose(), State::Revoked));
            }
        }
        self.note_received();
    }

    fn new_token(&self, account: usize) -> Token {
        let issue = Issue::new(Kind::Instagram).username(NAMES[account]).aged_days(2);
        Token::parse(&self.world.issue(&issue)).unwrap()
    }

    async fn connect(&mut self, account: usize) {
        let token = self.new_token(account);
        let Ok(provided) = self.world.keeper.examine(token.clone()).await else { return };
        let report = self.world.keeper.connect(&self.accounts[account], &provided, Replace::SameAccount).await;
        // A person who is told that a token was not taken still has it.
        if report.outcome == Outcome::Connected {
            self.given[account] = token;
        }
    }

    /// What Meta has handed out, and what has arrived, for the account whose it is.
    fn note_received(&mut self) {
        for text in std::mem::take(&mut *self.transport.received.lock().unwrap()) {
            let Some(account) = NAMES.iter().position(|name| self.owner(&text).as_deref() == Some(*name)) else {
                continue;
            };
            // A reply to the other account's call is not a token for this one.
            let is_somewhere = self.places(account).iter().any(|token| token.expose() == text);
            let is_with_the_other = self.places(1 - account).iter().any(|token| token.expose() == text);
            if is_somewhere || !is_with_the_other {
                self.given[account] = Token::parse(&text).unwrap();
            }
        }
    }

    fn owner(&self, token: &str) -> Option<String> {
        self.world.meta.with(|meta| meta.token(token).map(|token| meta.account(token).username.clone()))
    }

    fn places(&self, account: usize) -> Vec<Token> {
        let (store, name) = (&self.world.store, &self.accounts[account]);
        let [candidate, previous, _] = store.kept(name);
        [Some(store.token(name)), candidate, previous].into_iter().flatten().chain(store.refused(name)).collect()
    }

    fn check(&self, step: &Step) -> Result<(), TestCaseError> {
        for (account, name) in NAMES.iter().enumerate() {
            let given = &self.given[account];
            let is_kept = self.places(account).contains(given);
            prop_assert!(is_kept || !self.world.is_live(given), "after {step:?}, {name} has lost its last token");
            // A candidate whose run was killed has not been verified yet; what is in use, or was, has.
            let [_, previous, _] = self.world.store.kept(&self.accounts[account]);
            for token in [Some(self.world.store.token(&self.accounts[account])), previous].into_iter().flatten() {
                let owner = self.owner(token.expose());
                prop_assert_eq!(owner.as_deref(), Some(*name), "after {:?}", step);
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn p1_p2_the_last_token_is_in_place_or_kept_or_dead(
        same_string: bool, steps in proptest::collection::vec(step(), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut story = Story::new(same_string);
            for step in &steps {
                story.take(step).await;
                story.check(step)?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}

#[test]
fn p2_a_token_that_was_refused_once_outlives_a_verification() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut story = Story::new(false);
        // A first new token cannot be verified; a second one is refused without a reason; then the first is verified.
        let refused = Step::Fault(1, Endpoint::Me, 0, 5);
        let two = [refused, Step::Wait(1), Step::RunWithWrongClock(31), Step::Wait(1), Step::Run];
        for step in [Step::Run].into_iter().chain(two).chain([Step::Wait(31), Step::Run]) {
            story.take(&step).await;
            story.check(&step).unwrap();
        }
        let [_, _, refused] = story.world.store.kept(&story.accounts[1]);
        assert!(refused.is_some(), "the story has a token that was refused");
    });
}
