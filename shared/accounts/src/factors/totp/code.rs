//! The codes that an authenticator shows.

use std::fmt;

use aws_lc_rs::constant_time;
use zeroize::Zeroizing;

const DIGITS: usize = 6;

/// A code of an authenticator: six digits. `Debug` shows nothing.
pub struct TotpCode(Zeroizing<[u8; DIGITS]>);

/// A text that is no code, to be read after the name of its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be six digits")]
pub struct TotpCodeError;

impl TotpCode {
    /// The code that a number stands for, modulo 10 to the power of six (RFC 4226 §5.3, step 3).
    pub(super) fn of(number: u32) -> Self {
        let mut digits = Zeroizing::new([b'0'; DIGITS]);
        let mut rest = Zeroizing::new(number);
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(*rest % 10).unwrap_or_default();
            *rest /= 10;
        }
        Self(digits)
    }

    /// Takes a code as a person types or pastes it: six ASCII digits, with blanks and hyphens
    /// anywhere.
    ///
    /// # Errors
    ///
    /// [`TotpCodeError`] where there are other characters or another number of digits.
    pub fn parse(typed: &str) -> Result<Self, TotpCodeError> {
        let mut digits = Zeroizing::new([0; DIGITS]);
        let mut places = digits.iter_mut();
        for char in typed.chars() {
            if char.is_whitespace() || char == '-' {
                continue;
            }
            if !char.is_ascii_digit() {
                return Err(TotpCodeError);
            }
            let place = places.next().ok_or(TotpCodeError)?;
            *place = u8::try_from(char).map_err(|_| TotpCodeError)?;
        }
        if places.next().is_some() {
            return Err(TotpCodeError);
        }
        Ok(Self(digits))
    }

    /// Returns whether both are the same, in a time that does not tell how much of them agrees.
    pub(super) fn is(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&*self.0, &*other.0).is_ok()
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in [
            "081804",
            "081 804",
            " 081-804\n",
            "0 8 1 8 0 4",
            "081\u{a0}804",
        ] {
            let code = TotpCode::parse(typed).unwrap();
            assert!(code.is(&TotpCode::of(14_081_804)), "{typed:?}");
        }
    }

    #[test]
    fn other_texts_are_no_codes() {
        for typed in [
            "",
            "08180",
            "0818040",
            "08180a",
            "+81804",
            "081_804",
            "０８１８０４",
            "٠٨١٨٠٤",
            &"1".repeat(100_000),
        ] {
            let refused = TotpCode::parse(typed).err();
            assert_eq!(refused, Some(TotpCodeError), "{typed:.20?}");
        }
    }

    #[test]
    fn a_code_shows_no_digit_to_a_log() {
        assert_eq!(format!("{:?}", TotpCode::of(123_456)), "TotpCode(…)");
    }
}
