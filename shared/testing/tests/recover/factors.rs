//! Accounts with second factors and passkeys, whose password is forgotten.

use accounts::WaysIn;
use serde_json::json;
use testing::OTHER_PASSWORD;

use crate::{ADA, World};

async fn factors(world: &World) -> Vec<String> {
    let items = world.stack.items("FactorsTable").await.into_iter();
    let mut ids: Vec<_> = items
        .map(|item| item["id"].as_s().unwrap().clone())
        .collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn a_passkey_of_somebody_who_never_read_the_mail_goes_with_the_reset() {
    let world = World::start().await;
    let stranger = world.api.sign_in("ada").await;
    world.stack.add_passkey_row(&stranger, "AAAA").await;
    let link = world.link().await;
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
    let user = world.stack.user("ada").await;
    assert!(user.email_is_verified());
    assert_eq!(user.ways_in, WaysIn::default());
    for login in world.stack.items("LoginsTable").await {
        assert!(!login.contains_key("ways"), "{login:?}");
    }
    assert_eq!(factors(&world).await, Vec::<String>::new());
    assert_eq!(world.api.login("ada", OTHER_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn what_the_owner_of_a_proved_address_has_added_stays() {
    let world = World::start().await;
    world.stack.prove_address("ada").await;
    let owner = world.api.sign_in("ada").await;
    let before = world.stack.add_passkey_row(&owner, "AAAA").await;
    let link = world.link().await;
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
    let after = world.stack.user("ada").await;
    assert_eq!(after.ways_in, before.ways_in);
    assert_eq!(factors(&world).await, ["passkey#AAAA"]);
}

/// Someone else who signed up with the address may have enrolled it, and the reader of the mail has none.
#[tokio::test]
async fn a_second_factor_at_an_address_that_nobody_proved_is_no_way_back() {
    let world = World::start().await;
    let stranger = world.api.sign_in("ada").await;
    world.stack.give_totp(&stranger).await;
    world.stack.add_passkey_row(&stranger, "AAAA").await;
    let before = world.stack.user("ada").await;
    let handle = world.ask(ADA).await;
    let [letter] = &world.resets(ADA).await[..] else {
        panic!("one letter");
    };
    assert_eq!((&letter.link, &letter.code), (&None, &None));
    assert!(letter.letter.text.contains("ask those who run the service"));
    let guessed = world
        .reset_by_code(&handle, "00000000", OTHER_PASSWORD)
        .await;
    assert_eq!(guessed.status, 400);
    assert_eq!(guessed.json()["error"], json!("invalid_code"));
    assert_eq!(world.stack.user("ada").await, before);
}

/// A ticket that was out when the factor was enrolled, or that an administrator has ordered.
#[tokio::test]
async fn a_reset_at_an_unproved_address_leaves_the_factor_and_takes_the_passkey() {
    let world = World::start().await;
    let stranger = world.api.sign_in("ada").await;
    world.stack.give_totp(&stranger).await;
    world.stack.add_passkey_row(&stranger, "AAAA").await;
    let user = world.stack.user("ada").await;
    let ticket = world.stack.ticket(accounts::Purpose::Reset, &user).await;
    let reset = world.reset(&ticket, OTHER_PASSWORD).await;
    assert_eq!(reset.status, 204, "{}", reset.json());
    let after = world.stack.user("ada").await;
    assert_eq!(after.ways_in, WaysIn::default().with_totp());
    assert_eq!(factors(&world).await, ["recovery", "totp"]);
}
