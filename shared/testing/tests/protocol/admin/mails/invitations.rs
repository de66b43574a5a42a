//! Invitations.

use serde_json::json;
use testing::router::router;
use testing::stack::DOMAIN;
use testing::{Client, PASSWORD};

use super::{expires_in, invite, rows, somebody, text, with_root};

#[tokio::test]
async fn somebody_is_invited_also_where_registration_is_closed() {
    let (stack, _, root) = with_root(&[]).await;
    let (first, again) = (stack.user("root").await, root.refreshed().await);
    let closed = stack.environment_with("REGISTRATION_MODE", Some("closed"));
    let api = Client::of(router(&closed));
    let closed = api.session(again.answer);
    let body =
        json!({ "email": " Grace@Example.com", "roles": ["introspector", "admin", "admin"] });
    let invited = invite(&closed, &body).await;
    assert_eq!(invited.status, 202, "{}", invited.json());
    assert_eq!(invited.json(), json!({ "expires_in": 259_200 }));

    let rows = rows(&stack, "signup").await;
    let [row] = &*rows else {
        panic!("{} rows", rows.len());
    };
    assert_eq!(text(row, "to"), "grace@example.com");
    assert_eq!(text(row, "issuer"), format!("https://{DOMAIN}"));
    let data = row["data"].as_m().unwrap();
    assert_eq!(data["kind"].as_s().unwrap(), "invited");
    let roles = data["roles"].as_l().unwrap().iter();
    let roles: Vec<_> = roles.map(|role| role.as_s().unwrap().as_str()).collect();
    assert_eq!(roles, ["admin", "introspector"]);
    assert!((259_190..=259_200).contains(&expires_in(row)));
    assert!(!row.contains_key("user_id") && !row.contains_key("spent_at"));

    let letter = stack.letter("grace@example.com", "signup").await;
    let link = letter.link.as_deref().unwrap();
    let begins = format!("https://{DOMAIN}/signup/confirm?ticket=latchkey_signup_");
    assert!(link.starts_with(&begins), "{link}");
    assert!(letter.code.is_none(), "nobody has a handle for it");
    assert_eq!(stack.user("root").await, first, "the inviter is unchanged");

    assert_eq!(api.register("eve", PASSWORD).await.status, 403);
    let accepted = json!({
        "ticket": letter.ticket(), "username": "grace", "password": PASSWORD,
    });
    let accepted = api.post("/register/confirm", &accepted).await;
    assert_eq!(accepted.status, 201, "{}", accepted.json());
    let user = accepted.json()["user"].clone();
    assert_eq!(user["email"], json!("grace@example.com"));
    assert_eq!(user["email_verified"], json!(true));
    assert_eq!(user["roles"], json!(["admin", "introspector"]));
    let grace = api.sign_in("grace").await;
    assert_eq!(grace.get("/admin/users").await.status, 200);
}

#[tokio::test]
async fn an_invitation_that_cannot_be_is_refused_and_orders_nothing() {
    let (stack, api, root) = with_root(&[]).await;
    somebody(&stack, &api, "ada", false).await;
    for (body, status, field) in [
        (json!({}), 400, "email"),
        (json!({ "email": null }), 400, "email"),
        (json!({ "email": "grace" }), 400, "email"),
        (json!({ "email": 1 }), 400, "email"),
        (
            json!({ "email": "grace@example.com", "username": "grace" }),
            400,
            "username",
        ),
        (
            json!({ "email": "grace@example.com", "password": PASSWORD }),
            400,
            "password",
        ),
        (
            json!({ "email": "grace@example.com", "roles": "admin" }),
            400,
            "roles",
        ),
        (
            json!({ "email": "grace@example.com", "roles": [1] }),
            400,
            "roles",
        ),
        (
            json!({ "email": "grace@example.com", "roles": ["a king"] }),
            400,
            "roles",
        ),
        (
            json!({ "email": "grace@example.com", "roles": ["king"] }),
            400,
            "roles",
        ),
        (json!({ "email": "ADA@example.com" }), 409, "email"),
    ] {
        let answer = invite(&root, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.json());
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{body}");
    }
    let taken = invite(&root, &json!({ "email": "ada@example.com" })).await;
    assert_eq!(taken.json()["error"], json!("email_taken"));
    let unknown = invite(
        &root,
        &json!({ "email": "a@example.com", "roles": ["king"] }),
    )
    .await;
    assert_eq!(
        unknown.json()["errors"][0]["detail"],
        json!("may contain only these: admin, introspector")
    );
    let form = root.form("/admin/users", "email=grace@example.com").await;
    assert_eq!(form.status, 415);
    assert_eq!(rows(&stack, "signup").await.len(), 0);
    for absent in [json!(null), json!([])] {
        let body = json!({ "email": "grace@example.com", "roles": absent });
        assert_eq!(invite(&root, &body).await.status, 202, "{body}");
    }
}
