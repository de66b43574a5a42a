//! `/account/email`: the page that the mailed links lead to.

use axum::http::Method;
use serde_json::json;
use testing::{Answer, Client};

use super::{ADA, NEW, asked, confirm, letter_of, started, verified};

async fn open(api: &Client, method: Method, ticket: &str) -> Answer {
    let path = format!("/account/email?ticket={ticket}&utm_source=mail");
    api.call(method, &path, None, None).await
}

fn text(page: &Answer) -> String {
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    String::from_utf8(page.body.clone()).unwrap()
}

#[tokio::test]
async fn the_page_shows_the_code_and_changes_nothing_however_often_it_is_opened() {
    let stack = started(&[]).await;
    let api = stack.api();
    let ada = verified(&stack, "ada", ADA).await;
    let handle = asked(&ada, NEW).await;
    let proof = letter_of(&stack, NEW, &handle).await;
    let consent = stack.letter(ADA, "notice").await;
    let before = stack.items("MailsTable").await;
    stack.wire.take();
    for letter in [&proof, &consent] {
        let code = letter.code.as_deref().unwrap().replace(' ', "\u{a0}");
        for _ in 0..20 {
            let page = open(&api, Method::GET, letter.ticket()).await;
            assert_eq!(page.status, 200);
            assert!(text(&page).contains(&code));
            assert!(!text(&page).contains("<form"), "there is nothing to press");
            let head = open(&api, Method::HEAD, letter.ticket()).await;
            assert_eq!((head.status, head.body.len()), (200, 0));
        }
    }
    let calls = stack.wire.take().into_iter();
    // The ring is read anew when it is a minute old.
    let mut uses: Vec<_> = calls.flat_map(|call| call.uses).collect();
    uses.retain(|(_, table)| table != "KeysTable");
    let is_look = |(action, table): &(String, String)| {
        action == "dynamodb:GetItem" && table.starts_with("MailsTable")
    };
    assert!(uses.iter().all(is_look), "{uses:?}");
    assert_eq!(uses.len(), 80, "one read each");
    let shown = text(&open(&api, Method::GET, proof.ticket()).await);
    assert!(shown.contains(NEW), "the address that is to be proved");
    let shown = text(&open(&api, Method::GET, consent.ticket()).await);
    assert!(
        !shown.contains(NEW),
        "the old address is not told the new one"
    );
    assert_eq!(stack.items("MailsTable").await, before);

    let agreed = confirm(&ada, &handle, consent.code.as_deref()).await;
    assert_eq!(agreed.status, 204);
    assert_eq!(
        confirm(&ada, &handle, proof.code.as_deref()).await.json()["email"],
        NEW
    );
    let used = open(&api, Method::GET, proof.ticket()).await;
    assert_eq!(used.status, 410);
}

#[tokio::test]
async fn a_link_that_is_none_gets_a_page_that_says_so() {
    let stack = started(&[]).await;
    let api = stack.api();
    let ada = verified(&stack, "ada", ADA).await;
    let handle = asked(&ada, NEW).await;
    let link = letter_of(&stack, NEW, &handle).await.ticket().to_owned();
    let reset = link.replace("_email_", "_reset_");
    let cut = &link[..link.len() - 1];
    for ticket in ["", "x", handle.as_str(), &reset, cut] {
        let page = open(&api, Method::GET, ticket).await;
        assert_eq!(page.status, 404, "{ticket:.30}");
        let text = text(&page);
        assert!(!text.contains(&link[20..60]), "{ticket:.30}");
        assert_eq!(open(&api, Method::HEAD, ticket).await.status, 404);
    }
    let posted = ada.post("/account/email", &json!({ "ticket": link })).await;
    assert!(
        [404, 405].contains(&posted.status),
        "there is no such route"
    );
}
