//! The journey of people who prove addresses, forget passwords, move to other addresses and are
//! invited, each by the letter that they got.

use axum::http::Method;
use serde_json::{Value, json};
use testing::{Answer, Client, OTHER_PASSWORD, PASSWORD, Session};

use crate::administration::Administrator;
use crate::letters::Letters;

/// Somebody's address that nobody else has.
fn address(name: &str) -> String {
    format!("{name}-{}@example.com", uuid::Uuid::new_v4().simple())
}

fn expect(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.json());
    answer.json()
}

async fn login(api: &Client, email: &str, password: &str) -> Session {
    let answer = api
        .post("/login", &json!({ "email": email, "password": password }))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    api.session(answer)
}

/// Where registration is open and a change of address waits.
pub(crate) async fn open(api: &Client, letters: &Letters, administrator: &Administrator) {
    let (session, email) = proven(api, letters, "Ada").await;
    forgotten(api, letters, &email, &session).await;
    let other = moved(api, letters, &email).await;
    assert_ne!(other, email);
    invited(api, letters, administrator).await;
}

/// Registers with an address and proves it; the session and the address.
pub(crate) async fn proven(api: &Client, letters: &Letters, name: &str) -> (Session, String) {
    let email = address(name).to_lowercase();
    let body = json!({ "email": email, "password": PASSWORD });
    let registered = api.post("/register", &body).await;
    let handle = expect(&registered, 201)["email_ticket"].clone();
    let session = api.session(registered);
    assert_eq!(session.user()["email_verified"], false);

    let letter = letters.letter(&email, "/account/email", "email").await;
    page(api, &letter.path()).await;
    let body = json!({ "ticket": handle, "code": letter.code });
    let user = expect(&session.post("/me/email/confirm", &body).await, 200);
    assert_eq!(user["email_verified"], true);
    (session, email)
}

/// Signs up where an address is proven before its account is made; the answer and the address.
pub(crate) async fn signed_up(api: &Client, letters: &Letters, name: &str) -> (Answer, String) {
    let email = address(name).to_lowercase();
    let body = json!({ "email": email });
    let asked = expect(&api.post("/register", &body).await, 202);
    let letter = letters.letter(&email, "/signup/confirm", "signup").await;
    page(api, &letter.path()).await;
    let body = json!({ "ticket": asked["ticket"], "code": letter.code, "password": PASSWORD });
    (api.post("/register/confirm", &body).await, email)
}

/// Where an address is proven before its account is made, and a change of address does not wait.
pub(crate) async fn confirmed(api: &Client, letters: &Letters) {
    let (registered, email) = signed_up(api, letters, "Grace").await;
    let user = expect(&registered, 201)["user"].clone();
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&json!(email), &json!(true))
    );
    assert_eq!(api.session(registered).get("/me").await.status, 200);

    let ask = async |email: &str| {
        let body = json!({ "email": email });
        expect(&api.post("/register", &body).await, 202)
    };
    let free = ask(&address("Nobody")).await;
    let taken = ask(&email).await;
    assert_eq!(taken["expires_in"], free["expires_in"]);
    letters.wait_for(&email, 2).await;

    let session = login(api, &email, PASSWORD).await;
    let other = address("Hopper").to_lowercase();
    let body = json!({ "email": other });
    let asked = expect(&session.put("/me/email", &body).await, 202);
    let letter = letters.letter(&other, "/account/email", "email").await;
    let body = json!({ "ticket": asked["ticket"], "code": letter.code });
    let user = expect(&session.post("/me/email/confirm", &body).await, 200);
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&json!(other), &json!(true))
    );
    login(api, &other, PASSWORD).await;
}

/// A mailed link opens for people, and for scanners, as often as they like.
async fn page(api: &Client, path: &str) {
    for method in [Method::HEAD, Method::GET, Method::GET] {
        let answer = api
            .send(method, path, &[("accept", "text/html")], b"")
            .await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
}

/// Sets a new password by the letter, which ends the session.
async fn forgotten(api: &Client, letters: &Letters, email: &str, session: &Session) {
    let asked = expect(
        &api.post("/forgot-password", &json!({ "email": email }))
            .await,
        202,
    );
    let nobody = api
        .post("/forgot-password", &json!({ "email": address("nobody") }))
        .await;
    assert_eq!(expect(&nobody, 202)["expires_in"], asked["expires_in"]);
    let letter = letters.letter(email, "/reset-password", "reset").await;
    page(api, &letter.path()).await;

    let wrong = if letter.code.as_deref() == Some("0000 0000") {
        "11111111"
    } else {
        "00000000"
    };
    let body = json!({ "ticket": asked["ticket"], "code": wrong, "password": OTHER_PASSWORD });
    let refused = expect(&api.post("/reset-password", &body).await, 400);
    assert_eq!(refused["error"], "invalid_code");
    let body = json!({ "ticket": letter.ticket(), "password": OTHER_PASSWORD });
    assert_eq!(api.post("/reset-password", &body).await.status, 204);
    let again = expect(&api.post("/reset-password", &body).await, 410);
    assert_eq!(again["error"], "ticket_used");
    assert_eq!(session.get("/me").await.status, 401);
    let old = api
        .post("/login", &json!({ "email": email, "password": PASSWORD }))
        .await;
    assert_eq!(old.status, 401);
    // The two before, and the notice.
    letters.wait_for(email, 3).await;
}

/// Moves to another address, to which the old one agrees, and returns it.
async fn moved(api: &Client, letters: &Letters, email: &str) -> String {
    let elsewhere = login(api, email, OTHER_PASSWORD).await;
    let session = login(api, email, OTHER_PASSWORD).await;
    let other = address("Lovelace").to_lowercase();
    let asked = expect(
        &session.put("/me/email", &json!({ "email": other })).await,
        202,
    );
    assert!(
        asked["effective_at"].is_string() || asked["effective_at"].is_u64(),
        "{asked}"
    );
    let proof = letters.letter(&other, "/account/email", "email").await;
    let body = json!({ "ticket": asked["ticket"], "code": proof.code });
    let pending = expect(&session.post("/me/email/confirm", &body).await, 409);
    assert_eq!(pending["error"], "email_change_pending");
    assert_eq!(pending["effective_at"], asked["effective_at"]);

    let consent = letters.letter(email, "/account/email", "agree").await;
    page(api, &consent.path()).await;
    let body = json!({ "ticket": consent.ticket() });
    assert_eq!(session.post("/me/email/confirm", &body).await.status, 204);
    let body = json!({ "ticket": proof.ticket() });
    let user = expect(&session.post("/me/email/confirm", &body).await, 200);
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&json!(other), &json!(true))
    );
    assert_eq!(session.get("/me").await.status, 200);
    assert_eq!(elsewhere.get("/me").await.status, 401, "others have ended");
    login(api, &other, OTHER_PASSWORD).await;
    other
}

/// An administrator invites somebody, has a password set anew, and ends the account.
async fn invited(api: &Client, letters: &Letters, administrator: &Administrator) {
    let login = api
        .login(&administrator.username, &administrator.password)
        .await;
    assert_eq!(login.status, 200, "{}", login.json());
    let administrator = api.session(login);
    let email = address("Katherine").to_lowercase();
    expect(
        &administrator
            .post("/admin/users", &json!({ "email": email }))
            .await,
        202,
    );
    let letter = letters.letter(&email, "/signup/confirm", "signup").await;
    let body = json!({ "ticket": letter.ticket(), "password": PASSWORD });
    let registered = api.post("/register/confirm", &body).await;
    let user = expect(&registered, 201)["user"].clone();
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&json!(email), &json!(true))
    );

    let id = api.session(registered).user_id();
    let path = format!("/admin/users/{id}/password-reset");
    expect(&administrator.post(&path, &json!({})).await, 202);
    let letter = letters.letter(&email, "/reset-password", "reset").await;
    let body = json!({ "ticket": letter.ticket(), "password": OTHER_PASSWORD });
    assert_eq!(api.post("/reset-password", &body).await.status, 204);

    let path = format!("/admin/users/{id}");
    let disabled = administrator
        .patch(&path, &json!({ "status": "disabled" }))
        .await;
    expect(&disabled, 200);
    assert_eq!(administrator.delete(&path).await.status, 204);
    // The two before, and a notice each of the new password, the lock and the end.
    letters.wait_for(&email, 5).await;
}
