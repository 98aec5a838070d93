//! Files that a command line names and that must not be there yet.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::output::{Problem, rerun};

/// The path of such a file, from the folder of `-C`. `what` says what goes there: `a backup`.
pub(crate) fn new_file(context: &Context<'_>, file: &Path, what: &str) -> Result<PathBuf, Problem> {
    if file == Path::new("-") {
        let message = format!("{what} goes to a file, not to stdout");
        return Err(Problem::config(message).with_next(rerun("with the name of a file")));
    }
    let path = context.settings.folder.join(file);
    if context.disk.lstat(&path).is_ok() {
        let message = format!("{} already exists, and {what} never overwrites a file", file.display());
        return Err(Problem::config(message).with_next(rerun("with the name of a new file")));
    }
    Ok(path)
}
