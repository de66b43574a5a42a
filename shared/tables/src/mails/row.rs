//! The rows of the table, as types.

use accounts::{
    Email, Names, NoRandomness, Refused, Ticket, TicketId, TicketSeed, Timestamp, User, UserId,
    Username, VerifiedEmail,
};
use claims::Role;
use serde::{Deserialize, Serialize};

/// A row: a ticket, or a notice that nobody spends.
#[derive(Clone, Debug, PartialEq)]
pub enum MailedRow {
    /// A ticket.
    Ticket(TicketRow),
    /// A notice.
    Notice(Notice),
}

/// A ticket and the one thing that it permits.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketRow {
    /// The ticket. Its `mailed` is decided by `permit` and `mail`, and is not stored.
    pub ticket: Ticket,
    /// The one thing that it permits.
    pub permit: Permit,
    /// The mail that tells of it; `None` for a ticket that was asked for nobody, as it is read.
    pub mail: Option<Mail>,
}

/// The purposes of tickets, each with what it needs to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Permit {
    /// To make an account with the address that was mailed.
    Signup(PermittedSignup),
    /// To prove an address of the account.
    Email {
        /// The address.
        address: Email,
        /// The time from which a change needs nothing but the proof; `None` where it never needs
        /// more.
        effective_at: Option<Timestamp>,
        /// The time at which the old address agreed to the change.
        agreed_at: Option<Timestamp>,
    },
    /// To set a new password.
    Reset {
        /// The address that the account had, with which the ticket ends. `None` for nobody, as it is
        /// read, and for an account that has no way back by mail: its mail says so, without link or
        /// code.
        address: Option<Email>,
    },
}

/// The ways of a sign-up.
#[derive(Clone, Debug, PartialEq)]
pub enum PermittedSignup {
    /// Somebody asked with an address that was free.
    Free,
    /// Somebody asked with an address that has an account. The mail says so and has neither link
    /// nor code.
    Taken,
    /// An administrator or an operator invited the address, and the account gets these roles.
    Invited(Vec<Role>),
}

/// A mail about a change that is done. Nobody spends it.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Its own id.
    pub id: TicketId,
    /// The change.
    pub kind: NoticeKind,
    /// The account.
    pub user_id: UserId,
    /// The time of the change.
    pub at: Timestamp,
    /// The time from which it is not worth a mail.
    pub expires_at: Timestamp,
    /// The mail.
    pub mail: Mail,
}

/// The changes that are worth a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The password was changed by somebody who was signed in.
    PasswordSet,
    /// The password was set anew, by a mailed link or code.
    PasswordReset,
    /// Another address was asked for; the old one may agree by a link of that ticket, or stop it.
    AddressAsked(TicketSeed),
    /// The account has another address.
    AddressChanged,
    /// An administrator disabled the account.
    Disabled,
    /// The account was deleted.
    Deleted,
    /// A second factor or a passkey was added.
    FactorAdded(FactorKind),
    /// Its owner has removed a second factor or a passkey.
    FactorRemoved(FactorKind),
    /// An administrator or an operator has removed all second factors and passkeys.
    FactorsRemoved,
    /// A password asks for a second factor no longer, by the choice of the owner.
    SecondFactorOptional,
    /// There are new recovery codes, in place of those before.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// Many wrong codes in a row came after the right password.
    WrongCodes,
    /// The codes of an app are locked: there were too many wrong ones in a row.
    MfaLocked,
}

/// The kinds of factors that a notice tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// The codes of an authenticator app.
    Totp,
    /// A passkey.
    Passkey,
}

/// Where and how a mail goes out.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// To whom.
    pub to: Recipient,
    /// The issuer, an https URL without a trailing slash: links are below it.
    pub issuer: String,
    /// The client that asked for it, as far as the mail may say.
    pub asker: Asker,
}

/// The address that is mailed, and its language.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    /// The address.
    pub address: Email,
    /// The language, such as `de`; `None` where nothing is known of it.
    pub locale: Option<String>,
}

/// The client of the request that a mail is about, in rough words: never a text of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// The kind of device, such as `Firefox, Linux`.
    pub device: Option<String>,
    /// The network, such as `198.51.100.7` or `2001:db8::/56`.
    pub network: Option<String>,
}

impl Notice {
    /// The time, in seconds, for which a notice is worth a mail.
    const LIFE: u64 = 24 * 60 * 60;

    /// The notice of what happens to an account now, to its address and in the language that its
    /// owner has chosen; `None` where it has no address that is verified. What happens to an account
    /// is no business of an address that somebody has only typed.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn of(
        user: &User,
        kind: NoticeKind,
        now: Timestamp,
        (issuer, asker): (&str, &Asker),
    ) -> Result<Option<Self>, NoRandomness> {
        let Some(address) = user.verified_email() else {
            return Ok(None);
        };
        Ok(Some(Self {
            id: TicketId::generate()?,
            kind,
            user_id: user.id,
            at: now,
            expires_at: now.saturating_add(Self::LIFE),
            mail: Mail {
                to: Recipient {
                    address: address.clone(),
                    locale: user.locale.as_ref().map(ToString::to_string),
                },
                issuer: issuer.to_owned(),
                asker: asker.clone(),
            },
        }))
    }

    /// The notice in this language, where nothing is known of its owner's.
    #[must_use]
    pub fn or_in(mut self, language: Option<&str>) -> Self {
        let to = &mut self.mail.to;
        to.locale = to.locale.take().or_else(|| language.map(str::to_owned));
        self
    }
}

impl TicketRow {
    /// A new ticket's row. `user` is the account that the ticket is bound to, if it is to any.
    pub fn new(
        seed: TicketSeed,
        user: Option<&User>,
        permit: Permit,
        expires_at: Timestamp,
        mail: Option<Mail>,
    ) -> Self {
        let ticket = Ticket {
            seed,
            owner: user.map(User::owner),
            mailed: is_mailed(&permit, mail.as_ref()),
            guesses: 0,
            expires_at,
            spent: None,
        };
        Self {
            ticket,
            permit,
            mail,
        }
    }

    /// Decides whether the ticket still permits its purpose: [`Ticket::judge`], and the address
    /// that a reset was mailed to is still the account's.
    ///
    /// # Errors
    ///
    /// The first reason that fits. Only a bearer who has proved to read the mail is told.
    pub fn judge(&self, user: Option<&User>, now: Timestamp) -> Result<(), Refused> {
        self.ticket.judge(user, now)?;
        let present = user.and_then(|user| user.names.email());
        match &self.permit {
            Permit::Reset { address } if address.as_ref() != present => Err(Refused::Superseded),
            _ => Ok(()),
        }
    }

    /// Returns the account that a sign-up makes: with the address that was mailed, which is proven,
    /// and with the roles of an invitation. `None` where the ticket makes none.
    pub fn new_account(&self, username: Option<Username>, now: Timestamp) -> Option<User> {
        let roles = match &self.permit {
            Permit::Signup(PermittedSignup::Free) => Vec::new(),
            Permit::Signup(PermittedSignup::Invited(roles)) => roles.clone(),
            _ => return None,
        };
        let address = self.mail.as_ref()?.to.address.clone();
        let proof = VerifiedEmail {
            address: address.clone(),
            at: now,
        };
        let names = Names::new(username, Some(address))?;
        Some(User {
            verified_email: Some(proof),
            roles,
            ..User::register(names, now)
        })
    }
}

/// Whether link and code are in the mail.
pub(super) fn is_mailed(permit: &Permit, mail: Option<&Mail>) -> bool {
    let says_no = [
        Permit::Signup(PermittedSignup::Taken),
        Permit::Reset { address: None },
    ];
    mail.is_some() && !says_no.contains(permit)
}
