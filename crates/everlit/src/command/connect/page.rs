//! The token of a Facebook page, by way of a token of somebody who may act for it.

use everlit_keeper::{Expiry, ProvidedToken};
use everlit_meta_api::{InfoType, PageToken, TokenKind};

use super::{Intake, not_taken};
use crate::input::{answer, has_person};
use crate::output::problem::Problem;
use crate::output::screen::Screen;

/// The page's token where one is asked for; else the token as it is.
pub(super) fn chosen(
    intake: &mut Intake<'_>,
    provided: ProvidedToken,
    screen: &mut Screen,
) -> Result<ProvidedToken, Problem> {
    let wanted = intake.flags.page.as_deref();
    if provided.token.kind() != TokenKind::Facebook {
        return match wanted {
            Some(_) => Err(Problem::config("--page is for Facebook tokens, and this is none")
                .with_next("the same again without --page")),
            None => Ok(provided),
        };
    }
    match wanted {
        Some(wanted) if provided.stands_for == Some(InfoType::Page) => of_itself(provided, wanted),
        Some(wanted) => {
            let pages = pages(intake, &provided)?;
            let page = match named(&pages, wanted) {
                Ok(page) => page,
                // Without asking, the token of a login would be lost.
                Err(problem) if !pages.is_empty() && has_person(&intake.place.context) => {
                    let message = format!("Not taken: {}", problem.message);
                    failed_call(&pages, message, "to give up", screen).ok_or(problem)?
                }
                Err(problem) => return Err(problem),
            };
            of_page(intake, provided, page)
        }
        None if provided.stands_for != Some(InfoType::Page) && has_person(&intake.place.context) => {
            ask(intake, provided, screen)
        }
        None => Ok(provided),
    }
}

/// A page's token lives as long as its owner's, and for ever if that one is long-lived.
fn of_page(intake: &mut Intake<'_>, owner: ProvidedToken, page: &PageToken) -> Result<ProvidedToken, Problem> {
    // One that is known to be short-lived has been exchanged already.
    let is_long = owner.already_long || owner.expiry != Expiry::Unknown;
    let token = if is_long {
        page.token.clone()
    } else {
        let owner = intake.exchanged(owner)?;
        let found = pages(intake, &owner)?.into_iter().find(|found| found.id == page.id);
        found.ok_or_else(|| gone(page.id.as_str()))?.token
    };
    intake.runtime.block_on(intake.keeper.examine(token)).map_err(|error| not_taken(&error))
}

fn of_itself(provided: ProvidedToken, wanted: &str) -> Result<ProvidedToken, Problem> {
    let id = provided.me.identity().map(everlit_meta_api::AccountId::as_str);
    if id == Some(wanted) || provided.me.username.as_deref() == Some(wanted) {
        return Ok(provided);
    }
    Err(Problem::config("this is the token of a page already, and of another one than --page names")
        .with_next("the same again without --page, or with the token of somebody who may act for that page"))
}

fn pages(intake: &Intake<'_>, owner: &ProvidedToken) -> Result<Vec<PageToken>, Problem> {
    intake.runtime.block_on(intake.keeper.pages(owner)).map_err(|error| not_taken(&error))
}

/// The one page of that id or, to the letter, that name.
fn named<'p>(pages: &'p [PageToken], wanted: &str) -> Result<&'p PageToken, Problem> {
    let is_it = |page: &&PageToken| page.id.as_str() == wanted || page.name.as_deref() == Some(wanted);
    let list = listed(pages);
    let mut found = pages.iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(page), None) => Ok(page),
        (Some(_), Some(_)) => Err(Problem::config(format!("several pages have that name:{list}"))
            .with_next("the same again with the page's id: --page ID")),
        (None, _) if list.is_empty() => Err(no_pages()),
        (None, _) => Err(Problem::config(format!("no page has exactly that name or id:{list}"))
            .with_next("the same again with one of these: --page ID")),
    }
}

fn ask(intake: &mut Intake<'_>, owner: ProvidedToken, screen: &mut Screen) -> Result<ProvidedToken, Problem> {
    // A token that is no user's after all lists none.
    let Ok(pages) = pages(intake, &owner) else { return Ok(owner) };
    if pages.is_empty() {
        return Ok(owner);
    }
    let message = format!("This token may act for these pages:{}", listed(&pages));
    match failed_call(&pages, message, "for the token as it is", screen) {
        Some(page) => of_page(intake, owner, page),
        None => Ok(owner),
    }
}

/// The page that the person names, asked for until it is one; `None` for Enter alone, or where nothing more comes. `message` come before the question.
fn failed_call<'p>(
    pages: &'p [PageToken],
    mut message: String,
    enter: &str,
    screen: &mut Screen,
) -> Option<&'p PageToken> {
    loop {
        let question = format!("{message}\nWhich page's token is wanted? Its id, or Enter {enter}:");
        let wanted = answer(&question, screen).filter(|answer| !answer.is_empty())?;
        match named(pages, &wanted) {
            Ok(page) => return Some(page),
            Err(problem) => message = format!("Not taken: {}", problem.message),
        }
    }
}

/// One line for each page: id and name.
fn listed(pages: &[PageToken]) -> String {
    let lines = pages.iter().map(|page| format!("\n  {}  {}", page.id, page.name.as_deref().unwrap_or("(no name)")));
    lines.collect()
}

fn no_pages() -> Problem {
    Problem::config("this token may act for no page")
        .with_next("log in as somebody who may, and grant pages_show_list: `everlit connect --guide facebook` says how")
}

fn gone(id: &str) -> Problem {
    Problem::config(format!("with the long-lived token, Meta no longer lists the page {id}"))
        .with_next("the same again with another page: --page ID")
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::{AccountId, Token};

    use super::*;

    fn page(id: &str, name: Option<&str>) -> PageToken {
        let token = Token::parse(&format!("EAAfakeFAKE{}", id.repeat(10))).unwrap();
        PageToken { id: AccountId::parse(id).unwrap(), name: name.map(str::to_owned), token }
    }

    #[test]
    fn a_page_is_taken_by_its_whole_name_or_id_and_of_two_with_one_name_neither() {
        let pages = || {
            vec![
                page("10001", Some("Bakery")),
                page("10002", Some("Bakery")),
                page("10003", Some("Bakery 2")),
                page("10004", None),
            ]
        };
        for (wanted, id) in [("10001", "10001"), ("10002", "10002"), ("Bakery 2", "10003"), ("10004", "10004")] {
            assert_eq!(named(&pages(), wanted).unwrap().id.as_str(), id);
        }
        let several = named(&pages(), "Bakery").unwrap_err();
        assert!(
            several.message.contains("several")
                && several.message.contains("10001")
                && several.message.contains("10002")
        );
        for wanted in ["bakery", "Bak", "1000", ""] {
            let none = named(&pages(), wanted).unwrap_err();
            assert!(
                none.message.contains("no page has exactly") && none.message.contains("(no name)"),
                "{wanted}: {none:?}"
            );
        }
        assert!(named(&[], "Bakery").unwrap_err().message.contains("for no page"));
    }
}
