//! Which scopes each role confers: the owner's table, and the only one.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use crate::role::is_name;
use crate::{Role, Scope};

/// Which scopes each role confers, as the owner of a deployment has written it:
/// `role=scope+scope,role=scope`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles(BTreeMap<Role, BTreeSet<String>>);

/// Why a text is not a table of roles, to be read after the name of its parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RolesError {
    /// It is longer than [`Roles::MAX_LENGTH`].
    #[error("must be {} bytes at most", Roles::MAX_LENGTH)]
    TooLong,
    /// The entry of this number, counted from 1, is of another form.
    #[error(
        "must be role=scope+scope with commas between the roles and no blanks, and its entry {0} is not"
    )]
    Malformed(usize),
    /// Two entries are of the same role.
    #[error("must name each role once, but names {0} twice")]
    Twice(Role),
}

impl Roles {
    /// The most bytes of the text of a table.
    pub const MAX_LENGTH: usize = 768;

    /// The roles, sorted.
    pub fn names(&self) -> impl Iterator<Item = &Role> {
        self.0.keys()
    }

    /// Returns the role of this name; `None` if the table has none.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.names().find(|role| role.as_str() == name)
    }

    /// The scopes that these roles confer together. A role that the table does not name confers
    /// none.
    #[must_use]
    pub fn scopes(&self, roles: &[Role]) -> BTreeSet<&str> {
        let named = roles.iter().filter_map(|role| self.0.get(role));
        named.flatten().map(String::as_str).collect()
    }

    /// The scopes that any role confers.
    #[must_use]
    pub fn all_scopes(&self) -> BTreeSet<&str> {
        self.0.values().flatten().map(String::as_str).collect()
    }

    /// Returns whether one of these roles confers the scope.
    #[must_use]
    pub fn confer(&self, roles: &[Role], scope: Scope) -> bool {
        self.scopes(roles).contains(scope.as_str())
    }

    /// The scopes of these roles as tokens carry them: sorted, each once, separated by spaces
    /// (RFC 6749 §3.3).
    #[must_use]
    pub fn scope_of(&self, roles: &[Role]) -> String {
        Vec::from_iter(self.scopes(roles)).join(" ")
    }
}

impl FromStr for Roles {
    type Err = RolesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > Self::MAX_LENGTH {
            return Err(RolesError::TooLong);
        }
        let mut table = BTreeMap::new();
        for (entry, number) in text.split(',').zip(1..) {
            let malformed = || RolesError::Malformed(number);
            let (role, scopes) = entry.split_once('=').ok_or_else(malformed)?;
            let role: Role = role.parse().map_err(|_| malformed())?;
            if !scopes.split('+').all(is_name) {
                return Err(malformed());
            }
            let scopes = scopes.split('+').map(ToOwned::to_owned).collect();
            if table.insert(role.clone(), scopes).is_some() {
                return Err(RolesError::Twice(role));
            }
        }
        Ok(Self(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Roles {
        let text =
            "admin=users:read+users:write+tokens:introspect,editor=articles:write+users:read";
        text.parse().expect("a table")
    }

    fn roles(names: &[&str]) -> Vec<Role> {
        let role = |name: &&str| name.parse().expect("a name");
        names.iter().map(role).collect()
    }

    #[test]
    fn roles_confer_their_scopes_sorted_and_each_once() {
        let table = table();
        for (names, scope) in [
            (&["admin"][..], "tokens:introspect users:read users:write"),
            (&["editor"], "articles:write users:read"),
            (
                &["editor", "admin", "editor"],
                "articles:write tokens:introspect users:read users:write",
            ),
            (&["Admin", "auditor"], ""),
            (&[], ""),
        ] {
            assert_eq!(table.scope_of(&roles(names)), scope, "{names:?}");
        }
        assert!(table.confer(&roles(&["editor"]), Scope::USERS_READ));
        assert!(!table.confer(&roles(&["editor"]), Scope::USERS_WRITE));
        assert_eq!(table.all_scopes().len(), 4);
    }

    #[test]
    fn a_role_is_found_by_its_name() {
        let table = table();
        let names: Vec<_> = table.names().map(Role::as_str).collect();
        assert_eq!(names, ["admin", "editor"]);
        assert_eq!(table.role("editor").map(Role::as_str), Some("editor"));
        assert_eq!(table.role("Editor"), None);
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said() {
        let long = format!("a={}", vec!["b"; 512].join("+"));
        assert_eq!(long.len(), 1_025);
        for (text, error) in [
            ("", RolesError::Malformed(1)),
            ("a=b,", RolesError::Malformed(2)),
            ("a=b, c=d", RolesError::Malformed(2)),
            ("a=b,c=", RolesError::Malformed(2)),
            ("a=b,a=c", RolesError::Twice(roles(&["a"]).remove(0))),
            (&long, RolesError::TooLong),
        ] {
            assert_eq!(text.parse::<Roles>(), Err(error), "{text}");
        }
    }
}
