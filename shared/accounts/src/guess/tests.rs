//! Tests of the judgement as a whole.

use super::*;
use proptest::prelude::*;

fn reason(text: &str) -> Option<String> {
    let mut own = OwnWords::default();
    own.add("ada.lovelace", Part::Name);
    own.add("latchkey", Part::Service);
    judge(text, &own)
        .err()
        .map(|guessable| guessable.to_string())
}

#[test]
fn what_is_wrong_with_a_password_is_told() {
    for (text, expected) in [
        ("football", "is a common password"),
        ("F00tba|1", "is a common password"),
        ("llabtoof", "is a common password"),
        ("footballhorse", "is made of two common words"),
        (
            "xqfootball",
            "is made of a few characters and a common word",
        ),
        ("adalovelace", "is your name"),
        ("Ada.L0velace", "is your name"),
        ("ada.lovelace1985", "is made of your name and a date"),
        ("yekhctal", "is a word that belongs to this service"),
        ("LaTcHkEyLaTcHkEy", "repeats itself"),
        ("zzzzzzzzzzzzzzzzzz", "repeats itself"),
        ("opqrstuvwxyz", "is a sequence"),
        ("vutsrqponm", "is a sequence"),
        ("acegikmoq", "is a sequence"),
        ("\\][poiuytrewq", "follows the keyboard"),
        ("31.12.1985", "is a date"),
        ("football31.12.1985", "is made of a common word and a date"),
        ("lovelaceijklmnop", "is made of your name and a sequence"),
        (
            "poiuytrewlatchkey",
            "is made of keys beside each other and a word that belongs to this service",
        ),
        ("fghijklmn19851231", "is made of a sequence and a date"),
    ] {
        assert_eq!(reason(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_three_pieces_cover_is_not_easy_to_guess() {
    for text in [
        "football wallflower",
        "mnemosynemnemosyne",
        "wallflower-football-99!",
        "correct horse battery staple",
        "xk7vq2mzpw",
        "593847261047362",
        "träge Wolken ziehen vorbei",
        "九月の雨は静かに降りつづける夜のまち",
    ] {
        assert_eq!(reason(text), None, "{text}");
    }
}

#[test]
fn no_disguise_hides_a_listed_word() {
    let list = include_str!("../../words/passwords.tsv");
    let words = list
        .lines()
        .filter_map(|line| Some(line.split_once('\t')?.0));
    let words: Vec<_> = words
        .filter(|word| word.chars().count() >= 8)
        .step_by(29)
        .collect();
    assert!(words.len() > 2_000);
    let substituted = |word: &str| -> String {
        let other =
            |letter| ('!'..='~').find(|other| disguise::stands_for(*other).contains(&letter));
        word.chars()
            .map(|letter| other(letter).unwrap_or(letter))
            .collect()
    };
    for word in words {
        for text in [word.to_owned(), word.to_uppercase(), substituted(word)] {
            assert_eq!(
                reason(&text).as_deref(),
                Some("is a common password"),
                "{text}"
            );
        }
    }
}

/// The greatest cost of a judgement: each unit is a lookup of one character in one spelling.
const MOST_STEPS: usize = 100_000;

fn steps(text: &str) -> usize {
    let own = OwnWords::default();
    let mut search = Search::new(&own);
    let _ = search.judge(&Text::new(text));
    search.list.steps
}

/// Characters that stand for several letters, that words and repetitions are made of, and any.
fn hostile() -> impl Strategy<Value = String> {
    let unit = prop_oneof![
        "[4@8({\\[<369!1|7$5+0%2]{1,24}",
        "[1|!]{1,24}",
        "[ae1|]{1,24}",
        "[s$5a4@]{1,24}",
        "[ab]{1,24}",
        "[aeiou13450]{1,24}",
        ".{1,24}",
    ];
    let tail = "[1|!a]{0,8}";
    (unit, tail).prop_map(|(unit, tail)| {
        let text = unit.chars().cycle().take(256 - tail.len());
        text.chain(tail.chars()).collect()
    })
}

proptest! {
    #[test]
    fn no_text_takes_more_than_so_many_steps(text in hostile()) {
        let steps = steps(&text);
        prop_assert!(steps <= MOST_STEPS, "{steps}");
    }

    #[test]
    fn no_text_makes_judging_panic(text in ".{0,40}") {
        let _ = reason(&text);
    }
}
