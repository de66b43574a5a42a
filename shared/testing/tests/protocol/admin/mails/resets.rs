//! Links for a new password.

use serde_json::json;
use testing::stack::DOMAIN;
use testing::{OTHER_PASSWORD, PASSWORD};

use super::{expires_in, rows, send_reset, somebody, text, with_root};
use crate::admin::{id_of, set_status};

#[tokio::test]
async fn a_link_for_a_new_password_goes_to_the_address_of_the_account() {
    let (stack, api, root) = with_root(&[]).await;
    let id = somebody(&stack, &api, "ada", false).await;
    let sent = send_reset(&root, &id).await;
    assert_eq!(sent.status, 202, "{}", sent.json());
    assert_eq!(sent.json(), json!({ "expires_in": 1_800 }));
    let rows = rows(&stack, "reset").await;
    let [row] = &*rows else {
        panic!("{} rows", rows.len());
    };
    assert_eq!(
        (text(row, "to"), text(row, "user_id")),
        ("ada@example.com".to_owned(), id)
    );
    assert_eq!(text(row, "issuer"), format!("https://{DOMAIN}"));
    assert_eq!(row["epoch"].as_n().unwrap(), "0");
    let data = row["data"].as_m().unwrap();
    assert_eq!(data["address"].as_s().unwrap(), "ada@example.com");
    assert!((1_790..=1_800).contains(&expires_in(row)));
    let letter = stack.letter("ada@example.com", "reset").await;
    let begins = format!("https://{DOMAIN}/reset-password?ticket=latchkey_reset_");
    assert!(letter.link.as_deref().unwrap().starts_with(&begins));
    assert!(letter.code.is_none(), "nobody has a handle for it");

    let body = json!({ "ticket": letter.ticket(), "password": OTHER_PASSWORD });
    let reset = api.post("/reset-password", &body).await;
    assert_eq!(reset.status, 204, "{}", reset.json());
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(api.login("ada", OTHER_PASSWORD).await.status, 200);
    let again = api.post("/reset-password", &body).await;
    assert_eq!(again.json()["error"], json!("ticket_used"));
}

#[tokio::test]
async fn a_link_for_a_new_password_is_refused_where_nobody_could_use_it() {
    let (stack, api, root) = with_root(&[]).await;
    api.sign_up("eve").await;
    let eve = id_of(&stack, "eve").await;
    let ada = somebody(&stack, &api, "ada", false).await;
    assert_eq!(set_status(&root, &ada, "disabled").await.status, 200);
    let own = id_of(&stack, "root").await;
    let nobody = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";
    for (id, status, says) in [
        (&*eve, 409, "no e-mail address"),
        (&*ada, 409, "disabled"),
        (&*own, 403, "own account"),
        (nobody, 404, ""),
        ("x", 404, ""),
    ] {
        let answer = send_reset(&root, id).await;
        assert_eq!(answer.status, status, "{id}: {}", answer.json());
        let problem = answer.json();
        assert!(
            problem["detail"].as_str().unwrap().contains(says),
            "{problem}"
        );
    }
    assert_eq!(rows(&stack, "reset").await.len(), 0);
}
