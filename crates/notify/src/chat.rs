//! Chats with incoming webhooks: each takes JSON in a shape of its own at an address that is secret.

use everlit_http::{Secret, Url};
use everlit_keeper::{Notice, Notifier, NotifyError};
use everlit_meta_api::BoxFuture;
use serde_json::Value;

use crate::message::Message;
use crate::sender::{post_json, with_path};
use crate::{Error, Sender, discord, slack, teams};

/// A place in a chat.
#[derive(Debug)]
pub struct Chat {
    name: String,
    service: Service,
    url: Url,
    sender: Sender,
}

/// Whose chat it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Service {
    /// Slack, or something that understands Slack.
    Slack,
    /// Discord.
    Discord,
    /// Microsoft Teams.
    Teams,
}

impl Chat {
    /// The place that the webhook at `url` writes to.
    pub fn new(name: impl Into<String>, service: Service, url: &Secret, sender: Sender) -> Result<Self, Error> {
        Ok(Self { name: name.into(), service, url: with_path(url)?, sender })
    }
}

impl Notifier for Chat {
    fn name(&self) -> &str {
        &self.name
    }

    fn goes_to(&self) -> Option<&str> {
        Some(self.url.origin().host())
    }

    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move {
            let body = self.service.payload(&Message::of(notice));
            self.sender.send(&|| post_json(&self.url, &body), self.service.remedy()).await.map(drop)
        })
    }
}

impl Service {
    fn payload(self, message: &Message) -> Value {
        match self {
            Self::Slack => slack::payload(message),
            Self::Discord => discord::payload(message),
            Self::Teams => teams::payload(message),
        }
    }

    /// What a person does about an address that does not work.
    fn remedy(self) -> &'static str {
        match self {
            Self::Slack => "make a new incoming webhook there and store its address",
            Self::Discord => "make a new webhook in the settings of the Discord channel and store its address",
            Self::Teams => {
                "the workflow is gone, or belonged to somebody who left: make a new one and store its address"
            }
        }
    }
}
