//! The pages: as people fill them in, and as programs look at them.

use axum::http::Method;
use testing::PASSWORD;

use super::{ADA, EVE, FORM, World, confirm, text, wrong};

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn form(ticket: &str, code: &str, username: &str, password: &str) -> String {
    let pairs = [
        ("ticket", ticket),
        ("code", code),
        ("username", username),
        ("password", password),
    ];
    let pairs = pairs
        .iter()
        .filter(|(name, value)| *name != "code" || !value.is_empty());
    let pairs: Vec<_> = pairs
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    pairs.join("&")
}

#[tokio::test]
async fn a_person_signs_up_by_the_pages_alone() {
    let world = World::start().await;
    let page = world.api.get("/signup", None).await;
    assert_eq!(page.status, 200);
    assert!(text(&page).contains("name=\"email\""));
    let asked = world.form("/signup", "email=Eve%40example.com").await;
    assert_eq!(asked.status, 202, "{}", text(&asked));
    assert!(text(&asked).contains("Eve@example.com"), "as it was typed");
    let letter = world.stack.letter(EVE, "signup").await;
    let link = letter.link.as_deref().unwrap();
    let path = link.strip_prefix(&world.stack.issuer()).unwrap();
    let page = world.api.get(path, None).await;
    assert_eq!(page.status, 200, "{}", text(&page));
    assert!(text(&page).contains(EVE));
    let made = world
        .form(
            "/signup/confirm",
            &form(letter.ticket(), "", "eve", PASSWORD),
        )
        .await;
    assert_eq!(made.status, 201, "{}", text(&made));
    assert_eq!(world.stack.items("SessionsTable").await.len(), 0);
    assert_eq!(world.api.sign_in("eve").await.answer.status, 200);
}

#[tokio::test]
async fn a_link_survives_all_that_looks_at_it() {
    let world = World::start().await;
    let link = world.link(EVE).await;
    let path = format!("/signup/confirm?ticket={link}");
    let before = world.stored().await;
    let first = text(&world.api.get(&path, None).await);
    for _ in 0..20 {
        assert_eq!(text(&world.api.get(&path, None).await), first);
        let head = world.api.send(Method::HEAD, &path, &[], b"").await;
        assert_eq!((head.status, head.body.len()), (200, 0));
    }
    for header in [
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "referer",
    ] {
        let headers = [(header, "evil.example")];
        let page = world.api.send(Method::GET, &path, &headers, b"").await;
        assert_eq!(text(&page), first, "{header}");
    }
    assert_eq!(world.stored().await, before);
    assert_eq!(confirm(&world.api, &link, "eve").await.status, 201);
}

#[tokio::test]
async fn a_free_and_a_taken_address_get_the_same_page() {
    let world = World::unlimited().await;
    world.sign_up(ADA, "ada").await;
    let mut pages = Vec::new();
    for address in ["ada@example.com", "eve@example.com"] {
        let page = world
            .form("/signup", &format!("email={}", encoded(address)))
            .await;
        assert_eq!(page.status, 202);
        let page = text(&page);
        let begin = page.find("latchkey_signup_").unwrap();
        let ticket: String = page[begin..]
            .chars()
            .take_while(|char| char.is_ascii_alphanumeric() || "_-".contains(*char))
            .collect();
        pages.push((
            page.replace(&ticket, "TICKET").replace(address, "ADDRESS"),
            ticket.len(),
        ));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_with_what_was_typed_but_the_password() {
    let world = World::unlimited().await;
    world.sign_up(ADA, "ada").await;
    let (handle, code) = world.code(EVE).await;
    let send = async |code: &str, username: &str, password: &str| {
        let form = form(&handle, code, username, password);
        let page = world.form("/signup/confirm", &form).await;
        (page.status, text(&page))
    };
    let (status, page) = send(&wrong(&code), "Eve.Harbours", "a secret of mine 77").await;
    assert_eq!(status, 400);
    assert!(page.contains("Eve.Harbours") && page.contains("aria-invalid"));
    assert!(!page.contains("a secret of mine"));
    let (status, page) = send(&code, "Eve.Harbours", "short").await;
    assert_eq!(status, 400);
    assert!(page.contains(&handle) && page.contains("name=\"code\""));
    // A right code is worth the link: the form asks for no code any more.
    let (status, page) = send(&code, "ADA", PASSWORD).await;
    assert_eq!(status, 409);
    assert!(page.contains("ADA") && !page.contains("name=\"code\""));
    let link = world.stack.letter(EVE, "signup").await.ticket().to_owned();
    assert!(page.contains(&link));

    let (status, page) = {
        let page = world.form("/signup", "email=nobody").await;
        (page.status, text(&page))
    };
    assert_eq!(status, 400);
    assert!(page.contains("value=\"nobody\""));
}

#[tokio::test]
async fn a_link_that_is_not_good_says_which_and_leads_on() {
    let world = World::unlimited().await;
    let used = world.link(ADA).await;
    assert_eq!(confirm(&world.api, &used, "ada").await.status, 201);
    for (ticket, status, next) in [
        (used.as_str(), 410, "/forgot-password"),
        ("nonsense", 404, "/signup"),
        ("", 404, "/signup"),
    ] {
        let path = format!("/signup/confirm?ticket={ticket}");
        let page = world.api.get(&path, None).await;
        assert_eq!(page.status, status, "{ticket:.20}");
        assert!(text(&page).contains(next), "{ticket:.20}");
        let posted = form(ticket, "", "eve", PASSWORD);
        let page = world.form("/signup/confirm", &posted).await;
        assert_eq!(page.status, status, "{ticket:.20}");
    }
    let taken = world.issue(tables::PermittedSignup::Free, ADA).await;
    let posted = form(&taken[0], "", "eve", PASSWORD);
    let page = world.form("/signup/confirm", &posted).await;
    assert_eq!(page.status, 409);
    assert!(text(&page).contains("/forgot-password"));
}

#[tokio::test]
async fn a_form_from_another_origin_changes_nothing() {
    let world = World::start().await;
    let link = world.link(EVE).await;
    let before = world.stored().await;
    let confirmed = form(&link, "", "eve", PASSWORD);
    for (path, form) in [
        ("/signup", "email=x%40example.com"),
        ("/signup/confirm", confirmed.as_str()),
    ] {
        for from in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let headers = [FORM, from];
            let form = form.as_bytes();
            let answer = world.api.send(Method::POST, path, &headers, form).await;
            assert_eq!(answer.status, 403, "{path} {from:?}");
        }
    }
    assert_eq!(world.stored().await, before);
}

#[tokio::test]
async fn a_page_takes_forms_alone() {
    let world = World::start().await;
    let body = serde_json::json!({ "email": EVE });
    for path in ["/signup", "/signup/confirm"] {
        let refused = world.api.post(path, &body).await;
        assert_eq!(refused.status, 415, "{path}");
        assert_eq!(
            refused.header("accept"),
            Some("application/x-www-form-urlencoded")
        );
    }
    assert!(world.stored().await.is_empty());
}
