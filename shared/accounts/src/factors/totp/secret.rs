//! The secret that an authenticator and this service share.

use std::fmt;

use aws_lc_rs::{hmac, rand};
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::TotpCode;
use crate::{NoRandomness, Timestamp};

/// The seconds for which a code is shown.
const STEP: u64 = 30;

/// The secret of an authenticator: 160 random bits, the length that RFC 4226 §4 recommends. `Debug`
/// shows nothing.
pub struct TotpSecret(Zeroizing<[u8; Self::LEN]>);

impl TotpSecret {
    /// The length of a secret, in bytes: that of the hash (RFC 6238 §5.1).
    pub const LEN: usize = 20;

    /// A fresh secret.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Takes bytes that were sealed; `None` where they are not [`TotpSecret::LEN`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut secret = Zeroizing::new([0; Self::LEN]);
        if bytes.len() != secret.len() {
            return None;
        }
        secret.copy_from_slice(bytes);
        Some(Self(secret))
    }

    /// The bytes, to be sealed.
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// Returns the secret as authenticators take it: 32 characters of base32 (RFC 4648 §6).
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.as_bytes()))
    }

    /// Returns the step, in units of 30 seconds since the Unix epoch, that the code is of: the
    /// present one, the one before or the one after, for clocks differ (RFC 6238 §5.2). `None` where
    /// it is the code of none of them.
    ///
    /// All three are compared, each in constant time. Where a code is of several steps, the last one
    /// is returned: whoever stores it as the last step has used up all of them.
    pub fn step_of(&self, code: &TotpCode, now: Timestamp) -> Option<u64> {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.as_bytes());
        let present = now / STEP;
        let mut found = None;
        for step in present.saturating_sub(1)..=present.saturating_add(1) {
            if code_of(&key, step).is(code) {
                found = Some(step);
            }
        }
        found
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// The code of a step: RFC 4226 §5.3, with the step as its counter.
fn code_of(key: &hmac::Key, step: u64) -> TotpCode {
    let tag = hmac::sign(key, &step.to_be_bytes());
    let hash = tag.as_ref();
    let offset = hash.last().map_or(0, |last| usize::from(last & 0xf));
    let chosen = hash.iter().skip(offset).take(4);
    let number = chosen.fold(0, |number, byte| number << 8 | u32::from(*byte));
    TotpCode::of(number & 0x7fff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn code(typed: &str) -> TotpCode {
        TotpCode::parse(typed).unwrap()
    }

    /// RFC 6238, appendix B, has eight digits, of which these are the last six.
    const PUBLISHED: [(Timestamp, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn the_published_codes_are_right_at_their_times() {
        for (now, published_code) in PUBLISHED {
            let step = published().step_of(&code(published_code), now);
            assert_eq!(step, Some(now / 30), "{now}");
        }
    }

    /// RFC 4226, appendix D: the codes of the counters 0 to 9.
    #[test]
    fn the_published_codes_of_counters_are_those_of_steps() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ];
        for (step, published_code) in (0..).zip(codes) {
            let now = step * 30;
            let found = published().step_of(&code(published_code), now);
            assert_eq!(found, Some(step), "{step}");
        }
    }

    #[test]
    fn a_code_counts_from_one_step_early_to_one_step_late_and_no_longer() {
        let (step, published_code) = (1_111_111_109 / 30, code("081804"));
        let (first, last) = (step * 30 - 30, step * 30 + 59);
        for now in [first, first + 29, first + 30, last - 30, last] {
            let found = published().step_of(&published_code, now);
            assert_eq!(found, Some(step), "{now}");
        }
        for now in [0, first - 1, last + 1, last + 30, u64::MAX] {
            assert_eq!(published().step_of(&published_code, now), None, "{now}");
        }
    }

    #[test]
    fn a_code_of_several_steps_uses_up_all_of_them() {
        // The first two neighbouring steps of the published secret that have the same code.
        let (earlier, later) = (910_737, 910_738);
        for now in [earlier * 30, later * 30] {
            let found = published().step_of(&code("911617"), now);
            assert_eq!(found, Some(later), "{now}");
        }
    }

    #[test]
    fn a_secret_is_twenty_random_bytes_that_no_log_shows() {
        let (one, other) = (
            TotpSecret::generate().unwrap(),
            TotpSecret::generate().unwrap(),
        );
        assert_ne!(one.as_bytes(), other.as_bytes());
        assert_eq!(format!("{one:?}"), "TotpSecret(…)");
        for length in [0, 16, 19, 21, 32] {
            assert!(
                TotpSecret::from_bytes(&vec![0; length]).is_none(),
                "{length}"
            );
        }
    }

    #[test]
    fn a_secret_is_shown_in_base32() {
        let shown = published().to_base32();
        assert_eq!(shown.as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
