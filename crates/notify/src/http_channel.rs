//! What channels over HTTP have in common.

use std::sync::Arc;

use everlit_http::{Request, Response, Url};
use everlit_keeper::{Notice, Notifier, NotifyError};
use everlit_meta_api::{BoxFuture, Timestamp};

use crate::answer::Answer;
use crate::sender::Sender;
use crate::{Error, Setup};

/// A service that receives notices over HTTP.
pub(crate) trait HttpService: Send + Sync + std::fmt::Debug {
    /// Where requests go.
    fn url(&self) -> &Url;

    /// The request for one attempt, made at `now`.
    fn request(&self, notice: &Notice, now: Timestamp) -> Request;

    /// What a 2xx response says.
    fn answer(&self, response: &Response) -> Answer;

    /// What to do about a URL that does not work.
    fn remedy(&self) -> &'static str;
}

/// Builds the channel to a service. Connects to nothing yet.
pub(crate) fn http_channel(setup: &Setup<'_>, service: impl HttpService + 'static) -> Result<Arc<dyn Notifier>, Error> {
    Ok(Arc::new(HttpChannel { name: setup.name.to_owned(), service, sender: setup.sender()? }))
}

#[derive(Debug)]
struct HttpChannel<T> {
    name: String,
    service: T,
    sender: Sender,
}

impl<T: HttpService> Notifier for HttpChannel<T> {
    fn name(&self) -> &str {
        &self.name
    }

    fn goes_to(&self) -> Option<&str> {
        Some(self.service.url().origin().host())
    }

    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move {
            let request = || self.service.request(notice, self.sender.clock.now());
            let answer = |response: &Response| self.service.answer(response);
            self.sender.send(&request, &answer, self.service.remedy()).await.map(drop)
        })
    }
}
