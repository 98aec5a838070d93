//! The pages for people: the overview of this Meta and the consent page. No scripts, no external assets.

use std::fmt::Write as _;

use crate::{
    call::Params,
    dates, knobs,
    state::Meta,
    token::{Kind, State, Token},
};

/// The overview page. `search` and `page` of the query choose the tokens that are listed.
pub(crate) fn overview(meta: &Meta, query: &Params) -> String {
    let header = "<header><h1>Meta sandbox</h1><p>This is <strong>not the real Meta</strong>. It runs on this machine \
                  only, and every token and secret below is fake.</p></header>";
    let others = [calls, violations, apps, injections, knobs].into_iter().map(|section| section(meta));
    let sections = [clock(meta), tokens(meta, query)].into_iter().chain(others);
    let body = joined(sections.map(|section| format!("<section>{section}</section>")));
    document("Meta sandbox", &format!("{header}{body}"))
}

/// The consent page. Its form is posted back to the same URL, with its query.
pub(crate) fn authorize(app: &str, scopes: &[String], usernames: &[&str]) -> String {
    let scopes = joined(scopes.iter().map(|scope| format!("<li><code>{}</code></li>", escape_html(scope))));
    let options = joined(usernames.iter().map(|name| format!("<option value=\"{}\"></option>", escape_html(name))));
    let body = format!(
        "<main class=\"consent\"><h1>{app} asks for access</h1><p>This is the Meta sandbox on your own machine, \
         <strong>not the real Meta</strong>. Never type a real password here; none is needed.</p>\
         <form method=\"post\"><p>It requests:</p><ul>{scopes}</ul><p><label for=\"username\">Log in as</label> \
         <input id=\"username\" name=\"username\" list=\"known\" value=\"{first}\" required autocomplete=\"off\"></p>\
         <datalist id=\"known\">{options}</datalist><p class=\"row\">\
         <button name=\"decision\" value=\"approve\" class=\"main\">Allow</button> \
         <button name=\"decision\" value=\"deny\" formnovalidate>Cancel</button></p></form></main>",
        app = escape_html(app),
        first = escape_html(usernames.first().unwrap_or(&"sandbox_demo")),
    );
    document("Allow access? - Meta sandbox", &body)
}

fn clock(meta: &Meta) -> String {
    let step = |days: i64, label: &str| {
        format!(
            "<form method=\"post\" action=\"/_sandbox/clock\">\
             <button name=\"advance_days\" value=\"{days}\">{label}</button></form>"
        )
    };
    format!(
        "<h2>Clock</h2><div class=\"row\"><time>{}</time>{}{}{}</div>",
        dates::on_page(meta.now),
        step(1, "Advance 1 day"),
        step(30, "Advance 30 days"),
        step(-1, "Back 1 day"),
    )
}

fn tokens(meta: &Meta, query: &Params) -> String {
    const ROWS: usize = 25;
    const COLUMNS: [&str; 9] =
        ["No.", "Account", "Kind", "State", "Age", "Expires", "Calls", "Token (fake)", "Set state"];
    let search = query.get("search").unwrap_or_default().trim();
    let found: Vec<&Token> = meta.tokens().rev().filter(|token| is_found(meta, token, search)).collect();
    let pages = found.len().div_ceil(ROWS).max(1);
    let page = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, pages);
    let rows = found.iter().skip((page - 1) * ROWS).take(ROWS).map(|token| token_row(meta, token)).collect();
    let mut body = String::from("<h2 id=\"tokens\">Tokens</h2>");
    if !search.is_empty() || pages > 1 {
        body += &search_form(search);
    }
    let if_empty =
        if search.is_empty() { "None yet. Issue one below, or log in through your app." } else { "None found." };
    body += &table(&COLUMNS, rows, if_empty);
    if pages > 1 {
        body += &page_links(search, page, pages, found.len());
    }
    let kinds = joined(Kind::ALL.iter().map(|kind| option(kind.name(), &spaced(kind.name()), false)));
    let _ = write!(
        body,
        "<h3>Issue a token</h3><form method=\"post\" action=\"/_sandbox/tokens\" class=\"row\">\
         <label>Kind <select name=\"kind\">{kinds}</select></label>\
         <label>Username <input name=\"username\" size=\"16\" autocomplete=\"off\"></label>\
         <label>Age in days <input name=\"age_days\" type=\"number\" value=\"0\" min=\"0\" max=\"400\"></label>\
         <label><input type=\"checkbox\" name=\"short\"> short-lived</label>\
         <button class=\"main\">Issue</button></form>",
    );
    body
}

/// By its number, such as `#7`, or a part of its username, user id, kind, state or text.
fn is_found(meta: &Meta, token: &Token, search: &str) -> bool {
    if let Some(number) = search.strip_prefix('#') {
        return token.id.to_string() == number;
    }
    let (account, search) = (meta.account(token), search.to_lowercase());
    let state = token.state_at(meta.now);
    let texts =
        [&*account.username, &*account.user_id, &spaced(token.kind.name()), &spaced(state.name()), &*token.text];
    texts.iter().any(|text| text.to_lowercase().contains(&search))
}

fn search_form(search: &str) -> String {
    format!(
        "<form action=\"/#tokens\" class=\"row\" role=\"search\"><label>Search <input type=\"search\" name=\"search\" \
         value=\"{}\" placeholder=\"username, id, state, #number\" size=\"28\"></label><button>Search</button> \
         <a href=\"/#tokens\">All tokens</a></form>",
        escape_html(search),
    )
}

/// `Previous | Page 2 of 8 (200 tokens) | Next`
fn page_links(search: &str, page: usize, pages: usize, found: usize) -> String {
    let link = |to: usize, label: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("search", search).append_pair("page", &to.to_string()).finish();
        if to == 0 || to > pages {
            return format!("<span class=\"empty\">{label}</span>");
        }
        format!("<a href=\"/?{}#tokens\">{label}</a>", escape_html(&query))
    };
    format!(
        "<nav class=\"row\" aria-label=\"Pages of tokens\">{}<span>Page {page} of {pages} ({found} tokens)</span>{}</nav>",
        link(page - 1, "Previous"),
        link(page + 1, "Next"),
    )
}

fn token_row(meta: &Meta, token: &Token) -> String {
    let now = meta.now;
    let state = token.state_at(now);
    let expires = match token.expires_at {
        None => "never".into(),
        Some(at) if at <= now => format!("{} ago", humanized(now - at)),
        Some(at) => format!("in {}", humanized(at - now)),
    };
    let states =
        joined(State::ALL.iter().map(|state| option(state.name(), &spaced(state.name()), *state == token.state)));
    format!(
        "<td>#{id}</td><td>{user}<br><small>{user_id}</small></td><td>{kind}{short}</td>{state}\
         <td>{age}</td><td>{expires}</td><td>{calls}</td><td><code class=\"token\" tabindex=\"0\">{text}</code></td><td>\
         <form method=\"post\" action=\"/_sandbox/tokens/state\" class=\"row\">\
         <input type=\"hidden\" name=\"which\" value=\"#{id}\"><select name=\"state\" aria-label=\"State of token {id}\">{states}</select><button>Set</button></form></td>",
        id = token.id,
        user = escape_html(&meta.account(token).username),
        user_id = escape_html(&meta.account(token).user_id),
        kind = spaced(token.kind.name()),
        short = if token.short { "<br><small>short-lived</small>" } else { "" },
        state = status_cell(state == State::Live, "", &spaced(state.name())),
        age = humanized(now - token.issued_at),
        calls = token.calls,
        text = escape_html(&token.text),
    )
}

fn calls(meta: &Meta) -> String {
    const COLUMNS: [&str; 7] = ["No.", "Time", "Endpoint", "Token", "Account", "HTTP", "Outcome"];
    let rows = meta.log().rev().take(25).map(|call| {
        format!(
            "<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>{}",
            call.number,
            dates::on_page(call.at),
            spaced(call.endpoint.name()),
            escape_html(&call.token),
            escape_html(call.account.as_deref().unwrap_or("-")),
            call.status.map_or_else(|| "nothing sent".into(), |status| status.to_string()),
            status_cell(call.outcome == "ok", "text ", &escape_html(&call.outcome)),
        )
    });
    format!("<h2>Latest calls</h2>{}", table(&COLUMNS, rows.collect(), "None yet."))
}

fn violations(meta: &Meta) -> String {
    let rows = meta.violations().rev().take(25).map(|violation| {
        format!(
            "<td>{}</td><td>{}</td><td>{}</td><td class=\"text\">{}</td>",
            violation.number,
            spaced(violation.endpoint.name()),
            escape_html(&violation.token),
            violation.rule.message(),
        )
    });
    format!("<h2>Rules broken</h2>{}", table(&["Call", "Endpoint", "Token", "Rule"], rows.collect(), "None."))
}

fn apps(meta: &Meta) -> String {
    let rows = meta.apps.iter().map(|app| {
        let [name, id, secret] = [&app.name, &app.id, &app.secret].map(|text| escape_html(text));
        format!("<td>{name}</td><td><code>{id}</code></td><td><code>{secret}</code></td>")
    });
    format!("<h2>Apps</h2>{}", table(&["App", "client_id", "client_secret (fake)"], rows.collect(), "None."))
}

fn injections(meta: &Meta) -> String {
    let mut body = String::from("<h2>Injected faults</h2>");
    for injection in meta.injections() {
        let injection = serde_json::to_string(injection).unwrap_or_default();
        let _ = write!(body, "<p><code>{}</code></p>", escape_html(&injection));
    }
    if meta.injections().is_empty() {
        body += "<p class=\"empty\">None. Inject one with <code>POST /_sandbox/faults</code>.</p>";
    }
    body
}

fn knobs(meta: &Meta) -> String {
    let rows = knobs::listed(&meta.knobs).into_iter().map(|(name, value)| {
        format!("<td><code>{name}</code></td><td class=\"text\"><code>{}</code></td>", escape_html(&value))
    });
    format!(
        "<h2>Knobs</h2><form method=\"post\" action=\"/_sandbox/knobs\" class=\"row\">\
         <button name=\"preset\" value=\"friendly\">All friendly</button>\
         <button name=\"preset\" value=\"unfriendly\">All unfriendly</button></form>\
         <details><summary>All knobs</summary>{}</details>",
        table(&["Knob", "Value"], rows.collect(), "None.")
    )
}

/// A table, or a short text if it has no rows.
fn table(columns: &[&str], rows: Vec<String>, if_empty: &str) -> String {
    if rows.is_empty() {
        return format!("<p class=\"empty\">{if_empty}</p>");
    }
    let head = joined(columns.iter().map(|column| format!("<th>{column}</th>")));
    let rows = joined(rows.into_iter().map(|row| format!("<tr>{row}</tr>")));
    format!("<div class=\"wide\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")
}

fn status_cell(is_good: bool, class: &str, text: &str) -> String {
    let (color, icon) = if is_good { ("good", '\u{2713}') } else { ("bad", '\u{2717}') };
    format!("<td class=\"{class}{color}\">{icon} {text}</td>")
}

fn option(value: &str, label: &str, is_selected: bool) -> String {
    let selected = if is_selected { " selected" } else { "" };
    format!("<option value=\"{value}\"{selected}>{label}</option>")
}

/// `role_removed` as `role removed`.
fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn document(title: &str, body: &str) -> String {
    const STYLE: &str = include_str!("page.css");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'\"><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )
}

/// The parts in one string.
fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect()
}

/// `31 days`, `5 h`, `12 min`, `40 s`.
fn humanized(seconds: i64) -> String {
    match seconds {
        ..0 => format!("-{}", humanized(seconds.saturating_neg())),
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Escapes text for use in an element or a quoted attribute.
fn escape_html(text: &str) -> String {
    let entities = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")];
    entities.into_iter().fold(text.to_owned(), |text, (sign, entity)| text.replace(sign, entity))
}
