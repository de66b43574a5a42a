//! Usernames, e-mail addresses and the passwords beside them.

use serde_json::{Value, json};
use testing::{PASSWORD, Session, Stack};

use super::Table;

/// Somebody who can be found by either name.
async fn ada(stack: &Stack) -> Session {
    let api = stack.api();
    let names = json!({ "username": "Ada", "email": "ada@example.com", "password": PASSWORD });
    let registered = api.post("/register", &names).await;
    assert_eq!(registered.status, 201, "{}", registered.json());
    stack.grant("ada", &["admin"]).await;
    api.sign_in("ada").await
}

/// Member, spelling, and whether it is Ada's.
fn spellings() -> Vec<(&'static str, &'static str, bool)> {
    vec![
        ("username", "Ada", true),
        ("username", "ADA", true),
        ("username", " ada", true),
        ("username", "ada\r\n", true),
        ("username", "\tada\u{a0}", true),
        ("username", "ada\u{3000}", true),
        ("username", "ada@example.com", true),
        ("username", " ADA@Example.Com\n", true),
        ("username", "ada\u{200b}", false),
        ("username", "a da", false),
        ("username", "ada\u{0}", false),
        ("username", "ａｄａ", false),
        ("username", "аda", false),
        ("username", "-ada", false),
        ("username", "@ada", false),
        ("username", "ada@", false),
        ("email", "ADA@EXAMPLE.COM", true),
        ("email", "\u{a0}ada@example.com\n", true),
        ("email", "ada", false),
        ("email", "ada @example.com", false),
        ("email", "ada@example.com.", false),
        ("email", "<ada@example.com>", false),
        ("email", "mailto:ada@example.com", false),
        ("email", "Ada <ada@example.com>", false),
        ("email", "\"ada\"@example.com", false),
        ("email", "ada(x)@example.com", false),
        ("email", "ada@[192.0.2.1]", false),
        ("email", "ada@192.0.2.1", false),
        ("email", "ada@ex_ample.com", false),
        ("email", "ada＠example.com", false),
        ("email", "ada@example。com", false),
    ]
}

#[tokio::test]
async fn a_name_is_read_without_regard_to_case_and_to_blanks_around_it() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let ada = ada(&stack).await;
    let mut table = Table::of("name");
    for (member, spelling, is_hers) in spellings() {
        let status = |success| if is_hers { success } else { 400 };
        let spelt = format!("{member} {spelling}");

        let body = json!({ member: spelling, "password": PASSWORD });
        let answer = api.post("/login", &body).await;
        table.row("POST /login", &spelt, &answer, status(200));

        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair(member, spelling)
            .finish();
        let answer = ada.get(&format!("/admin/users?{query}")).await;
        table.row("GET /admin/users", &spelt, &answer, status(200));
        let found = &answer.json()["users"][0]["username"];
        let found = found.as_str().unwrap_or_default();
        assert_eq!(found.eq_ignore_ascii_case("ada"), is_hers, "{spelt}");

        // There is one field for each name here.
        if member == "email" || !spelling.contains('@') {
            let answer = api.post("/register", &body).await;
            table.row("POST /register", &spelt, &answer, status(409));
            let answer = ada.patch("/me", &json!({ member: spelling })).await;
            table.row("PATCH /me", &spelt, &answer, status(200));
        }
        if !is_hers {
            let field = &answer.json()["errors"][0]["field"];
            assert_eq!(*field, json!(member), "{spelt}");
        }
    }
}

#[tokio::test]
async fn a_name_is_kept_without_the_blanks_around_it() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let names =
        json!({ "username": "\u{a0}Ada\n", "email": " Ada@Example.com ", "password": PASSWORD });
    let registered = api.session(api.post("/register", &names).await);
    assert_eq!(registered.user()["username"], json!("Ada"));
    assert_eq!(registered.user()["email"], json!("ada@example.com"));
    let names = json!({ "username": " Eve\t" });
    let renamed = registered.patch("/me", &names).await.json();
    assert_eq!(renamed["username"], json!("Eve"));
}

#[tokio::test]
async fn a_password_is_read_as_it_is_but_for_its_normal_form() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let password = " crêpes in the \u{fffd} garden ";
    assert_eq!(api.register("ada", password).await.status, 201);
    let form = |text: &str| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("username", "ada")
            .append_pair("password", text);
        form.finish()
    };
    let mut table = Table::of("password");
    for (spelling, status) in [
        (password, 200),
        (" cre\u{302}pes in the \u{fffd} garden ", 200),
        (password.trim(), 401),
        (" Crêpes in the \u{fffd} garden ", 401),
        (" crêpes in the \u{fffd} garden", 401),
        (" crêpes\u{a0}in the \u{fffd} garden ", 401),
    ] {
        let answer = api.login("ada", spelling).await;
        table.row("POST /login", spelling, &answer, status);
        let answer = api.form("/login", None, &form(spelling)).await;
        table.row("POST /login, form", spelling, &answer, status);
    }
}

#[tokio::test]
async fn a_member_that_is_null_is_absent() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let mut table = Table::of("null");
    let names = |username: Value, email: Value| json!({ "username": username, "email": email, "password": PASSWORD });
    let body = names(json!("ada"), Value::Null);
    let ada = api.post("/register", &body).await;
    table.row("POST /register", "email null", &ada, 201);
    let ada = api.session(ada);
    let answer = api.post("/login", &body).await;
    table.row("POST /login", "email null", &answer, 200);
    let body = json!({ "username": "ada", "password": PASSWORD, "device_token": null });
    let answer = api.post("/login", &body).await;
    table.row("POST /login", "device_token null", &answer, 200);
    let neither = names(Value::Null, Value::Null);
    for path in ["/register", "/login"] {
        let answer = api.post(path, &neither).await;
        table.row(&format!("POST {path}"), "both names null", &answer, 400);
        assert_eq!(answer.json()["errors"][0]["field"], json!("username"));
        let body = json!({ "username": "ada", "password": null });
        let answer = api.post(path, &body).await;
        table.row(&format!("POST {path}"), "password null", &answer, 400);
        let missing = json!([{ "field": "password", "detail": "is missing" }]);
        assert_eq!(answer.json()["errors"], missing);
    }
    let answer = api
        .post("/refresh", &json!({ "refresh_token": null }))
        .await;
    table.row("POST /refresh", "refresh_token null", &answer, 400);

    // In a patch it takes the name away.
    let both = json!({ "username": "ada", "email": "ada@example.com" });
    assert_eq!(ada.patch("/me", &both).await.status, 200);
    let answer = ada.patch("/me", &json!({ "username": null })).await;
    table.row("PATCH /me", "username null", &answer, 200);
    assert_eq!(answer.json()["username"], Value::Null);
    assert_eq!(answer.json()["email"], json!("ada@example.com"));
    let answer = ada.patch("/me", &json!({ "email": null })).await;
    table.row("PATCH /me", "email null, the last name", &answer, 400);
}
