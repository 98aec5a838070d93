//! Sends a response: whole, late, in small pieces, or cut short.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Sleep, sleep};

use crate::call::{Delivery, Response};

/// Closes the connection, as the response demands.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox hangs up")]
pub(crate) struct HangUp;

/// Converts a response for hyper. `injections_cleared` releases a slow one; `Err` closes the connection.
pub(crate) async fn into_http(
    response: Response,
    injections_cleared: impl Future<Output = ()>,
) -> Result<hyper::Response<WireBody>, HangUp> {
    let whole = response.body.len();
    let (length, steps) = match response.delivery {
        Delivery::Dropped | Delivery::LostAfterApply => return Err(HangUp),
        Delivery::Whole => (whole, vec![Step::Send(response.body)]),
        Delivery::Slow(millis) => {
            tokio::select! {
                () = sleep(Duration::from_millis(millis)) => {}
                () = injections_cleared => {}
            }
            (whole, vec![Step::Send(response.body)])
        }
        // The pause flushes the buffer before the connection closes.
        Delivery::Truncated(at) => {
            let part = response.body.slice(..at.min(whole));
            (whole.max(at + 1), vec![Step::Send(part), Step::pause(5), Step::HangUp])
        }
        Delivery::Drip(millis) => {
            let drops = response.body.chunks(8).map(Bytes::copy_from_slice);
            (whole, drops.flat_map(|drop| [Step::Send(drop), Step::pause(millis)]).collect())
        }
        Delivery::Huge(bytes) => {
            (bytes.max(whole), vec![Step::Send(response.body), Step::Pad(bytes.saturating_sub(whole))])
        }
    };
    let mut http = hyper::Response::builder().status(response.status).header("content-length", length);
    for (name, value) in &response.headers {
        http = http.header(name, value);
    }
    http.body(WireBody { steps: steps.into() }).map_err(|_| HangUp)
}

/// A body that is sent step by step.
#[derive(Debug)]
pub(crate) struct WireBody {
    steps: VecDeque<Step>,
}

#[derive(Debug)]
enum Step {
    Send(Bytes),
    Pause { millis: u64, sleep: Option<Pin<Box<Sleep>>> },
    Pad(usize),
    HangUp,
}

impl Step {
    fn pause(millis: u64) -> Self {
        Self::Pause { millis, sleep: None }
    }
}

impl Body for WireBody {
    type Data = Bytes;
    type Error = HangUp;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, HangUp>>> {
        static SPACES: [u8; 16 * 1024] = [b' '; 16 * 1024];
        loop {
            match self.steps.front_mut() {
                None => return Poll::Ready(None),
                Some(Step::HangUp) => return Poll::Ready(Some(Err(HangUp))),
                Some(Step::Send(bytes)) => {
                    let bytes = std::mem::take(bytes);
                    self.steps.pop_front();
                    if !bytes.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(bytes))));
                    }
                }
                Some(Step::Pause { millis, sleep: timer }) => {
                    let timer = timer.get_or_insert_with(|| Box::pin(sleep(Duration::from_millis(*millis))));
                    if timer.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    self.steps.pop_front();
                }
                Some(Step::Pad(left)) => {
                    let part = (*left).min(SPACES.len());
                    *left -= part;
                    if *left == 0 {
                        self.steps.pop_front();
                    }
                    if part > 0 {
                        return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&SPACES[..part])))));
                    }
                }
            }
        }
    }
}
