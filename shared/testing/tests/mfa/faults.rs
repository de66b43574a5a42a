//! Whatever DynamoDB does, a code or the answer of a passkey is neither lost nor used twice.

use accounts::RecoveryCode;
use axum::http::Method;
use futures_util::stream::{StreamExt, iter};
use serde_json::{Value, json};
use tables::{CodeUse, CodeUseError, SessionChange, ShownCode};
use testing::authenticator::Authenticator;
use testing::router::router;
use testing::wire::{Fault, Wire};
use testing::{Answer, Client, PASSWORD, Session, Stack};

use crate::{World, invalid_code, mfa_token, recover, refusal, show};

const FAULTS: [Fault; 6] = [
    Fault::NoConnection,
    Fault::Silence,
    Fault::Refused(500, "InternalServerError"),
    Fault::Refused(400, "ProvisionedThroughputExceededException"),
    Fault::Refused(400, "AccessDeniedException"),
    Fault::Refused(400, "ResourceNotFoundException"),
];

/// The calls that fail, by route and by what is shown.
const CALLS: [(&str, &str, &str); 11] = [
    ("/login/mfa", "code", "GetItem"),
    ("/login/mfa", "code", "UpdateItem"),
    ("/login/mfa", "code", "TransactWriteItems"),
    ("/login/mfa", "recovery_code", "TransactWriteItems"),
    ("/login/mfa", "passkey", "BatchGetItem"),
    ("/login/mfa", "passkey", "TransactWriteItems"),
    ("/step-up", "code", "BatchGetItem"),
    ("/step-up", "code", "UpdateItem"),
    ("/step-up", "code", "TransactWriteItems"),
    ("/step-up", "recovery_code", "TransactWriteItems"),
    ("/step-up", "passkey", "TransactWriteItems"),
];

/// Somebody with an authenticator, of which no code has counted for long.
struct Owner {
    name: String,
    session: Session,
    app: Authenticator,
    recovery_codes: Vec<String>,
    /// An answer of a passkey of theirs.
    passkey: Value,
}

impl Owner {
    async fn enrolled(stack: &Stack, name: &str) -> Self {
        let session = stack.api().sign_up(name).await;
        let (app, recovery_codes) = session.enrol().await;
        let mut passkey = stack.add_passkey(&stack.user(name).await).await;
        Self {
            name: name.to_owned(),
            session,
            app,
            recovery_codes,
            passkey: passkey.sign_in(&stack.passkey_request().await),
        }
    }

    /// Shows the next code, the first recovery code, or the answer of the passkey.
    async fn show(&self, api: &Client, (route, member): (&str, &str), mfa_token: &str) -> Answer {
        let shown = match member {
            "code" => json!(self.app.code_in(1)),
            "recovery_code" => json!(self.recovery_codes[0]),
            _ => self.passkey.clone(),
        };
        if route == "/step-up" {
            let token = Some(self.session.access_token.as_str());
            let body = json!({ member: shown });
            return api.call(Method::POST, route, token, Some(&body)).await;
        }
        let body = json!({ member: shown, "mfa_token": mfa_token });
        api.post(route, &body).await
    }
}

/// Breaks calls of one kind alone, in an environment of its own that has read its keys, and then
/// shows the same again.
async fn broken(stack: &Stack, cell: usize, fault: &Fault, call: (&str, &str, &str)) {
    let (route, member, operation) = call;
    let owner = Owner::enrolled(stack, &format!("owner{cell}")).await;
    let asked = mfa_token(&stack.api().login(&owner.name, PASSWORD).await);
    let wire = Wire::default();
    let api = Client::of(router(&stack.environment_behind(&wire)));
    show(&api, &asked, "000000").await;
    let what = format!("{route}, {member}, {operation}, {fault:?}");

    wire.fail(operation, fault, 10);
    let answer = owner.show(&api, (route, member), &asked).await;
    assert_unavailable(&answer, &what);
    wire.mend();
    let patient = stack.api();
    let again = owner.show(&patient, (route, member), &asked).await;
    assert_eq!(again.status, 200, "{what}: {}", again.json());
}

fn assert_unavailable(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.json());
    assert_eq!(answer.header("retry-after"), Some("1"), "{what}");
    let text = String::from_utf8_lossy(&answer.body).to_lowercase();
    for leak in ["dynamo", "exception", "table", "aws", "item", PASSWORD] {
        assert!(!text.contains(leak), "{what}: {text}");
    }
}

#[tokio::test]
async fn a_fault_of_any_call_is_a_503_and_what_was_shown_is_still_good() {
    let stack = Stack::unthrottled().await;
    // A few at once: each waits for retries, or for a limit of time.
    let cells = FAULTS
        .iter()
        .flat_map(|fault| CALLS.map(|call| (fault, call)))
        .enumerate()
        .map(|(cell, (fault, call))| broken(&stack, cell, fault, call));
    iter(cells).buffer_unordered(8).collect::<Vec<_>>().await;
}

#[tokio::test]
async fn a_count_whose_answer_was_lost_counts_once() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    let wrong = world.wrong_codes().next().unwrap();
    for counted in 1..=3 {
        world.stack.wire.fail("UpdateItem", &Fault::LostAnswer, 1);
        let answer = show(&world.api, &token, &wrong).await;
        assert_eq!(refusal(&answer), invalid_code());
        assert_eq!(world.failures().await, counted);
    }
    world.set("failures", testing::number(99)).await;
    let before = world.notices().await.len();
    world.stack.wire.fail("UpdateItem", &Fault::LostAnswer, 1);
    let last = show(&world.api, &token, &wrong).await;
    assert_eq!(refusal(&last), invalid_code(), "the 100th is compared");
    assert_eq!(world.notices().await.len(), before + 1);
}

#[tokio::test]
async fn a_use_whose_answer_was_lost_has_its_effect_once() {
    let world = World::start().await;
    let (token, wire) = (world.mfa_token().await, &world.stack.wire);
    let told = world.notices().await.len();
    let before = world.sessions().await;
    wire.fail("TransactWriteItems", &Fault::LostAnswer, 1);
    let answer = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    wire.fail("TransactWriteItems", &Fault::LostAnswer, 1);
    let answer = recover(&world.api, &token, &world.recovery_codes[0]).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(world.sessions().await, before + 2);
    for shown in [
        json!({ "code": world.app.code_in(1) }),
        json!({ "recovery_code": world.recovery_codes[1] }),
    ] {
        wire.fail("TransactWriteItems", &Fault::LostAnswer, 1);
        let answer = world.session.post("/step-up", &shown).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
    }
    assert_eq!(world.sessions().await, before + 2);
    assert_eq!(world.notices().await.len(), told + 2, "one for each code");
}

/// DynamoDB remembers a transaction by its token for ten minutes. After that, and in an engine that
/// does not, the item itself says whose use it was.
#[tokio::test]
async fn a_use_that_comes_again_is_recognised_and_another_one_is_refused() {
    let world = World::start().await;
    let (factors, sessions) = world.tables();
    let session = world.stored_session().await;
    let user_id = session.owner.user_id;
    let guess = factors.guess(user_id, "first").await.unwrap();
    let tables::CodeGuess::Counted(codes) = guess else {
        panic!("{guess:?}")
    };
    let hash = RecoveryCode::parse(&world.recovery_codes[0])
        .unwrap()
        .hash(user_id);
    for code in [
        ShownCode::Totp {
            codes: &codes,
            step: 7,
        },
        ShownCode::Recovery {
            hash: &hash,
            has_totp: true,
        },
    ] {
        let used = CodeUse {
            user_id,
            code,
            attempt: "first",
            change: SessionChange::Begin {
                session: &session,
                replaced: None,
            },
            notice: None,
        };
        for _ in 0..2 {
            assert_eq!(factors.use_code(&sessions, &used).await, Ok(()), "{code:?}");
        }
        let other = CodeUse {
            attempt: "second",
            ..used
        };
        let refused = factors.use_code(&sessions, &other).await;
        assert_eq!(refused, Err(CodeUseError::Refused), "{code:?}");
    }
}

#[tokio::test]
async fn a_conflict_with_others_is_tried_again_and_gives_up_after_a_while() {
    let world = World::start().await;
    let (token, wire) = (world.mfa_token().await, &world.stack.wire);
    let canceled = Fault::Canceled("TransactionConflict");
    let conflict = Fault::Refused(400, "TransactionConflictException");
    for (step, operation, fault) in [
        (0, "TransactWriteItems", canceled),
        (1, "UpdateItem", conflict),
    ] {
        wire.fail(operation, &fault, 100);
        let given_up = show(&world.api, &token, &world.app.code_in(step)).await;
        assert_unavailable(&given_up, operation);
        wire.mend();
        wire.fail(operation, &fault, 3);
        let answer = show(&world.api, &token, &world.app.code_in(step)).await;
        assert_eq!(answer.status, 200, "{operation}: {}", answer.json());
    }
}

#[tokio::test]
async fn a_batch_answered_in_part_raises_nothing() {
    let world = World::start().await;
    world
        .stack
        .wire
        .fail("BatchGetItem", &Fault::Unprocessed, 1);
    let code = json!({ "code": world.app.code() });
    let answer = world.session.post("/step-up", &code).await;
    assert_unavailable(&answer, "unprocessed");
    assert_eq!(world.session.post("/step-up", &code).await.status, 200);
}

#[tokio::test]
async fn an_app_that_cannot_be_read_is_a_500_that_says_nothing() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    for secret in [vec![7; 64], vec![7; 56], vec![]] {
        let secret = aws_sdk_dynamodb::primitives::Blob::new(secret);
        let secret = aws_sdk_dynamodb::types::AttributeValue::B(secret);
        world.set("secret", secret).await;
        let answer = show(&world.api, &token, &world.app.code()).await;
        assert_eq!(answer.status, 500, "{}", answer.json());
        let detail = &answer.json()["detail"];
        assert_eq!(*detail, json!("The server failed to handle the request"));
    }
    let recovered = recover(&world.api, &token, &world.recovery_codes[0]).await;
    assert_eq!(recovered.status, 200, "the way out");
}
