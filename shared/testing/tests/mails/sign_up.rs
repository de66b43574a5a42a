//! New accounts by tickets.

mod faults;

use std::sync::Arc;
use std::time::Duration;

use accounts::{
    AuthMethod, Authentication, Device, Email, LoginName, Purpose, Refused, Session,
    SessionLifetime, SessionSecret, Status, TicketSeed, TicketText, User, Username,
};
use claims::Role;
use tables::{
    AccountError, Error, MailedRow, Permit, PermittedSignup, SignUpError, Spend, TicketRow,
};
use tokio::task::JoinSet;

use super::{NOW, World, hash, mail_to};

pub(super) const ADDRESS: &str = "eve@example.com";

impl World {
    /// A ticket of this kind that was issued for an address.
    async fn sign_up_for(&self, kind: PermittedSignup, address: &str) -> TicketRow {
        let seed = TicketSeed::generate(&self.keys, NOW).unwrap();
        let permit = Permit::Signup(kind);
        let row = TicketRow::new(seed, None, permit, NOW + 86_400, Some(mail_to(address)));
        let stored = MailedRow::Ticket(row.clone());
        self.mails().issue(&stored).await.unwrap();
        row
    }

    pub(super) async fn free(&self) -> TicketRow {
        self.sign_up_for(PermittedSignup::Free, ADDRESS).await
    }

    /// Signs an account up, with a password that its username names.
    pub(super) async fn sign_up(
        &self,
        row: &TicketRow,
        username: &str,
        now: u64,
    ) -> Result<User, SignUpError> {
        let user = row.new_account(Username::parse(username).ok(), now);
        let user = user.expect("the ticket makes an account");
        self.sign_up_as(row, &user, username, now).await?;
        Ok(user)
    }

    pub(super) async fn sign_up_as(
        &self,
        row: &TicketRow,
        user: &User,
        password: &str,
        now: u64,
    ) -> Result<(), SignUpError> {
        let attempt = user.id.to_string();
        let attempt = attempt.as_str();
        let spend = Spend { row, attempt, now };
        let (accounts, hash) = (self.whole(), hash(password));
        let mails = self.mails();
        let session = session(user, now);
        mails
            .sign_up(&accounts, &spend, user, &hash, Some(&session))
            .await
    }

    pub(super) async fn is_spent(&self, row: &TicketRow) -> bool {
        let text = TicketText::Handle(self.handle(row, Purpose::Signup));
        let stored = self.mails().look(&text).await.unwrap().unwrap();
        stored.ticket.spent.is_some()
    }

    /// The number of items in a table.
    pub(super) async fn count(&self, table: &str) -> usize {
        let scan = self.engine.client().scan().table_name(table);
        let items = scan.consistent_read(true).send().await.unwrap().items;
        items.unwrap_or_default().len()
    }

    /// The numbers of names, accounts and sessions beside ada's, who has no session.
    pub(super) async fn others(&self) -> (usize, usize, usize) {
        (
            self.count("LoginsTable").await - 1,
            self.count("UsersTable").await - 1,
            self.count("SessionsTable").await,
        )
    }
}

fn session(user: &User, now: u64) -> Session {
    let day = Duration::from_secs(86_400);
    let lifetime = SessionLifetime {
        idle: day,
        absolute: day,
    };
    let proof = Authentication::by(AuthMethod::PASSWORD, now);
    let secret = SessionSecret::generate().unwrap();
    Session::begin(user.owner(), proof, lifetime, &secret, Device::default())
}

#[tokio::test]
async fn a_ticket_makes_the_account_of_its_address_and_nothing_that_is_mailed() {
    let world = World::start().await;
    let row = world.free().await;
    let user = world.sign_up(&row, "eve", NOW + 5).await.unwrap();
    let (logins, users) = world.accounts();
    assert_eq!(users.get(user.id).await.unwrap().as_ref(), Some(&user));
    assert_eq!(user.names.email().map(Email::as_str), Some(ADDRESS));
    assert_eq!((user.status, user.created_at), (Status::Active, NOW + 5));
    assert!(user.roles.is_empty() && user.email_is_verified());
    for name in ["eve", ADDRESS] {
        let name = LoginName::parse(name).unwrap();
        let login = logins.get(&name).await.unwrap().unwrap();
        assert_eq!(login.owner, user.owner());
        assert_eq!(login.password_hash, Some(hash("eve")));
    }
    assert_eq!(world.others().await, (2, 1, 1));
    assert!(world.is_spent(&row).await);
    assert_eq!(world.items().await.len(), 1, "the ticket alone");
}

#[tokio::test]
async fn an_invitation_gives_its_roles_and_needs_no_username() {
    let world = World::start().await;
    let roles: Vec<Role> = vec!["admin".parse().unwrap(), "writer".parse().unwrap()];
    let kind = PermittedSignup::Invited(roles.clone());
    let row = world.sign_up_for(kind, ADDRESS).await;
    let user = row.new_account(None, NOW).unwrap();
    world.sign_up_as(&row, &user, "x", NOW).await.unwrap();
    let (_, users) = world.accounts();
    assert_eq!(users.get(user.id).await.unwrap().unwrap().roles, roles);
    assert_eq!(world.others().await, (1, 1, 1));
}

#[tokio::test]
async fn a_ticket_of_a_taken_address_or_of_another_purpose_makes_no_account() {
    let world = World::start().await;
    let taken = world.sign_up_for(PermittedSignup::Taken, "ada@example.com");
    let taken = taken.await;
    assert!(taken.new_account(None, NOW).is_none());
    let link = taken.ticket.seed.link(Purpose::Signup, &world.keys, NOW);
    let link = TicketText::Link(link.unwrap());
    let code = taken.ticket.seed.code(Purpose::Signup, &world.keys, NOW);
    let handle = TicketText::Handle(world.handle(&taken, Purpose::Signup));
    for (text, code) in [(link, None), (handle, code.ok())] {
        let stored = world.mails().look(&text).await.unwrap().unwrap();
        let proved = stored.ticket;
        let proved = proved.is_proved_by(&text, code.as_ref(), &world.keys, NOW);
        assert_eq!(proved, Ok(false));
    }
    assert!(world.issued().await.new_account(None, NOW).is_none());
}

#[tokio::test]
async fn a_taken_name_leaves_the_ticket_unspent_for_another() {
    let world = World::start().await;
    let row = world.free().await;
    let bobs = world.sign_up_for(PermittedSignup::Free, "bob@example.com");
    world.sign_up(&bobs.await, "eve", NOW).await.unwrap();
    let taken = |username, email| {
        Err(SignUpError::Account(AccountError::Taken {
            username,
            email,
        }))
    };
    assert_eq!(world.sign_up(&row, "Eve", NOW).await, taken(true, false));
    assert!(!world.is_spent(&row).await);
    let other = world.free().await;
    world.sign_up(&row, "eve2", NOW).await.unwrap();
    assert_eq!(world.sign_up(&other, "eve3", NOW).await, taken(false, true));
    assert!(!world.is_spent(&other).await);
    assert_eq!(world.sign_up(&other, "eve2", NOW).await, taken(true, true));
    assert_eq!(world.others().await, (4, 2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_sign_ups_by_one_ticket_at_once_one_makes_an_account() {
    let world = Arc::new(World::start().await);
    let row = world.free().await;
    let mut attempts = JoinSet::new();
    for attempt in 0..1_000 {
        let (world, row) = (world.clone(), row.clone());
        attempts.spawn(async move {
            let username = format!("eve{attempt}");
            (username.clone(), world.sign_up(&row, &username, NOW).await)
        });
    }
    let mut winners = Vec::new();
    for (username, signed_up) in attempts.join_all().await {
        match signed_up {
            Ok(user) => winners.push((username, user)),
            Err(
                SignUpError::Refused(Refused::Used)
                | SignUpError::Account(AccountError::Table(Error::Unavailable { .. })),
            ) => {}
            Err(error) => panic!("{error}"),
        }
    }
    let [(winner, user)] = &*winners else {
        panic!("{} made an account", winners.len());
    };
    let (logins, _) = world.accounts();
    for name in [winner.as_str(), ADDRESS] {
        let name = LoginName::parse(name).unwrap();
        let login = logins.get(&name).await.unwrap().unwrap();
        assert_eq!(login.owner, user.owner());
        assert_eq!(login.password_hash, Some(hash(winner)));
    }
    assert_eq!(world.others().await, (2, 1, 1));
}
