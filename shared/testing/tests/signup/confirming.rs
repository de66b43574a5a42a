//! The account that the reader of the mail makes.

use serde_json::{Value, json};
use tables::PermittedSignup;
use testing::{Client, OTHER_PASSWORD, PASSWORD};

use super::{ADA, EVE, World, confirm, confirm_by_code, refusal, wrong};

#[tokio::test]
async fn a_link_makes_an_account_of_the_address_that_was_mailed_and_signs_it_in() {
    let world = World::start().await;
    let link = world.link(EVE).await;
    let before = world.stack.count().await;
    assert_eq!(before, 0, "there is no account before");
    let answer = confirm(&world.api, &link, "eve").await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let user = &answer.json()["user"];
    assert_eq!(user["email"], EVE);
    assert_eq!(user["username"], "eve");
    assert_eq!(user["email_verified"], true);
    assert_eq!(user["roles"], json!([]));
    assert_eq!(answer.json().get("email_ticket"), None);
    let eve = world.api.session(answer);
    let claims = world.stack.claims(&eve.access_token);
    assert_eq!(claims.email_verified, Some(true));
    assert_eq!(eve.get("/protected").await.status, 200);
    assert_eq!(eve.refresh().await.status, 200);
    for name in [json!({ "username": "eve" }), json!({ "email": EVE })] {
        let mut body = name.clone();
        body["password"] = json!(PASSWORD);
        assert_eq!(world.api.post("/login", &body).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn a_code_does_the_same_however_it_is_typed_and_a_username_is_a_choice() {
    let world = World::unlimited().await;
    for (number, typed) in ["{}", " {} ", "{}-", "\u{a0}{}"].iter().enumerate() {
        let address = format!("eve{number}@example.com");
        let (handle, code) = world.code(&address).await;
        let typed = typed.replace("{}", &code);
        let body = json!({ "ticket": handle, "code": typed, "password": PASSWORD });
        let answer = world.api.post("/register/confirm", &body).await;
        assert_eq!(answer.status, 201, "{typed:?} {}", answer.json());
        assert_eq!(answer.json()["user"]["username"], Value::Null);
        assert_eq!(answer.json()["user"]["email"], address);
    }
}

#[tokio::test]
async fn a_link_that_is_out_when_registration_is_closed_makes_no_account() {
    let world = World::start().await;
    let link = world.link(EVE).await;
    let before = world.stored().await;
    let mode = ("REGISTRATION_MODE", Some("closed"));
    let environment = world.stack.environment_with(mode.0, mode.1);
    let closed = Client::function("register", &environment);
    assert_eq!(confirm(&closed, &link, "eve").await.status, 403);
    assert_eq!(world.stored().await, before);
    let open_again = confirm(&world.api, &link, "eve").await;
    assert_eq!(open_again.status, 201, "the ticket is not used up");
}

#[tokio::test]
async fn a_second_click_and_the_same_link_in_another_browser_make_no_second_account() {
    let world = World::start().await;
    let (handle, code) = world.code(EVE).await;
    let link = world.stack.letter(EVE, "signup").await.ticket().to_owned();
    let elsewhere = world.stack.api().at_address("198.51.100.7");
    assert_eq!(confirm(&elsewhere, &link, "eve").await.status, 201);
    let used = (410, json!("ticket_used"));
    for api in [&world.api, &elsewhere] {
        assert_eq!(refusal(&confirm(api, &link, "eve").await), used);
        assert_eq!(refusal(&confirm(api, &link, "eve2").await), used);
    }
    let by_code = confirm_by_code(&world.api, &handle, &code, "eve3").await;
    assert_eq!(refusal(&by_code), used, "a right code hears it too");
    assert_eq!(by_code.json().get("ticket"), None);
    assert_eq!(world.stack.items("UsersTable").await.len(), 1);
}

#[tokio::test]
async fn the_password_is_judged_before_the_code_and_costs_no_guess() {
    let world = World::start().await;
    let (handle, code) = world.code(EVE).await;
    for password in ["short", "passwordpassword", "aaaaaaaaaaaaaaaaaaaa"] {
        for code in [&code, &wrong(&code)] {
            let body = json!({ "ticket": handle, "code": code, "password": password });
            let refused = world.api.post("/register/confirm", &body).await;
            assert_eq!(refused.status, 400, "{password}");
            assert_eq!(refused.json()["errors"][0]["field"], "password");
            assert_eq!(refused.json().get("ticket"), None);
        }
    }
    let item = world.stack.items("MailsTable").await.remove(0);
    assert_eq!(item["guesses"].as_n().unwrap(), "0");
}

#[tokio::test]
async fn a_right_code_is_worth_the_link_where_the_account_cannot_be_made() {
    let world = World::unlimited().await;
    world.sign_up(ADA, "ada").await;
    let (handle, code) = world.code("velvet.harbours@example.com").await;
    let show = async |ticket: &str, code: Option<&str>, username: &str, password: &str| {
        let body = json!({
            "ticket": ticket, "code": code, "username": username, "password": password,
        });
        world.api.post("/register/confirm", &body).await
    };
    let own = show(&handle, Some(&code), "eve", "velvet.harbours").await;
    assert_eq!(refusal(&own), (400, json!("invalid_request")));
    assert_eq!(
        own.json()["errors"],
        json!([{ "field": "password", "detail": "is your name" }])
    );
    let link = own.json()["ticket"].as_str().unwrap().to_owned();
    let taken = show(&link, None, "ADA", PASSWORD).await;
    assert_eq!(refusal(&taken), (409, json!("username_taken")));
    assert_eq!(
        taken.json()["errors"],
        json!([{ "field": "username", "detail": "is taken" }])
    );
    assert_eq!(taken.json()["ticket"], link.as_str());
    let signed_up = show(&link, None, "eve", OTHER_PASSWORD).await;
    assert_eq!(signed_up.status, 201, "{}", signed_up.json());
}

#[tokio::test]
async fn a_link_tries_as_many_usernames_as_a_network_may_register() {
    let world = World::with(&[("THROTTLE_WINDOW", "600")]).await;
    world.sign_up(ADA, "ada").await;
    let link = world.link(EVE).await;
    let mut statuses = Vec::new();
    for _ in 0..25 {
        let tried = confirm(&world.api, &link, "ada").await;
        assert_eq!(tried.json()["ticket"], link.as_str());
        statuses.push(tried.status);
    }
    // The sign-up of ada was one too.
    assert_eq!(statuses[..19], [409; 19]);
    assert_eq!(statuses[19..], [429; 6]);
    let form = format!("ticket={link}&username=eve&password=nine+purple+elephants+dance");
    let page = world.form("/signup/confirm", &form).await;
    assert_eq!(page.status, 429);
    assert!(page.header("retry-after").is_some());
    let elsewhere = world.api.at_address("198.51.100.7");
    assert_eq!(confirm(&elsewhere, &link, "eve").await.status, 201);
}

#[tokio::test]
async fn an_address_that_is_taken_meanwhile_leaves_the_ticket_unspent() {
    let world = World::unlimited().await;
    let [first, ..] = world.issue(PermittedSignup::Free, EVE).await;
    let [second, ..] = world.issue(PermittedSignup::Free, EVE).await;
    assert_eq!(confirm(&world.api, &first, "eve").await.status, 201);
    let taken = confirm(&world.api, &second, "other").await;
    assert_eq!(refusal(&taken), (409, json!("email_taken")));
    assert_eq!(taken.json()["ticket"], second.as_str());
    let both = confirm(&world.api, &second, "eve").await;
    assert_eq!(refusal(&both), (409, json!("email_taken")));
    assert_eq!(both.json()["errors"].as_array().unwrap().len(), 2);
    // Once the address is free again, the ticket is good.
    let login = json!({ "username": "eve", "password": PASSWORD });
    let eve = world.api.session(world.api.post("/login", &login).await);
    assert_eq!(eve.delete("/me").await.status, 204);
    assert_eq!(confirm(&world.api, &second, "other").await.status, 201);
}

#[tokio::test]
async fn bad_members_are_named_and_change_nothing() {
    let world = World::start().await;
    let link = world.link(EVE).await;
    let before = world.stored().await;
    for (body, field) in [
        (json!({ "password": PASSWORD }), "ticket"),
        (json!({ "ticket": link }), "password"),
        (json!({ "ticket": 1, "password": PASSWORD }), "ticket"),
        (
            json!({ "ticket": link, "password": PASSWORD, "username": "a b" }),
            "username",
        ),
        (
            json!({ "ticket": link, "password": PASSWORD, "email": EVE }),
            "email",
        ),
        (
            json!({ "ticket": link, "password": PASSWORD, "roles": ["admin"] }),
            "roles",
        ),
    ] {
        let refused = world.api.post("/register/confirm", &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
    }
    let form = format!("ticket={link}&password=x");
    assert_eq!(world.form("/register/confirm", &form).await.status, 415);
    assert_eq!(world.stored().await, before);
}
