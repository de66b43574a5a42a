//! Notices of what is done to an account.

use accounts::Status;
use axum::http::Method;
use testing::Stack;

use super::{Row, rows, somebody, text, with_root};
use crate::admin::{delete, set_status};

#[tokio::test]
async fn whose_account_is_disabled_or_deleted_is_told_at_a_proven_address() {
    let (stack, api, root) = with_root(&[]).await;
    for (name, verified) in [("ada", true), ("eve", false)] {
        let id = somebody(&stack, &api, name, verified).await;
        let told = async |kind: &str| {
            let rows = rows(&stack, "notice").await.into_iter();
            let of_kind = |row: &Row| {
                let data = row["data"].as_m().unwrap();
                data["kind"].as_s().unwrap() == kind && text(row, "user_id") == id
            };
            rows.filter(of_kind).count()
        };
        for status in ["disabled", "disabled", "active"] {
            assert_eq!(set_status(&root, &id, status).await.status, 200);
            assert_eq!(told("disabled").await, usize::from(verified), "{status}");
        }
        let path = format!("/admin/users/{id}");
        assert_eq!(delete(&root, &format!("{path}/sessions")).await, 204);
        let bearer = format!("Bearer {}", root.access_token);
        let headers = [("authorization", &*bearer), ("accept-language", "de")];
        let deleted = api.send(Method::DELETE, &path, &headers, b"").await;
        assert_eq!(deleted.status, 204);
        assert_eq!(told("deleted").await, usize::from(verified));
    }
    let notices = rows(&stack, "notice").await;
    let locale = |row: &Row| {
        row.get("locale")
            .map(|locale| locale.as_s().unwrap().clone())
    };
    let mut locales: Vec<_> = notices.iter().map(locale).collect();
    locales.sort();
    assert_eq!(locales, [None, Some("de".to_owned())]);
    let mut letters = stack.letters("ada@example.com").await;
    letters.retain(|letter| letter.purpose == "notice");
    assert_eq!(letters.len(), 2);
    for letter in letters {
        assert!(letter.link.is_none() && letter.code.is_none());
    }
}

#[tokio::test]
async fn without_mail_an_account_is_disabled_and_nobody_is_told() {
    let stack = Stack::start().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let id = somebody(&stack, &api, "ada", true).await;
    stack.wire.take();
    assert_eq!(set_status(&root, &id, "disabled").await.status, 200);
    let tables = stack.wire.take().into_iter().flat_map(|sent| sent.uses);
    let tables: Vec<_> = tables.map(|(_, table)| table).collect();
    assert!(
        !tables.iter().any(|table| table.contains("Mails")),
        "{tables:?}"
    );
    assert_eq!(stack.user("ada").await.status, Status::Disabled);
}
