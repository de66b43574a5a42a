//! Recovery codes that a test chooses.

use std::collections::BTreeSet;

use accounts::{RecoveryCode, User};
use tables::{By, FactorChange, FactorWrite, RecoveryCodes};

use crate::Stack;

impl Stack {
    /// Gives an account the way in by a passkey, of which there is none, and this recovery code.
    ///
    /// # Panics
    ///
    /// Where it is no recovery code, or the account has changed.
    pub async fn give_recovery_code(&self, user: &User, code: &str) {
        let code = RecoveryCode::parse(code).expect("a recovery code");
        let codes = RecoveryCodes {
            hashes: BTreeSet::from([code.hash(user.id)]),
            added_at: api::now(),
        };
        let given = user.with_ways_in(user.ways_in.clone().with_passkey());
        let change = FactorChange {
            old: user,
            new: &given,
            by: By::Operator,
            raised: None,
            writes: &[FactorWrite::PutRecoveryCodes(&codes)],
            notice: None,
        };
        let environment = self.environment();
        let factors = environment.factors().expect("the table");
        let accounts = environment.accounts().expect("the tables");
        let changed = accounts.change_factors(&factors, change).await;
        changed.expect("the account is as it was read");
    }
}
