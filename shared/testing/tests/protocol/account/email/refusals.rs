//! Requests that are refused, and change nothing.

use serde_json::{Value, json};
use testing::{Session, Stack};

use super::{ADA, NEW, asked, confirm, letter_of, problem, signed_up, started, verified};

/// All that a request could have changed, but for the guesses that it counted.
async fn state(stack: &Stack) -> Vec<testing::release::Item> {
    let mut all = Vec::new();
    for table in ["LoginsTable", "UsersTable", "SessionsTable", "MailsTable"] {
        all.append(&mut stack.items(table).await);
    }
    for item in &mut all {
        item.remove("guesses");
    }
    let key = |item: &testing::release::Item| {
        let key = item.get("id").or_else(|| item.get("name"));
        key.and_then(|key| key.as_s().ok()).cloned()
    };
    all.sort_by_key(key);
    all
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_by_its_field() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let before = state(&stack).await;
    for (body, field) in [
        (json!({}), "email"),
        (json!({ "email": null }), "email"),
        (json!({ "email": "" }), "email"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "email": "ada" }), "email"),
        (json!({ "email": 1 }), "email"),
        (json!({ "email": [NEW] }), "email"),
        (
            json!({ "email": "ada@example.com, eve@example.com" }),
            "email",
        ),
        (
            json!({ "email": "ada@example.com\r\nBcc: eve@example.com" }),
            "email",
        ),
        (json!({ "email": NEW, "username": "eve" }), "username"),
        (
            json!({ "email": NEW, "redirect": "https://evil.example" }),
            "redirect",
        ),
    ] {
        let answer = ada.put("/me/email", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{body}");
    }
    assert_eq!(state(&stack).await, before);
}

#[tokio::test]
async fn a_body_that_shows_no_ticket_is_refused_by_its_field() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let handle = asked(&ada, ADA).await;
    let before = state(&stack).await;
    for (body, field) in [
        (json!({}), "ticket"),
        (json!({ "ticket": null, "code": "1234 5678" }), "ticket"),
        (json!({ "ticket": 1 }), "ticket"),
        (json!({ "ticket": handle }), "code"),
        (json!({ "ticket": handle, "code": null }), "code"),
        (json!({ "ticket": handle, "code": 12_345_678 }), "code"),
        (
            json!({ "ticket": handle, "code": "12345678", "email": NEW }),
            "email",
        ),
    ] {
        let answer = ada.post("/me/email/confirm", &body).await;
        assert_eq!(answer.status, 400, "{body} {}", answer.json());
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{body}");
    }
    assert_eq!(state(&stack).await, before);
}

#[tokio::test]
async fn a_ticket_that_is_none_is_unknown() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    let handle = asked(&ada, NEW).await;
    let link = stack.letter(NEW, "email").await.ticket().to_owned();
    let agree = stack.letter(ADA, "notice").await.ticket().to_owned();
    let before = state(&stack).await;
    let forged = |text: &str| {
        let mut bytes = text.to_owned().into_bytes();
        let middle = bytes.len() - 30;
        bytes[middle] = if bytes[middle] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let last = |text: &str| {
        let cut = &text[..text.len() - 2];
        let end = if text.ends_with("AA") { "BB" } else { "AA" };
        format!("{cut}{end}")
    };
    for text in [
        String::new(),
        "x".to_owned(),
        "latchkey_email_".to_owned(),
        "x".repeat(10_000),
        forged(&handle),
        forged(&link),
        last(&link),
        last(&agree),
        link.replace("_email_", "_agree_"),
        agree.replace("_agree_", "_email_"),
        link.replace("_email_", "_reset_"),
        format!("{link}A"),
        format!(" {link}"),
    ] {
        stack.wire.take();
        let answer = confirm(&ada, &text, Some("12345678")).await;
        assert_eq!(
            problem(&answer),
            (404, json!("unknown_ticket")),
            "{text:.60}"
        );
        let calls = stack.wire.take().len();
        let is_link = [last(&link), last(&agree)].contains(&text);
        assert_eq!(
            calls,
            1 + usize::from(is_link),
            "a forged one is refused before a read"
        );
    }
    assert_eq!(state(&stack).await, before);
}

/// The answer to a code that is not right, of which everything but the request's id is the same.
async fn refusal(session: &Session, handle: &str, code: &str) -> Value {
    let answer = confirm(session, handle, Some(code)).await;
    assert_eq!(problem(&answer), (400, json!("invalid_code")), "{code}");
    let mut json = answer.json();
    json["instance"].take();
    json
}

#[tokio::test]
async fn a_wrong_code_has_one_answer_whatever_became_of_the_ticket() {
    let stack = started(&[]).await;
    let api = stack.api();
    let ada = verified(&stack, "ada", ADA).await;
    signed_up(&api, "eve", "eve@example.com").await;
    let wrong = "00000000";
    let mut answers = Vec::new();

    let open = asked(&ada, NEW).await;
    answers.push(refusal(&ada, &open, wrong).await);
    for form in ["0000 000", "abcd efgh", "", "1234567890"] {
        answers.push(refusal(&ada, &open, form).await);
    }
    let nobody = asked(&ada, "eve@example.com").await;
    answers.push(refusal(&ada, &nobody, wrong).await);

    let guessed = asked(&ada, NEW).await;
    let right = letter_of(&stack, NEW, &guessed).await.code.unwrap();
    for _ in 0..5 {
        answers.push(refusal(&ada, &guessed, wrong).await);
    }
    answers.push(refusal(&ada, &guessed, &right).await);

    let used = asked(&ada, ADA).await;
    let letter = letter_of(&stack, ADA, &used).await;
    assert_eq!(confirm(&ada, letter.ticket(), None).await.status, 200);
    answers.push(refusal(&ada, &used, wrong).await);

    let superseded = asked(&ada, NEW).await;
    assert_eq!(ada.delete("/me/sessions").await.status, 204);
    answers.push(refusal(&ada, &superseded, wrong).await);

    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let letter = letter_of(&stack, NEW, &superseded).await;
    let told = confirm(&ada, &superseded, letter.code.as_deref()).await;
    assert_eq!(
        problem(&told),
        (410, json!("ticket_superseded")),
        "to whoever has proved himself"
    );
}

#[tokio::test]
async fn a_ticket_counts_in_a_session_of_its_own_account_alone() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let eve = signed_up(&stack.api(), "eve", "eve@example.com").await;
    // Eve has somebody with another address open a link that proves it for her account.
    let handle = asked(&eve, NEW).await;
    let letter = letter_of(&stack, NEW, &handle).await;
    let before = state(&stack).await;
    for (ticket, code) in [(letter.ticket(), None), (&*handle, letter.code.as_deref())] {
        let lured = confirm(&ada, ticket, code).await;
        assert_eq!(problem(&lured), (403, json!("foreign_ticket")));
        assert_eq!(
            lured.header("www-authenticate"),
            None,
            "another token would not help"
        );
    }
    assert_eq!(state(&stack).await, before);
    assert_eq!(confirm(&eve, letter.ticket(), None).await.status, 200);
}

#[tokio::test]
async fn whoever_has_no_session_neither_reads_nor_guesses() {
    let stack = started(&[]).await;
    let api = stack.api();
    let ada = signed_up(&api, "ada", ADA).await;
    let handle = asked(&ada, ADA).await;
    let letter = letter_of(&stack, ADA, &handle).await;
    let before = state(&stack).await;
    let stranger = ada.clone().with_access_token("not-a-token".to_owned());
    stack.wire.take();
    for (ticket, code) in [(letter.ticket(), None), (&*handle, letter.code.as_deref())] {
        assert_eq!(confirm(&stranger, ticket, code).await.status, 401);
    }
    assert!(stack.wire.take().is_empty());
    assert_eq!(ada.logout().await.status, 204);
    assert_eq!(confirm(&ada, letter.ticket(), None).await.status, 401);
    let dead = confirm(&ada, "x", None).await;
    assert_eq!(dead.status, 401, "of a dead session nothing else is told");
    let after = state(&stack).await;
    let kept = before.iter().filter(|item| after.contains(item)).count();
    assert_eq!(kept, before.len() - 1, "but for the session");
}

#[tokio::test]
async fn an_address_that_is_asked_for_too_often_has_to_wait() {
    let limits = [("MAIL_BURST", "3"), ("REGISTRATION_BURST", "20")];
    let stack = started(&limits).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let eve = signed_up(&stack.api(), "eve", "eve@example.com").await;
    for (session, other) in [(&ada, NEW), (&eve, "ada+x@example.com")] {
        for _ in 0..3 {
            asked(session, other).await;
        }
        let rows = stack.items("MailsTable").await.len();
        let throttled = session.put("/me/email", &json!({ "email": other })).await;
        assert_eq!(throttled.status, 429, "{}", throttled.json());
        assert!(throttled.header("retry-after").is_some());
        assert_eq!(stack.items("MailsTable").await.len(), rows);
    }
    let own = ada.put("/me/email", &json!({ "email": ADA })).await;
    assert_eq!(own.status, 429, "one mailbox, taken or not");
}

#[tokio::test]
async fn asking_for_the_address_of_somebody_leaves_them_the_mails_of_a_reset() {
    let stack = started(&[("MAIL_BURST", "3")]).await;
    verified(&stack, "ada", ADA).await;
    let eve = signed_up(&stack.api(), "eve", "eve@example.com").await;
    let mut statuses = Vec::new();
    while statuses.last() != Some(&429) && statuses.len() < 5 {
        let body = json!({ "email": ADA });
        statuses.push(eve.put("/me/email", &body).await.status);
    }
    // Ada's own proof of it was the first, from the same network.
    assert_eq!(statuses, [202, 202, 429]);
    let asked = json!({ "email": ADA });
    let answer = stack.api().post("/forgot-password", &asked).await;
    assert_eq!(answer.status, 202);
    assert!(
        stack
            .letters(ADA)
            .await
            .iter()
            .any(|letter| letter.purpose == "reset")
    );
}

#[tokio::test]
async fn an_account_asks_ten_times_an_hour_whatever_the_address() {
    let stack = started(&[("MAIL_BURST", "3")]).await;
    let ada = verified(&stack, "ada", ADA).await;
    for n in 1..10 {
        asked(&ada, &format!("thief{n}@example.net")).await;
    }
    let body = json!({ "email": "thief@example.net" });
    let throttled = ada.at_address("198.51.100.7").put("/me/email", &body).await;
    assert_eq!(throttled.status, 429, "{}", throttled.json());
    let told = super::notices(&stack, ADA).await;
    assert_eq!(told.len(), 9, "the owner is not flooded: {told:?}");
    let eve = signed_up(&stack.api(), "eve", "eve@example.com").await;
    asked(&eve, "thief@example.net").await;
}
