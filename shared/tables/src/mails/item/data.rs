//! The part of a row that depends on its purpose.

use accounts::{TicketId, TicketSalt, TicketSeed};
use claims::Role;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::corrupt;
use crate::Error;
use crate::mails::{Notice, NoticeKind, PermittedSignup};

#[derive(Serialize, Deserialize)]
pub(super) struct SignupData {
    kind: StoredSignup,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Role>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredSignup {
    Free,
    Taken,
    Invited,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EmailData {
    pub(super) address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effective_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) agreed_at: Option<u64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ResetData {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct NoticeData {
    kind: StoredNotice,
    pub(super) at: u64,
    /// The ticket by which the old address agrees to another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    agree: Option<StoredSeed>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredNotice {
    PasswordSet,
    PasswordReset,
    AddressAsked,
    AddressChanged,
    Disabled,
    Deleted,
}

#[derive(Serialize, Deserialize)]
struct StoredSeed {
    id: String,
    mac_key: String,
    salt: ByteBuf,
}

impl From<&PermittedSignup> for SignupData {
    fn from(signup: &PermittedSignup) -> Self {
        let (kind, roles) = match signup {
            PermittedSignup::Free => (StoredSignup::Free, Vec::new()),
            PermittedSignup::Taken => (StoredSignup::Taken, Vec::new()),
            PermittedSignup::Invited(roles) => (StoredSignup::Invited, roles.clone()),
        };
        Self { kind, roles }
    }
}

impl SignupData {
    pub(super) fn signup(&self) -> PermittedSignup {
        match self.kind {
            StoredSignup::Free => PermittedSignup::Free,
            StoredSignup::Taken => PermittedSignup::Taken,
            StoredSignup::Invited => PermittedSignup::Invited(self.roles.clone()),
        }
    }
}

impl NoticeData {
    pub(super) fn of(notice: &Notice) -> Self {
        let (kind, agree) = match notice.kind {
            NoticeKind::PasswordSet => (StoredNotice::PasswordSet, None),
            NoticeKind::PasswordReset => (StoredNotice::PasswordReset, None),
            NoticeKind::AddressAsked(seed) => (StoredNotice::AddressAsked, Some(seed)),
            NoticeKind::AddressChanged => (StoredNotice::AddressChanged, None),
            NoticeKind::Disabled => (StoredNotice::Disabled, None),
            NoticeKind::Deleted => (StoredNotice::Deleted, None),
        };
        let agree = agree.map(|seed| StoredSeed {
            id: seed.id.to_string(),
            mac_key: format!("{:016x}", seed.mac_key),
            salt: ByteBuf::from(seed.salt.as_bytes()),
        });
        let at = notice.at;
        Self { kind, at, agree }
    }

    pub(super) fn kind(&self) -> Result<NoticeKind, Error> {
        Ok(match self.kind {
            StoredNotice::PasswordSet => NoticeKind::PasswordSet,
            StoredNotice::PasswordReset => NoticeKind::PasswordReset,
            StoredNotice::AddressAsked => NoticeKind::AddressAsked(self.agree()?),
            StoredNotice::AddressChanged => NoticeKind::AddressChanged,
            StoredNotice::Disabled => NoticeKind::Disabled,
            StoredNotice::Deleted => NoticeKind::Deleted,
        })
    }

    fn agree(&self) -> Result<TicketSeed, Error> {
        let stored = self.agree.as_ref();
        let stored = stored.ok_or_else(|| corrupt("agree is missing"))?;
        let id = TicketId::parse(&stored.id).ok_or_else(|| corrupt("id is not an id"))?;
        seed(id, Some(&stored.mac_key), Some(&stored.salt))
    }
}

/// Reads the members from which the texts of a ticket are computed.
pub(super) fn seed(
    id: TicketId,
    mac_key: Option<&str>,
    salt: Option<&[u8]>,
) -> Result<TicketSeed, Error> {
    let mac_key = mac_key.and_then(|name| u64::from_str_radix(name, 16).ok());
    Ok(TicketSeed {
        id,
        salt: salt
            .and_then(TicketSalt::from_stored)
            .ok_or_else(|| corrupt("salt is not 16 bytes"))?,
        mac_key: mac_key.ok_or_else(|| corrupt("mac_key is no name of a key"))?,
    })
}
