//! The answers to introspection.

use accounts::{Session, Timestamp, User, Username};
use api::Caller;
use claims::{Role, Roles};
use serde::Serialize;

/// An introspection response (RFC 7662 §2.2). Of a token that does not count it says nothing but
/// that, not even why.
#[derive(Serialize)]
pub(crate) struct Answer {
    active: bool,
    #[serde(flatten)]
    token: Option<Token>,
}

#[derive(Serialize)]
struct Token {
    sub: String,
    sid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The scopes that the token permits and the account still has.
    scope: String,
    roles: Vec<Role>,
    exp: Timestamp,
    auth_time: Timestamp,
    #[serde(flatten)]
    access: Option<Access>,
}

/// The other members for an access token.
#[derive(Serialize)]
struct Access {
    token_type: &'static str,
    client_id: String,
    iss: String,
    aud: String,
    iat: Timestamp,
    nbf: Timestamp,
    jti: String,
}

impl Answer {
    pub(crate) fn inactive() -> Self {
        Self {
            active: false,
            token: None,
        }
    }

    /// Roles that were taken away since the token was issued are gone from the answer.
    pub(crate) fn of_access_token(bearer: Caller) -> Self {
        let (roles, scope) = (bearer.roles(), bearer.scope());
        let Caller { user, claims, .. } = bearer;
        Self::active(Token {
            scope,
            roles,
            username: username(&user),
            sub: claims.sub,
            sid: claims.sid,
            exp: claims.exp,
            auth_time: claims.auth_time,
            access: Some(Access {
                token_type: "Bearer",
                client_id: claims.client_id,
                iss: claims.iss,
                aud: claims.aud,
                iat: claims.iat,
                nbf: claims.nbf,
                jti: claims.jti,
            }),
        })
    }

    pub(crate) fn of_refresh_token(session: &Session, user: &User, roles: &Roles) -> Self {
        Self::active(Token {
            sub: user.id.to_string(),
            sid: session.id.to_string(),
            username: username(user),
            scope: roles.scope_of(&user.roles),
            roles: user.roles.clone(),
            exp: session.ends_at(),
            auth_time: session.authentication.at,
            access: None,
        })
    }

    fn active(token: Token) -> Self {
        Self {
            active: true,
            token: Some(token),
        }
    }
}

fn username(user: &User) -> Option<String> {
    let username = user.names.username().map(Username::as_str);
    username.map(ToOwned::to_owned)
}
