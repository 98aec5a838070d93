//! The pages for people: what this Meta knows, and the question whether an app may have a token. No script, no outside asset.

use std::fmt::Write as _;

use crate::{
    dates, knobs,
    meta::Meta,
    token::{Kind, State, Token},
};

/// The sandbox at a glance.
pub(crate) fn overview(meta: &Meta) -> String {
    let mut body = String::from(
        "<header><h1>Meta sandbox</h1><p>This is <strong>not the real Meta</strong>. It runs on this machine alone, and every token \
         and secret below is fake.</p></header>",
    );
    body.push_str(&clock(meta));
    body.push_str(&tokens(meta));
    body.push_str(&calls(meta));
    body.push_str(&violations(meta));
    body.push_str(&apps(meta));
    body.push_str(&knobs_and_faults(meta));
    document("Meta sandbox", &body)
}

/// The question whether an app may have a token. The form goes back to where the page came from, with its query.
pub(crate) fn authorize(app: &str, scopes: &[String], usernames: &[String]) -> String {
    let mut body = format!(
        "<main class=\"ask\"><h1>{app} asks for access</h1><p>This is the Meta sandbox on your own machine, <strong>not the real \
         Meta</strong>. Never type a real password here: none is needed.</p><form method=\"post\"><p>It would like to have:</p><ul>",
        app = escape_html(app)
    );
    for scope in scopes {
        let _ = write!(body, "<li><code>{}</code></li>", escape_html(scope));
    }
    let first = usernames.first().map_or("sandbox_demo", String::as_str);
    let _ = write!(
        body,
        "</ul><p><label for=\"username\">Log in as</label> <input id=\"username\" name=\"username\" list=\"known\" value=\"{}\" \
         required autocomplete=\"off\"></p><datalist id=\"known\">",
        escape_html(first)
    );
    for name in usernames {
        let _ = write!(body, "<option value=\"{}\"></option>", escape_html(name));
    }
    body.push_str(
        "</datalist><p class=\"row\"><button name=\"decision\" value=\"approve\" class=\"main\">Allow</button> \
         <button name=\"decision\" value=\"deny\" formnovalidate>Cancel</button></p></form></main>",
    );
    document("Allow access? - Meta sandbox", &body)
}

fn clock(meta: &Meta) -> String {
    let step = |days: i64, message: &str| {
        format!(
            "<form method=\"post\" action=\"/_sandbox/clock\"><button name=\"advance_days\" value=\"{days}\">{message}</button></form>"
        )
    };
    format!(
        "<section><h2>Clock</h2><div class=\"row\"><time>{}</time>{}{}{}</div></section>",
        dates::on_page(meta.now()),
        step(1, "Advance 1 day"),
        step(30, "Advance 30 days"),
        step(-1, "Back 1 day"),
    )
}

fn tokens(meta: &Meta) -> String {
    const MOST: usize = 200;
    let mut body = String::from("<section><h2>Tokens</h2>");
    let count = meta.tokens().count();
    if count == 0 {
        body.push_str("<p class=\"empty\">None yet. Issue one below, or log in through the app's own flow.</p>");
    } else {
        body.push_str(
            "<div class=\"wide\"><table><thead><tr><th>No.</th><th>Account</th><th>Kind</th><th>State</th><th>Age</th><th>Expires</th>\
             <th>Calls</th><th>Token (fake)</th><th>Set state</th></tr></thead><tbody>",
        );
        for token in meta.tokens().rev().take(MOST) {
            token_row(&mut body, meta, token);
        }
        body.push_str("</tbody></table></div>");
    }
    if count > MOST {
        let _ = write!(body, "<p class=\"empty\">The newest {MOST} of {count}.</p>");
    }
    body.push_str(
        "<h3>Issue a token</h3><form method=\"post\" action=\"/_sandbox/tokens\" class=\"row\"><label>Kind <select name=\"kind\">\
         <option value=\"instagram\">Instagram</option><option value=\"threads\">Threads</option>\
         <option value=\"facebook_user\">Facebook user</option><option value=\"facebook_page\">Facebook page</option>\
         <option value=\"system_user\">System user</option></select></label>\
         <label>Username <input name=\"username\" size=\"16\" autocomplete=\"off\"></label>\
         <label>Age in days <input name=\"age_days\" type=\"number\" value=\"0\" min=\"0\" max=\"400\"></label>\
         <label><input type=\"checkbox\" name=\"short\"> short-lived</label><button class=\"main\">Issue</button></form></section>",
    );
    body
}

fn token_row(body: &mut String, meta: &Meta, token: &Token) {
    let state = token.state_at(meta.now());
    let kind = match token.kind {
        Kind::Instagram => "Instagram",
        Kind::Threads => "Threads",
        Kind::FacebookUser => "Facebook user",
        Kind::FacebookPage => "Facebook page",
        Kind::SystemUser => "System user",
    };
    let expires = match token.expires_at {
        None => "never".into(),
        Some(at) if at <= meta.now() => format!("{} ago", humanized(meta.now() - at)),
        Some(at) => format!("in {}", humanized(at - meta.now())),
    };
    let (class, icon) = if state == State::Live { ("good", "\u{2713}") } else { ("bad", "\u{2717}") };
    let _ = write!(
        body,
        "<tr><td>#{id}</td><td>{user}<br><small>{user_id}</small></td><td>{kind}{short}</td><td class=\"{class}\">{icon} {state}</td>\
         <td>{age}</td><td>{expires}</td><td>{calls}</td><td><code class=\"token\" tabindex=\"0\">{text}</code></td><td>\
         <form method=\"post\" action=\"/_sandbox/tokens/state\" class=\"row\"><input type=\"hidden\" name=\"which\" value=\"#{id}\">\
         <select name=\"state\" aria-label=\"State of token {id}\">",
        id = token.id,
        user = escape_html(&meta.account(token).username),
        user_id = escape_html(&meta.account(token).user_id),
        short = if token.short { "<br><small>short-lived</small>" } else { "" },
        state = state.name().replace('_', " "),
        age = humanized(meta.now() - token.issued_at),
        calls = token.calls,
        text = escape_html(&token.text),
    );
    for choice in State::ALL {
        let selected = if choice == token.state { " selected" } else { "" };
        let _ =
            write!(body, "<option value=\"{}\"{selected}>{}</option>", choice.name(), choice.name().replace('_', " "));
    }
    body.push_str("</select><button>Set</button></form></td></tr>");
}

fn calls(meta: &Meta) -> String {
    const MOST: usize = 25;
    let mut body = String::from("<section><h2>Last calls</h2>");
    if meta.log().len() == 0 {
        body.push_str("<p class=\"empty\">None yet.</p></section>");
        return body;
    }
    body.push_str(
        "<div class=\"wide\"><table><thead><tr><th>No.</th><th>Time</th><th>Endpoint</th><th>Token</th><th>Account</th><th>HTTP</th>\
         <th>Outcome</th></tr></thead><tbody>",
    );
    for entry in meta.log().rev().take(MOST) {
        let (class, icon) = if entry.outcome == "ok" { ("good", "\u{2713}") } else { ("bad", "\u{2717}") };
        let status = entry.status.map_or_else(|| "nothing sent".into(), |status| status.to_string());
        let _ = write!(
            body,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{status}</td><td class=\"text {class}\">{icon} {}</td></tr>",
            entry.number,
            dates::on_page(entry.at),
            entry.endpoint.name().replace('_', " "),
            escape_html(&entry.token),
            escape_html(entry.account.as_deref().unwrap_or("-")),
            escape_html(&entry.outcome),
        );
    }
    body.push_str("</tbody></table></div></section>");
    body
}

fn violations(meta: &Meta) -> String {
    const MOST: usize = 25;
    let mut body = String::from("<section><h2>What a careful client would not have done</h2>");
    if meta.violations().len() == 0 {
        body.push_str("<p class=\"empty\">Nothing.</p></section>");
        return body;
    }
    body.push_str(
        "<div class=\"wide\"><table><thead><tr><th>Call</th><th>Endpoint</th><th>Token</th><th>Rule broken</th></tr></thead><tbody>",
    );
    for violation in meta.violations().rev().take(MOST) {
        let _ = write!(
            body,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"text\">{}</td></tr>",
            violation.number,
            violation.endpoint.name().replace('_', " "),
            escape_html(&violation.token),
            violation.rule.message(),
        );
    }
    body.push_str("</tbody></table></div></section>");
    body
}

fn apps(meta: &Meta) -> String {
    let mut body = String::from(
        "<section><h2>Apps</h2><div class=\"wide\"><table><thead><tr><th>App</th><th>client_id</th><th>client_secret (fake)</th></tr>\
         </thead><tbody>",
    );
    for app in meta.apps() {
        let [name, id, secret] = [&app.name, &app.id, &app.secret].map(|text| escape_html(text));
        let _ = write!(body, "<tr><td>{name}</td><td><code>{id}</code></td><td><code>{secret}</code></td></tr>");
    }
    body.push_str("</tbody></table></div></section>");
    body
}

fn knobs_and_faults(meta: &Meta) -> String {
    let mut body = String::from("<section><h2>Faults ordered</h2>");
    for injection in meta.injections() {
        let injection = serde_json::to_string(injection).unwrap_or_default();
        let _ = write!(body, "<p><code>{}</code></p>", escape_html(&injection));
    }
    if meta.injections().is_empty() {
        body.push_str("<p class=\"empty\">None. Order one by <code>POST /_sandbox/faults</code>.</p>");
    }
    body.push_str(
        "<h2>Knobs</h2><form method=\"post\" action=\"/_sandbox/knobs\" class=\"row\">\
         <button name=\"preset\" value=\"friendly\">All friendly</button>\
         <button name=\"preset\" value=\"unfriendly\">All unfriendly</button></form><details><summary>All knobs</summary>\
         <div class=\"wide\"><table><thead><tr><th>Knob</th><th>Value</th></tr></thead><tbody>",
    );
    for (name, value) in knobs::listed(meta.knobs()) {
        let _ = write!(
            body,
            "<tr><td><code>{name}</code></td><td class=\"text\"><code>{}</code></td></tr>",
            escape_html(&value)
        );
    }
    body.push_str("</tbody></table></div></details></section>");
    body
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
         base-uri 'none'\"><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )
}

const STYLE: &str = include_str!("page.css");

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

/// Text that is safe within an element and within a quoted attribute.
pub(crate) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
