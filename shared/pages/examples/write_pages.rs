//! Writes every page, in every state and language, into a directory, and in `headers.txt` the headers that all of them have.

#[path = "../tests/pages/samples.rs"]
mod samples;

use std::fmt::Write;

use axum::response::IntoResponse;
use http_body_util::BodyExt;
use pages::{Frame, Language};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args_os()
        .nth(1)
        .ok_or("usage: write_pages DIRECTORY")?;
    let directory = std::path::PathBuf::from(directory);
    std::fs::create_dir_all(&directory)?;
    for language in Language::ALL {
        let site = samples::site();
        let frame = Frame::new(&site, None, Some(language.tag()));
        for (name, page) in samples::all(frame, "maria.huber@example.com") {
            let (parts, body) = page.into_response().into_parts();
            let html = body.collect().await?.to_bytes();
            let mut headers = String::new();
            for (name, value) in &parts.headers {
                writeln!(headers, "{name}: {}", value.to_str()?)?;
            }
            std::fs::write(directory.join("headers.txt"), headers)?;
            std::fs::write(
                directory.join(format!("{name}.{}.html", language.tag())),
                html,
            )?;
        }
    }
    Ok(())
}
