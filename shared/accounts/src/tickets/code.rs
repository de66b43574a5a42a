//! The codes of tickets, which people type.

use std::fmt;

use aws_lc_rs::constant_time;
use zeroize::Zeroizing;

/// The number of digits of a code.
const CODE_DIGITS: usize = 8;

/// A code: eight digits that a person reads in a mail and types. `Debug` shows nothing.
#[derive(Clone)]
pub struct TicketCode(Zeroizing<[u8; CODE_DIGITS]>);

impl TicketCode {
    /// The code that a number stands for, modulo 10 to the power of eight.
    pub(super) fn of(number: u64) -> Self {
        let mut digits = Zeroizing::new([b'0'; CODE_DIGITS]);
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
        Self(digits)
    }

    /// Takes what a person typed or pasted: the digits, with blanks and hyphens anywhere. Nothing
    /// where other characters or another number of digits remain.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut digits = Zeroizing::new([0; CODE_DIGITS]);
        let mut found = 0;
        for char in typed.chars() {
            if char.is_whitespace() || char == '-' {
                continue;
            }
            if !char.is_ascii_digit() {
                return None;
            }
            *digits.get_mut(found)? = u8::try_from(char).ok()?;
            found += 1;
        }
        (found == CODE_DIGITS).then_some(Self(digits))
    }

    /// Returns the digits in two groups, as a mail shows them.
    pub fn grouped(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(CODE_DIGITS + 1));
        for (index, digit) in self.0.iter().enumerate() {
            if index == CODE_DIGITS / 2 {
                text.push(' ');
            }
            text.push(char::from(*digit));
        }
        text
    }

    /// Returns whether both are the same, in a time that does not tell how much of them agrees.
    pub(super) fn is(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&*self.0, &*other.0).is_ok()
    }
}

impl fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = TicketCode::of(98_765_432_101_234);
        assert_eq!(code.grouped().as_str(), "3210 1234");
        for typed in [
            "32101234",
            "3210 1234",
            " 3210-1234\n",
            "3 2 1 0 1 2 3 4",
            "3210\u{a0}1234",
        ] {
            assert!(TicketCode::parse(typed).unwrap().is(&code), "{typed:?}");
        }
        assert_eq!(TicketCode::of(7).grouped().as_str(), "0000 0007");
    }

    #[test]
    fn other_texts_are_no_codes() {
        for typed in [
            "",
            "3210123",
            "321012345",
            "3210123a",
            "3210_1234",
            "３２１０１２３４",
            &"1".repeat(100_000),
        ] {
            assert!(TicketCode::parse(typed).is_none(), "{typed:.20?}");
        }
    }

    #[test]
    fn codes_differ_where_one_digit_does() {
        let code = TicketCode::of(12_345_678);
        for place in 0..8 {
            let other = TicketCode::of(12_345_678 ^ (1 << place));
            assert!(!other.is(&code), "{place}");
        }
        assert!(!format!("{code:?}").contains("1234"));
    }
}
