//! Tokens between a password and a second factor, which a test issues.

use accounts::{AuthMethod, MfaPurpose, MfaToken, User};

use crate::Stack;

impl Stack {
    /// The token that a login of this account with its password would be answered with, now.
    ///
    /// # Panics
    ///
    /// Where the ring cannot be read.
    pub async fn mfa_token(&self, user: &User, purpose: MfaPurpose) -> String {
        let token = MfaToken {
            purpose,
            owner: user.owner(),
            issued_at: api::now(),
            methods: AuthMethod::PASSWORD.into(),
            device: None,
        };
        let text = token.to_text(&*self.mac_keys().await);
        text.expect("a MAC key is active").to_string()
    }
}
