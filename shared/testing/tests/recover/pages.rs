//! The pages that a mail leads to.

use axum::http::Method;
use testing::OTHER_PASSWORD;

use crate::{ADA, FORM, World, text};

#[tokio::test]
async fn a_link_survives_whoever_opens_it_and_nothing_changes() {
    let world = World::start().await;
    let link = world.link().await;
    let before = world.stored().await;
    let path = format!("/reset-password?ticket={link}&utm_source=mail&fbclid=1");
    let first = text(&world.api.get(&path, None).await);
    assert!(first.contains(&format!("value=\"{ADA}\"")) && first.contains("<form"));
    for _ in 0..20 {
        let page = world.api.get(&path, None).await;
        assert_eq!((page.status, text(&page)), (200, first.clone()));
        for path in [&path, "/forgot-password"] {
            let head = world.api.send(Method::HEAD, path, &[], b"").await;
            assert_eq!((head.status, text(&head)), (200, String::new()));
        }
        assert_eq!(world.api.get("/forgot-password", None).await.status, 200);
    }
    assert_eq!(world.stored().await, before);
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
}

#[tokio::test]
async fn opening_a_link_reads_its_ticket_and_account_and_opening_a_form_nothing() {
    let world = World::start().await;
    let handle = world.ask(ADA).await;
    let link = world.stack.letter(ADA, "reset").await.ticket().to_owned();
    for (path, calls) in [
        (format!("/reset-password?ticket={link}"), 2),
        (format!("/reset-password?ticket={handle}"), 0),
        ("/forgot-password".to_owned(), 0),
    ] {
        world.stack.wire.take();
        assert_eq!(world.api.get(&path, None).await.status, 200);
        let sent = world.stack.wire.take();
        let reads = sent.iter().filter(|call| call.operation == "GetItem");
        assert_eq!((reads.count(), sent.len()), (calls, calls), "{path}");
    }
}

#[tokio::test]
async fn headers_of_strangers_change_no_byte_of_a_page() {
    let world = World::start().await;
    let link = world.link().await;
    let path = format!("/reset-password?ticket={link}");
    let plain = text(&world.api.get(&path, None).await);
    for header in [
        "host",
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "origin",
        "referer",
    ] {
        let headers = [(header, "evil.example.com")];
        let page = world.api.send(Method::GET, &path, &headers, b"").await;
        assert_eq!(text(&page), plain, "{header}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let world = World::start().await;
    let link = world.link().await;
    let before = world.stored().await;
    let form = format!("ticket={link}&password=nine+purple+elephants+dance");
    for (path, form) in [
        ("/reset-password", form.as_str()),
        ("/forgot-password", "email=ada%40example.com"),
    ] {
        for origin in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example.com"),
            ("origin", "null"),
        ] {
            let headers = [FORM, origin];
            let page = world
                .api
                .send(Method::POST, path, &headers, form.as_bytes())
                .await;
            assert_eq!(page.status, 403, "{path} {origin:?}");
            text(&page);
        }
    }
    assert_eq!(world.stored().await, before);
    let own = format!("https://{}", testing::stack::DOMAIN);
    let headers = [
        FORM,
        ("origin", own.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    let page = world
        .api
        .send(Method::POST, "/reset-password", &headers, form.as_bytes())
        .await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn a_page_is_small_and_says_no_ticket_to_anybody_else() {
    let world = World::start().await;
    let link = world.link().await;
    let page = world
        .api
        .get(&format!("/reset-password?ticket={link}"), None)
        .await;
    assert!(page.body.len() < 50_000, "{}", page.body.len());
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
}
