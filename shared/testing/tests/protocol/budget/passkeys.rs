//! The calls of the routes of passkeys.

use serde_json::json;
use testing::Stack;
use testing::passkey::Passkey;

use super::{Counter, warm};

#[tokio::test]
async fn the_routes_of_passkeys_keep_to_their_budget_of_calls() {
    let stack = Stack::with_mail(&[("ADDRESS_FAILURES", "2")]).await;
    let api = stack.api();
    warm(&stack, &api).await;
    Passkey::of_stack()
        .log_in(&api.at_address("198.51.100.8"))
        .await;
    // With two names and a notice of each change, which is the most that there is.
    let ada = api.sign_up_with_address("ada").await;
    stack.prove_address("ada").await;
    let mut counter = Counter::new(&stack);
    stack.wire.take();

    let mut passkey = Passkey::of_stack();
    let options = ada.post("/me/passkeys/options", &json!({})).await;
    counter.count("POST /me/passkeys/options", (2, 2));
    let body = json!({ "credential": passkey.register(&options.json()) });
    assert_eq!(ada.post("/me/passkeys", &body).await.status, 201);
    counter.count("POST /me/passkeys", (3, 3));
    let path = format!("/me/passkeys/{}", passkey.id());
    let name = json!({ "name": "Key" });
    assert_eq!(ada.patch(&path, &name).await.status, 200);
    counter.count("PATCH /me/passkeys/{id}", (2, 2));

    let options = api.post("/login/passkey/options", &json!({})).await;
    counter.count("POST /login/passkey/options", (0, 0));
    let body = json!({ "credential": passkey.sign_in(&options.json()) });
    assert_eq!(api.post("/login/passkey", &body).await.status, 200);
    counter.count("POST /login/passkey", (2, 3));
    assert_eq!(api.post("/login/passkey", &body).await.status, 401);
    counter.count("POST /login/passkey, answered before", (2, 3));
    let forged = json!({ "credential": passkey.sign_in(&json!({ "challenge": "AA" })) });
    assert_eq!(api.post("/login/passkey", &forged).await.status, 401);
    counter.count("POST /login/passkey, forged", (0, 0));
    let thief = api.at_address("198.51.100.7");
    for _ in 0..2 {
        let mut unknown = Passkey::of_stack();
        unknown.user_handle.clone_from(&passkey.user_handle);
        assert_eq!(unknown.log_in(&thief).await.status, 401);
        counter.count("POST /login/passkey, refused", (2, 3));
    }
    assert_eq!(passkey.log_in(&thief).await.status, 429);
    counter.count("POST /login/passkey, too many failures", (1, 2));

    assert_eq!(ada.delete(&path).await.status, 204);
    counter.count("DELETE /me/passkeys/{id}", (3, 3));
    assert_eq!(ada.delete(&path).await.status, 404);
    counter.count("DELETE /me/passkeys/{id}, none", (2, 2));
    counter.finish();
}
