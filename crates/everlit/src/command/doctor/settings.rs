//! The program, and every setting with where it came from.

use everlit_keeper::Step;

use super::finding::Finding;
use crate::context::Context;
use crate::output::{Exit, counted};
use everlit_engine::{ConfigProblem, Settings};

pub(super) fn of_program() -> Finding {
    let message = format!("{} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    Finding::ok("everlit", message)
}

pub(super) fn of_each(context: &Context<'_>) -> Vec<Finding> {
    let settings = &context.settings;
    let mut findings = vec![Finding::ok("settings", format!("folder {}", settings.folder.display()))];
    let named = settings.accounts.len() > 1;
    findings.extend(
        settings
            .vault
            .as_ref()
            .map(|vault| Finding::ok("settings", format!("vault {} ({})", vault.address.value, vault.address.origin))),
    );
    for account in settings.accounts.iter().filter(|_| settings.vault.is_none()) {
        let key = account.key.value.as_deref().unwrap_or("IG_ACCESS_TOKEN, or the well-known name that is there");
        let message = format!(
            "env file {} ({}), key {key} ({}), metadata {} ({})",
            account.env_file.value.display(),
            account.env_file.origin,
            account.key.origin,
            account.metadata.value.display(),
            account.metadata.origin
        );
        let finding = Finding::ok("settings", message);
        findings.push(if named { finding.about(&account.name) } else { finding });
    }
    findings.extend(settings.problems.iter().map(|ConfigProblem { account, error, .. }| {
        let finding = Finding::problem("settings", Exit::Config, &error.message).fix(error.next.clone());
        account.iter().filter(|_| named).fold(finding, Finding::about)
    }));
    findings.push(threshold(settings));
    let verify = &settings.verify_every_days;
    findings
        .push(Finding::ok("settings", format!("verified every {} ({})", counted(verify.value, "day"), verify.origin)));
    let timeout = &settings.timeout_seconds;
    findings.push(Finding::ok("settings", format!("timeout {} seconds ({})", timeout.value, timeout.origin)));
    findings.extend(line(context));
    findings
}

fn threshold(settings: &Settings) -> Finding {
    let days = &settings.threshold_days;
    let message = format!("threshold {} days ({})", days.value, days.origin);
    match settings.doubtful_threshold() {
        None => Finding::ok("settings", message),
        Some((why, fix)) => Finding::warning("settings", format!("{message}: {why}")).fix(Step::note(fix)),
    }
}

/// What stands between this machine and Meta.
fn line(context: &Context<'_>) -> Vec<Finding> {
    let settings = &context.settings;
    let mut findings = Vec::new();
    // Of a proxy the name of the variable alone: its value may hold a password.
    for name in ["HTTPS_PROXY", "NO_PROXY"] {
        if let Some(setting) = context.proxy_setting(name) {
            findings.push(Finding::ok("settings", format!("proxy: {name} is set ({})", setting.origin)));
        }
    }
    if let Some(file) = &settings.ca_file {
        findings.push(Finding::ok("settings", format!("also trusting {} ({})", file.value.display(), file.origin)));
    }
    if let Some(file) = context.roots_file() {
        findings.push(Finding::ok("settings", format!("trusting {} alone ({})", file.value.display(), file.origin)));
    }
    if let Some(url) = &settings.meta_url {
        let message = format!("not the real Meta: every call goes to {} ({})", url.value, url.origin);
        let fix = Step::note("unset EVERLIT_META_URL, unless this is a test");
        findings.push(Finding::warning("settings", message).fix(fix));
    }
    findings
}
