//! Reading the pages, and what holds for every one of them.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use http_body_util::BodyExt;
use pages::{Frame, Language, Page};
use regex_lite::Regex;

use crate::samples;

/// Text of a stranger's that would break out of an element, of an attribute and of a script.
const HOSTILE: &str = r#""><script>alert('x')</script>&amp;<!--"#;

/// A page as a client gets it.
pub(crate) struct Received {
    pub(crate) name: String,
    pub(crate) language: Language,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

pub(crate) async fn receive(name: String, language: Language, page: Page) -> Received {
    let (parts, body) = page.into_response().into_parts();
    let html = body.collect().await.unwrap().to_bytes();
    Received {
        name,
        language,
        status: parts.status,
        headers: parts.headers,
        html: String::from_utf8(html.into()).unwrap(),
    }
}

/// Every page in every state and language.
pub(crate) async fn all(typed: &str) -> Vec<Received> {
    let site = samples::site();
    let mut all = Vec::new();
    for language in Language::ALL {
        let frame = Frame::new(&site, None, Some(language.tag()));
        for (name, page) in samples::all(frame, typed) {
            all.push(receive(name, language, page).await);
        }
    }
    assert!(all.len() > 70, "{}", all.len());
    all
}

/// All first groups of a pattern.
pub(crate) fn matches<'a>(pattern: &str, text: &'a str) -> Vec<&'a str> {
    let pattern = Regex::new(pattern).unwrap();
    let captures = pattern.captures_iter(text);
    captures
        .map(|captures| captures.get(1).unwrap().as_str())
        .collect()
}

fn title(page: &Received) -> &str {
    matches("<title>([^<]*)</title>", &page.html)[0]
}

#[tokio::test]
async fn every_page_names_its_language_and_has_one_heading_of_the_first_level() {
    for page in all("x").await {
        let start = format!("<!doctype html>\n<html lang=\"{}\">", page.language.tag());
        assert!(page.html.starts_with(&start), "{}", page.name);
        assert_eq!(page.html.matches("<h1>").count(), 1, "{}", page.name);
        assert!(title(&page).ends_with(" – Kites &#38; Friends"));
    }
}

/// Where one page stands in several states, its title is one but for the word for an error.
#[tokio::test]
async fn different_pages_have_different_titles() {
    let mut pages: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    let all = all("x").await;
    for page in &all {
        let (first, rest) = page.name.split_once('-').unwrap_or((&page.name, ""));
        let kind = match first {
            "failure" => page.name.clone(),
            "mailed" => first.to_owned(),
            _ if rest.ends_with("code") || rest == "set" => page.name.clone(),
            _ => first.to_owned(),
        };
        let plain = title(page)
            .trim_start_matches("Error: ")
            .trim_start_matches("Fehler: ");
        let kinds = pages.entry((page.language.tag(), plain.to_owned()));
        kinds.or_default().insert(kind);
    }
    assert_eq!(pages.len(), 2 * 21, "{pages:#?}");
    for ((_, title), kinds) in pages {
        assert_eq!(kinds.len(), 1, "{title}: {kinds:?}");
    }
}

#[tokio::test]
async fn the_text_of_a_stranger_stays_text() {
    let tags = [
        "html", "head", "meta", "title", "link", "style", "body", "header", "main",
    ];
    let tags = tags.into_iter().chain([
        "h1", "h2", "p", "strong", "code", "a", "div", "ul", "li", "form", "label", "input",
        "button", "pre", "dl", "dt", "dd",
    ]);
    let known: BTreeSet<&str> = tags.collect();
    let mut seen = 0;
    for page in all(HOSTILE).await {
        let html = &page.html;
        for tag in matches("<([a-z0-9!-]+)", html) {
            assert!(
                known.contains(tag) || tag == "!doctype",
                "{}: {tag}",
                page.name
            );
        }
        assert!(!html.contains(HOSTILE), "{}", page.name);
        seen += html.matches("&#34;&#62;&#60;script&#62;").count();
    }
    // In values, in texts and in URLs: as many as there are places for it.
    assert_eq!(seen, 2 * 23);
}

#[tokio::test]
async fn a_page_is_one_request_of_at_most_50_kb() {
    for page in all("x").await {
        assert!(page.html.len() <= 50_000, "{}", page.name);
        assert!(!page.html.contains("<script"), "{}", page.name);
        assert!(!page.html.contains(" style="), "{}", page.name);
        for source in matches(
            r#"(?:src=|<link rel="icon" href=|url\()"?([^">)]*)"#,
            &page.html,
        ) {
            assert_eq!(source, "data:,", "{}", page.name);
        }
    }
}

#[tokio::test]
async fn the_status_says_what_the_page_says() {
    for page in all("x").await {
        let expected = match page.name.split('-').next().unwrap() {
            "used" | "expired" | "superseded" => 410,
            "unknown" => 404,
            "disabled" => 403,
            "taken" => 409,
            "mailed" => 202,
            _ => continue,
        };
        assert_eq!(page.status, expected, "{}", page.name);
    }
}
