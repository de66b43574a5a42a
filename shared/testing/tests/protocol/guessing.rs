//! Floods of guesses: few reach the hash, and the owner is refused only where the guesses come from.
//!
//! `LATCHKEY_GUESSES`, `LATCHKEY_PARALLEL_GUESSES` and `LATCHKEY_LOGINS` set how many there are, at
//! full size 10000, 1000 and 2000.

use std::time::Instant;

use futures_util::stream::{StreamExt, iter};
use testing::wire::Sent;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Stack};

use crate::throttling::{WINDOW, early_in_a_window, retry_after};

/// The number of guesses, unless a variable says otherwise.
fn count(variable: &str, usual: usize) -> usize {
    let set = std::env::var(variable).ok();
    set.map_or(usual, |set| set.parse().expect("a number"))
}

/// The outcome of guesses.
#[derive(Debug, Default)]
struct Guesses {
    /// They reached the hash, and were wrong.
    hashed: usize,
    /// They were refused before.
    refused: usize,
}

/// Guesses at a name from networks in turn, so many at once.
async fn guess(networks: &[Client], name: &str, count: usize, at_once: usize) -> Guesses {
    let guesses = (0..count).map(|n| {
        let (api, name) = (networks[n % networks.len()].clone(), name.to_owned());
        tokio::spawn(async move { api.login(&name, &format!("guess {n}")).await.status })
    });
    let mut answered = iter(guesses).buffer_unordered(at_once);
    let mut sum = Guesses::default();
    while let Some(status) = answered.next().await {
        match status.unwrap() {
            401 => sum.hashed += 1,
            429 => sum.refused += 1,
            other => panic!("{other}"),
        }
    }
    sum
}

fn networks(api: &Client, count: usize) -> Vec<Client> {
    let address = |n| format!("2001:db8:{n:x}::1");
    (0..count).map(|n| api.at_address(&address(n))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_a_name_reach_few_hashes_and_do_not_refuse_the_owner_elsewhere() {
    let sent = count("LATCHKEY_GUESSES", 240);
    println!(
        "| {sent} guesses at one name from | hashes computed | 429 | the owner elsewhere | with a device token |"
    );
    println!("| --- | --- | --- | --- | --- |");
    // At most ten a network until the name has failed 100 times, and those under way then.
    for (count, at_most) in [(1, 10), (12, 120), (100, 132)] {
        let stack = Stack::start_with(&[WINDOW]).await;
        early_in_a_window(30 + sent as u64 / 40).await;
        let api = stack.api();
        let owner = api.sign_up("ada").await;
        let networks = networks(&api, count);
        let guesses = guess(&networks, "ada", sent, 16).await;
        let elsewhere = api.at_address("192.0.2.77").login("ada", PASSWORD).await;
        let device = owner
            .at_address("2001:db8::1")
            .login_again("ada", PASSWORD)
            .await;
        println!(
            "| {count} networks | {} | {} | {} | {} |",
            guesses.hashed, guesses.refused, elsewhere.status, device.status
        );
        assert_eq!(guesses.hashed + guesses.refused, sent);
        assert!((10..=at_most).contains(&guesses.hashed), "{guesses:?}");
        assert_eq!((elsewhere.status, device.status), (200, 200));
        let there = networks[0].login("ada", PASSWORD).await;
        retry_after(&there);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_parallel_guesses_from_4_networks_each_networks_allowance_reaches_the_hash() {
    let sent = count("LATCHKEY_PARALLEL_GUESSES", 300);
    let stack = Stack::start_with(&[WINDOW, ("ADDRESS_FAILURES", "10000")]).await;
    let api = stack.api();
    api.sign_up("ada").await;
    let networks = networks(&api, 4);
    let guesses = guess(&networks, "ada", sent, sent).await;
    println!("{sent} parallel guesses from 4 networks: {guesses:?}");
    assert_eq!((guesses.hashed, guesses.refused), (40, sent - 40));
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn under_attack_a_name_has_one_attempt_a_network_and_window() {
    let limits = [("NAME_FAILURES", "3"), ("LOGIN_BURST", "10"), WINDOW];
    let stack = Stack::start_with(&limits).await;
    early_in_a_window(30).await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    for name in ["ada", "nobody"] {
        for stranger in networks(&api, 3) {
            assert_eq!(stranger.login(name, "wrong").await.status, 401);
        }
        let here = api.at_address("198.51.100.7");
        assert_eq!(here.login(name, "wrong").await.status, 401, "{name}");
        let wait = retry_after(&here.login(name, PASSWORD).await);
        assert!((1..=600).contains(&wait), "{name}: {wait}");
    }
    for _ in 0..5 {
        let device = ada.login_again("ada", PASSWORD).await;
        assert_eq!(device.status, 200, "as many as ever");
    }
}

#[tokio::test]
async fn a_blocked_address_costs_no_write_and_shuts_nobody_out_elsewhere() {
    let stack = Stack::start_with(&[("ADDRESS_FAILURES", "5"), WINDOW]).await;
    early_in_a_window(30).await;
    let api = stack.api();
    let owner = api.sign_up("ada").await;
    let stranger = api.at_address("198.51.100.7");
    for n in 0..5 {
        let failed = stranger.login(&format!("name{n}"), "wrong").await;
        assert_eq!(failed.status, 401);
    }
    stack.wire.take();
    for _ in 0..20 {
        retry_after(&stranger.login("ada", "wrong").await);
    }
    let writes = |sent: &Sent| sent.operation == "UpdateItem";
    assert_eq!(
        stack.wire.take().iter().filter(|sent| writes(sent)).count(),
        0
    );
    let elsewhere = api.login("ada", PASSWORD).await.status;
    let device = owner
        .at_address("198.51.100.7")
        .login_again("ada", PASSWORD)
        .await;
    let there = stranger.login("ada", PASSWORD).await.status;
    println!(
        "blocked address × the owner elsewhere: {elsewhere}; there: {there}, with a device token {}",
        device.status
    );
    assert_eq!((elsewhere, there, device.status), (200, 429, 200));
}

#[tokio::test]
async fn a_thief_with_an_access_token_cannot_spend_the_owners_changes_of_the_password() {
    let stack = Stack::start_with(&[WINDOW]).await;
    let api = stack.api();
    let stolen = api.sign_up("ada").await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let guess = stolen.change_password("wrong", OTHER_PASSWORD).await;
        statuses.push(guess.status);
    }
    assert_eq!(statuses, [vec![400; 10], vec![429; 2]].concat());
    let owner = api.sign_in("ada").await;
    let changed = owner.change_password(PASSWORD, OTHER_PASSWORD).await.status;
    let thief = stolen.get("/me").await.status;
    println!(
        "a thief's changes of the password: {statuses:?}; the owner's: {changed}; the thief then: {thief}"
    );
    assert_eq!((changed, thief), (200, 401));
}

#[tokio::test]
async fn logins_with_device_tokens_leave_few_sessions() {
    let logins = count("LATCHKEY_LOGINS", 60);
    println!(
        "| {logins} logins with | limits | 200 | 429 | sessions stored | the list | the deletion | left |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (chain, limited, stored) in [
        (false, true, 10),
        (true, true, 1),
        (false, false, logins),
        (true, false, 1),
    ] {
        let stack = if limited {
            Stack::start_with(&[WINDOW]).await
        } else {
            Stack::unthrottled().await
        };
        let api = stack.api();
        let first = api.sign_up("ada").await;
        let (mut last, mut succeeded) = (first.clone(), 0);
        for _ in 0..logins {
            let device = if chain { &last } else { &first };
            let login = device.login_again("ada", PASSWORD).await;
            if login.status == 200 {
                succeeded += 1;
                last = api.session(login);
            } else {
                retry_after(&login);
            }
        }
        let sessions = stack.items("SessionsTable").await.len();
        let start = Instant::now();
        let list = last.get("/me/sessions").await.json();
        let listing = start.elapsed();
        let start = Instant::now();
        assert_eq!(last.delete("/me").await.status, 204);
        let deletion = start.elapsed();
        let left = stack.items("SessionsTable").await.len();
        println!(
            "| {} | {} | {succeeded} | {} | {sessions} | {listing:.1?} | {deletion:.1?} | {left} |",
            if chain { "a chain" } else { "one token" },
            if limited { "the defaults" } else { "none" },
            logins - succeeded
        );
        assert_eq!(succeeded, if limited { 10 } else { logins });
        assert_eq!((sessions, left), (stored, stored.saturating_sub(1_000)));
        let list = list["sessions"].as_array().unwrap();
        assert_eq!(list.len(), stored.min(100));
        assert_eq!(list[0]["current"], true);
    }
}
