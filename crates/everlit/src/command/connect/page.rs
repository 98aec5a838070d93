//! A Facebook page's token, obtained with the token of somebody who manages the page.

use crate::output::{Problem, Screen, rerun};
use everlit_keeper::{Expiry, ProvidedToken, Step};
use everlit_meta_api::{InfoType, PageToken, TokenKind};

use super::intake::{Intake, not_taken};
use crate::input::{answer, has_person};

/// The page's token if --page asks for one; otherwise the token as it is.
pub(super) fn chosen(
    intake: &mut Intake<'_>,
    provided: ProvidedToken,
    screen: &mut Screen,
) -> Result<ProvidedToken, Problem> {
    let wanted = intake.flags.page.as_deref();
    if provided.token.kind() != TokenKind::Facebook {
        return match wanted {
            Some(_) => Err(Problem::config("--page is for Facebook tokens, and this is not one")
                .with_next(rerun("without --page"))),
            None => Ok(provided),
        };
    }
    match wanted {
        Some(wanted) if provided.stands_for == Some(InfoType::Page) => of_itself(provided, wanted),
        Some(wanted) => {
            let pages = pages(intake, &provided)?;
            let page = match named(&pages, wanted) {
                Ok(page) => page,
                // Ask again: a login's token would be lost otherwise.
                Err(problem) if !pages.is_empty() && has_person(&intake.place.context) => {
                    let message = format!("Not taken: {}", problem.message);
                    choose(&pages, message, "to give up", screen).ok_or(problem)?
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

/// A page's token does not expire if its owner's token is long-lived.
fn of_page(intake: &mut Intake<'_>, owner: ProvidedToken, page: &PageToken) -> Result<ProvidedToken, Problem> {
    // A token known to be short-lived has been exchanged already.
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
    Err(Problem::config("this is already a page's token, but not of the page that --page names")
        .with_next(rerun("without --page, or with a token of somebody who manages that page")))
}

fn pages(intake: &Intake<'_>, owner: &ProvidedToken) -> Result<Vec<PageToken>, Problem> {
    intake.runtime.block_on(intake.keeper.pages(owner)).map_err(|error| not_taken(&error))
}

/// The page with exactly that id or name.
fn named<'p>(pages: &'p [PageToken], wanted: &str) -> Result<&'p PageToken, Problem> {
    let is_it = |page: &&PageToken| page.id.as_str() == wanted || page.name.as_deref() == Some(wanted);
    let list = listed(pages);
    let mut found = pages.iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(page), None) => Ok(page),
        (Some(_), Some(_)) => Err(Problem::config(format!("several pages have that name:{list}"))
            .with_next(rerun("with the page's id: --page ID"))),
        (None, _) if list.is_empty() => Err(no_pages()),
        (None, _) => Err(Problem::config(format!("no page has exactly that name or id:{list}"))
            .with_next(rerun("with one of these: --page ID"))),
    }
}

fn ask(intake: &mut Intake<'_>, owner: ProvidedToken, screen: &mut Screen) -> Result<ProvidedToken, Problem> {
    // A token that is not a user's lists none.
    let Ok(pages) = pages(intake, &owner) else { return Ok(owner) };
    if pages.is_empty() {
        return Ok(owner);
    }
    let message = format!("This token manages these pages:{}", listed(&pages));
    match choose(&pages, message, "to keep the token as it is", screen) {
        Some(page) => of_page(intake, owner, page),
        None => Ok(owner),
    }
}

/// Asks until the person names a page; `None` for Enter, or at the end of the input. `message` precedes the question.
fn choose<'p>(pages: &'p [PageToken], mut message: String, enter: &str, screen: &mut Screen) -> Option<&'p PageToken> {
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
    Problem::config("this token manages no page").with_next(
        Step::everlit("connect --guide facebook")
            .with_note("log in as somebody who manages one, and grant pages_show_list"),
    )
}

fn gone(id: &str) -> Problem {
    Problem::config(format!("with the long-lived token, Meta no longer lists the page {id}"))
        .with_next(rerun("with another page: --page ID"))
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
    fn a_page_is_chosen_by_its_exact_id_or_unique_name() {
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
        assert!(named(&[], "Bakery").unwrap_err().message.contains("manages no page"));
    }
}
