//! The Homebrew formula: `packaging/homebrew/everlit.rb`, filled with the version and checksums of a release.
#![allow(clippy::disallowed_methods, reason = "reads files of the repository and of a release")]

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::program::root;

const TEMPLATE: &str = "packaging/homebrew/everlit.rb";

/// Writes the formula to the file `out`; `sums` is the release's `SHA256SUMS`.
pub(crate) fn write(version: &str, sums: &Path, out: &Path) -> Result<String, Error> {
    let template = fs::read_to_string(root().join(TEMPLATE)).map_err(Error::io(TEMPLATE))?;
    let listed = fs::read_to_string(sums).map_err(Error::io(sums.display().to_string()))?;
    let formula = fill(&template, version, &listed)?;
    fs::write(out, formula).map_err(Error::io(out.display().to_string()))?;
    Ok(out.display().to_string())
}

/// Replaces `@VERSION@` and `@SHA256:FILE@`, and drops the first line, a comment about the template.
fn fill(template: &str, version: &str, sums: &str) -> Result<String, Error> {
    let (_, template) = template.split_once('\n').unwrap_or_default();
    let mut parts = template.split("@SHA256:");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (file, rest) = part.split_once('@').ok_or_else(|| Error::Formula("an unfinished @SHA256:".to_owned()))?;
        let sum = sums.lines().filter_map(|line| line.split_once("  ")).find(|(_, name)| *name == file);
        let (sum, _) = sum.ok_or_else(|| Error::Formula(format!("no checksum of {file}")))?;
        filled.push_str(sum);
        filled.push_str(rest);
    }
    Ok(filled.replace("@VERSION@", version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_has_the_version_and_each_archives_checksum() {
        let sums = "aa  a.tar.gz\nbb  b.tar.gz\n";
        let filled = fill(
            "# note\nversion \"@VERSION@\"\nsha \"@SHA256:b.tar.gz@\"\nsha \"@SHA256:a.tar.gz@\"\n",
            "1.2.3",
            sums,
        );
        assert_eq!(filled.unwrap(), "version \"1.2.3\"\nsha \"bb\"\nsha \"aa\"\n");
    }

    #[test]
    fn a_missing_archive_is_an_error() {
        let error = fill("# note\n@SHA256:c.tar.gz@\n", "1.2.3", "aa  a.tar.gz\n").unwrap_err();
        assert_eq!(error.to_string(), "cannot write the formula: no checksum of c.tar.gz");
    }
}
