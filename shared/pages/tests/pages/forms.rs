//! The forms: labels, mistakes, and what is kept.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use pages::{Field, Frame, Language, Mistake, Proof};

use crate::html::{all, matches, receive};
use crate::samples;

#[tokio::test]
async fn every_input_has_a_label_and_no_id_stands_twice() {
    let mut labelled = 0;
    for page in all("x").await {
        let html = &page.html;
        let ids = matches(r#" id="([^"]+)""#, html);
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{}", page.name);
        for input in matches("(<input[^>]*>)", html) {
            if input.contains(r#"type="hidden""#) {
                continue;
            }
            let id = matches(r#" id="([^"]+)""#, input)[0];
            let label = format!(r#"<label for="{id}">"#);
            assert!(html.contains(&label), "{}: {id}", page.name);
            labelled += 1;
        }
        for described in matches(r#"aria-describedby="([^"]+)""#, html) {
            for id in described.split(' ') {
                assert!(unique.contains(&id), "{}: {id}", page.name);
            }
        }
    }
    assert!(labelled > 40, "{labelled}");
}

#[tokio::test]
async fn mistakes_come_first_with_the_focus_and_lead_to_their_fields() {
    let mut seen = 0;
    for page in all("x").await {
        let html = &page.html;
        let error = matches("<title>([^<]*): ", html);
        assert_eq!(
            error.is_empty(),
            !html.contains(r#"class="summary""#),
            "{}",
            page.name
        );
        if error.is_empty() {
            continue;
        }
        seen += 1;
        let main = html.split("<main>").nth(1).unwrap().trim_start();
        let summary = r#"<div class="summary" role="alert" tabindex="-1" autofocus>"#;
        assert!(main.starts_with(summary), "{}", page.name);
        for target in matches(r##"href="#([^"]+)""##, html) {
            let field = format!(r#"<input id="{target}""#);
            assert!(html.contains(&field), "{}: {target}", page.name);
            let mistake = format!(r#"id="{target}-mistake""#);
            assert!(html.contains(&mistake), "{}: {target}", page.name);
        }
        assert!(!page.status.is_success(), "{}", page.name);
    }
    assert_eq!(seen, 2 * 7);
}

#[tokio::test]
async fn what_was_typed_is_kept_and_a_password_never() {
    let site = samples::site();
    let frame = Frame::new(&site, None, None);
    let proof = Proof::Handle {
        ticket: samples::TICKET,
        code: "1234 5678",
    };
    let bad = StatusCode::BAD_REQUEST;
    let mistakes = [Mistake::CodeWrong, Mistake::Missing(Field::Password)];
    let page = pages::confirm_sign_up(frame, bad, proof, "alan", 15, &mistakes);
    let html = receive(String::new(), Language::English, page).await.html;
    let value_of = |name: &str| {
        let input = matches(&format!(r#"(<input[^>]* name="{name}"[^>]*>)"#), &html)[0];
        matches(r#" value="([^"]*)""#, input).first().copied()
    };
    assert_eq!(value_of("code"), Some("1234 5678"));
    assert_eq!(value_of("username"), Some("alan"));
    assert_eq!(value_of("ticket"), Some(samples::TICKET));
    assert_eq!(value_of("password"), None);
}

#[tokio::test]
async fn a_ticket_is_on_its_page_alone_and_not_in_the_url_that_a_form_leads_to() {
    for page in all("x").await {
        for action in matches(r#"action="([^"]*)""#, &page.html) {
            assert_eq!(action, "?", "{}", page.name);
        }
    }
    let site = samples::site();
    let link = Proof::Link {
        ticket: samples::TICKET,
        address: Some("maria@example.com"),
    };
    let page = pages::reset_password(Frame::new(&site, None, None), StatusCode::OK, link, 15, &[]);
    for debug in [format!("{page:?}"), format!("{link:?}")] {
        assert!(
            !debug.contains("latchkey_") && !debug.contains("maria"),
            "{debug}"
        );
    }
}

#[tokio::test]
async fn english_details_on_a_german_page_are_marked_as_english() {
    for page in all("x").await {
        let marks = page.html.matches(r#" lang="en""#).count();
        let german = page.language == Language::German;
        let expected = match page.name.as_str() {
            "confirm-handle-other" if german => 2,
            "failure-409" if german => 1,
            _ if german => 0,
            _ => 1,
        };
        assert_eq!(marks, expected, "{} {:?}", page.name, page.language);
    }
}

#[tokio::test]
async fn a_form_that_asks_for_a_code_leads_to_another_mail_and_one_of_a_link_does_not() {
    let mut seen = 0;
    for page in all("x").await {
        let (is_handle, path) = match page.name.split_once('-').unwrap_or_default() {
            ("reset", state) => (state.starts_with("handle"), "/forgot-password"),
            ("confirm", state) => (state.starts_with("handle"), "/signup"),
            _ => continue,
        };
        let link = format!(r#"<a href="https://id.example.com{path}">"#);
        assert_eq!(page.html.contains(&link), is_handle, "{}", page.name);
        seen += 1;
    }
    assert_eq!(seen, 2 * 7);
}
