//! The style of the pages, and its hash for the content security policy.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The content of the one `style` element. It has system fonts alone and loads nothing.
pub(crate) const STYLE: &str = include_str!("style.css");

/// The value of `Content-Security-Policy`. A page needs no script, so that none may run.
pub(crate) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    )
});
