//! Recognizes jobs for a folder that everlit did not install: made by hand, or for the older npm script.

use std::path::Path;

/// Whether a line of a crontab or a unit runs everlit, or the older script, for the folder.
pub(crate) fn runs_folder(line: &str, folder: &Path, home: Option<&Path>) -> bool {
    let runs = line.contains("refresh-instagram-token") || (line.contains("everlit") && line.contains("refresh"));
    runs && names(line, folder, home)
}

/// Whether the line names the folder, by its full path or from the home directory; `/srv/site2` does not name `/srv/site`.
fn names(line: &str, folder: &Path, home: Option<&Path>) -> bool {
    let full = folder.to_string_lossy().into_owned();
    let below = home.and_then(|home| folder.strip_prefix(home).ok()).filter(|rest| *rest != Path::new(""));
    let from_home = ["~", "$HOME", "${HOME}", "%h"].into_iter().filter_map(|home| {
        let below = below?.to_string_lossy();
        Some(format!("{home}/{below}"))
    });
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || "-_.".contains(c));
    let begins = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || "-_./".contains(c));
    let unquoted = line.replace(['"', '\'', '\\'], "");
    let is_named = |name: &String| {
        unquoted.match_indices(name).any(|(at, _)| begins(&unquoted[..at]) && ends(&unquoted[at + name.len()..]))
    };
    std::iter::once(full).chain(from_home).any(|name| is_named(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_lines_are_recognized_for_their_own_folder_only() {
        let (folder, home) = (Path::new("/home/ada/site"), Path::new("/home/ada"));
        for (line, expected) in [
            ("0 2 */30 * * cd /home/ada/site && npm run refresh-instagram-token", true),
            ("17 3 * * * cd ~/site && \"$HOME/.cargo/bin/everlit\" refresh --quiet", true),
            ("17 3 * * * cd \"$HOME/site\"; everlit refresh", true),
            ("17 3 * * * /usr/bin/everlit -C '/home/ada/site' refresh", true),
            ("17 3 * * * cd /home/ada/site2 && everlit refresh", false),
            ("17 3 * * * cd /mnt/home/ada/site && everlit refresh", false),
            ("17 3 * * * cd /home/ada/site && everlit status", false),
            ("17 3 * * * cd /home/ada/site && npm run build", false),
            ("17 3 * * * npm run refresh-instagram-token", false),
            ("WorkingDirectory=%h/site\nExecStart=%h/.cargo/bin/everlit refresh", true),
        ] {
            assert_eq!(runs_folder(line, folder, Some(home)), expected, "{line}");
        }
    }
}
