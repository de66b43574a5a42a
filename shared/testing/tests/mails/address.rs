//! The address of an account, by a ticket: asked for, proved, changed.

use std::sync::Arc;
use std::time::Duration;

use accounts::{
    AuthMethod, Authentication, Device, Email, Epoch, LoginName, Names, PasswordHash, Refused,
    Session, SessionLifetime, SessionSecret, TicketSeed, User,
};
use tables::{
    AccountError, Error, Moving, Notice, NoticeKind, Permit, Sessions, Spend, SpendError, TicketRow,
};
use testing::wire::Fault;
use tokio::task::JoinSet;

use super::{NOW, World, hash, mail};

const TRANSACT: &str = "TransactWriteItems";

/// A fault that keeps a transaction from being written, and how often it is met.
const FAULTS: [(Fault, usize); 4] = [
    (Fault::NoConnection, 3),
    (Fault::Refused(500, "InternalServerError"), 3),
    (Fault::Canceled("TransactionConflict"), 5),
    (Fault::Canceled("ThrottlingError"), 3),
];

/// Somebody who is signed in, with a ticket for an address.
struct Asked {
    world: World,
    session: Session,
    row: TicketRow,
    address: Email,
}

impl Asked {
    /// A ticket for the address of the account, or for another.
    async fn start(address: &str) -> Self {
        let world = World::start().await;
        let secret = SessionSecret::generate().unwrap();
        let proof = Authentication::by(AuthMethod::PASSWORD, NOW);
        let day = Duration::from_secs(86_400);
        let lifetime = SessionLifetime {
            idle: day,
            absolute: day,
        };
        let owner = world.user.owner();
        let session = Session::begin(owner, proof, lifetime, &secret, Device::default());
        world.sessions().put(&session).await.unwrap();
        let address = Email::parse(address).unwrap();
        let row = ticket(&world, &address);
        let asked = Self {
            world,
            session,
            row,
            address,
        };
        asked.issue(None).await.unwrap();
        asked
    }

    async fn issue(&self, notice: Option<Notice>) -> Result<(), Error> {
        let mails = self.world.mails();
        mails.issue_with(self.row.clone(), notice).await
    }

    async fn verify(&self, attempt: &str) -> Result<User, SpendError> {
        let (mails, (_, users)) = (self.world.mails(), self.world.accounts());
        let spend = self.spend(attempt, NOW);
        mails.verify_address(&users, &spend, &self.world.user).await
    }

    fn spend<'a>(&'a self, attempt: &'a str, now: u64) -> Spend<'a> {
        Spend {
            row: &self.row,
            attempt,
            now,
        }
    }

    async fn change(&self, attempt: &str, now: u64) -> Result<User, SpendError> {
        let login = tables::Login {
            owner: self.world.user.owner(),
            password_hash: Some(hash("old")),
            unknown: tables::UnknownAttributes::default(),
        };
        let moving = Moving {
            user: &self.world.user,
            login: &login,
            session: &self.session,
        };
        let notice = Notice {
            kind: NoticeKind::AddressChanged,
            ..self.world.notice()
        };
        let (mails, accounts) = (self.world.mails(), self.world.whole());
        let spend = self.spend(attempt, now);
        mails
            .change_address(&accounts, &spend, moving, &self.address, Some(&notice))
            .await
    }

    async fn hash_of(&self, address: &Email) -> Option<(PasswordHash, Epoch)> {
        let (logins, _) = self.world.accounts();
        let login = logins.get(&LoginName::from(address)).await.unwrap()?;
        Some((login.password_hash?, login.owner.epoch))
    }

    /// Nothing of the change is there, and nobody is told of it.
    async fn assert_unchanged(&self, what: &str) {
        let (_, users) = self.world.accounts();
        let user = &self.world.user;
        assert_eq!(
            users.get(user.id).await.unwrap().as_ref(),
            Some(user),
            "{what}"
        );
        let present = user.names.email().unwrap();
        let login = (hash("old"), user.epoch);
        assert_eq!(self.hash_of(present).await, Some(login), "{what}");
        if *present != self.address {
            let taken = self.hash_of(&self.address).await;
            assert!(
                taken.is_none_or(|(hash, _)| hash != super::hash("old")),
                "{what}"
            );
        }
        assert_eq!(self.session_epoch().await, user.epoch, "{what}");
        assert_eq!(self.world.notices().await, 0, "{what}");
        let rows = self.world.items().await;
        assert!(
            rows.iter().all(|row| !row.contains_key("spent_at")),
            "{what}"
        );
    }

    async fn session_epoch(&self) -> Epoch {
        let (sessions, (_, users)) = (self.world.sessions(), self.world.accounts());
        let id = self.session.owner.user_id;
        let found = sessions.get_with_user(&users, id, self.session.id);
        found.await.unwrap().unwrap().0.owner.epoch
    }

    /// The account as it is after one change, and all that belongs to it.
    async fn assert_changed(&self, user: &User) {
        let (_, users) = self.world.accounts();
        assert_eq!(users.get(user.id).await.unwrap().as_ref(), Some(user));
        assert_eq!(user.verified_email(), Some(&self.address));
        assert_eq!(user.epoch, self.world.user.epoch.next());
        let login = (hash("old"), user.epoch);
        assert_eq!(self.hash_of(&self.address).await, Some(login));
        let old = self.world.user.names.email().unwrap();
        assert_eq!(self.hash_of(old).await, None, "the old name is free");
        assert_eq!(self.session_epoch().await, user.epoch);
        assert_eq!(self.world.notices().await, 1);
    }
}

fn ticket(world: &World, address: &Email) -> TicketRow {
    let permit = Permit::Email {
        address: address.clone(),
        effective_at: None,
        agreed_at: None,
    };
    let seed = TicketSeed::generate(&world.keys, NOW).unwrap();
    TicketRow::new(seed, Some(&world.user), permit, NOW + 86_400, Some(mail()))
}

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

impl World {
    fn sessions(&self) -> Sessions {
        Sessions::new(&self.client, "SessionsTable")
    }
}
