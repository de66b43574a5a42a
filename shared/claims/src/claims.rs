//! The payload of an access token.

use serde::{Deserialize, Serialize};

use crate::Role;

/// The claims of an access token (RFC 9068 §2.2), and the two that Flask-JWT-Extended wants.
///
/// Every member but `acr`, `preferred_username` and `email_verified` is required, because an absent
/// claim must never pass a check that a present one would fail. Members that are not listed are
/// tolerated: a later release may add one while an older function still verifies. So is a role that
/// the reader does not know: it confers nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The issuer, as one string.
    pub iss: String,
    /// The immutable id of the account.
    pub sub: String,
    /// The audience, as one string. RFC 7519 §4.1.3 would allow an array; two audiences would let
    /// each replay the token at the other.
    pub aud: String,
    /// The client that asked for the token.
    pub client_id: String,
    /// Seconds since the epoch at which the token is dead.
    pub exp: u64,
    /// Seconds since the epoch at which the token was issued.
    pub iat: u64,
    /// Seconds since the epoch from which the token counts.
    pub nbf: u64,
    /// The id of this token. Revoke by it or by `sid`, never by the token's text: an ECDSA
    /// signature has two spellings.
    pub jti: String,
    /// The id of the session.
    pub sid: String,
    /// Seconds since the epoch at which the account last proved who it is in this session.
    pub auth_time: u64,
    /// The level of authentication that the session has reached (OpenID Connect Core §2): `aal1` or
    /// `aal2`. It is left out where the session has reached none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The methods by which the account authenticated (RFC 8176).
    pub amr: Vec<String>,
    /// The username, for accounts that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// Whether the account has an e-mail address that its owner has proved to read. The address is
    /// not in the token. An issuer that sends no mails leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The roles at the time of issue.
    pub roles: Vec<Role>,
    /// The scopes of the token, separated by spaces; empty, but present, if it permits nothing in
    /// particular.
    pub scope: String,
    /// Always `access`.
    #[serde(rename = "type")]
    pub token_type: TokenType,
    /// Whether the token comes from such a proof and not from a refresh.
    pub fresh: bool,
}

impl Claims {
    /// The members of `scope`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split(' ').filter(|scope| !scope.is_empty())
    }
}

/// The `type` claim. Only one value exists, so a refresh token's `refresh` cannot even be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// An access token.
    #[default]
    Access,
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = concat!(
        r#"{"iss":"https://i","sub":"s","aud":"a","client_id":"c","exp":3,"iat":1,"nbf":2,"#,
        r#""jti":"j","sid":"d","auth_time":1,"acr":"aal1","amr":["pwd"],"preferred_username":"u","email_verified":true,"roles":["admin"],"scope":"x y","#,
        r#""type":"access","fresh":true}"#
    );

    fn claims() -> Claims {
        serde_json::from_str(JSON).expect("the sample has every member")
    }

    #[test]
    fn the_members_keep_their_names_and_order() {
        assert_eq!(serde_json::to_string(&claims()).ok().as_deref(), Some(JSON));
    }

    #[test]
    fn what_an_account_or_an_issuer_does_not_have_is_no_member() {
        let anonymous = Claims {
            acr: None,
            preferred_username: None,
            email_verified: None,
            ..claims()
        };
        let json = serde_json::to_string(&anonymous).expect("claims serialise");
        for absent in ["acr", "preferred_username", "email_verified"] {
            assert!(!json.contains(absent), "{absent}");
        }
        assert_eq!(serde_json::from_str::<Claims>(&json).ok(), Some(anonymous));
    }

    #[test]
    fn unknown_members_and_unknown_roles_are_tolerated() {
        assert!(serde_json::from_str::<Claims>(&JSON.replace("{", r#"{"later":[1],"#)).is_ok());
        let json = JSON.replace("admin", "of a later version");
        let claims: Claims = serde_json::from_str(&json).expect("an unknown role is read");
        assert_eq!(serde_json::to_string(&claims).ok(), Some(json));
    }

    #[test]
    fn scopes_are_split_and_an_empty_scope_has_none() {
        assert_eq!(claims().scopes().collect::<Vec<_>>(), ["x", "y"]);
        let none = Claims {
            scope: String::new(),
            ..claims()
        };
        assert_eq!(none.scopes().count(), 0);
    }
}
