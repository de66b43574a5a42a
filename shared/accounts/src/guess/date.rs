//! Dates in a password.

use super::Part;
use super::piece::{Piece, Pieces};
use super::text::Text;

/// The years that are taken for one.
const YEARS: std::ops::Range<u32> = 1900..2050;
/// People write years near to their own. Nothing here reads a clock, and a few years matter little.
const THIS_YEAR: u32 = 2025;
/// So many years are tried at least.
const NEAR: u32 = 20;
const DAYS: f64 = 365.0;

/// The characters that people put between the parts of a date.
const SEPARATORS: [char; 5] = ['-', '/', '.', '_', ' '];

/// The fewest and the most characters of a date.
const SHORTEST: usize = 4;
const LONGEST: usize = 10;

/// Digits: their value and how many they are.
type Number = (u32, usize);

/// Offers each beginning that is a date or a year.
pub(super) fn beginnings(text: &Text, pieces: &mut Pieces) {
    for length in SHORTEST..=text.len().min(LONGEST) {
        let written = text.beginning(length);
        if let Some(guesses) = guesses(written.letters()) {
            pieces.offer(length, Piece::new(guesses, Part::Date));
        }
    }
}

fn guesses(letters: &[char]) -> Option<f64> {
    let separator = letters.iter().find(|letter| !letter.is_ascii_digit());
    if let Some(separator) = separator {
        let numbers = letters.split(|letter| letter == separator);
        let known = SEPARATORS.contains(separator);
        let guesses = date(numbers).filter(|_| known)?;
        return Some(guesses * SEPARATORS.len() as f64);
    }
    let cut = |widths: [usize; 2]| {
        let (first, rest) = letters.split_at(widths[0]);
        let (second, third) = rest.split_at(widths[1]);
        date([first, second, third].into_iter())
    };
    match letters.len() {
        4 => year(number(letters)?).map(years),
        6 => cut([2, 2]),
        8 => cheaper(cut([4, 2]), cut([2, 2])),
        _ => None,
    }
}

/// The guesses for three numbers that are a date: the year first or last, day and month in either
/// order.
fn date<'a>(numbers: impl Iterator<Item = &'a [char]>) -> Option<f64> {
    let numbers: Option<Vec<Number>> = numbers.map(number).collect();
    let &[first, second, third] = numbers?.as_slice() else {
        return None;
    };
    let of = |some: Number, one: Number, other: Number| {
        let year = if some.1 == 2 {
            Some(some.0 + if some.0 < 50 { 2000 } else { 1900 })
        } else {
            year(some)
        };
        year.filter(|_| is_day_and_month(one, other))
            .map(|year| years(year) * DAYS)
    };
    cheaper(of(first, second, third), of(third, first, second))
}

fn number(digits: &[char]) -> Option<Number> {
    let digit = |value, digit: &char| Some(value * 10 + digit.to_digit(10)?);
    let value = (1..=4).contains(&digits.len()).then_some(digits)?;
    Some((value.iter().try_fold(0, digit)?, digits.len()))
}

fn year((value, digits): Number) -> Option<u32> {
    (digits == 4 && YEARS.contains(&value)).then_some(value)
}

fn is_day_and_month((one, digits): Number, (other, more_digits): Number) -> bool {
    let (less, more) = (one.min(other), one.max(other));
    digits.max(more_digits) <= 2 && (1..=12).contains(&less) && more <= 31
}

/// Returns the number of years that are tried before this one.
fn years(year: u32) -> f64 {
    year.abs_diff(THIS_YEAR).max(NEAR).into()
}

fn cheaper(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_guessable(text: &str) -> bool {
        guesses(&text.chars().collect::<Vec<_>>()).is_some()
    }

    #[test]
    fn dates_are_known_in_the_orders_that_people_write() {
        for text in [
            "1985",
            "2049",
            "19851231",
            "31121985",
            "12311985",
            "851231",
            "311285",
            "31.12.1985",
            "1985-12-31",
            "12/31/85",
            "1.2.85",
        ] {
            assert!(is_guessable(text), "{text}");
        }
    }

    #[test]
    fn the_further_a_year_is_away_the_more_a_date_costs() {
        let cost = |text: &str| guesses(&text.chars().collect::<Vec<_>>());
        assert_eq!(cost("2025"), cost("2010"));
        assert!(cost("2010") < cost("1985") && cost("1985") < cost("1901"));
        assert_eq!(cost("31121985"), cost("311285"));
        assert!(cost("311285") < cost("31.12.85"));
    }

    #[test]
    fn other_digits_are_no_date() {
        for text in [
            "1899",
            "2050",
            "19851331",
            "59273846",
            "003131",
            "31.12-1985",
            "31x12x1985",
            "1.2.3.4",
            "..",
            "1985-1231",
            "12345.1.1",
        ] {
            assert!(!is_guessable(text), "{text}");
        }
    }
}
