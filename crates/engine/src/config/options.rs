//! Reads the options of a notifier or target from its table.

use everlit_options::{OptionSpec, Options, Shape};
use toml_edit::{Item, TableLike};

use super::file::{invalid, text};
use crate::ConfigError;

/// The options that a kind takes. One that is missing, or has another shape, is an error.
pub(crate) fn read_options(
    table: &dyn TableLike,
    prefix: &str,
    kind: &str,
    specs: &[OptionSpec],
) -> Result<Options, ConfigError> {
    let mut options = Options::default();
    for option in specs {
        let values = values(table, prefix, option.key, option.shape)?;
        if values.is_empty() && option.is_required {
            return Err(invalid(&format!("`{prefix}{}` is missing: kind {kind} needs it", option.key)));
        }
        options.set(option.key, values);
    }
    Ok(options)
}

/// The values of an option; none where it is not set.
fn values(table: &dyn TableLike, prefix: &str, key: &str, shape: Shape) -> Result<Vec<String>, ConfigError> {
    // A number, such as a project's, is as good as its digits in quotes.
    if let Some(number) = table.get(key).and_then(Item::as_integer).filter(|_| shape == Shape::Text) {
        return Ok(vec![number.to_string()]);
    }
    let single = || Ok(text(table, prefix, key)?.into_iter().collect());
    match shape {
        Shape::Text => single(),
        Shape::OneOf(words) => match text(table, prefix, key)? {
            Some(word) if !words.contains(&word.as_str()) => {
                Err(invalid(&format!("`{prefix}{key}` must be one of {}", words.join(", "))))
            }
            word => Ok(word.into_iter().collect()),
        },
        Shape::List if table.get(key).is_some_and(Item::is_str) => single(),
        Shape::List | Shape::Command => list(table, prefix, key),
    }
}

fn list(table: &dyn TableLike, prefix: &str, key: &str) -> Result<Vec<String>, ConfigError> {
    let Some(item) = table.get(key) else { return Ok(Vec::new()) };
    let array = item.as_array().filter(|array| !array.is_empty());
    let texts = array.and_then(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect());
    texts.ok_or_else(|| invalid(&format!("`{prefix}{key}` must be a non-empty list of strings")))
}
