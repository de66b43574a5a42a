//! Repetitions in a password.

/// Each beginning of a text that is something twice or more, with the length of the shortest such
/// thing.
///
/// However long a text is, there are few such lengths: of any three, the longest is at least the
/// two others together (the three squares lemma, Crochemore and Rytter 1995).
pub(super) fn beginnings(letters: &[char]) -> Vec<(usize, usize)> {
    // Of each beginning, the length of the longest proper beginning that it also ends with (Knuth,
    // Morris and Pratt 1977).
    let mut borders = vec![0; letters.len() + 1];
    let mut border = 0;
    let mut found = Vec::new();
    for (index, letter) in letters.iter().enumerate().skip(1) {
        while border > 0 && *letter != letters[border] {
            border = borders[border];
        }
        if *letter == letters[border] {
            border += 1;
        }
        let length = index + 1;
        borders[length] = border;
        let unit = length - border;
        if border > 0 && length.is_multiple_of(unit) {
            found.push((length, unit));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_unit_is_found() {
        for (text, found) in [
            ("", vec![]),
            ("ab", vec![]),
            ("aaa", vec![(2, 1), (3, 1)]),
            ("abab", vec![(4, 2)]),
            ("aabaab", vec![(2, 1), (6, 3)]),
            ("abababa", vec![(4, 2), (6, 2)]),
        ] {
            assert_eq!(
                beginnings(&text.chars().collect::<Vec<_>>()),
                found,
                "{text}"
            );
        }
    }
}
