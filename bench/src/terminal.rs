//! The headings of the output.

/// Says what comes next.
pub(crate) fn heading(text: &str) {
    println!("\n==> {text}");
}
