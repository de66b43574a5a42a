//! The members of a request that show a second factor.

use accounts::{AuthMethod, Methods, RecoveryCode, TotpCode};
use api::Fields;
use zeroize::Zeroizing;

/// A second factor that a request shows.
pub(crate) enum Shown {
    /// A code.
    Code(Code),
    /// The answer of a passkey, as its JSON.
    Passkey(Zeroizing<String>),
}

/// A code that a request shows.
pub(crate) enum Code {
    /// A code of an app.
    Totp(TotpCode),
    /// A recovery code.
    Recovery(RecoveryCode),
}

const EXCLUSIVE: &str = "must be the only second factor of the request";
const NONE: &str = "is missing: give a code, a recovery_code or a passkey";

impl Shown {
    /// Takes the one that is there out of a request.
    pub(crate) fn of(fields: &mut Fields) -> Option<Self> {
        let code = fields.optional("code", TotpCode::parse);
        let recovery_code = fields.optional("recovery_code", RecoveryCode::parse);
        let passkey = fields.optional_object("passkey");
        let shown = [
            ("code", code.map(Code::Totp).map(Self::Code)),
            (
                "recovery_code",
                recovery_code.map(Code::Recovery).map(Self::Code),
            ),
            ("passkey", passkey.map(Self::Passkey)),
        ];
        let mut shown = shown
            .into_iter()
            .filter_map(|(name, shown)| Some((name, shown?)));
        let first = shown.next();
        for (name, _) in shown {
            fields.refuse(name, EXCLUSIVE);
        }
        if first.is_none() && fields.is_ok() {
            fields.refuse("code", NONE);
        }
        first.map(|(_, shown)| shown)
    }

    /// The methods of authentication that it stands for.
    pub(crate) fn methods(&self) -> Methods {
        match self {
            Self::Code(Code::Totp(_) | Code::Recovery(_)) => AuthMethod::OTP.into(),
            Self::Passkey(_) => Methods::passkey(),
        }
    }
}
