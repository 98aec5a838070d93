//! A line that the console does not show.

use std::io;

use everlit_meta_api::Secret;

/// Asks and reads a line from the console.
pub fn unseen_line(prompt: &str) -> io::Result<Secret> {
    rpassword::prompt_password(prompt).map(Secret::new)
}
