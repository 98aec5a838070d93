//! Chats with incoming webhooks: each takes its own JSON at a secret URL.

use everlit_http::Url;
use everlit_keeper::{Notice, Notifier, NotifyError};
use everlit_meta_api::BoxFuture;
use serde_json::Value;

use crate::error::Error;
use crate::kind::Setup;
use crate::message::Message;
use crate::sender::{Sender, post_json, with_path};

/// A channel of a chat.
#[derive(Debug)]
pub(crate) struct Chat {
    name: String,
    service: &'static Service,
    url: Url,
    sender: Sender,
}

/// What differs between chats.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) payload: fn(&Message) -> Value,
    /// What to do about a URL that does not work.
    pub(crate) remedy: &'static str,
}

impl Chat {
    pub(crate) fn new(setup: &Setup<'_>, service: &'static Service) -> Result<Self, Error> {
        let url = with_path(setup.secret("URL")?)?;
        Ok(Self { name: setup.name.to_owned(), service, url, sender: setup.sender()? })
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
            let body = (self.service.payload)(&Message::of(notice));
            self.sender.send(&|| post_json(&self.url, &body), self.service.remedy).await.map(drop)
        })
    }
}
