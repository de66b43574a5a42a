//! Many at once.

use std::sync::Arc;

use accounts::{MAX_GUESSES, Purpose, Refused, TicketCode, TicketText};
use tables::{Error, SpendError};
use tokio::task::JoinSet;

use super::{World, hash};

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_wrong_codes_at_once_five_are_compared() {
    let world = Arc::new(World::start().await);
    let row = world.issued().await;
    let handle = world.handle(&row, Purpose::Reset);
    let mut guesses = JoinSet::new();
    for guess in 0..1_000_u32 {
        let (world, handle) = (world.clone(), handle.clone());
        guesses.spawn(async move {
            let row = world.mails().guess(&handle).await.unwrap()?;
            let code = TicketCode::parse(&format!("{guess:08}"));
            let text = TicketText::Handle(handle);
            Some(
                row.ticket
                    .is_proved_by(&text, code.as_ref(), &world.keys, super::NOW),
            )
        });
    }
    let compared: Vec<_> = guesses.join_all().await.into_iter().flatten().collect();
    assert_eq!(compared.len(), MAX_GUESSES as usize);
    let text = TicketText::Handle(handle.clone());
    let stored = world.mails().look(&text).await.unwrap().unwrap();
    assert_eq!(stored.ticket.guesses, MAX_GUESSES);
    let right = row
        .ticket
        .seed
        .code(Purpose::Reset, &world.keys, super::NOW);
    let link = row
        .ticket
        .seed
        .link(Purpose::Reset, &world.keys, super::NOW);
    assert!(
        world.mails().guess(&handle).await.unwrap().is_none(),
        "{right:?}"
    );
    let link = TicketText::Link(link.unwrap());
    let proved = stored
        .ticket
        .is_proved_by(&link, None, &world.keys, super::NOW);
    assert_eq!(proved, Ok(true), "the link is not guessed");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_spendings_at_once_one_has_its_effect() {
    let world = Arc::new(World::start().await);
    let row = world.issued().await;
    let mut attempts = JoinSet::new();
    for attempt in 0..1_000 {
        let (world, row) = (world.clone(), row.clone());
        attempts.spawn(async move {
            let attempt = attempt.to_string();
            let spent = world.spend(&row, &attempt, super::NOW).await;
            (attempt, spent)
        });
    }
    let mut winners = Vec::new();
    for (attempt, spent) in attempts.join_all().await {
        match spent {
            Ok(user) => winners.push((attempt, user)),
            Err(
                SpendError::Refused(Refused::Used) | SpendError::Table(Error::Unavailable { .. }),
            ) => {}
            Err(error) => panic!("{error}"),
        }
    }
    let [(winner, user)] = &*winners else {
        panic!("{} had an effect", winners.len());
    };
    let login = world.login().await;
    assert_eq!(login.password_hash, Some(hash(winner)));
    assert_eq!(login.owner, user.owner());
    assert_eq!(user.epoch, world.user.epoch.next());
    let (_, users) = world.accounts();
    assert_eq!(users.get(user.id).await.unwrap().as_ref(), Some(user));
    assert_eq!(world.notices().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tickets_of_an_account_the_first_ends_the_other() {
    let world = World::start().await;
    let (one, two) = (world.issued().await, world.issued().await);
    let user = world.spend(&one, "first", super::NOW).await.unwrap();
    assert_eq!(two.judge(Some(&user), super::NOW), Err(Refused::Superseded));
    let late = world.spend(&two, "second", super::NOW).await;
    assert_eq!(
        late,
        Err(SpendError::Table(Error::Conflict)),
        "as it was read before"
    );
    assert_eq!(world.login().await.password_hash, Some(hash("first")));
    assert_eq!(world.notices().await, 1);
}
