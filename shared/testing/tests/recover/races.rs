//! Many at once.

use serde_json::json;
use testing::{Client, OTHER_PASSWORD, PASSWORD};

use crate::{ADA, World, reset_at};

const AT_ONCE: usize = 1_000;
const ENVIRONMENTS: usize = 8;

fn environments(world: &World) -> Vec<Client> {
    (0..ENVIRONMENTS).map(|_| world.stack.api()).collect()
}

async fn statuses(requests: Vec<tokio::task::JoinHandle<u16>>) -> Vec<u16> {
    let mut statuses = Vec::new();
    for request in requests {
        statuses.push(request.await.unwrap());
    }
    statuses
}

fn count(statuses: &[u16], wanted: u16) -> usize {
    statuses.iter().filter(|status| **status == wanted).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_uses_of_a_link_one_has_its_effect() {
    let world = World::start().await;
    let link = world.link().await;
    let environments = environments(&world);
    let uses = (0..AT_ONCE).map(|n| {
        let (api, link) = (environments[n % ENVIRONMENTS].clone(), link.clone());
        tokio::spawn(async move {
            let password = format!("nine purple elephants dance {n}");
            reset_at(&api, &link, None, &password).await.status
        })
    });
    let statuses = statuses(uses.collect()).await;
    let (done, gone) = (count(&statuses, 204), count(&statuses, 410));
    println!(
        "{AT_ONCE} uses of one link at {ENVIRONMENTS} environments: {done} × 204, {gone} × 410"
    );
    assert_eq!((done, gone), (1, AT_ONCE - 1));
    let winner = statuses.iter().position(|status| *status == 204).unwrap();
    let password = format!("nine purple elephants dance {winner}");
    assert_eq!(world.api.login("ada", &password).await.status, 200);
    let notices = world.stack.letters(ADA).await.into_iter();
    assert_eq!(notices.filter(|one| one.purpose == "notice").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_wrong_codes_five_are_compared() {
    let world = World::with(&[("ADDRESS_FAILURES", "10000")]).await;
    let handle = world.ask(ADA).await;
    let environments = environments(&world);
    let guesses = (0..AT_ONCE).map(|n| {
        let (api, handle) = (environments[n % ENVIRONMENTS].clone(), handle.clone());
        tokio::spawn(async move {
            let code = format!("{n:08}");
            reset_at(&api, &handle, Some(&code), OTHER_PASSWORD)
                .await
                .status
        })
    });
    let statuses = statuses(guesses.collect()).await;
    assert_eq!(count(&statuses, 400), AT_ONCE);
    let rows = world.stack.items("MailsTable").await;
    let counted = rows[0]["guesses"].as_n().unwrap();
    println!("{AT_ONCE} wrong codes at once: {counted} counted");
    assert_eq!(counted, "5");
    let code = world.stack.letter(ADA, "reset").await.code.unwrap();
    let right = world.reset_by_code(&handle, &code, OTHER_PASSWORD).await;
    assert_eq!(right.status, 400, "the right one comes too late");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_session_of_the_old_password_lives_after_a_reset() {
    let unlimited = [
        ("LOGIN_BURST", "0"),
        ("ADDRESS_FAILURES", "0"),
        ("NAME_FAILURES", "0"),
    ];
    let world = World::with(&unlimited).await;
    let before = world.api.sign_in("ada").await;
    let link = world.link().await;
    let environments = environments(&world);
    let logins = (0..40).map(|n| {
        let api = environments[n % ENVIRONMENTS].clone();
        tokio::spawn(async move {
            let answer = api.login("ada", PASSWORD).await;
            (answer.status == 200).then(|| answer.refresh_token())
        })
    });
    let mut logins: Vec<_> = logins.collect();
    let api = environments[0].clone();
    let refreshing = before.clone();
    logins.push(tokio::spawn(async move {
        let answer = refreshing.refresh().await;
        (answer.status == 200).then(|| answer.refresh_token())
    }));
    let reset = tokio::spawn(async move { reset_at(&api, &link, None, OTHER_PASSWORD).await });
    let mut tokens = vec![before.refresh_token];
    for login in logins {
        tokens.extend(login.await.unwrap());
    }
    let reset = reset.await.unwrap();
    assert_eq!(reset.status, 204, "{}", reset.json());
    println!(
        "a reset beside 40 logins and a refresh: {} tokens were issued",
        tokens.len() - 1
    );
    for token in tokens {
        let refreshed = world
            .api
            .post("/refresh", &json!({ "refresh_token": token }))
            .await;
        assert_eq!(refreshed.status, 401, "{}", refreshed.json());
    }
}
