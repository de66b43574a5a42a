//! The texts of letters, one file a language.

mod de;
mod en;

/// A text with one thing in it.
pub(crate) type With = fn(&str) -> String;

/// The texts of one language.
pub(crate) struct Texts {
    /// Its tag (RFC 5646).
    pub(crate) language: &'static str,
    pub(crate) signup: Topic,
    pub(crate) taken: Topic,
    pub(crate) invited: Topic,
    pub(crate) email: Topic,
    pub(crate) reset: Topic,
    pub(crate) reset_barred: Topic,
    pub(crate) password_set: Topic,
    pub(crate) password_reset: Topic,
    pub(crate) address_asked: Topic,
    pub(crate) address_changed: Topic,
    pub(crate) disabled: Topic,
    pub(crate) deleted: Topic,
    pub(crate) totp_added: Topic,
    pub(crate) passkey_added: Topic,
    pub(crate) totp_removed: Topic,
    pub(crate) passkey_removed: Topic,
    pub(crate) factors_removed: Topic,
    pub(crate) second_factor_optional: Topic,
    pub(crate) recovery_codes_made: Topic,
    pub(crate) recovery_code_used: Topic,
    pub(crate) wrong_codes: Topic,
    pub(crate) mfa_locked: Topic,
    /// Before a code.
    pub(crate) code: &'static str,
    /// With a time.
    pub(crate) valid_until: With,
    /// With a time.
    pub(crate) link_valid_until: With,
    /// With a time.
    pub(crate) at: With,
    /// With device and network.
    pub(crate) asked_from: With,
    /// Beside a code.
    pub(crate) never_asked: &'static str,
    pub(crate) ignore: &'static str,
    /// Before the link to a new password.
    pub(crate) not_you: &'static str,
    /// Before the link to a new password, which stops a change.
    pub(crate) stop: &'static str,
    pub(crate) ask_us: &'static str,
    /// After the link to a new password.
    pub(crate) factor_stays: &'static str,
}

/// The texts of one kind of letter, with the sender's name.
pub(crate) struct Topic {
    pub(crate) subject: With,
    pub(crate) body: With,
    /// The words of the link; empty where there is none.
    pub(crate) link: &'static str,
}

/// The texts for a locale, by its first subtag; English where there are none.
pub(crate) fn of(locale: Option<&str>) -> &'static Texts {
    let language = locale.and_then(|locale| locale.split(['-', '_']).next());
    let is_asked = |texts: &&&Texts| {
        language.is_some_and(|language| texts.language.eq_ignore_ascii_case(language))
    };
    ALL.iter().find(is_asked).unwrap_or(&&en::TEXTS)
}

pub(crate) const ALL: [&Texts; 2] = [&en::TEXTS, &de::TEXTS];
