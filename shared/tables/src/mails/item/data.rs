//! The part of a row that depends on its purpose.

use accounts::{Email, Epoch, Locale, TicketId, TicketSalt, TicketSeed};
use claims::Role;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::{FILL, corrupt};
use crate::Error;
use crate::mails::{FactorKind, Mail, Notice, NoticeKind, PermittedSignup};

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
    /// As much as the address, where the mail says that there is no way back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nothing: Option<String>,
    /// As much as epoch and language leave of their longest texts: the length of a row depends on
    /// the request alone, and not on the account.
    #[serde(default)]
    fill: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct NoticeData {
    kind: StoredNotice,
    pub(super) at: u64,
    /// The ticket by which the old address agrees to another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agree: Option<StoredSeed>,
    /// The factor that was added or removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factor: Option<FactorKind>,
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
    FactorAdded,
    FactorRemoved,
    FactorsRemoved,
    SecondFactorOptional,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    WrongCodes,
    MfaLocked,
}

impl StoredNotice {
    const fn of(kind: NoticeKind) -> Self {
        match kind {
            NoticeKind::PasswordSet => Self::PasswordSet,
            NoticeKind::PasswordReset => Self::PasswordReset,
            NoticeKind::AddressAsked(_) => Self::AddressAsked,
            NoticeKind::AddressChanged => Self::AddressChanged,
            NoticeKind::Disabled => Self::Disabled,
            NoticeKind::Deleted => Self::Deleted,
            NoticeKind::FactorAdded(_) => Self::FactorAdded,
            NoticeKind::FactorRemoved(_) => Self::FactorRemoved,
            NoticeKind::FactorsRemoved => Self::FactorsRemoved,
            NoticeKind::SecondFactorOptional => Self::SecondFactorOptional,
            NoticeKind::RecoveryCodesMade => Self::RecoveryCodesMade,
            NoticeKind::RecoveryCodeUsed => Self::RecoveryCodeUsed,
            NoticeKind::WrongCodes => Self::WrongCodes,
            NoticeKind::MfaLocked => Self::MfaLocked,
        }
    }
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

impl ResetData {
    pub(super) fn new(address: Option<&Email>, epoch: Option<Epoch>, mail: Option<&Mail>) -> Self {
        let locale = mail.and_then(|mail| mail.to.locale.as_deref());
        let locale = locale.unwrap_or_default();
        let to = mail.filter(|_| address.is_none());
        let epoch = epoch.map_or(0, |epoch| u64::from(epoch).to_string().len());
        let longest = u64::MAX.to_string().len() + Locale::MAX_LENGTH;
        Self {
            address: address.map(|address| address.as_str().to_owned()),
            nothing: to.map(|mail| FILL.repeat(mail.to.address.as_str().len())),
            fill: FILL.repeat(longest.saturating_sub(epoch + locale.len())),
        }
    }
}

impl NoticeData {
    pub(super) fn of(notice: &Notice) -> Self {
        let agree = match notice.kind {
            NoticeKind::AddressAsked(seed) => Some(StoredSeed {
                id: seed.id.to_string(),
                mac_key: format!("{:016x}", seed.mac_key),
                salt: ByteBuf::from(seed.salt.as_bytes()),
            }),
            _ => None,
        };
        let factor = match notice.kind {
            NoticeKind::FactorAdded(factor) | NoticeKind::FactorRemoved(factor) => Some(factor),
            _ => None,
        };
        Self {
            kind: StoredNotice::of(notice.kind),
            at: notice.at,
            agree,
            factor,
        }
    }

    pub(super) fn kind(&self) -> Result<NoticeKind, Error> {
        Ok(match self.kind {
            StoredNotice::PasswordSet => NoticeKind::PasswordSet,
            StoredNotice::PasswordReset => NoticeKind::PasswordReset,
            StoredNotice::AddressAsked => NoticeKind::AddressAsked(self.agree()?),
            StoredNotice::AddressChanged => NoticeKind::AddressChanged,
            StoredNotice::Disabled => NoticeKind::Disabled,
            StoredNotice::Deleted => NoticeKind::Deleted,
            StoredNotice::FactorAdded => NoticeKind::FactorAdded(self.factor()?),
            StoredNotice::FactorRemoved => NoticeKind::FactorRemoved(self.factor()?),
            StoredNotice::FactorsRemoved => NoticeKind::FactorsRemoved,
            StoredNotice::SecondFactorOptional => NoticeKind::SecondFactorOptional,
            StoredNotice::RecoveryCodesMade => NoticeKind::RecoveryCodesMade,
            StoredNotice::RecoveryCodeUsed => NoticeKind::RecoveryCodeUsed,
            StoredNotice::WrongCodes => NoticeKind::WrongCodes,
            StoredNotice::MfaLocked => NoticeKind::MfaLocked,
        })
    }

    fn factor(&self) -> Result<FactorKind, Error> {
        self.factor.ok_or_else(|| corrupt("factor is missing"))
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
