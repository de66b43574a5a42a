//! The purposes of tickets.

/// The one thing that a ticket permits. Each has a byte, which tags and secrets cover: a ticket of
/// one purpose is forged for every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To make an account with the address that was mailed.
    Signup,
    /// To prove an address of an existing account, its present one or the next.
    Email,
    /// To agree, from the old address, to a change of address. It is a second text of a ticket of
    /// [`Purpose::Email`] and has no row of its own.
    Agree,
    /// To set a new password.
    Reset,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 4] = [Self::Signup, Self::Email, Self::Agree, Self::Reset];

    /// The name, as it stands in texts and in the keys of rows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signup => "signup",
            Self::Email => "email",
            Self::Agree => "agree",
            Self::Reset => "reset",
        }
    }

    /// The purpose whose rows hold its tickets.
    pub const fn row(self) -> Self {
        match self {
            Self::Agree => Self::Email,
            own => own,
        }
    }

    /// The byte that tags and secrets cover. It is never reassigned.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Signup => 1,
            Self::Email => 2,
            Self::Agree => 3,
            Self::Reset => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_bytes_are_distinct_and_no_name_begins_another() {
        let bytes: HashSet<_> = Purpose::ALL.map(Purpose::byte).into();
        assert_eq!(bytes.len(), Purpose::ALL.len());
        for one in Purpose::ALL {
            for other in Purpose::ALL {
                let begins = other.name().starts_with(one.name());
                assert_eq!(begins, one == other, "{one:?} {other:?}");
            }
        }
    }
}
