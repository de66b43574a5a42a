//! Why a token is refused.

/// Why a token is refused.
///
/// The messages are fit for a client: they say nothing about the token that its bearer does not
/// know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejected {
    /// It is longer than [`MAX_TOKEN_LENGTH`](crate::MAX_TOKEN_LENGTH).
    #[error("the token is too long")]
    TooLong,
    /// It is not three parts of canonical base64url (RFC 7515 §7.1).
    #[error("the token is malformed")]
    Malformed,
    /// The header is not exactly `alg`, `kid` and `typ`, each a string and each once.
    #[error("the token's header is not acceptable")]
    Header,
    /// It is a token of another kind (RFC 9068 §4).
    #[error("the token is of another kind")]
    Type,
    /// No key has the name in `kid`.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// `alg` is not the algorithm of the key (RFC 8725 §3.1).
    #[error("the token's algorithm is not that of its key")]
    Algorithm,
    /// The signature is not that of the key.
    #[error("the token's signature is invalid")]
    Signature,
    /// A claim is missing, empty, of a wrong type or given twice (RFC 9068 §2.2).
    #[error("the token's claims are not acceptable")]
    Claims,
    /// It comes from another issuer (RFC 9068 §4).
    #[error("the token is from another issuer")]
    Issuer,
    /// It is meant for another audience (RFC 9068 §4).
    #[error("the token is for another audience")]
    Audience,
    /// It has expired (RFC 7519 §4.1.4).
    #[error("the token has expired")]
    Expired,
    /// It was issued in the future, or counts only from then (RFC 7519 §4.1.5, §4.1.6).
    #[error("the token is not valid yet")]
    NotYetValid,
}
