//! The purpose of a sealed key.

/// What a sealed key is for. It is part of what a key is sealed under, so that one kind never opens
/// as the other, and of the conditions on who may unseal what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing access tokens.
    Sign,
    /// Tagging refresh tokens.
    Mac,
}

impl Purpose {
    /// The value of the member `purpose` of an encryption context.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Mac => "mac",
        }
    }
}
