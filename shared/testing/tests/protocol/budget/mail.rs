//! The calls of the routes of an address.

use axum::http::Method;
use testing::{OTHER_PASSWORD, PASSWORD, Session, Stack};

use super::{Counter, WINDOW, early_in_a_window, warm};
use crate::account::email::{ADA, NEW, asked, confirm, letter_of, problem, signed_up};

/// The link and the code of a ticket that somebody asks for.
async fn fresh(stack: &Stack, session: &Session, email: &str) -> (String, String, String) {
    let handle = asked(session, email).await;
    let letter = letter_of(stack, email, &handle).await;
    let (link, code) = (letter.ticket().to_owned(), letter.code.unwrap());
    stack.wire.take();
    (handle, link, code)
}

#[tokio::test]
async fn the_routes_of_an_address_keep_to_their_budget_of_calls() {
    let stack = Stack::with_mail(&[WINDOW, ("MAIL_BURST", "20")]).await;
    early_in_a_window(60).await;
    let api = stack.api();
    warm(&stack, &api).await;
    let counter = &mut Counter::new(&stack);
    let ada = signed_up(&api, "ada", ADA).await;
    signed_up(&api, "eve", "eve@example.com").await;
    asked(&ada, ADA).await;
    stack.wire.take();

    asked(&ada, ADA).await;
    counter.count("PUT /me/email, the present one", (4, 7));
    let (_, link, _) = fresh(&stack, &ada, ADA).await;
    assert_eq!(confirm(&ada, &link, None).await.status, 200);
    counter.count("POST /me/email/confirm, link", (2, 3));
    let (handle, _, code) = fresh(&stack, &ada, ADA).await;
    assert_eq!(confirm(&ada, &handle, Some("00000000")).await.status, 400);
    counter.count("POST /me/email/confirm, wrong code", (3, 4));
    assert_eq!(confirm(&ada, &handle, Some(&code)).await.status, 200);
    counter.count("POST /me/email/confirm, code", (3, 4));

    let rows = ["free", "taken"].map(|what| format!("PUT /me/email, another, {what}"));
    asked(&ada, NEW).await;
    let free = counter.count(&rows[0], (4, 7));
    asked(&ada, "eve@example.com").await;
    assert_eq!(counter.count(&rows[1], (4, 7)), free, "the same work");
    change(&stack, &ada, counter).await;

    let page = format!("/account/email?ticket={}", fresh(&stack, &ada, NEW).await.1);
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(
            api.call(method.clone(), &page, None, None).await.status,
            200
        );
        counter.count(&format!("{method} /account/email"), (1, 1));
    }
    let ada = api.session(ada.change_password(PASSWORD, OTHER_PASSWORD).await);
    counter.count("PUT /me/password, with its notice", (3, 4));
    assert_eq!(ada.delete("/me").await.status, 204);
    counter.count("DELETE /me, with its notice", (5, 5));
    std::mem::replace(counter, Counter::new(&stack)).finish();
}

async fn change(stack: &Stack, ada: &Session, counter: &mut Counter<'_>) {
    let (handle, link, code) = fresh(stack, ada, NEW).await;
    assert_eq!(problem(&confirm(ada, &link, None).await).0, 409);
    counter.count("POST /me/email/confirm, pending", (1, 2));
    let consents = stack.letters(ADA).await.into_iter();
    let consents = consents.filter(|letter| letter.purpose == "notice");
    let mut agreed = false;
    for consent in consents {
        stack.wire.take();
        let answer = confirm(ada, consent.ticket(), None).await;
        assert_eq!(answer.status, 204);
        agreed = true;
        counter.count("POST /me/email/confirm, consent by link", (2, 3));
    }
    assert!(agreed);
    stack.wire.take();
    assert_eq!(confirm(ada, &handle, Some(&code)).await.status, 200);
    counter.count("POST /me/email/confirm, another, code", (4, 5));
    let (handle, link, _) = fresh(stack, ada, ADA).await;
    let consents = stack.letters(NEW).await.into_iter();
    let mut codes = consents.filter(|letter| letter.purpose == "notice");
    let code = codes.next_back().and_then(|letter| letter.code).unwrap();
    stack.wire.take();
    assert_eq!(confirm(ada, &handle, Some(&code)).await.status, 204);
    counter.count("POST /me/email/confirm, consent by code", (3, 4));
    assert_eq!(confirm(ada, &link, None).await.status, 200);
    counter.count("POST /me/email/confirm, another, link", (3, 4));
}
