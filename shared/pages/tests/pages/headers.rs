//! The headers of every page.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pages::{Frame, Language, Site};

use crate::html::{all, matches, receive};

#[tokio::test]
async fn the_policy_allows_the_style_of_the_page_and_nothing_else() {
    for page in all("x").await {
        let styles = matches("(?s)<style>(.*?)</style>", &page.html);
        assert_eq!(styles.len(), 1, "{}", page.name);
        let hash = STANDARD.encode(digest(&SHA256, styles[0].as_bytes()));
        assert_eq!(
            page.headers["content-security-policy"],
            format!(
                "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'self'; \
                 frame-ancestors 'none'; base-uri 'none'"
            )
        );
    }
}

#[tokio::test]
async fn every_page_has_the_headers_of_a_page() {
    for page in all("x").await {
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("vary", "Accept, Accept-Language"),
            ("referrer-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(page.headers[name], value, "{}", page.name);
        }
    }
}

#[tokio::test]
async fn an_issuer_without_tls_does_not_ask_for_it() {
    let site = Site::new(None, "http://localhost:9000");
    let page = pages::signed_up(Frame::new(&site, None, None));
    let page = receive(String::new(), Language::English, page).await;
    assert!(!page.headers.contains_key("strict-transport-security"));
    assert!(page.html.contains("<header>localhost:9000</header>"));
}
