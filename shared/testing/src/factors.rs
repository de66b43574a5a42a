//! Second factors and passkeys that accounts of a stack have, as rows. Nobody can use the passkeys.

use accounts::{AuthMethod, Methods, RecoveryHash, SessionId, User, UserId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tables::{By, FactorChange, FactorWrite, PasskeyRow, RecoveryCodes};

use crate::{Authenticator, Session, Stack};

/// The account and the session that an access token names, whatever key has signed it.
fn ids(session: &Session) -> (UserId, SessionId) {
    let payload = session.access_token.split('.').nth(1);
    let payload = URL_SAFE_NO_PAD.decode(payload.expect("a payload"));
    let claims: Value = serde_json::from_slice(&payload.expect("base64")).expect("JSON");
    let claim = |name: &str| claims[name].as_str().expect("an id");
    let (user_id, id) = (UserId::parse(claim("sub")), SessionId::parse(claim("sid")));
    (user_id.expect("an id"), id.expect("an id"))
}

impl Stack {
    /// Gives the account of a session codes of an authenticator app, and recovery codes that nobody
    /// knows. Every other session of it ends, and this one has shown a code.
    ///
    /// # Panics
    ///
    /// If the session has ended, there is no factor key, or the engine does not answer.
    pub async fn give_totp(&self, session: &Session) -> Authenticator {
        let ((user_id, _), now) = (ids(session), api::now());
        let environment = self.environment();
        let users = environment.users().expect("a configuration");
        let user = users.get(user_id).await.expect("the engine answers");
        let authenticator = self.offer(&user.expect("an account")).await;
        let factors = environment.factors().expect("a configuration");
        let offered = factors.totp(user_id).await.expect("the engine answers");
        let pending = offered.and_then(|totp| totp.pending);
        let pending = pending.expect("a secret waits");
        let codes = RecoveryCodes {
            hashes: [[1; 16], [2; 16]]
                .iter()
                .filter_map(|hash| RecoveryHash::from_stored(hash))
                .collect(),
            added_at: now,
        };
        let writes = [
            FactorWrite::ActivateTotp {
                pending: &pending,
                step: 1,
                now,
            },
            FactorWrite::PutRecoveryCodes(&codes),
        ];
        self.add(session, &writes, AuthMethod::OTP.into(), |user| {
            user.with_factor(user.ways_in.clone().with_totp(), now)
        })
        .await;
        authenticator
    }

    /// Adds a passkey to the account of a session. Every other session of it ends, and this one has
    /// shown the passkey.
    ///
    /// # Panics
    ///
    /// If the session has ended, or the engine does not answer.
    pub async fn add_passkey_row(&self, session: &Session, credential_id: &str) -> User {
        let now = api::now();
        let passkey = PasskeyRow {
            credential_id: credential_id.to_owned(),
            name: "phone".to_owned(),
            public: "{}".to_owned(),
            added_at: now,
            last_used_at: None,
            sign_count: 0,
            backup_eligible: true,
            backed_up: true,
        };
        let writes = [FactorWrite::AddPasskey(&passkey)];
        self.add(session, &writes, Methods::passkey(), |user| {
            user.with_factor(user.ways_in.clone().with_passkey(), now)
        })
        .await
    }

    async fn add(
        &self,
        session: &Session,
        writes: &[FactorWrite<'_>],
        methods: Methods,
        with: impl Fn(&User) -> User,
    ) -> User {
        let environment = self.environment();
        let (user_id, id) = ids(session);
        let sessions = environment.sessions().expect("a configuration");
        let users = environment.users().expect("a configuration");
        let found = sessions.get_with_user(&users, user_id, id).await;
        let (session, old) = found.expect("the engine answers").expect("a session");
        let raised = session.raised(methods, api::now());
        let new = with(&old).without_sessions();
        let accounts = environment.accounts().expect("a configuration");
        let factors = environment.factors().expect("a configuration");
        let change = FactorChange {
            old: &old,
            new: &new,
            by: By::Owner(&session),
            raised: Some(&raised),
            writes,
            notice: None,
        };
        let changed = accounts.change_factors(&factors, change).await;
        changed.expect("the factors are changed");
        new
    }
}
