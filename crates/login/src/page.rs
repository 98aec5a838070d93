//! The page that the browser shows at the end of a login.

/// The style of the page, light or dark as the browser prefers.
const STYLE: &str = "body { margin: 15vh auto; max-width: 32rem; padding: 0 1.25rem; font: 17px/1.5 system-ui, sans-serif; } \
    h1 { font-size: 1.4rem; margin: 0 0 .5rem; } \
    p { border: 1px solid; border-radius: 8px; padding: 1rem 1.25rem; overflow-wrap: anywhere; }";

/// A page with one message.
pub(crate) fn page(message: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>everlit</title><style>{STYLE}</style></head><body><h1>everlit</h1><p>{}</p></body></html>\n",
        escaped(message)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_last_page_of_a_login_is_styled() {
        assert!(page("Done.").contains("<style>body { margin"));
    }

    #[test]
    fn markup_in_a_message_is_escaped() {
        let page = page("Refused: <script>alert('x')</script> & \"more\"");
        assert!(
            page.contains("<p>Refused: &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;</p>"),
            "{page}"
        );
    }
}
