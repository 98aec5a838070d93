//! An unfriendly Meta on your own machine: the same token endpoints, a settable clock, faults on demand.
//!
//! * [`Meta`] is the state machine: a [`Call`] goes in, an [`Response`] comes out. No sockets, no clock of its own.
//! * [`Sandbox`] serves it over HTTP on this machine, with a page for people and a JSON API for scripts.
//! * [`InProcess`] carries the calls of `everlit-meta-api` to it without a socket: ten years in seconds.
//!
//! It is unfriendly by default: some calls fail, some replies are lost after the token was issued, and every reply comes in each shape
//! in which Meta's have been seen. A client that lives with it needs no special test to be robust. [`Config::friendly`] is calm.
//!
//! ```
//! use everlit_sandbox::{Call, Config, Issue, Kind, Meta};
//!
//! let mut meta = Meta::new(Config::friendly(), 1);
//! let token = meta.issue(&Issue::new(Kind::Instagram).username("sunny_bakery").aged_days(31));
//! let call = Call::new("GET", &format!("https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token={token}"));
//! let response = meta.handle(&call);
//! assert_eq!(response.json()["expires_in"], 5_184_000);
//! ```

mod call;
mod call_log;
mod clock;
mod control;
mod dates;
mod endpoint;
mod error;
mod fault;
mod issue;
mod knobs;
mod login;
mod manage;
mod meta;
mod page;
mod profile;
mod renew;
mod response;
mod rules;
mod server;
mod sign;
mod token;
mod transport;
mod variants;
mod wire;

pub use call::{Call, Delivery, Params, Response};
pub use call_log::LoggedCall;
pub use endpoint::{Endpoint, Product};
pub use error::{Envelope, MetaError};
pub use fault::{Fault, Injection};
pub use issue::Issue;
pub use knobs::{App, Clock, Config, FaultRates, Incident, Knobs};
pub use meta::Meta;
pub use rules::{Rule, Violation};
pub use server::Sandbox;
pub use sign::signed_request;
pub use token::{Account, AccountId, Kind, State, Token, TokenId};
pub use transport::InProcess;
pub use variants::{
    ExchangeShape, ExpiresIn, FbReexchange, Ids, Language, MeShape, OldAfterRefresh, OneOf, Permissions, RefreshShort,
    RefreshString, RefreshUnder24h, TokenType, UsageHeaders,
};
