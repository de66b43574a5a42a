//! The permissions of a function are those that it uses, as its calls to DynamoDB show.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use accounts::MfaPurpose;
use axum::http::Method;
use lambda_http::Context;
use local::Template;
use local::functions::Function;
use local::openapi::Access;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use testing::passkey::Passkey;
use testing::wire::Fault;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Session, Stack};

use crate::sample::{Sample, samples};

/// Everything that a function does, good and bad, so that each of its permissions is needed. What takes many
/// requests is on the heap, or a thread of the tests would not hold it.
async fn exercise(name: &str, stack: &Stack, function: &Client) {
    // The calls of a login are not the function's own.
    let sign_in = async || {
        let ada = stack.api().sign_in("ada").await;
        stack.wire.take();
        ada
    };
    match name {
        "register" => {
            function.sign_up("eve").await;
            assert_eq!(function.register("eve", PASSWORD).await.status, 409);
            let conflict = Fault::Canceled("TransactionConflict");
            stack.wire.fail("TransactWriteItems", &conflict, 100);
            assert_eq!(function.register("eve", PASSWORD).await.status, 409);
            stack.wire.mend();
            sign_up_by_mail(stack).await;
        }
        "login" => {
            let ada = function.sign_in("ada").await;
            let ada = function.session(ada.answer);
            assert_eq!(ada.login_again("ada", PASSWORD).await.status, 200);
            assert_eq!(function.login("ada", "wrong").await.status, 401);
        }
        "mfa" => sign_in_twice(stack, function).await,
        "recover" => Box::pin(recover(stack, function)).await,
        "account" => Box::pin(change_account(stack, function)).await,
        "factors" => Box::pin(enrol(stack, function)).await,
        "passkey" => Box::pin(sign_in_with_passkey(stack, function)).await,
        "refresh" => {
            let ada = function.session(sign_in().await.answer);
            let newest = ada.refreshed().await;
            stack.refreshed_at(&newest, api::now() - 61).await;
            assert_eq!(ada.refresh().await.status, 401);
        }
        "logout" => {
            let ada = sign_in().await;
            assert_eq!(function.logout(&ada.access_token).await.status, 204);
        }
        "admin" => Box::pin(administer(stack, function)).await,
        "authorizer" => {
            let ada = sign_in().await;
            let mut request = testing::event("authorizer");
            request["headers"]["authorization"] = json!(format!("Bearer {}", ada.access_token));
            let answer = stack.invoke("authorizer", &request).await.unwrap();
            assert_eq!(answer["isAuthorized"], true);
        }
        "introspect" => {
            let judge = stack.administrator(&stack.api(), "judge").await;
            let judge = function.session(judge.answer);
            let ada = sign_in().await;
            for token in [ada.refresh_token, ada.access_token] {
                let form = format!("token={token}");
                let answer = judge.form("/oauth2/introspect", &form).await;
                assert_eq!(answer.json()["active"], true, "{}", answer.json());
            }
        }
        "revoke" => {
            let ada = sign_in().await;
            for token in [ada.refresh_token, ada.access_token] {
                let form = format!("token={token}");
                let answer = function.form("/oauth2/revoke", None, &form).await;
                assert_eq!(answer.status, 200);
            }
        }
        "mailer" => {
            stack.order("ada@example.com").await;
            stack.wire.take();
            assert_eq!(stack.letters("ada@example.com").await.len(), 1);
        }
        "rotate-keys" => {
            let environment = stack.environment_with("SIGNING_ALGORITHM", Some("ES256"));
            let function = Function::named("rotate-keys").start(&environment).unwrap();
            let event = to_raw_value(&json!({})).unwrap();
            let answer = function.invoke(&event, Context::default()).await.unwrap();
            assert_eq!(answer["version"], 2);
        }
        _ => {
            exercise_routes(name, stack, function).await;
        }
    }
}

/// Takes the second step of a sign-in, on a device that was signed in before too, and raises a
/// session; and shows a wrong code, and a passkey.
async fn sign_in_twice(stack: &Stack, function: &Client) {
    let api = stack.api();
    let kim = api.sign_up_with_address("kim").await;
    stack.prove_address("kim").await;
    let (app, recovery_codes) = kim.enrol().await;
    let mut passkey = stack.add_passkey(&stack.user("kim").await).await;
    let answer = passkey.sign_in(&stack.passkey_request().await);
    let token = async || {
        let asked = kim.login_again("kim", PASSWORD).await;
        stack.wire.take();
        asked.json()["mfa_token"].clone()
    };
    let (first, second, third) = (token().await, token().await, token().await);
    let wrong = json!({ "mfa_token": first, "code": app.code_in(-3) });
    assert_eq!(function.post("/login/mfa", &wrong).await.status, 400);
    let recovered = json!({ "recovery_code": recovery_codes[0] });
    let kim = function.session(kim.answer);
    let raised = kim.post("/step-up", &recovered).await;
    assert_eq!(raised.status, 200, "{}", raised.json());
    let right = json!({ "mfa_token": second, "code": app.code_in(1) });
    let signed_in = function.post("/login/mfa", &right).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.json());
    let shown = json!({ "mfa_token": third, "passkey": answer });
    let signed_in = function.post("/login/mfa", &shown).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.json());
}

/// Asks for a new password, guesses, and sets it.
async fn recover(stack: &Stack, function: &Client) {
    let email = "recover@example.com";
    let names = json!({ "email": email, "password": PASSWORD });
    let registered = stack.api().post("/register", &names).await;
    let owner = stack.api().session(registered);
    stack.add_passkey_row(&owner, "recover").await;
    stack.wire.take();
    let asked = json!({ "email": email });
    let asked = function.post("/forgot-password", &asked).await;
    let handle = asked.json()["ticket"].clone();
    let reset = json!({ "ticket": handle, "code": "00000000", "password": OTHER_PASSWORD });
    assert_eq!(function.post("/reset-password", &reset).await.status, 400);
    let ticket = stack.letter(email, "reset").await.ticket().to_owned();
    let reset = json!({ "ticket": ticket, "password": OTHER_PASSWORD });
    assert_eq!(function.post("/reset-password", &reset).await.status, 204);
}

/// Uses the routes of an account, guesses a code, and deletes it.
async fn change_account(stack: &Stack, function: &Client) {
    let email = "account@example.com";
    let names = json!({ "email": email, "password": PASSWORD });
    let registered = stack.api().post("/register", &names).await;
    // By another environment: the calls before the routes are not counted.
    let caller = stack.api().session(registered);
    stack.add_passkey_row(&caller, "account").await;
    let asked = caller.put("/me/email", &json!({ "email": email })).await;
    let handle = asked.json()["ticket"].clone();
    exercise_routes("account", stack, function).await;
    let guess = json!({ "ticket": handle, "code": "00000000" });
    let caller = function.session(caller.answer);
    let refused = caller.post("/me/email/confirm", &guess).await;
    assert_eq!(refused.status, 400);
    assert_eq!(caller.delete("/me").await.status, 204);
}

/// Adds and removes factors, in a session and before one.
async fn enrol(stack: &Stack, function: &Client) {
    // So that no other function's accounts count with these.
    let api = stack.api().at_address("198.51.100.7");
    let registered = api.sign_up_with_address("factors").await.answer;
    stack.prove_address("factors").await;
    api.sign_up("enrolling").await;
    let enrolling = stack.user("enrolling").await;
    let token = stack.mfa_token(&enrolling, MfaPurpose::Enrol).await;
    stack.wire.take();
    let owner = function.session(registered);
    assert_eq!(owner.get("/me/factors").await.status, 200);
    owner.enrol().await;
    let codes = owner.post("/me/recovery-codes", &Value::Null).await;
    assert_eq!(codes.status, 201, "{}", codes.json());
    assert_eq!(owner.delete("/me/totp").await.status, 204);
    let mut passkey = Passkey::of_stack();
    let added = passkey.enrol(&owner, "Phone").await;
    assert_eq!(added.status, 201, "{}", added.json());
    let path = "/me/totp";
    let all = stack.environment_where(&[("MFA_REQUIRED", "all")]);
    let all = Client::function("factors", &all);
    let offered = all.call(Method::POST, path, Some(&token), None).await;
    assert_eq!(offered.status, 201, "{}", offered.json());
}

/// Signs in with a passkey, and is refused with one.
async fn sign_in_with_passkey(stack: &Stack, function: &Client) {
    let mut passkey = stack.add_passkey(&stack.user("ada").await).await;
    stack.wire.take();
    let tokens = passkey.log_in(function).await;
    assert_eq!(tokens.status, 200, "{}", tokens.json());
    passkey.flags = 0;
    assert_eq!(passkey.log_in(function).await.status, 401);
}

/// Uses the routes of administrators.
async fn administer(stack: &Stack, function: &Client) {
    let told = stack.api().sign_up_with_address("told").await;
    stack.add_passkey_row(&told, "told").await;
    let told = told.user_id();
    stack.prove_address("told").await;
    let root = exercise_routes("admin", stack, function).await;
    let found = root.get("/admin/users?username=root-admin").await;
    assert_eq!(found.status, 200);
    let disabled = json!({ "status": "disabled" });
    let disabled = root.patch(&format!("/admin/users/{told}"), &disabled).await;
    assert_eq!(disabled.status, 200);
    let removed = root.delete(&format!("/admin/users/{told}/factors")).await;
    assert_eq!(removed.status, 204);
}

/// Registers an address at once, and another one by mail.
async fn sign_up_by_mail(stack: &Stack) {
    let body = json!({ "email": "open@example.com", "password": PASSWORD });
    let open = stack.function("register");
    assert_eq!(open.post("/register", &body).await.status, 201);
    let environment = stack.environment_with("REGISTRATION_MODE", Some("confirmed"));
    let function = Client::function("register", &environment);
    let email = "confirmed@example.com";
    let asked = function.post("/register", &json!({ "email": email })).await;
    let handle = asked.json()["ticket"].clone();
    let guess = json!({ "ticket": handle, "code": "00000000", "password": PASSWORD });
    let guessed = function.post("/register/confirm", &guess).await;
    assert_eq!(guessed.status, 400);
    let ticket = stack.letter(email, "signup").await.ticket().to_owned();
    let shown = json!({ "ticket": ticket, "password": PASSWORD });
    let made = function.post("/register/confirm", &shown).await;
    assert_eq!(made.status, 201);
}

/// Calls every route of a function, as somebody who may. What deletes most comes last.
async fn exercise_routes(name: &str, stack: &Stack, function: &Client) -> Session {
    let routes = Template::load().routes().into_iter();
    let keys: Vec<_> = routes
        .filter(|route| route.function == name)
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let mut routes = samples();
    routes.retain(|route| keys.contains(&route.key));
    assert!(!routes.is_empty(), "{name} is not exercised");
    routes.sort_by_key(|route| (route.method() == Method::DELETE, Reverse(route.key.len())));
    let api = stack.api();
    let root = format!("root-{name}");
    // With two names, of which one stays when the other changes.
    let names = json!({
        "username": root,
        "email": format!("{root}@example.com"),
        "password": PASSWORD,
    });
    assert_eq!(api.post("/register", &names).await.status, 201);
    let has_scope = |route: &Sample| matches!(route.access, Access::Scope(_));
    if routes.iter().any(has_scope) {
        stack.grant(&root, &["admin"]).await;
    }
    let user = stack.user(&root).await;
    let root = api.sign_in(&root).await;
    let eve = format!("eve-{name}");
    let eve = api.sign_up_with_address(&eve).await.user_id();
    let mut shown = Vec::new();
    for route in routes {
        shown.push(route.prepared(stack, &user).await);
    }
    stack.wire.take();
    for route in shown {
        let answer = route
            .send(function, Some(&root.access_token), &eve, name)
            .await;
        assert_eq!(
            answer.status,
            route.success,
            "{}: {}",
            route.key,
            answer.json()
        );
    }
    function.session(root.answer)
}

#[tokio::test]
async fn a_function_is_allowed_what_it_does_and_nothing_else() {
    let stack = Stack::with_mail(&[]).await;
    stack.api().sign_up("ada").await;
    for function in Template::with_mail().functions() {
        let name = &*function.name;
        let api = match name {
            // So that a hash of less work is brought up to date.
            "login" => Client::function(
                name,
                &stack.environment_with("ARGON2_ITERATIONS", Some("6")),
            ),
            _ => stack.function(name),
        };
        exercise(name, &stack, &api).await;
        let wire = match name {
            "mailer" => &stack.mailbox().await.wire,
            _ => &stack.wire,
        };
        let sent = wire.take().into_iter();
        let used: BTreeSet<_> = sent.flat_map(|sent| sent.uses).collect();
        assert_eq!(
            function.policies, used,
            "{name}: the template's policies, and what was used"
        );
    }
}

#[test]
fn a_function_that_issues_tokens_unseals_keys_and_the_one_that_makes_keys_cannot() {
    let decrypt = |purpose| ("kms:Decrypt", purpose);
    for function in Template::with_mail().functions() {
        let expected: &[(&str, &str)] = match function.name.as_str() {
            "account" | "register" | "login" | "passkey" | "refresh" => {
                &[decrypt("sign"), decrypt("mac")]
            }
            "logout" | "recover" | "revoke" | "introspect" | "mailer" => &[decrypt("mac")],
            "factors" => &[decrypt("mac"), decrypt("factor")],
            "mfa" => &[decrypt("sign"), decrypt("mac"), decrypt("factor")],
            "rotate-keys" => &[
                ("kms:GenerateDataKeyPairWithoutPlaintext", "sign"),
                ("kms:GenerateDataKeyWithoutPlaintext", "mac"),
                ("kms:GenerateDataKeyWithoutPlaintext", "factor"),
            ],
            _ => &[],
        };
        let owned =
            |(action, purpose): &(&str, &str)| ((*action).to_owned(), (*purpose).to_owned());
        let expected: BTreeSet<_> = expected.iter().map(owned).collect();
        assert_eq!(function.kms, expected, "{}", function.name);
    }
}

#[test]
fn mailer_alone_may_read_the_stream_and_send_and_as_the_sender_alone() {
    let ses = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}";
    let expected = [
        ("dynamodb:DescribeStream", "MailsTable.StreamArn".to_owned()),
        ("dynamodb:GetRecords", "MailsTable.StreamArn".to_owned()),
        (
            "dynamodb:GetShardIterator",
            "MailsTable.StreamArn".to_owned(),
        ),
        ("dynamodb:ListStreams", "MailsTable.StreamArn".to_owned()),
        (
            "ses:SendEmail",
            format!("{ses}:configuration-set/${{MailConfigurationSet}}"),
        ),
        ("ses:SendEmail", format!("{ses}:identity/*")),
        ("sqs:SendMessage", "MailFailuresQueue.Arn".to_owned()),
    ];
    let expected = expected.map(|(action, on)| (action.to_owned(), on));
    for function in Template::with_mail().functions() {
        let of_this_one = if function.name == "mailer" {
            expected.clone().into()
        } else {
            BTreeSet::new()
        };
        assert_eq!(function.others, of_this_one, "{}", function.name);
    }
    let without = Template::load().functions().into_iter();
    let names: Vec<_> = without.map(|function| function.name).collect();
    assert!(!names.contains(&"mailer".to_owned()), "{names:?}");
}
