//! The members of a request that show a second factor.

use accounts::{AuthMethod, Methods, RecoveryCode, TotpCode};
use api::Fields;

/// A second factor that a request shows.
pub(crate) enum Shown {
    /// A code of an app.
    Totp(TotpCode),
    /// A recovery code.
    Recovery(RecoveryCode),
}

const EXCLUSIVE: &str = "must be the only second factor of the request";

impl Shown {
    /// Takes the one that is there out of a request.
    pub(crate) fn of(fields: &mut Fields) -> Option<Self> {
        let code = fields.optional("code", TotpCode::parse);
        let recovery_code = fields.optional("recovery_code", RecoveryCode::parse);
        match (code, recovery_code) {
            (Some(_), Some(_)) => {
                fields.refuse("recovery_code", EXCLUSIVE);
                None
            }
            (Some(code), None) => Some(Self::Totp(code)),
            (None, Some(code)) => Some(Self::Recovery(code)),
            (None, None) => {
                if fields.is_ok() {
                    fields.refuse("code", "is missing: give a code or a recovery_code");
                }
                None
            }
        }
    }

    /// The methods of authentication that it stands for.
    pub(crate) fn methods(&self) -> Methods {
        match self {
            Self::Totp(_) | Self::Recovery(_) => AuthMethod::OTP.into(),
        }
    }
}
