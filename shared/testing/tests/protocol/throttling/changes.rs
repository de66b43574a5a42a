//! Registrations, and the changes that the owner of an account makes.

use serde_json::json;
use testing::{OTHER_PASSWORD, PASSWORD, Stack};

use super::{WINDOW, retry_after};

#[tokio::test]
async fn registrations_of_an_address_are_limited_and_bad_input_costs_none() {
    let stack = Stack::start_with(&[("REGISTRATION_BURST", "2"), WINDOW]).await;
    let api = stack.api();
    for _ in 0..5 {
        assert_eq!(api.register("a", "short").await.status, 400);
    }
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    assert_eq!(api.register("ada", PASSWORD).await.status, 409);
    retry_after(&api.register("eve", PASSWORD).await);
    assert_eq!(stack.items("UsersTable").await.len(), 1);
    for (address, status) in [
        ("2001:db8:0:100::1", 201),
        ("2001:db8:0:1ff::1", 201),
        ("2001:db8:0:180::1", 429),
        ("2001:db8:0:200::1", 201),
    ] {
        let name = address.replace(':', ".");
        let registered = api.at_address(address).register(&name, PASSWORD).await;
        assert_eq!(
            registered.status,
            status,
            "{address}: {}",
            registered.json()
        );
    }
}

#[tokio::test]
async fn changes_have_an_allowance_by_session_and_kind_and_ends_have_none() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "2"), WINDOW]).await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let rename = async |n: u32| {
        let names = json!({ "username": format!("ada{n}") });
        ada.patch("/me", &names).await
    };
    for n in 0..2 {
        assert_eq!(rename(n).await.status, 200);
    }
    retry_after(&rename(2).await);
    assert_eq!(
        rename(1).await.status,
        200,
        "nothing changes, nothing counts"
    );
    for _ in 0..2 {
        assert_eq!(ada.delete("/me/sessions").await.status, 204);
    }
    retry_after(&ada.delete("/me/sessions").await);
    for _ in 0..2 {
        let wrong = ada.change_password("wrong", OTHER_PASSWORD).await;
        assert_eq!(wrong.status, 400);
    }
    retry_after(&ada.change_password(PASSWORD, OTHER_PASSWORD).await);

    let mut other = api.sign_in("ada1").await;
    let one = "/me/sessions/019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";
    for _ in 0..30 {
        other = other.refreshed().await;
        assert_eq!(other.delete(one).await.status, 204);
    }
    let renamed = other.patch("/me", &json!({ "username": "eve" })).await;
    assert_eq!(renamed.status, 200, "another session has its own");
    assert_eq!(ada.delete("/me").await.status, 204);
}

#[tokio::test]
async fn a_new_name_takes_from_the_registrations_of_its_network_too() {
    let stack = Stack::start_with(&[("REGISTRATION_BURST", "3"), WINDOW]).await;
    let api = stack.api();
    api.register("eve", PASSWORD).await;
    let ada = api.sign_up("ada").await;
    let probe = json!({ "username": "eve" });
    assert_eq!(ada.patch("/me", &probe).await.status, 409);
    retry_after(&ada.patch("/me", &probe).await);
    retry_after(&api.register("grace", PASSWORD).await);
    let elsewhere = ada.at_address("198.51.100.7");
    let name = json!({ "username": "lovelace" });
    assert_eq!(elsewhere.patch("/me", &name).await.status, 200);
}

#[tokio::test]
async fn an_administrator_makes_200_changes_in_a_row() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "2"), WINDOW]).await;
    let api = stack.api();
    let eve = api.sign_up("eve").await.user_id();
    let root = stack.administrator(&api, "root").await;
    let path = format!("/admin/users/{eve}");
    let mut refused = 0;
    for n in 0..200 {
        let status = ["disabled", "active"][n % 2];
        let changed = root.patch(&path, &json!({ "status": status })).await;
        refused += usize::from(changed.status == 429);
        assert_eq!(changed.status, 200, "{}", changed.json());
    }
    println!("200 changes by an administrator: {refused} × 429");
}
