//! The answers to introspection.

use accounts::{Session, Timestamp, User, Username};
use api::{Caller, MfaRequired};
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
    /// The level and the methods (RFC 9470 §6.2). A session that has reached no level has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    amr: Vec<String>,
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
            acr: claims.acr,
            amr: claims.amr,
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

    /// A session that confers no role yet has none in the answer.
    pub(crate) fn of_refresh_token(
        session: &Session,
        user: &User,
        table: &Roles,
        mfa_required: MfaRequired,
    ) -> Self {
        let scopes = table.scopes(&user.roles).into_iter();
        let roles = if mfa_required.withholds_roles(session, scopes) {
            Vec::new()
        } else {
            user.roles.clone()
        };
        let methods = &session.authentication.methods;
        Self::active(Token {
            sub: user.id.to_string(),
            sid: session.id.to_string(),
            username: username(user),
            scope: table.scope_of(&roles),
            roles,
            exp: session.ends_at(),
            auth_time: session.authentication.at,
            acr: methods.acr().map(|acr| acr.as_str().to_owned()),
            amr: methods.amr(),
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
