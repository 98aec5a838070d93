//! `everlit account list` and `show`: what the vault knows of its accounts, without a look at Meta.

use everlit_keeper::{AccountName, Step};
use everlit_store::rfc3339;
use everlit_vault::{Account, Vault, VaultError};
use serde_json::json;

use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen, account_json, account_state, counted, dim};

/// All accounts, or those with a tag.
pub(super) fn all(
    context: &Context<'_>,
    vault: &Vault,
    tag: Option<&str>,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    let (mut accounts, mut unreadable) = (Vec::new(), Vec::new());
    let each = |account: Result<Account, VaultError>| match account {
        Ok(account) if tag.is_none_or(|tag| account.tags.iter().any(|own| own == tag)) => accounts.push(account),
        Ok(_) => {}
        Err(error) => unreadable.push(error.message),
    };
    context.wait_for_vault(vault.for_each(each))?;
    accounts.sort_by(|a, b| a.name.cmp(&b.name));
    let exit = if unreadable.is_empty() { Exit::Success } else { Exit::Config };
    let next = if unreadable.is_empty() { Step::everlit("status") } else { Step::everlit("vault check") };
    if context.global.json {
        let fields = json!({
            "accounts": accounts.iter().map(|account| account_json(context, account)).collect::<Vec<_>>(),
            "unreadable": unreadable,
            "next": crate::output::step::json(Some(&next)),
        });
        screen.document("accounts", context.now(), exit, fields);
        return Ok(exit);
    }
    let width = accounts.iter().map(|account| account.name.as_str().chars().count()).max().unwrap_or(0);
    for account in &accounts {
        let tags = if account.tags.is_empty() { String::new() } else { dim(&format!("  {}", account.tags.join(", "))) };
        let (mark, state) = account_state(context, account);
        // Whose the token is, so that one under the wrong name is seen.
        let user = account.record.as_ref().and_then(|record| record.username.as_ref());
        let user = user.map_or_else(String::new, |user| format!("  @{user}"));
        screen.say(format!("{} {:<width$}  {state}{user}{tags}", mark.painted(), account.name.as_str()));
    }
    for why in &unreadable {
        screen.say(format!("{} {why}", Mark::Bad.painted()));
    }
    if accounts.is_empty() && unreadable.is_empty() {
        let (message, next) = match tag {
            Some(tag) => (format!("No account has the tag {tag}."), "account list"),
            None => ("The vault is empty.".to_owned(), "account add NAME"),
        };
        screen.say(message);
        screen.next(&Step::everlit(next));
        return Ok(exit);
    }
    screen.say(dim(&counted(accounts.len() + unreadable.len(), "account")));
    screen.next(&next);
    Ok(exit)
}

/// One account.
pub(super) fn one(
    context: &Context<'_>,
    vault: &Vault,
    name: &AccountName,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    let account = context.wait_for_vault(vault.account(name))?;
    let others = match &account.record {
        Some(record) => context.wait_for_vault(vault.same_owner(record))?,
        None => Vec::new(),
    };
    let others: Vec<&str> = others.iter().filter(|other| *other != name).map(AccountName::as_str).collect();
    let targets = context.settings.targets.iter().filter(|target| target.takes(name));
    let targets: Vec<&str> = targets.map(|target| target.name.as_str()).collect();
    if context.global.json {
        let mut fields = account_json(context, &account);
        fields["same_owner"] = others.into();
        fields["targets"] = targets.into();
        screen.document("account", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    let (mark, state) = account_state(context, &account);
    screen.say(format!("{} {name}  {state}", mark.painted()));
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            screen.say(format!("  {label:<10} {value}"));
        }
    };
    if let Some(record) = &account.record {
        line("platform", record.kind.described().to_owned());
        line("user name", record.username.clone().unwrap_or_default());
        line("expires", record.expiry.instant().map(rfc3339).unwrap_or_default());
        line("verified", record.last_verified_at.map(rfc3339).unwrap_or_default());
    }
    line("app", account.app.clone().unwrap_or_default());
    line("tags", account.tags.join(", "));
    line("targets", targets.join(", "));
    line("same owner", others.join(", "));
    screen.next(&match &account.record {
        _ if account.is_paused => Step::everlit_args(["account", "resume", name.as_str()]).with_note("then refresh it"),
        None => Step::everlit_args(["connect", name.as_str()]),
        Some(_) => Step::everlit_args(["history", "--account", name.as_str()]),
    });
    Ok(Exit::Success)
}
