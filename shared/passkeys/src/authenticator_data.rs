//! The authenticator data: what the authenticator signs.

use crate::cbor::{self, Map};
use crate::{CredentialId, Refused};

/// Authenticator data (WebAuthn Level 3, §6.1). `passki` verifies the hash of the RP ID, which it
/// begins with, and the flags that must be set.
pub(crate) struct AuthenticatorData {
    flags: u8,
    pub(crate) sign_count: u32,
    /// That of a new credential.
    pub(crate) attested: Option<Attested>,
}

/// The data of a new credential (§6.5.1).
pub(crate) struct Attested {
    pub(crate) aaguid: [u8; 16],
    pub(crate) id: CredentialId,
    pub(crate) public_key: Map,
}

const RP_ID_HASH: usize = 32;
/// Backup eligibility.
const BE: u8 = 1 << 3;
/// Backup state.
const BS: u8 = 1 << 4;
/// Attested credential data are included.
const AT: u8 = 1 << 6;
/// Extension data are included.
const ED: u8 = 1 << 7;

impl AuthenticatorData {
    /// Reads it to its last byte.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let parsed = || {
            let (_, rest) = bytes.split_at_checked(RP_ID_HASH)?;
            let (&[flags], rest) = rest.split_first_chunk::<1>()?;
            let (sign_count, rest) = rest.split_first_chunk::<4>()?;
            Some((flags, u32::from_be_bytes(*sign_count), rest))
        };
        let (flags, sign_count, rest) = parsed().ok_or(Refused::Malformed)?;
        let (attested, rest) = if flags & AT == 0 {
            (None, rest)
        } else {
            let (attested, rest) = Attested::take(rest)?;
            (Some(attested), rest)
        };
        // No extension was asked for. Some authenticators tell of `credProtect` all the same.
        match (flags & ED != 0, rest) {
            (false, []) => {}
            (true, extensions) => {
                cbor::map(extensions)?;
            }
            (false, _) => return Err(Refused::Malformed),
        }
        Ok(Self {
            flags,
            sign_count,
            attested,
        })
    }

    pub(crate) const fn is_backup_eligible(&self) -> bool {
        self.flags & BE != 0
    }

    pub(crate) const fn is_backed_up(&self) -> bool {
        self.flags & BS != 0
    }
}

impl Attested {
    fn take(bytes: &[u8]) -> Result<(Self, &[u8]), Refused> {
        let parsed = || {
            let (aaguid, rest) = bytes.split_first_chunk::<16>()?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let (id, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
            Some((*aaguid, id, rest))
        };
        let (aaguid, id, rest) = parsed().ok_or(Refused::Malformed)?;
        let id = CredentialId::new(id).ok_or(Refused::CredentialId)?;
        let (public_key, rest) = cbor::take_map(rest)?;
        let attested = Self {
            aaguid,
            id,
            public_key,
        };
        Ok((attested, rest))
    }
}
