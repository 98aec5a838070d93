//! The log: to stderr, for people or as a JSON object on each line.
//!
//! No token gets there, and no name: accounts appear by their number. What everlit's own modules say is logged, and nothing of
//! the libraries below, which might quote a request.

use everlit_engine::LogFormat;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, Registry, fmt};

/// Logs to stderr from now on. A second call changes nothing.
pub fn init(format: LogFormat) {
    let is_ours = filter_fn(|event| event.target().starts_with("everlit"));
    let layer = fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(false);
    let layer = match format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    let subscriber = Registry::default().with(layer.with_filter(LevelFilter::INFO).with_filter(is_ours));
    let _ = subscriber.try_init();
}
