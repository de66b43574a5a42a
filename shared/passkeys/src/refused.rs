//! Why an answer is not believed.

use passki::PasskiError;

/// The rule that an answer breaks (WebAuthn Level 3, §7.1 and §7.2). The text of none repeats
/// anything of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no JSON, CBOR or authenticator data of the shape that the specification has, a member
    /// comes twice, or something follows its end.
    #[error("it is malformed")]
    Malformed,
    /// It answers the other ceremony, or is of another type than `public-key`.
    #[error("it is of another type")]
    Type,
    /// It answers another challenge.
    #[error("it answers another challenge")]
    Challenge,
    /// It was made on a page of another origin.
    #[error("it was made on a page whose origin is not accepted")]
    Origin,
    /// It was made in a frame of a page of another origin.
    #[error("it was made in a frame of another site")]
    CrossOrigin,
    /// It is for another domain.
    #[error("it is for another RP ID")]
    RpId,
    /// Nobody was present.
    #[error("the user was not present")]
    NotPresent,
    /// The authenticator did not verify its user.
    #[error("the user was not verified")]
    NotVerified,
    /// It says that the passkey is backed up, and that it cannot be.
    #[error("the passkey is backed up, but not eligible for it")]
    Backup,
    /// The ids in it differ, or are too short or too long, or it is not the id of the passkey.
    #[error("the id of the credential does not fit")]
    CredentialId,
    /// It names no user that a discoverable passkey of ours could name.
    #[error("the user handle does not fit")]
    UserHandle,
    /// Its key is for an algorithm that was not offered.
    #[error("the algorithm was not offered")]
    Algorithm,
    /// Its key is none of the algorithm that it names.
    #[error("the public key is invalid")]
    PublicKey,
    /// It has an attestation, for which nobody has asked.
    #[error("it has an attestation, and none was asked for")]
    Attestation,
    /// Its signature is not of the passkey.
    #[error("the signature is invalid")]
    Signature,
    /// Its count has not grown, though the passkey never leaves its device: there are two of it.
    #[error("the signature counter did not grow")]
    Cloned,
}

impl Refused {
    /// Its name, for the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Type => "type",
            Self::Challenge => "challenge",
            Self::Origin => "origin",
            Self::CrossOrigin => "cross_origin",
            Self::RpId => "rp_id",
            Self::NotPresent => "not_present",
            Self::NotVerified => "not_verified",
            Self::Backup => "backup",
            Self::CredentialId => "credential_id",
            Self::UserHandle => "user_handle",
            Self::Algorithm => "algorithm",
            Self::PublicKey => "public_key",
            Self::Attestation => "attestation",
            Self::Signature => "signature",
            Self::Cloned => "cloned",
        }
    }
}

impl From<PasskiError> for Refused {
    fn from(error: PasskiError) -> Self {
        match error {
            PasskiError::InvalidClientDataType(_) | PasskiError::ClientDataTypeMismatch { .. } => {
                Self::Type
            }
            PasskiError::ChallengeMismatch => Self::Challenge,
            PasskiError::OriginMismatch { .. } => Self::Origin,
            PasskiError::CrossOriginNotAllowed => Self::CrossOrigin,
            PasskiError::RpIdHashMismatch => Self::RpId,
            PasskiError::UserNotPresent => Self::NotPresent,
            PasskiError::UserVerificationRequired => Self::NotVerified,
            PasskiError::InvalidBackupFlags => Self::Backup,
            PasskiError::CredentialIdMismatch => Self::CredentialId,
            PasskiError::UnsupportedAlgorithm(_) => Self::Algorithm,
            PasskiError::InvalidCoseKey(_) => Self::PublicKey,
            PasskiError::SignatureVerificationFailed => Self::Signature,
            PasskiError::InvalidAttestation(_) => Self::Attestation,
            _ => Self::Malformed,
        }
    }
}
