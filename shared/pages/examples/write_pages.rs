//! Writes every page, in every state and language, into a directory, to be looked at.

#[path = "../tests/pages/samples.rs"]
mod samples;

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
            let html = page.into_response().into_body().collect().await?.to_bytes();
            std::fs::write(
                directory.join(format!("{name}.{}.html", language.tag())),
                html,
            )?;
        }
    }
    Ok(())
}
