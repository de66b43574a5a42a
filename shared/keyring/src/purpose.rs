//! The purpose of a sealed key.

/// The purpose of a sealed key. A key is sealed under it, so that no kind opens as
/// another, and permissions to unseal name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing access tokens.
    Sign,
    /// Tagging refresh tokens.
    Mac,
    /// Sealing the secrets of second factors.
    Factor,
}

impl Purpose {
    /// The value of the member `purpose` of an encryption context.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Mac => "mac",
            Self::Factor => "factor",
        }
    }
}
