//! The roles of an account and the only table from roles to scopes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A role of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Manages other accounts.
    Admin,
}

impl Role {
    const ALL: [Self; 1] = [Self::Admin];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
        }
    }

    const fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Admin => &[Scope::UsersRead, Scope::UsersWrite, Scope::TokensIntrospect],
        }
    }

    /// Whether the role confers a scope.
    #[must_use]
    pub fn confers(self, scope: Scope) -> bool {
        self.scopes().contains(&scope)
    }
}

/// A scope: what a token may permit beyond its own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Reading other accounts.
    UsersRead,
    /// Changing other accounts.
    UsersWrite,
    /// Asking whether a token counts (RFC 7662).
    TokensIntrospect,
}

impl Scope {
    /// The scope as tokens carry it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UsersRead => "users:read",
            Self::UsersWrite => "users:write",
            Self::TokensIntrospect => "tokens:introspect",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The scopes that these roles confer: sorted, each once, separated by spaces (RFC 6749 §3.3).
#[must_use]
pub fn scope_of(roles: &[Role]) -> String {
    let scopes: BTreeSet<&str> = roles
        .iter()
        .flat_map(|role| role.scopes().iter().map(|scope| scope.as_str()))
        .collect();
    scopes.into_iter().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name is that of no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role must be admin")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or(UnknownRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_has_the_scopes_of_the_table_sorted_and_once() {
        let expected = "tokens:introspect users:read users:write";
        assert_eq!(scope_of(&[Role::Admin]), expected);
        assert_eq!(scope_of(&[Role::Admin, Role::Admin]), expected);
    }

    #[test]
    fn no_role_confers_no_scope() {
        assert_eq!(scope_of(&[]), "");
    }

    #[test]
    fn every_role_is_read_back_as_written() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
            let json = serde_json::to_string(&role).expect("a unit variant serialises");
            assert_eq!(json, format!("\"{role}\""));
        }
        assert_eq!("Admin".parse::<Role>(), Err(UnknownRole));
        assert!(serde_json::from_str::<Role>("\"root\"").is_err());
    }
}
