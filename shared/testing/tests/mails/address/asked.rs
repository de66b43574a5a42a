//! Somebody whose address is to be proved.

use std::time::Duration;

use accounts::{
    AuthMethod, Authentication, Device, Email, Epoch, LoginName, PasswordHash, Session,
    SessionLifetime, SessionSecret, TicketSeed, User,
};
use tables::{Error, Moving, Notice, NoticeKind, Permit, Sessions, Spend, SpendError, TicketRow};

use crate::{NOW, World, hash, mail};

/// Somebody who is signed in, with a ticket for an address.
pub(super) struct Asked {
    pub(super) world: World,
    pub(super) session: Session,
    pub(super) row: TicketRow,
    pub(super) address: Email,
}

impl Asked {
    /// A ticket for the address of the account, or for another.
    pub(super) async fn start(address: &str) -> Self {
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

    pub(super) async fn issue(&self, notice: Option<Notice>) -> Result<(), Error> {
        let mails = self.world.mails();
        mails.issue_with(self.row.clone(), notice).await
    }

    pub(super) async fn verify(&self, attempt: &str) -> Result<User, SpendError> {
        let (mails, (_, users)) = (self.world.mails(), self.world.accounts());
        let spend = self.spend(attempt, NOW);
        mails.verify_address(&users, &spend, &self.world.user).await
    }

    pub(super) fn spend<'a>(&'a self, attempt: &'a str, now: u64) -> Spend<'a> {
        Spend {
            row: &self.row,
            attempt,
            now,
        }
    }

    pub(super) async fn change(&self, attempt: &str, now: u64) -> Result<User, SpendError> {
        let login = tables::Login {
            owner: self.world.user.owner(),
            password_hash: Some(hash("old")),
            ways_in: accounts::WaysIn::default(),
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

    pub(super) async fn hash_of(&self, address: &Email) -> Option<(PasswordHash, Epoch)> {
        let (logins, _) = self.world.accounts();
        let login = logins.get(&LoginName::from(address)).await.unwrap()?;
        Some((login.password_hash?, login.owner.epoch))
    }

    /// Nothing of the change is there, and nobody is told of it.
    pub(super) async fn assert_unchanged(&self, what: &str) {
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

    pub(super) async fn session_epoch(&self) -> Epoch {
        let (sessions, (_, users)) = (self.world.sessions(), self.world.accounts());
        let id = self.session.owner.user_id;
        let found = sessions.get_with_user(&users, id, self.session.id);
        found.await.unwrap().unwrap().0.owner.epoch
    }

    /// The account as it is after one change, and all that belongs to it.
    pub(super) async fn assert_changed(&self, user: &User) {
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

pub(super) fn ticket(world: &World, address: &Email) -> TicketRow {
    let permit = Permit::Email {
        address: address.clone(),
        effective_at: None,
        agreed_at: None,
    };
    let seed = TicketSeed::generate(&world.keys, NOW).unwrap();
    TicketRow::new(seed, Some(&world.user), permit, NOW + 86_400, Some(mail()))
}

impl World {
    pub(super) fn sessions(&self) -> Sessions {
        Sessions::new(&self.client, "SessionsTable")
    }
}
