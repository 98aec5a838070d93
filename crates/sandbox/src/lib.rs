//! An unfriendly Meta on your own machine: the same token endpoints, a settable clock and faults on demand.
//!
//! * [`Meta`] is the state machine: a [`Call`] goes in, a [`Response`] comes out. No sockets, no clock of its own.
//! * [`Sandbox`] serves it over HTTP on this machine, with a page for people and a JSON API for scripts.
//! * [`InProcess`] connects the client of `everlit-meta-api` to it without a socket: ten years pass in seconds.
//!
//! It is unfriendly by default: some calls fail, some responses are lost after the token was issued, and every reply
//! comes in all the shapes that Meta's replies have been seen in. A client that copes with it is robust.
//! [`Config::friendly`] turns that off.
//!
//! ```
//! use everlit_sandbox::{Call, Config, Issue, Kind, Meta};
//!
//! let mut meta = Meta::new(Config::friendly(), 1);
//! let token = meta.issue(&Issue::new(Kind::Instagram).username("sunny_bakery").aged_days(31));
//! let target = "https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=";
//! let response = meta.handle(&Call::new("GET", &format!("{target}{token}")));
//! assert_eq!(response.json()["expires_in"], 5_184_000);
//! ```

mod access;
mod call;
mod call_log;
mod clock;
mod control;
mod dates;
mod dispatch;
mod endpoint;
mod error;
mod fault;
mod issue;
mod knobs;
mod login;
mod manage;
mod page;
mod profile;
mod refresh;
mod response;
mod rules;
mod server;
mod sign;
mod state;
mod token;
mod transport;
mod variants;
mod wire;

pub use call::{Call, Delivery, Params, Response};
pub use call_log::{LoggedCall, Rule, Violation};
pub use endpoint::{Endpoint, Product};
pub use error::{Envelope, MetaError};
pub use fault::{Fault, Injection};
pub use issue::Issue;
pub use knobs::{App, Clock, Config, FaultRates, Incident, Knobs};
pub use server::Sandbox;
pub use sign::signed_request;
pub use state::Meta;
pub use token::{Account, AccountId, Kind, State, Token, TokenId};
pub use transport::InProcess;
pub use variants::{
    ExchangeShape, ExpiresIn, FbReexchange, Ids, InvalidReason, Language, MeShape, OldAfterRefresh, OneOf, Permissions,
    RefreshShort, RefreshString, RefreshUnder24h, TokenType, UsageHeaders,
};
