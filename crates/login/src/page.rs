//! The page that the browser shows at the end of a login.

/// A plain page with one message.
pub(crate) fn page(message: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>everlit</title></head><body><h1>everlit</h1><p>{}</p></body></html>\n",
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
    fn markup_in_a_message_is_escaped() {
        let page = page("Refused: <script>alert('x')</script> & \"more\"");
        assert!(
            page.contains("<p>Refused: &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;</p>"),
            "{page}"
        );
    }
}
