//! Sends a response: whole, late, in small pieces, or cut short.

use std::{future::Future, time::Duration};

use bytes::Bytes;
use http_body_util::channel::{Channel, SendError, Sender};
use tokio::time::sleep;

use crate::{Delivery, Response};

/// Closes the connection, as the response demands.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox hangs up")]
pub(crate) struct HangUp;

/// A body that is sent in parts.
pub(crate) type WireBody = Channel<Bytes, HangUp>;

/// Converts a response for hyper. `injections_cleared` releases a slow one; `Err` closes the connection.
pub(crate) async fn into_http(
    response: Response,
    injections_cleared: impl Future<Output = ()>,
) -> Result<hyper::Response<WireBody>, HangUp> {
    let whole = response.body.len();
    let length = match response.delivery {
        Delivery::Dropped | Delivery::LostAfterApply => return Err(HangUp),
        Delivery::Slow(millis) => {
            tokio::select! {
                () = sleep(Duration::from_millis(millis)) => {}
                () = injections_cleared => {}
            }
            whole
        }
        Delivery::Truncated(at) => whole.max(at + 1),
        Delivery::Huge(bytes) => bytes.max(whole),
        Delivery::Whole | Delivery::Drip(_) => whole,
    };
    let mut http = hyper::Response::builder().status(response.status).header("content-length", length);
    for (name, value) in &response.headers {
        http = http.header(name, value);
    }
    let (sender, body) = Channel::new(1);
    // It fails if the client hangs up first.
    tokio::spawn(send(sender, response.body, response.delivery));
    http.body(body).map_err(|_| HangUp)
}

async fn send(mut sender: Sender<Bytes, HangUp>, body: Bytes, delivery: Delivery) -> Result<(), SendError> {
    const SPACES: &[u8] = &[b' '; 16 * 1024];
    match delivery {
        Delivery::Truncated(at) => {
            sender.send_data(body.slice(..at.min(body.len()))).await?;
            // The pause flushes the buffer before the connection closes.
            sleep(Duration::from_millis(5)).await;
            sender.abort(HangUp);
        }
        Delivery::Drip(millis) => {
            for drop in body.chunks(8) {
                sender.send_data(Bytes::copy_from_slice(drop)).await?;
                sleep(Duration::from_millis(millis)).await;
            }
        }
        Delivery::Huge(bytes) => {
            let padding = bytes.saturating_sub(body.len());
            sender.send_data(body).await?;
            for start in (0..padding).step_by(SPACES.len()) {
                sender.send_data(Bytes::from_static(&SPACES[..SPACES.len().min(padding - start)])).await?;
            }
        }
        _ => sender.send_data(body).await?,
    }
    Ok(())
}
