//! Chats with incoming webhooks: each accepts its own JSON at a secret URL.

use everlit_http::{Request, Response, Url};
use everlit_keeper::Notice;
use everlit_meta_api::Timestamp;
use serde_json::Value;

use crate::answer::{Answer, ReadAnswer};
use crate::http_channel::HttpService;
use crate::message::Message;
use crate::sender::post_json;
use crate::{Error, Setup};

/// A channel of a chat.
#[derive(Debug)]
pub(crate) struct Chat {
    service: &'static Service,
    url: Url,
}

/// What differs between chats.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) payload: fn(&Message) -> Value,
    pub(crate) answer: ReadAnswer,
    /// What to do about a URL that does not work.
    pub(crate) remedy: &'static str,
}

impl Chat {
    pub(crate) fn new(setup: &Setup<'_>, service: &'static Service) -> Result<Self, Error> {
        Ok(Self { service, url: setup.url()? })
    }
}

impl HttpService for Chat {
    fn url(&self) -> &Url {
        &self.url
    }

    fn request(&self, notice: &Notice, _: Timestamp) -> Request {
        post_json(&self.url, &(self.service.payload)(&Message::of(notice)))
    }

    fn answer(&self, response: &Response) -> Answer {
        (self.service.answer)(response)
    }

    fn remedy(&self) -> &'static str {
        self.service.remedy
    }
}
