//! The log has each event under its documented name, and no secret.

#![cfg(test)]

mod factors;
mod mail;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use accounts::{Device, WaysIn};
use api::{Event, Log};
use axum::http::Method;
use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Stack};

/// The lines so far.
type Lines = Arc<Mutex<Vec<Value>>>;

fn collect() -> Lines {
    let lines = Lines::default();
    let sink = Arc::clone(&lines);
    Log::install("everything", "test", move |line| {
        assert_eq!(line.lines().count(), 1, "{line}");
        let line = serde_json::from_str(&line).unwrap();
        sink.lock().unwrap().push(line);
    });
    lines
}

#[tokio::test]
async fn what_happens_is_in_the_log_under_its_name() {
    let lines = collect();
    let stack = Stack::start().await;
    let api = stack.api();
    let mut secrets = vec![PASSWORD.to_owned(), OTHER_PASSWORD.to_owned()];
    secrets.push("ada@example.com".to_owned());
    secrets.extend(EDGE_SECRETS.map(str::to_owned));
    secrets.extend(sessions(&stack, &api).await);
    secrets.extend(account(&api).await);
    secrets.push(second_factor(&stack, &api).await);
    administration(&stack, &api).await;
    refusals(&stack, &api).await;
    functions(&stack).await;
    secrets.extend(mail::batch().await);
    secrets.extend(mail::people().await);
    secrets.extend(factors::people().await);

    let lines = lines.lock().unwrap();
    let seen: BTreeSet<_> = lines.iter().flat_map(events).collect();
    let all: BTreeSet<_> = Event::ALL.map(Event::name).map(str::to_owned).into();
    assert_eq!(seen, all);
    for line in lines.iter() {
        let text = line.to_string();
        for secret in &secrets {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(line["Latency"].as_f64().unwrap() > 0.0);
        let status = line["status"].as_u64().unwrap();
        let is_counted = line["ClientErrors"] == 1.0;
        assert_eq!(is_counted, (400..500).contains(&status), "{text}");
        let is_own = line["route"]
            .as_str()
            .is_some_and(|route| route.starts_with("/me"));
        assert!(
            !is_own || status >= 400 || line["user_id"].is_string(),
            "{text}"
        );
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
            .as_array()
            .unwrap()
        {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{text}");
        }
    }
    let of = |name: &str| {
        lines
            .iter()
            .find(|line| events(line).contains(name))
            .unwrap()
    };
    factors::assert_lines(of);
    let locks = |line: &&Value| events(line).contains("mfa.locked");
    assert_eq!(
        lines.iter().filter(locks).count(),
        1,
        "a refused try is no lock"
    );
    let batch = of("mail.delayed");
    assert_eq!(
        (&batch["message"], &batch["status"]),
        (&json!("mailer 200"), &json!(200))
    );
    assert_eq!(batch["reason"], "SendingPausedException");
    let expected = json!([
        "mail.unwritten",
        "mail.refused",
        "mail.sent",
        "mail.delayed"
    ]);
    assert_eq!(batch["events"], expected);
    assert_eq!(
        (&batch["MailsSent"], &batch["MailsLost"]),
        (&json!(1.0), &json!(2.0))
    );
    let reuse = of("refresh_token.reused");
    assert_eq!(reuse["status"], 401);
    assert_eq!(reuse["RefreshTokenReuse"], 1.0);
    let shared = of("refresh_token.shared");
    assert_eq!(shared["status"], 401);
    assert_eq!(shared["RefreshTokenShared"], 1.0);
    assert!(shared["user_id"].is_string() && shared["session_id"].is_string());
    let ended = |line: &&Value| events(line).contains("session.ended");
    assert_eq!(
        lines.iter().filter(ended).count(),
        3,
        "what had ended before ends no more"
    );
    assert!(reuse["user_id"].is_string() && reuse["session_id"].is_string());
    let unreadable = of("address.unreadable");
    assert_eq!(
        (&unreadable["UnreadableAddresses"], &unreadable["source_ip"]),
        (&json!(1.0), &Value::Null)
    );
    let refused = of("edge.refused");
    assert_eq!(
        (&refused["EdgeRefusals"], &refused["reason"]),
        (&json!(1.0), &json!("the edge named no readable address"))
    );
    let asked = of("login.mfa_required");
    assert_eq!(
        (&asked["status"], &asked["session_id"]),
        (&json!(403), &Value::Null)
    );
    assert!(asked["user_id"].is_string(), "whose password was right");
    let failed = of("mfa.failed");
    assert_eq!(failed["events"], json!(["mfa.failed", "login.failed"]));
    assert_eq!(failed["MfaFailures"], 1.0);
    assert_eq!(failed["user_id"], asked["user_id"]);
    let disabled = of("account.disabled");
    assert_ne!(disabled["user_id"], disabled["target_id"]);
    let sent = of("account.reset_sent");
    assert!(sent["user_id"].is_string() && sent["target_id"].is_string());
    assert_ne!(sent["user_id"], sent["target_id"]);
    let reset = of("password.reset");
    assert_eq!(reset["target_id"], sent["target_id"]);
    let throttled = of("table.throttled");
    assert_eq!(
        (&throttled["status"], &throttled["Faults"]),
        (&json!(503), &json!(1.0))
    );
    assert_eq!(throttled["level"], "ERROR");
    assert!(
        throttled["reason"]
            .as_str()
            .unwrap()
            .contains("ProvisionedThroughput")
    );
    let throttled = lines
        .iter()
        .filter(|line| events(line).contains("table.throttled"));
    assert_eq!(throttled.count(), 2);
    let cold = lines.iter().filter(|line| line["cold_start"] == true);
    assert_eq!(cold.count(), 1, "one environment starts once");
}

fn events(line: &Value) -> BTreeSet<String> {
    let events = line["events"].as_array().unwrap().iter();
    events
        .map(|event| event.as_str().unwrap().to_owned())
        .collect()
}

/// The life of a session, to its end by a thief; the tokens of it.
async fn sessions(stack: &Stack, api: &Client) -> Vec<String> {
    let body = json!({ "username": "ada", "email": "ada@example.com", "password": PASSWORD });
    let registered = api.session(api.post("/register", &body).await);
    assert_eq!(api.login("ada", "wrong").await.status, 401);
    let first = api.sign_in("ada").await;
    let second = first.refreshed().await;
    let elsewhere = Device::new(Some("198.51.100.7"), Some("tests"));
    let replayed = api.refresh_from(&elsewhere, &first.refresh_token).await;
    assert_eq!(replayed.status, 200);
    let third = second.refreshed().await;
    stack.refreshed_at(&third, api::now() - 61).await;
    assert_eq!(first.refresh().await.status, 401);
    let shared = api.sign_in("ada").await;
    shared.refreshed().await;
    let thief = Device::new(Some("198.51.100.7"), Some("python"));
    let refused = api.refresh_from(&thief, &shared.refresh_token).await;
    assert_eq!(refused.status, 401);
    let dearer = stack.environment_with("ARGON2_ITERATIONS", Some("6"));
    let rehashed = Client::function("login", &dearer).sign_in("ada").await;
    let rehashed = api.session(rehashed.answer);
    for ended in [&rehashed, &rehashed, &third] {
        assert_eq!(ended.logout().await.status, 204);
    }
    let form = format!("token={}", registered.refresh_token);
    for _ in 0..2 {
        assert_eq!(api.form("/oauth2/revoke", None, &form).await.status, 200);
    }
    let sessions = [registered, first, second, third, shared, rehashed].into_iter();
    let tokens = sessions.flat_map(|session| [session.access_token, session.refresh_token]);
    tokens.collect()
}

/// Uses an account as its owner does, and returns the tokens.
async fn account(api: &Client) -> Vec<String> {
    let ada = api.sign_in("ada").await;
    let renamed = ada.patch("/me", &json!({ "username": "lovelace" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());
    let refused = ada.change_password("wrong", OTHER_PASSWORD).await;
    assert_eq!(refused.status, 400, "{}", refused.json());
    let changed = api.session(ada.change_password(PASSWORD, OTHER_PASSWORD).await);
    let device = ada.login_again("lovelace", OTHER_PASSWORD).await;
    let device = api.session(device);
    assert_eq!(device.get("/admin/users").await.status, 403);
    assert_eq!(device.delete("/me").await.status, 204);
    assert_eq!(device.get("/me").await.status, 401);
    let sessions = [ada, changed, device].into_iter();
    let tokens = sessions.flat_map(|session| [session.access_token, session.refresh_token]);
    tokens.collect()
}

/// Has a login ask for a second factor, shows a wrong passkey, and returns the token that waits for it.
async fn second_factor(stack: &Stack, api: &Client) -> String {
    api.sign_up("mia").await;
    let totp = WaysIn::default().with_totp();
    stack.give_ways_in("mia", totp).await;
    let login = api.login("mia", PASSWORD).await;
    assert_eq!(login.status, 403, "{}", login.json());
    let login = login.json();
    let wrong = json!({ "mfa_token": login["mfa_token"], "passkey": {} });
    assert_eq!(api.post("/login/mfa", &wrong).await.status, 401);
    login["mfa_token"].as_str().unwrap().to_owned()
}

async fn administration(stack: &Stack, api: &Client) {
    let root = stack.administrator(api, "root").await;
    let path = format!("/admin/users/{}", api.sign_up("grace").await.user_id());
    let roles = format!("{path}/roles");
    for answer in [
        root.patch(&path, &json!({ "status": "disabled" })).await,
        root.patch(&path, &json!({ "status": "active" })).await,
        root.put(&roles, &json!({ "roles": ["admin"] })).await,
        root.delete(&format!("{path}/sessions")).await,
    ] {
        assert!(answer.status < 300, "{}", answer.json());
    }
}

async fn refusals(stack: &Stack, api: &Client) {
    assert_eq!(api.refresh("latchkey_rt_none").await.status, 401);
    let closed = stack.environment_with("REGISTRATION_MODE", Some("closed"));
    let closed = Client::function("register", &closed);
    assert_eq!(closed.register("mallory", PASSWORD).await.status, 403);
    let nowhere = api.at_address("nonsense");
    assert_eq!(nowhere.login("mallory", "wrong").await.status, 401);
    edge(stack).await;
    let strict = stack.environment_with("LOGIN_BURST", Some("1"));
    let strict = Client::function("login", &strict);
    strict.login("mallory", PASSWORD).await;
    assert_eq!(strict.login("mallory", PASSWORD).await.status, 429);
    let fault = Fault::Refused(400, "ProvisionedThroughputExceededException");
    stack.wire.fail("GetItem", &fault, 100);
    assert_eq!(api.login("grace", PASSWORD).await.status, 503);
    stack.wire.mend();
    let fault = Fault::Canceled("ThrottlingError");
    stack.wire.fail("TransactWriteItems", &fault, 100);
    assert_eq!(api.register("heidi", PASSWORD).await.status, 503);
    stack.wire.mend();
}

/// The secret of an edge, and a wrong one.
const EDGE_SECRETS: [&str; 2] = [
    "edge-secret-one-7f3a9c0d5e2b4816",
    "edge-secret-six-7f3a9c0d5e2b4816",
];

/// Sends the right secret without an address, and a wrong one.
async fn edge(stack: &Stack) {
    let hash = "749b9c459c3733d5871a573777506c17e0401e830b4c826aaecbd213a4942224";
    let environment = stack.environment_with("EDGE_SECRET_HASHES", Some(hash));
    let api = Client::function("login", &environment);
    for (secret, status) in EDGE_SECRETS.into_iter().zip([403, 415]) {
        let headers = [("x-latchkey-edge", secret), ("content-type", "text/json")];
        let answer = api.send(Method::POST, "/login", &headers, b"{}").await;
        assert_eq!(answer.status, status, "{}", answer.json());
    }
}

/// Invokes the functions without a route.
async fn functions(stack: &Stack) {
    stack.invoke("rotate-keys", &json!({})).await.unwrap();
}
