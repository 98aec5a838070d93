//! ntfy: push messages to a phone. <https://docs.ntfy.sh/publish/#publish-as-json>

use everlit_http::{Request, Response, Secret, Url};
use everlit_keeper::{News, Notice};
use everlit_meta_api::Timestamp;
use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::http_channel::HttpService;
use crate::message::{Line, Message, cut};
use crate::sender::post_json;
use crate::{Error, Setup};

/// An ntfy topic. Anyone who knows the name of a topic on a public server can read it.
#[derive(Debug)]
pub(crate) struct Ntfy {
    /// The URL without the topic, where JSON is published.
    root: Url,
    topic: Secret,
    authorization: Option<Secret>,
}

impl Ntfy {
    pub(crate) fn new(setup: &Setup<'_>) -> Result<Self, Error> {
        let url = setup.url()?;
        let token = setup.secrets.get("TOKEN");
        let (root, topic) = url.path().trim_end_matches('/').rsplit_once('/').ok_or(Error::Topic)?;
        Ok(Self {
            root: Url::at(url.origin().clone(), Secret::new(format!("{root}/")))?,
            topic: Secret::new(topic),
            authorization: token.map(|token| Secret::new(format!("Bearer {}", token.expose().trim()))),
        })
    }

    /// Plain text: without `markdown`, ntfy renders no markup. A message over 4,096 bytes would become an attachment.
    pub(crate) fn payload(&self, notice: &Notice) -> Value {
        const MESSAGE: usize = 4_096;
        const TITLE: usize = 250;
        let message = Message::of(notice);
        let (priority, tag) = match notice.news {
            News::NeedsPerson | News::NotSaved => (5, "rotating_light"),
            News::Expiring { days: 0..=3 } => (5, "hourglass"),
            News::FailingForLong => (4, "warning"),
            News::Expiring { .. } => (4, "hourglass"),
            News::Recovered => (2, "white_check_mark"),
            News::Test => (3, "wave"),
        };
        json!({
            "topic": self.topic.expose(),
            "title": cut(&message.title, str::len, TITLE),
            "message": message.text(Line::plain, str::len, MESSAGE),
            "priority": priority,
            "tags": [tag],
        })
    }
}

impl HttpService for Ntfy {
    fn url(&self) -> &Url {
        &self.root
    }

    fn request(&self, notice: &Notice, _: Timestamp) -> Request {
        let mut request = post_json(&self.root, &self.payload(notice));
        request.headers.extend(self.authorization.clone().map(|value| ("authorization", value)));
        request
    }

    fn answer(&self, response: &Response) -> Answer {
        answer::ntfy(response)
    }

    fn remedy(&self) -> &'static str {
        "check the topic, and that the access token may publish to it"
    }
}
