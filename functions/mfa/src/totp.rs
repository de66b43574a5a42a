//! The verification of a code of an app.

use accounts::{SealedTotp, SecondFactor, TotpCode, TotpSecret};
use api::Error;
use tables::{ActiveTotp, CodeGuess, SealedSecret, SessionChange, ShownCode};
use tracing::warn;

use crate::App;
use crate::prove::Attempt;

impl App {
    /// Counted before it is compared: a thousand guesses at once are a thousand.
    pub(crate) async fn prove_totp(
        &self,
        attempt: &Attempt<'_>,
        code: &TotpCode,
        change: SessionChange<'_>,
    ) -> Result<(), Error> {
        let (user_id, now) = (attempt.user.id, attempt.now);
        if !attempt.user.ways_in.factors.contains(&SecondFactor::TOTP) {
            return Err(self.refuse(attempt, None).await);
        }
        let codes = match self.factors.guess(user_id, &attempt.id).await? {
            CodeGuess::Counted(codes) => codes,
            CodeGuess::Locked => return Err(Error::MfaLocked),
            // The account says that it has them: a backup of the table was restored.
            CodeGuess::NoCodes => return Err(self.refuse(attempt, None).await),
        };
        let sealed = SealedTotp::from_stored(&codes.secret);
        let sealed = sealed.ok_or_else(|| Error::internal("the secret of an app is malformed"))?;
        let secret = self.factor_keys.open(user_id, &sealed, now).await?;
        let step = secret.step_of(code, now);
        let Some(step) = step.filter(|step| *step > codes.last_step) else {
            return Err(self.refuse(attempt, Some(codes.failures)).await);
        };

        let code = ShownCode::Totp {
            codes: &codes,
            step,
        };
        self.use_code(attempt, code, change, None).await?;
        self.reseal(attempt, &codes, &sealed, &secret).await;
        Ok(())
    }

    /// Seals a secret with the newest key. Its code was right either way, so that whatever hinders
    /// it only puts it off to the next one.
    async fn reseal(
        &self,
        attempt: &Attempt<'_>,
        codes: &ActiveTotp,
        sealed: &SealedTotp,
        secret: &TotpSecret,
    ) {
        let (user_id, now) = (attempt.user.id, attempt.now);
        let resealed = async {
            if self
                .factor_keys
                .at(now)
                .await?
                .seals_with_newest(sealed, now)
            {
                return Ok(());
            }
            let new = self.factor_keys.seal(user_id, secret, now).await?;
            // Where it is another secret by now, that one is sealed with the newest key.
            let old = SealedSecret::active(user_id, codes);
            self.factors.replace_sealed(&old, &new.to_bytes()).await?;
            Ok::<_, Error>(())
        };
        if let Err(error) = resealed.await {
            warn!("secret of an app not sealed anew: {error:?}");
        }
    }
}
