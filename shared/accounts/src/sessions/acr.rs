//! The levels of authentication.

/// A level of authentication: the claim `acr` of tokens (OpenID Connect Core §2), by the names of
/// NIST SP 800-63B. The later one is the higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Acr {
    /// One factor.
    Aal1,
    /// Two factors, or a passkey whose device has verified its user.
    Aal2,
}

impl Acr {
    /// Its name in the claim.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aal1 => "aal1",
            Self::Aal2 => "aal2",
        }
    }
}
