//! What the tests of each database expect.

use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::DeliveryErrorClass;
use everlit_meta_api::Token;
use everlit_target::Place;

use crate::support::token;

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// An option and its values.
pub(crate) type Setting<'v> = (&'static str, &'v [&'v str]);

pub(crate) fn another_token() -> Token {
    Token::parse("IGAAfakeOTHERfakeOTHERfakeOTHERfakeOTHERfakeOTHERfakeOTHERfakeOTHER").unwrap()
}

/// A check finds out what a delivery would meet, and neither tells a secret.
pub(crate) async fn refused(place: &Arc<dyn Place>, class: DeliveryErrorClass, why: &str) {
    for error in [place.check().await.unwrap_err(), place.deliver(&token(), None).await.unwrap_err()] {
        assert_eq!(error.class, class, "{error}");
        assert!(error.message.contains("localhost") && error.message.contains(why), "{error}");
        assert!(!error.message.contains("fa@ke") && !error.message.contains("fakeFAKE"), "{error}");
    }
}
