//! The texts of the pages. A language is one value of [`Texts`], so that one that lacks a text or a
//! place for a value does not compile.

mod de;
mod en;

pub(crate) use de::GERMAN;
pub(crate) use en::ENGLISH;

/// The parts of a text before and after a value.
pub(crate) type Around = (&'static str, &'static str);

/// All texts, by page.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) email: &'static str,
    pub(crate) username: &'static str,
    pub(crate) username_hint: &'static str,
    pub(crate) password: &'static str,
    pub(crate) new_password: &'static str,
    /// Around the fewest characters.
    pub(crate) password_hint: Around,
    pub(crate) code: &'static str,
    pub(crate) code_hint: &'static str,
    /// Before the title of a page with mistakes.
    pub(crate) error: &'static str,
    pub(crate) mistakes_heading: &'static str,
    pub(crate) mistakes: Mistakes,
    pub(crate) forgot: Form,
    pub(crate) reset: Form,
    pub(crate) sign_up: Form,
    pub(crate) sign_up_confirm: Form,
    pub(crate) check_mail: CheckMail,
    pub(crate) show_code: ShowCode,
    pub(crate) password_set: Message,
    pub(crate) signed_up: Message,
    pub(crate) address_taken: Form,
    pub(crate) refused: Refused,
    pub(crate) disabled: Message,
    pub(crate) failure: Failure,
    pub(crate) welcome: Welcome,
}

/// The texts of a page with a form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) button: &'static str,
}

/// The texts of a page that only tells something.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
}

#[derive(Debug)]
pub(crate) struct Mistakes {
    pub(crate) email_missing: &'static str,
    pub(crate) username_missing: &'static str,
    pub(crate) password_missing: &'static str,
    pub(crate) code_missing: &'static str,
    pub(crate) email_form: &'static str,
    pub(crate) username_form: &'static str,
    pub(crate) username_taken: &'static str,
    /// Around the fewest characters.
    pub(crate) password_short: Around,
    pub(crate) password_guessable: &'static str,
    pub(crate) code_wrong: &'static str,
    pub(crate) wait_a_minute: &'static str,
    /// Around the minutes, two or more.
    pub(crate) wait: Around,
}

#[derive(Debug)]
pub(crate) struct CheckMail {
    pub(crate) title: &'static str,
    /// Around the address that was typed, after which a reset was asked for.
    pub(crate) reset: Around,
    /// Around the address that was typed, after which a sign-up was asked for.
    pub(crate) sign_up: Around,
    pub(crate) nothing_came: &'static str,
    pub(crate) type_code: &'static str,
    pub(crate) again: &'static str,
}

#[derive(Debug)]
pub(crate) struct ShowCode {
    pub(crate) confirm_title: &'static str,
    /// Around the address.
    pub(crate) confirm_lead: Around,
    pub(crate) agree: Message,
    pub(crate) type_it: &'static str,
    pub(crate) confirm_stranger: &'static str,
    pub(crate) agree_stranger: &'static str,
    pub(crate) stop: &'static str,
}

#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) used: Message,
    pub(crate) expired: Message,
    pub(crate) superseded: Message,
    pub(crate) unknown: Message,
    pub(crate) again_reset: &'static str,
    pub(crate) used_sign_up: &'static str,
    pub(crate) again_sign_up: &'static str,
    pub(crate) again_signed_in: &'static str,
}

#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) forbidden: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) bad_request: &'static str,
    pub(crate) server: &'static str,
    pub(crate) other_site: &'static str,
    pub(crate) no_page: &'static str,
    pub(crate) wait: &'static str,
    pub(crate) try_again: &'static str,
    /// Before the id of the request.
    pub(crate) request: &'static str,
}

#[derive(Debug)]
pub(crate) struct Welcome {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) try_it: &'static str,
    pub(crate) links: &'static str,
    pub(crate) people: &'static str,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regex_lite::Regex;

    use super::*;

    fn all(texts: &Texts) -> Vec<String> {
        let text = Regex::new(r#""((?:[^"\\]|\\.)*)""#).unwrap();
        let debug = format!("{texts:?}");
        let found = text.captures_iter(&debug);
        found.map(|captures| captures[1].to_owned()).collect()
    }

    #[test]
    fn each_language_has_every_text_and_shares_none_but_the_ones_that_are_the_same() {
        let (english, german) = (all(&ENGLISH), all(&GERMAN));
        assert_eq!(english.len(), german.len());
        assert!(english.len() > 70, "{}", english.len());
        let same: BTreeSet<_> = english
            .iter()
            .zip(&german)
            .filter(|(english, german)| english == german)
            .map(|(english, _)| english.as_str())
            .collect();
        assert_eq!(same, BTreeSet::from(["Links"]));
        let mut all = english.iter().chain(&german);
        assert!(all.all(|text| !text.trim().is_empty()));
    }
}
