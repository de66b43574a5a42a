//! The address of an account, by a ticket: asked for, proved, changed.

mod asked;

use std::sync::Arc;

use accounts::{Email, LoginName, Names, Refused, User, WaysIn};
use tables::{AccountError, By, Error, Notice, NoticeKind, SpendError};
use testing::wire::Fault;
use tokio::task::JoinSet;

use asked::{Asked, ticket};

use super::{NOW, World, hash};

const TRANSACT: &str = "TransactWriteItems";

/// A fault that keeps a transaction from being written, and how often it is met.
const FAULTS: [(Fault, usize); 4] = [
    (Fault::NoConnection, 3),
    (Fault::Refused(500, "InternalServerError"), 3),
    (Fault::Canceled("TransactionConflict"), 5),
    (Fault::Canceled("ThrottlingError"), 3),
];

#[tokio::test]
async fn a_ticket_and_its_notice_are_ordered_together_or_not_at_all() {
    let world = World::start().await;
    let address = Email::parse("new@example.com").unwrap();
    let row = ticket(&world, &address);
    let notice = Notice {
        kind: NoticeKind::AddressAsked(row.ticket.seed),
        ..world.notice()
    };
    let issue = async || {
        world
            .mails()
            .issue_with(row.clone(), Some(notice.clone()))
            .await
    };
    for (fault, times) in FAULTS {
        world.wire.fail(TRANSACT, &fault, times);
        let failed = issue().await;
        world.wire.mend();
        assert!(
            matches!(failed, Err(Error::Unavailable { .. })),
            "{fault:?}"
        );
        assert!(world.items().await.is_empty(), "{fault:?}");
    }
    world.wire.fail(TRANSACT, &Fault::LostAnswer, 2);
    issue().await.unwrap();
    assert_eq!((world.items().await.len(), world.notices().await), (2, 1));
    // Sent again after DynamoDB has forgotten the transaction.
    issue().await.unwrap();
    assert_eq!((world.items().await.len(), world.notices().await), (2, 1));
    let mut other = row.clone();
    other.ticket.expires_at += 1;
    let overwritten = world.mails().issue_with(other, Some(notice.clone())).await;
    assert_eq!(overwritten, Err(Error::Conflict));
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_made_once_and_is_a_success() {
    let asked = Asked::start("new@example.com").await;
    asked.world.wire.fail(TRANSACT, &Fault::LostAnswer, 2);
    let user = asked.change("one", NOW).await.unwrap();
    asked.assert_changed(&user).await;
    // The same attempt again, after DynamoDB has forgotten the transaction, is the same success.
    asked.change("one", NOW + 700).await.unwrap();
    let other = asked.change("other", NOW + 700).await;
    assert_eq!(other, Err(SpendError::Refused(Refused::Used)));
    asked.assert_changed(&user).await;
}

#[tokio::test]
async fn the_new_name_asks_for_a_factor_that_came_after_the_login_was_read() {
    let mut asked = Asked::start("new@example.com").await;
    let ways_in = WaysIn::default().with_totp();
    let enrolled = asked.world.user.with_ways_in(ways_in.clone());
    let (before, accounts) = (&asked.world.user, asked.world.whole());
    let changed = accounts.change(before, &enrolled, By::Operator, None).await;
    changed.unwrap();
    asked.world.user = enrolled;
    asked.change("one", NOW).await.unwrap();
    let (logins, _) = asked.world.accounts();
    let login = logins.get(&LoginName::from(&asked.address)).await;
    assert_eq!(login.unwrap().unwrap().ways_in, ways_in);
}

#[tokio::test]
async fn a_change_that_is_refused_leaves_all_as_it_was_and_tells_nobody() {
    let asked = Asked::start("new@example.com").await;
    for (fault, times) in FAULTS {
        asked.world.wire.fail(TRANSACT, &fault, times);
        let failed = asked.change("one", NOW).await;
        asked.world.wire.mend();
        assert!(
            matches!(failed, Err(SpendError::Table(_))),
            "{fault:?} {failed:?}"
        );
        asked.assert_unchanged(&format!("{fault:?}")).await;
    }
    let late = asked.change("late", asked.row.ticket.expires_at).await;
    assert_eq!(late, Err(SpendError::Refused(Refused::Expired)));
    asked.assert_unchanged("expired").await;

    let name = Names::new(None, Some(asked.address.clone())).unwrap();
    let eve = User::register(name, NOW);
    let registered = asked.world.whole().register(&eve, &hash("eve"), None).await;
    registered.unwrap();
    let taken = AccountError::Taken {
        username: false,
        email: true,
    };
    assert_eq!(
        asked.change("one", NOW).await,
        Err(SpendError::Account(taken))
    );
    asked.assert_unchanged("taken").await;
}

#[tokio::test]
async fn a_change_counts_while_the_account_and_the_session_are_as_they_were_read() {
    let asked = Asked::start("new@example.com").await;
    let (logins, users) = asked.world.accounts();
    let (sessions, user) = (asked.world.sessions(), &asked.world.user);
    assert!(sessions.end(user.id, asked.session.id, None).await.unwrap());
    let ended = asked.change("one", NOW).await;
    assert_eq!(ended, Err(SpendError::Account(AccountError::SessionEnded)));
    sessions.put(&asked.session).await.unwrap();
    asked.assert_unchanged("no session").await;

    logins
        .rehash(&users, user, &hash("old"), &hash("new"))
        .await
        .unwrap();
    let rehashed = asked.change("one", NOW).await;
    assert_eq!(
        rehashed,
        Err(SpendError::Table(Error::Conflict)),
        "a hash is not set back"
    );
    logins
        .rehash(&users, user, &hash("new"), &hash("old"))
        .await
        .unwrap();

    let touched = user.with_roles(Vec::new());
    let by = tables::By::Operator;
    asked
        .world
        .whole()
        .change(user, &touched, by, None)
        .await
        .unwrap();
    let changed = asked.change("one", NOW).await;
    assert_eq!(changed, Err(SpendError::Table(Error::Conflict)));
    assert_eq!(asked.world.notices().await, 0);
}

#[tokio::test]
async fn a_proof_whose_answer_was_lost_counts_once_and_one_that_fails_changes_nothing() {
    let asked = Asked::start("ada@example.com").await;
    for (fault, times) in FAULTS {
        asked.world.wire.fail(TRANSACT, &fault, times);
        let failed = asked.verify("one").await;
        asked.world.wire.mend();
        assert!(
            matches!(failed, Err(SpendError::Table(_))),
            "{fault:?} {failed:?}"
        );
        asked.assert_unchanged(&format!("{fault:?}")).await;
    }
    asked.world.wire.fail(TRANSACT, &Fault::LostAnswer, 2);
    let user = asked.verify("one").await.unwrap();
    assert!(user.email_is_verified() && user.epoch == asked.world.user.epoch);
    asked.verify("one").await.unwrap();
    let other = asked.verify("other").await;
    assert_eq!(other, Err(SpendError::Refused(Refused::Used)));
    let (_, users) = asked.world.accounts();
    assert_eq!(users.get(user.id).await.unwrap(), Some(user));
    assert_eq!(asked.session_epoch().await, asked.world.user.epoch);
}

/// Makes a thousand attempts at once, and returns the accounts that they made.
async fn a_thousand(asked: &Arc<Asked>, changes: bool) -> Vec<User> {
    let mut attempts = JoinSet::new();
    for attempt in 0..1_000 {
        let asked = Arc::clone(asked);
        attempts.spawn(async move {
            let attempt = attempt.to_string();
            if changes {
                asked.change(&attempt, NOW).await
            } else {
                asked.verify(&attempt).await
            }
        });
    }
    let mut effects = Vec::new();
    for spent in attempts.join_all().await {
        match spent {
            Ok(user) => effects.push(user),
            Err(
                SpendError::Refused(Refused::Used) | SpendError::Table(Error::Unavailable { .. }),
            ) => {}
            Err(error) => panic!("{error}"),
        }
    }
    effects
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_changes_at_once_one_has_its_effect() {
    let asked = Arc::new(Asked::start("new@example.com").await);
    let effects = a_thousand(&asked, true).await;
    let [user] = &*effects else {
        panic!("{} had an effect", effects.len());
    };
    asked.assert_changed(user).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_proofs_at_once_one_has_its_effect() {
    let asked = Arc::new(Asked::start("ada@example.com").await);
    let effects = a_thousand(&asked, false).await;
    assert_eq!(effects.len(), 1);
    let (_, users) = asked.world.accounts();
    let stored = users.get(effects[0].id).await.unwrap();
    assert_eq!(stored.as_ref(), effects.first());
}
