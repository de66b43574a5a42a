//! The attacks of "Pre-hijacked Accounts" (Sudhodanan and Paverd, USENIX Security 2022), as the
//! attacker tries them, who acts on the victim's address before the victim does.

use serde_json::json;
use testing::{Answer, Client, OTHER_PASSWORD, PASSWORD, Session};

use super::{World, ask, confirm};

const VICTIM: &str = "victim@example.com";

/// A deployment where the attacker can make an account of an address that somebody else reads.
async fn open() -> World {
    World::with(&[("REGISTRATION_MODE", "open")]).await
}

impl World {
    /// The attacker makes an account of the victim's address, with another username.
    async fn attack(&self) -> Session {
        let body = json!({ "username": "trojan", "email": VICTIM, "password": PASSWORD });
        let registered = self.api.post("/register", &body).await;
        assert_eq!(registered.status, 201);
        assert_eq!(registered.json()["user"]["email_verified"], false);
        self.api.session(registered)
    }

    /// The victim finds that there is an account, and sets a password by mail.
    async fn take_over(&self) {
        let api = self.api.at_address("198.51.100.7");
        let asked = api
            .post("/forgot-password", &json!({ "email": VICTIM }))
            .await;
        assert_eq!(asked.status, 202);
        let ticket = self.stack.letter(VICTIM, "reset").await.ticket().to_owned();
        let body = json!({ "ticket": ticket, "password": OTHER_PASSWORD });
        let reset = api.post("/reset-password", &body).await;
        assert_eq!(reset.status, 204, "{}", reset.json());
        assert_eq!(login(&api, VICTIM, OTHER_PASSWORD).await.status, 200);
    }
}

async fn login(api: &Client, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    api.post("/login", &body).await
}

#[tokio::test]
async fn an_account_of_the_victims_address_cannot_be_made_first_where_addresses_are_proven() {
    let world = World::start().await;
    let body = json!({ "username": "trojan", "email": VICTIM, "password": PASSWORD });
    assert_eq!(world.api.post("/register", &body).await.status, 400);
    let asked = ask(&world.api, VICTIM).await;
    let handle = asked.json()["ticket"].as_str().unwrap().to_owned();
    let link = world
        .stack
        .letter(VICTIM, "signup")
        .await
        .ticket()
        .to_owned();
    let attempt = confirm(&world.api, &handle, "trojan").await;
    assert_eq!(attempt.status, 400, "the attacker has no code");
    assert_eq!(world.stack.count().await, 0);
    // The victim signs up as if nobody had asked before.
    let victim = confirm(&world.api.at_address("198.51.100.7"), &link, "victim").await;
    assert_eq!(victim.status, 201);
    assert_eq!(login(&world.api, VICTIM, PASSWORD).await.status, 200);
    assert_eq!(world.api.login("trojan", PASSWORD).await.status, 401);
}

#[tokio::test]
async fn the_attackers_password_is_worth_nothing_once_the_victim_has_the_account() {
    let world = open().await;
    world.attack().await;
    world.take_over().await;
    assert_eq!(login(&world.api, VICTIM, PASSWORD).await.status, 401);
}

#[tokio::test]
async fn the_attackers_unexpired_session_ends_when_the_victim_has_the_account() {
    let world = open().await;
    let attacker = world.attack().await;
    let kept = attacker.refreshed().await;
    assert_eq!(kept.get("/me").await.status, 200);
    world.take_over().await;
    for session in [&attacker, &kept] {
        assert_eq!(session.get("/me").await.status, 401);
        assert_eq!(session.refresh().await.status, 401);
        let renamed = session.patch("/me", &json!({ "username": "mine" })).await;
        assert_eq!(renamed.status, 401);
        let again = session.login_again("trojan", PASSWORD).await;
        assert_eq!(again.status, 401, "nor is it a device's");
    }
}

#[tokio::test]
async fn the_attackers_trojan_identifier_opens_nothing_once_the_victim_has_the_account() {
    let world = open().await;
    world.attack().await;
    world.take_over().await;
    assert_eq!(world.api.login("trojan", PASSWORD).await.status, 401);
    // He cannot have a password mailed either: the username has no address but the victim's.
    let body = json!({ "email": "trojan@example.com" });
    let asked = world.api.post("/forgot-password", &body).await;
    assert_eq!(asked.status, 202);
    assert!(world.stack.letters("trojan@example.com").await.is_empty());
    let body = json!({ "email": "trojan" });
    assert_eq!(world.api.post("/forgot-password", &body).await.status, 400);
}

#[tokio::test]
async fn the_attackers_unexpired_email_change_ends_when_the_victim_has_the_account() {
    const OWN: &str = "attacker@example.com";
    let world = open().await;
    let attacker = world.attack().await;
    let asked = attacker.put("/me/email", &json!({ "email": OWN })).await;
    assert!(asked.status < 300, "{}", asked.json());
    let handle = asked.json()["ticket"].as_str().unwrap().to_owned();
    let letter = world.stack.letter(OWN, "email").await;
    world.take_over().await;
    // By the session that asked, and by one of another account of the attacker.
    let body = json!({ "email": "second@example.com", "username": "second", "password": PASSWORD });
    let second = world.api.post("/register", &body).await;
    let second = world.api.session(second);
    for (ticket, code) in [
        (letter.ticket(), None),
        (handle.as_str(), letter.code.as_deref()),
    ] {
        let body = json!({ "ticket": ticket, "code": code });
        let ended = attacker.post("/me/email/confirm", &body).await;
        assert_eq!(ended.status, 401);
        let other = second.post("/me/email/confirm", &body).await;
        assert!([400, 403].contains(&other.status), "{}", other.json());
    }
    assert_eq!(login(&world.api, VICTIM, OTHER_PASSWORD).await.status, 200);
    assert_eq!(login(&world.api, OWN, PASSWORD).await.status, 401);
    assert_eq!(login(&world.api, OWN, OTHER_PASSWORD).await.status, 401);
}

/// The variant that needs an identity provider which does not verify addresses needs an account that
/// has one unverified. An account where addresses are proven gets none.
#[tokio::test]
async fn the_attackers_own_account_gets_no_address_of_the_victims() {
    let world = World::start().await;
    let own = world.sign_up("attacker@example.com", "attacker").await;
    let attacker = world.api.session(own);
    let body = json!({ "email": VICTIM });
    assert_eq!(attacker.patch("/me", &body).await.status, 400);
    let asked = attacker.put("/me/email", &body).await;
    assert!(asked.status < 300, "{}", asked.json());
    let body = json!({ "ticket": asked.json()["ticket"], "code": "00000000" });
    let guessed = attacker.post("/me/email/confirm", &body).await;
    assert_eq!(guessed.status, 400);
    let found = attacker.get("/me").await.json();
    assert_eq!(found["email"], "attacker@example.com");
    // The victim signs up as if nobody had asked before.
    let victim = world.sign_up(VICTIM, "victim").await;
    assert_eq!(victim.json()["user"]["email_verified"], true);
    assert_eq!(login(&world.api, VICTIM, PASSWORD).await.status, 200);
}
