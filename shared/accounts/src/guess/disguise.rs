//! The disguises of a word: case, and characters that stand for letters.

/// The factor of a word in which characters stand for letters.
pub(super) const SUBSTITUTED: f64 = 2.0;

/// The letters that a character often stands for.
pub(super) fn stands_for(character: char) -> &'static [char] {
    match character {
        '4' | '@' => &['a'],
        '8' => &['b'],
        '(' | '{' | '[' | '<' => &['c'],
        '3' => &['e'],
        '6' | '9' => &['g'],
        '1' => &['i', 'l'],
        '!' => &['i'],
        '|' => &['l'],
        '0' => &['o'],
        '$' | '5' => &['s'],
        '7' | '+' => &['t'],
        '%' => &['x'],
        '2' => &['z'],
        _ => &[],
    }
}

/// A character in lower case, where that is one character.
pub(super) fn lower(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(letter), None) => letter,
        _ => character,
    }
}

/// Returns the number of spellings of these letters in upper and lower case that a guesser tries,
/// the usual ones first: none, the first, the last or all in upper case.
pub(super) fn case(letters: &[char]) -> f64 {
    let upper = letters.iter().filter(|c| c.is_uppercase()).count();
    let at_an_end = || {
        [letters.first(), letters.last()]
            .into_iter()
            .flatten()
            .any(|c| c.is_uppercase())
    };
    match upper {
        0 => 1.0,
        1 if at_an_end() => 2.0,
        _ if upper == letters.len() => 2.0,
        _ => 2f64.powi(i32::try_from(upper.min(letters.len() - upper)).unwrap_or(i32::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusual_case_costs_more() {
        for (text, factor) in [
            ("word", 1.0),
            ("Word", 2.0),
            ("worD", 2.0),
            ("WORD", 2.0),
            ("woRd", 2.0),
            ("WoRd", 4.0),
            ("WORd", 2.0),
            ("Ünder1", 2.0),
        ] {
            let letters: Vec<char> = text.chars().collect();
            assert_eq!(case(&letters), factor, "{text}");
        }
    }

    #[test]
    fn lower_case_keeps_the_number_of_characters() {
        assert_eq!(
            ["A", "É", "İ", "ß", "九"].map(|text| text.chars().map(lower).collect::<String>()),
            ["a", "é", "İ", "ß", "九"]
        );
    }
}
