//! Letters of every kind, in every language.

use accounts::{
    Email, MacKey, MacKeyTimes, MacKeys, Names, Purpose, TicketCode, TicketSeed, TicketText,
    Timestamp, User,
};
use tables::{
    Asker, FactorKind, Mail, MailedRow, Notice, NoticeKind, Permit, PermittedSignup, Recipient,
    TicketRow,
};

use super::{Letter, LetterError, Sender};
use crate::texts;

const NOW: Timestamp = 1_800_000_000;

fn keys() -> MacKeys {
    let times = MacKeyTimes {
        id: format!("{:016x}", 7),
        signs_from: 0,
        gone_at: None,
    };
    [MacKey::new(times, &[7; 32]).unwrap()]
        .into_iter()
        .collect()
}

fn sender() -> Sender {
    Sender {
        name: Some("Acme & Co".to_owned()),
        app_url: None,
    }
}

fn mail(locale: &str) -> Mail {
    Mail {
        to: Recipient {
            address: Email::parse("ada@example.com").unwrap(),
            locale: Some(locale.to_owned()),
        },
        issuer: "https://auth.example.com/v1".to_owned(),
        asker: Asker {
            device: Some("<b>Firefox</b>".to_owned()),
            network: Some("198.51.100.7".to_owned()),
        },
    }
}

fn seed() -> TicketSeed {
    TicketSeed::generate(&keys(), NOW).unwrap()
}

fn ticket(permit: Permit, locale: &str) -> MailedRow {
    let mail = Some(mail(locale));
    MailedRow::Ticket(TicketRow::new(seed(), None, permit, NOW + 1_800, mail))
}

fn notice(kind: NoticeKind, locale: &str) -> MailedRow {
    let address = Email::parse("ada@example.com").ok();
    let user = User::register(Names::new(None, address).unwrap(), NOW);
    MailedRow::Notice(Notice {
        id: seed().id,
        kind,
        user_id: user.id,
        at: NOW,
        expires_at: NOW + 86_400,
        mail: mail(locale),
    })
}

fn reset() -> Permit {
    Permit::Reset {
        address: Email::parse("ada@example.com").ok(),
    }
}

fn email() -> Permit {
    Permit::Email {
        address: Email::parse("new@example.com").unwrap(),
        effective_at: None,
        agreed_at: None,
    }
}

/// The permits whose letter has a link and a code.
fn permits() -> [(Permit, Purpose); 4] {
    let invited = PermittedSignup::Invited(Vec::new());
    [
        (Permit::Signup(PermittedSignup::Free), Purpose::Signup),
        (Permit::Signup(invited), Purpose::Signup),
        (email(), Purpose::Email),
        (reset(), Purpose::Reset),
    ]
}

fn kinds() -> [NoticeKind; 16] {
    [
        NoticeKind::PasswordSet,
        NoticeKind::PasswordReset,
        NoticeKind::AddressAsked(seed()),
        NoticeKind::AddressChanged,
        NoticeKind::Disabled,
        NoticeKind::Deleted,
        NoticeKind::FactorAdded(FactorKind::Totp),
        NoticeKind::FactorAdded(FactorKind::Passkey),
        NoticeKind::FactorRemoved(FactorKind::Totp),
        NoticeKind::FactorRemoved(FactorKind::Passkey),
        NoticeKind::FactorsRemoved,
        NoticeKind::SecondFactorOptional,
        NoticeKind::RecoveryCodesMade,
        NoticeKind::RecoveryCodeUsed,
        NoticeKind::WrongCodes,
        NoticeKind::MfaLocked,
    ]
}

fn every_row(locale: &str) -> Vec<MailedRow> {
    let taken = Permit::Signup(PermittedSignup::Taken);
    let permits = permits().map(|(permit, _)| permit).into_iter();
    let barred = Permit::Reset { address: None };
    let permits = permits.chain([taken, barred]);
    let tickets = permits.map(|permit| ticket(permit, locale));
    let notices = kinds().map(|kind| notice(kind, locale));
    tickets.chain(notices).collect()
}

fn write(row: &MailedRow) -> Letter {
    Letter::write(row, &sender(), &keys(), NOW).unwrap()
}

/// The word of a text that begins so.
fn word<'a>(text: &'a str, begins: &str) -> Option<&'a str> {
    text.split_whitespace()
        .find(|word| word.starts_with(begins))
}

#[test]
fn the_guide_has_a_row_for_each_letter_and_no_other() {
    let guide = include_str!("../../../docs/mail.md");
    let rows = guide
        .lines()
        .skip_while(|line| !line.starts_with("| Subject |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let mut shown: Vec<_> = rows.filter_map(|row| row.split('|').nth(1)).collect();
    let named = Sender {
        name: Some("Example".to_owned()),
        ..sender()
    };
    let letters: Vec<_> = every_row("en")
        .iter()
        .map(|row| Letter::write(row, &named, &keys(), NOW).unwrap().subject)
        .collect();
    let mut subjects: Vec<_> = letters.iter().map(String::as_str).collect();
    shown.sort_unstable();
    subjects.sort_unstable();
    let shown: Vec<_> = shown.into_iter().map(str::trim).collect();
    assert_eq!(shown, subjects);
}

#[test]
fn both_parts_say_the_same_and_fetch_nothing() {
    for language in texts::ALL {
        for row in every_row(language.language) {
            let letter = write(&row);
            let (text, html) = (letter.text.as_str(), letter.html.as_str());
            let plain = html
                .replace("&#60;", "<")
                .replace("&#62;", ">")
                .replace("&#38;", "&");
            for line in text.lines().filter(|line| *line != "-- ") {
                assert!(plain.contains(line.trim()), "{line:?} is not in {plain}");
            }
            assert!(!letter.subject.is_empty() && !letter.subject.contains(['\n', '\r']));
            assert!(html.contains(&format!("<html lang=\"{}\">", language.language)));
            for fetched in ["<img", "<script", "<link", "src=", "url(", "http://", "<b>"] {
                assert!(!html.contains(fetched), "{fetched} is in {html}");
            }
            assert!(text.contains("Acme & Co") && html.contains("Acme &#38; Co"));
            assert!(!text.contains("new@example.com"), "{text}");
            assert_eq!(letter.to.as_str(), "ada@example.com");
        }
    }
}

#[test]
fn the_link_and_the_code_of_a_letter_prove_its_ticket() {
    let agreed = NoticeKind::AddressAsked(seed());
    let NoticeKind::AddressAsked(agreed_seed) = agreed else {
        unreachable!("it is that kind");
    };
    let agree = TicketRow::new(agreed_seed, None, email(), NOW + 9, Some(mail("de")));
    let mut all = vec![(notice(agreed, "de"), agree, Purpose::Agree)];
    for (permit, purpose) in permits() {
        let row = ticket(permit, "en");
        let MailedRow::Ticket(ticket) = row.clone() else {
            unreachable!("it is a ticket");
        };
        all.push((row, ticket, purpose));
    }
    for (row, ticket, purpose) in all {
        let letter = write(&row);
        let link = word(&letter.text, "https://").unwrap();
        let (page, text) = link.split_once("?ticket=").unwrap();
        let expected = match purpose {
            Purpose::Signup => "https://auth.example.com/v1/signup/confirm",
            Purpose::Email | Purpose::Agree => "https://auth.example.com/v1/account/email",
            Purpose::Reset => "https://auth.example.com/v1/reset-password",
        };
        assert_eq!(page, expected);
        let text = TicketText::parse(text, purpose, &keys(), NOW).unwrap();
        assert_eq!(
            ticket.ticket.is_proved_by(&text, None, &keys(), NOW),
            Ok(true)
        );
        let handle = TicketText::Handle(text.handle().clone());
        let code = letter
            .text
            .lines()
            .find_map(|line| line.strip_prefix("    "));
        let code = TicketCode::parse(code.unwrap());
        let proved = ticket
            .ticket
            .is_proved_by(&handle, code.as_ref(), &keys(), NOW);
        assert_eq!(proved, Ok(true), "{purpose:?}");
    }
}

#[test]
fn the_letter_about_a_taken_address_and_notices_have_neither_link_nor_code_of_a_ticket() {
    let taken = ticket(Permit::Signup(PermittedSignup::Taken), "en");
    let barred = ticket(Permit::Reset { address: None }, "en");
    let kinds = kinds().into_iter();
    let notices = kinds.filter(|kind| !matches!(kind, NoticeKind::AddressAsked(_)));
    let rows = notices.map(|kind| notice(kind, "en"));
    for row in rows.chain([taken, barred]) {
        let letter = write(&row);
        assert!(!letter.text.contains("ticket"), "{}", *letter.text);
        assert!(!letter.text.contains("    "), "{}", *letter.text);
        assert!(letter.text.contains("198.51.100.7"), "{}", *letter.text);
        let link = word(&letter.text, "https://");
        assert!(link.is_none_or(|link| link == "https://auth.example.com/v1/forgot-password"));
    }
    let notice = write(&notice(NoticeKind::PasswordSet, "en"));
    assert!(
        notice.text.contains("2027-01-15 08:00 UTC"),
        "{}",
        *notice.text
    );
}

/// A thief asks for another address, and the owner gets the mail.
#[test]
fn an_owner_is_never_told_to_ignore_a_change_of_address_but_how_to_stop_it() {
    for texts in texts::ALL {
        let asked = write(&notice(NoticeKind::AddressAsked(seed()), texts.language));
        let stop = "https://auth.example.com/v1/forgot-password";
        for part in [&asked.text, &asked.html] {
            assert!(!part.contains(texts.ignore), "{}", texts.language);
            assert!(part.contains(stop) && part.contains(texts.never_asked));
        }
        assert!(asked.html.contains(&format!("<a href=\"{stop}\"")));
        let reset = write(&ticket(reset(), texts.language));
        assert!(reset.text.contains(texts.ignore));
    }
}

/// A new password ends the sessions of a thief, and leaves his factor.
#[test]
fn an_owner_is_told_of_each_factor_how_to_shut_a_thief_out() {
    let stop = "https://auth.example.com/v1/forgot-password";
    for texts in texts::ALL {
        for kind in kinds() {
            let letter = write(&notice(kind, texts.language));
            let says = |text: &str| letter.text.contains(text) && letter.html.contains(text);
            let (by_password, by_us) = match kind {
                NoticeKind::AddressAsked(_) => continue,
                NoticeKind::AddressChanged
                | NoticeKind::Disabled
                | NoticeKind::Deleted
                | NoticeKind::FactorsRemoved => (false, true),
                _ => (true, false),
            };
            assert_eq!(
                (says(stop), says(texts.not_you)),
                (by_password, by_password),
                "{kind:?}"
            );
            assert_eq!(says(texts.ask_us), by_us, "{kind:?}");
            let is_added = matches!(kind, NoticeKind::FactorAdded(_));
            assert_eq!(says(texts.factor_stays), is_added, "{kind:?}");
        }
    }
}

#[test]
fn links_lead_to_the_pages_of_the_owner_where_there_are_any() {
    let sender = Sender {
        name: None,
        app_url: Some("https://app.example.com/in".to_owned()),
    };
    let row = ticket(reset(), "en");
    let letter = Letter::write(&row, &sender, &keys(), NOW).unwrap();
    let page = "https://app.example.com/in/reset-password?ticket=latchkey_reset_";
    assert!(word(&letter.text, page).is_some());
    assert_eq!(letter.subject, "Set a new password for auth.example.com");
    let asked = notice(NoticeKind::AddressAsked(seed()), "en");
    let letter = Letter::write(&asked, &sender, &keys(), NOW).unwrap();
    let stop = "https://auth.example.com/v1/forgot-password";
    assert!(word(&letter.text, stop).is_some(), "{}", *letter.text);
}

#[test]
fn the_language_is_that_of_the_locale_or_english() {
    let written = |locale: Option<&str>| texts::of(locale).language;
    for german in ["de", "de-AT", "DE_ch"] {
        assert_eq!(written(Some(german)), "de", "{german}");
    }
    for other in [None, Some("fr"), Some(""), Some("dex"), Some("en-GB")] {
        assert_eq!(written(other), "en", "{other:?}");
    }
}

#[test]
fn no_letter_is_written_for_nobody_or_without_the_key() {
    let row = TicketRow::new(seed(), None, reset(), NOW + 9, None);
    let refused = |row, keys: &MacKeys| Letter::write(row, &sender(), keys, NOW).err();
    let nobody = MailedRow::Ticket(row);
    assert_eq!(refused(&nobody, &keys()), Some(LetterError::NoRecipient));
    let row = ticket(reset(), "en");
    let none = refused(&row, &MacKeys::default());
    assert!(matches!(none, Some(LetterError::NoMacKey(_))));
    let taken = ticket(Permit::Signup(PermittedSignup::Taken), "en");
    assert_eq!(
        refused(&taken, &MacKeys::default()),
        None,
        "it needs no key"
    );
    assert_eq!(format!("{:?}", write(&row)), "Letter(…)");
}
