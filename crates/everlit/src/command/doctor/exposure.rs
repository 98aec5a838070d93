//! Who can see the token: git, other users of the machine, visitors of the site.

use std::collections::BTreeSet;
use std::path::Path;

use everlit_disk::Access;
use everlit_engine::{env_file_content, env_files_with, public_prefix};
use everlit_envfile::EnvFile;
use everlit_keeper::Step;
use everlit_meta_api::{Token, TokenKind};
use everlit_store::{STATE_FOLDER, with_slashes};

use super::finding::{AccountCheck, Finding};
use crate::context::Context;
use crate::output::invocation;
use crate::output::{Exit, quoted};
use everlit_host::Repository;

pub(super) fn of_files(context: &Context<'_>, account_check: &AccountCheck<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        readable_by_others(context, &account_check.account.env_file.value).into_iter().collect();
    findings.extend(writable_by_others(context, &account_check.account.env_file.value));
    findings.extend(in_git(context, account_check));
    findings
}

fn readable_by_others(context: &Context<'_>, env_file: &Path) -> Option<Finding> {
    const OTHERS: u32 = 0o077;
    let path = context.settings.folder.join(env_file);
    let mode = context.disk.stat(&path).ok()?.mode;
    let name = env_file.display();
    match context.disk.access(&path) {
        Ok(None) => {}
        Ok(Some(access)) => {
            return Some(of_access_list(&access, env_file, &invocation::path(context.global, env_file)));
        }
        Err(error) => return Some(Finding::warning("privacy", format!("who can access {name} is unknown: {error}"))),
    }
    let who = match mode & OTHERS {
        0 => return Some(Finding::ok("privacy", format!("only its owner can access {name}"))),
        bits if bits & 0o022 != 0 => "written by other users of this machine",
        bits if bits & 0o007 != 0 => "read by every user of this machine",
        _ => "read by its group",
    };
    Some(
        Finding::warning("privacy", format!("{name} can be {who} (mode {:03o})", mode & 0o777))
            .fix(Step::shell(format!("chmod 600 {}", invocation::path(context.global, env_file)))),
    )
}

/// Windows: who can use a file does not show in its mode.
fn of_access_list(access: &Access, env_file: &Path, path: &str) -> Finding {
    let name = env_file.display();
    if access.others.is_empty() {
        return Finding::ok("privacy", format!("only its owner, administrators and the system can access {name}"));
    }
    let names = access.others.values().map(String::as_str).collect::<Vec<_>>().join(", ");
    // Identifiers: names of groups are in the machine's language.
    let granted = BTreeSet::from([&*access.owner, &*access.user, "S-1-5-18"]);
    let granted = granted.into_iter().map(|sid| format!("*{sid}:F")).collect::<Vec<_>>().join(" ");
    let removed = access.others.keys().map(|sid| format!("*{sid}")).collect::<Vec<_>>().join(" ");
    Finding::warning("privacy", format!("{name} can be used by {names}")).fix(
        Step::shell(format!("icacls {path} /inheritance:r /grant:r {granted} /remove:g {removed}"))
            .with_note("leaves it to you and the system"),
    )
}

/// Whoever can write the folder can put another file in the place of the env file, whatever its mode.
fn writable_by_others(context: &Context<'_>, env_file: &Path) -> Option<Finding> {
    let path = context.settings.folder.join(env_file);
    let folder = path.parent()?;
    let stat = context.disk.stat(folder).ok()?;
    // A group with the number of its user has no other members.
    let is_shared = stat.mode & 0o020 != 0 && stat.gid != stat.uid;
    let who = match () {
        () if stat.mode & 0o002 != 0 => "every user of this machine",
        () if is_shared => "its group",
        () => return None,
    };
    let message = format!("{who} can replace the files in {}, the token's among them", folder.display());
    let fix = Step::shell(format!("chmod go-w {}", invocation::path(context.global, folder)));
    Some(Finding::warning("privacy", format!("{message} (mode {:04o})", stat.mode)).fix(fix))
}

fn in_git(context: &Context<'_>, account_check: &AccountCheck<'_>) -> Vec<Finding> {
    let Some(git) = Repository::around(&context.settings.folder, context.environment, &*context.disk) else {
        return vec![Finding::ok("git", "this folder is not in a git repository")];
    };
    let account = account_check.account;
    let state = account.env_file.value.with_file_name(STATE_FOLDER);
    let is_there = context.disk.lstat(&context.settings.folder.join(&state)).is_ok();
    // Any file in it: the folder ignores itself.
    let candidate = is_there.then(|| with_slashes(&state.join("candidate")));
    let files = [(&account.env_file.value, true), (&account.metadata.value, false)];
    let mut findings = Vec::new();
    // Files with the token itself, and files about it.
    for (path, secret) in files.into_iter().chain(candidate.as_ref().map(|path| (path, true))) {
        let name = path.display();
        let finding = |message: String| {
            if secret { Finding::problem("git", Exit::Config, message) } else { Finding::warning("git", message) }
        };
        let tracks = git.tracks(path);
        if tracks.is_none() {
            let message = format!("whether git tracks {name} is not known: git cannot be asked");
            findings.push(Finding::warning("git", message).fix(Step::note("install git, and check its `git status`")));
        }
        if tracks == Some(true) {
            let push = if secret { way_out(context) } else { "" };
            let git = invocation::git(context.global);
            let fix = Step::shell(format!("{git} rm --cached {}", quoted(&name.to_string())));
            let fix = fix.with_note(format!("then `everlit init`{push}"));
            findings.push(finding(format!("{name} is tracked by git")).fix(fix));
        } else if git.ignores(path) == Some(false) {
            let message = format!("{name} is not ignored by git: the next `git add` would add it");
            findings.push(finding(message).fix(Step::everlit("init")));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok("git", "git ignores the token and its metadata"));
    }
    findings
}

/// What to do about a token in git, after the next commit is without it. It may be there for a job of CI to read.
fn way_out(context: &Context<'_>) -> &'static str {
    let has = |file: &str| context.disk.lstat(&context.settings.folder.join(file)).is_ok();
    match () {
        () if has(".github/workflows") => {
            "; if it was ever pushed, create a new token too; a workflow reads it from a secret: `everlit target add ci \
             --kind github-secret`, then `everlit schedule print github-actions`"
        }
        () if has(".gitlab-ci.yml") => {
            "; if it was ever pushed, create a new token too; a job reads it from a variable: `everlit target add ci \
             --kind gitlab-variable`, then `everlit schedule print gitlab-ci`"
        }
        () => "; if it was ever pushed, create a new token too",
    }
}

/// Tokens under names that bundlers compile into public pages.
pub(super) fn of_public_names(context: &Context<'_>, checks: &[AccountCheck<'_>]) -> Vec<Finding> {
    let folder = &context.settings.folder;
    let mut findings = Vec::new();
    for file in env_files_with(folder, &*context.disk, checks.iter().map(|check| check.account)) {
        let bytes = match env_file_content(&folder.join(&file), &*context.disk) {
            Ok(bytes) => bytes,
            Err(error) => {
                findings.push(Finding::warning("public", format!("{file} is not checked: {error}")));
                continue;
            }
        };
        let env = EnvFile::parse(&bytes);
        let mut keys: Vec<&str> = env.keys().filter(|key| public_prefix(key).is_some()).collect();
        keys.dedup();
        for key in keys {
            if env.assignments(key).any(|copy| is_a_token(&copy.value(), checks)) {
                let message =
                    format!("{key} in {file} holds an access token, and bundlers compile that name into public pages");
                findings.push(Finding::problem("public", Exit::Config, message).fix(Step::note(format!(
                    "read it on the server only, under a name without that prefix; remove {key}, rebuild, and create a new token: this one is public"
                ))));
            }
        }
    }
    if findings.is_empty() {
        let message = "no token has a name that bundlers compile into public pages (NEXT_PUBLIC_, VITE_, ...)";
        findings.push(Finding::ok("public", message));
    }
    findings
}

fn is_a_token(value: &[u8], checks: &[AccountCheck<'_>]) -> bool {
    let Ok(token) = Token::parse(&String::from_utf8_lossy(value)) else { return false };
    let known = checks.iter().filter_map(|account_check| account_check.found.as_ref().ok());
    token.kind() != TokenKind::Unknown || known.into_iter().any(|stored| stored.current == token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_list_with_others_is_a_warning_with_a_fix() {
        let access = |others: &[(&str, &str)]| Access {
            owner: "S-1-5-21-1".to_owned(),
            user: "S-1-5-21-1".to_owned(),
            others: others.iter().map(|(sid, name)| ((*sid).to_owned(), (*name).to_owned())).collect(),
        };
        let of = |access: &Access| format!("{:?}", of_access_list(access, Path::new(".env.local"), ".env.local"));
        assert!(of(&access(&[])).contains("only its owner, administrators and the system can access .env.local"));
        let found = of(&access(&[("S-1-1-0", "Everyone"), ("S-1-5-32-545", r"BUILTIN\Users")]));
        let fix =
            "icacls .env.local /inheritance:r /grant:r *S-1-5-18:F *S-1-5-21-1:F /remove:g *S-1-1-0 *S-1-5-32-545";
        assert!(
            found.contains(r".env.local can be used by Everyone, BUILTIN\\Users") && found.contains(fix),
            "{found}"
        );
    }
}
