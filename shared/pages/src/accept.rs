//! Whether a client wants a page or JSON.

use crate::language::weighted;

/// Returns whether an `Accept` header (RFC 9110 §12.5.1) prefers HTML over JSON. A client that
/// takes anything, like `curl`, and one that names both alike get JSON, which is the API's own.
pub fn prefers_html(accept: &str) -> bool {
    let weight_of = |wanted: &str| {
        let ranges = accept.split(',').map(weighted);
        let mut named = ranges.filter(|(range, _)| range.eq_ignore_ascii_case(wanted));
        named.next().map(|(_, weight)| weight)
    };
    let html = weight_of("text/html").or_else(|| weight_of("text/*"));
    let json = weight_of("application/json").or_else(|| weight_of("application/*"));
    match (html, json, weight_of("*/*")) {
        (None, ..) => false,
        (Some(html), Some(json), _) => html > json,
        // HTML is named and JSON is not.
        (Some(html), None, any) => html > 0.0 && html >= any.unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_html_and_everything_else_json() {
        for (accept, html) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("text/html, */*", true),
            ("text/html", true),
            ("TEXT/HTML;q=0.9, application/json;q=0.8", true),
            ("*/*", false),
            ("", false),
            ("application/json", false),
            ("application/json, text/html", false),
            ("text/html;q=0, */*", false),
            ("text/html;q=0.1, */*", false),
            ("text/plain, */*", false),
        ] {
            assert_eq!(prefers_html(accept), html, "{accept}");
        }
    }
}
