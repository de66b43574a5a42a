use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;
use crate::{MacKey, MacKeyTimes, MacKeys, Names, NoMacKey, Timestamp, User, Username};

fn key(id: u64, signs_from: Timestamp, gone_at: Option<Timestamp>) -> MacKey {
    let id = format!("{id:016x}");
    let times = MacKeyTimes {
        id,
        signs_from,
        gone_at,
    };
    MacKey::new(times, &[7; 32]).unwrap()
}

fn keys() -> MacKeys {
    [key(7, 100, None)].into_iter().collect()
}

fn ticket(keys: &MacKeys) -> Ticket {
    Ticket {
        seed: TicketSeed::generate(keys, 100).unwrap(),
        owner: None,
        mailed: true,
        guesses: 0,
        expires_at: 200,
        spent: None,
    }
}

/// The texts of the ticket 00…0f with the salt 10…1f under the key 7, as another implementation of
/// HMAC-SHA-256 has computed them. A version that computes others ends every ticket that is out.
const VECTORS: [(Purpose, &str, &str, &str); 4] = [
    (
        Purpose::Signup,
        "AAAAAAAAAAcAAQIDBAUGBwgJCgsMDQ4PjNeax_J-axSYxQpn5AfRXgZdOW8GDM39DAI1sK1QIRQ",
        "Rb1z-ZetZQqnfhPZ9pyo2o",
        "8260 2854",
    ),
    (
        Purpose::Email,
        "AAAAAAAAAAcAAQIDBAUGBwgJCgsMDQ4Pj6ASpk1r9bYXOBoby2jwXTa_BU0np-kl0teGTb1HAso",
        "p5AkNwDB3EoADvVWlrfSlB",
        "4570 7050",
    ),
    (
        Purpose::Agree,
        "AAAAAAAAAAcAAQIDBAUGBwgJCgsMDQ4PW-ocUnP7zPgvQVLYKgZM1W7Xrwh1i8EmrYkAeo-c9JI",
        "I4j9CPJ4j4zIBhx_Rmd7Fc",
        "5884 1302",
    ),
    (
        Purpose::Reset,
        "AAAAAAAAAAcAAQIDBAUGBwgJCgsMDQ4PpE2YOgdNbv_6LSfykSGPzAHTu4Wvd8z0nwwTWS8ynvk",
        "mSaEcIOZ_r-FcEOEMJAKrm",
        "4269 6898",
    ),
];

#[test]
fn texts_and_codes_are_the_same_in_every_version() {
    let keys = keys();
    let salt: Vec<u8> = (16..32).collect();
    let seed = TicketSeed {
        id: TicketId::parse("000102030405060708090a0b0c0d0e0f").unwrap(),
        salt: TicketSalt::from_stored(&salt).unwrap(),
        mac_key: 7,
    };
    for (purpose, handle, secret, code) in VECTORS {
        let prefix = format!("latchkey_{}_", purpose.name());
        let text = seed.handle(purpose, &keys, 100).unwrap().to_text();
        assert_eq!(text, format!("{prefix}{handle}"));
        // The last character of a handle has two bits of its tag and the first four of the secret.
        let link = seed.link(purpose, &keys, 100).unwrap().to_text();
        assert_eq!(link[..text.len() - 1], text[..text.len() - 1]);
        assert!(link.ends_with(secret), "{}", *link);
        assert_eq!(
            seed.code(purpose, &keys, 100).unwrap().grouped().as_str(),
            code
        );
    }
}

#[test]
fn a_seed_without_a_key_names_the_key_that_is_active() {
    let times = |id: u64, signs_from| MacKeyTimes {
        id: format!("{id:016x}"),
        signs_from,
        gone_at: None,
    };
    let ring = [times(7, 100), times(0xfedc_ba98_7654_3210, 200)];
    let named = |now| TicketSeed::generate_without_key(&ring, now).map(|seed| seed.mac_key);
    assert_eq!(named(99), Err(NewTicketError::NoMacKey(NoMacKey)));
    assert_eq!(named(199), Ok(7));
    assert_eq!(named(200), Ok(0xfedc_ba98_7654_3210));
    let seed = TicketSeed::generate_without_key(&ring, 150).unwrap();
    assert!(seed.link(Purpose::Reset, &keys(), 150).is_ok());
}

#[test]
fn the_id_of_a_ticket_has_one_spelling() {
    let id = TicketId::generate().unwrap();
    let text = id.to_string();
    assert_eq!(TicketId::parse(&text), Some(id));
    for other in [
        "0a",
        "+000102030405060708090a0b0c0d0e0f",
        "000102030405060708090A0B0C0D0E0F",
    ] {
        assert_eq!(TicketId::parse(other), None, "{other}");
    }
    assert_eq!(TicketId::parse(&format!("{text}0")), None);
}

#[test]
fn a_ticket_for_nobody_is_proved_by_nothing() {
    let keys = keys();
    let ticket = Ticket {
        mailed: false,
        ..ticket(&keys)
    };
    let (seed, purpose) = (ticket.seed, Purpose::Reset);
    let handle = TicketText::Handle(seed.handle(purpose, &keys, 100).unwrap());
    let link = TicketText::Link(seed.link(purpose, &keys, 100).unwrap());
    let code = seed.code(purpose, &keys, 100).unwrap();
    assert_eq!(
        ticket.is_proved_by(&handle, Some(&code), &keys, 100),
        Ok(false)
    );
    assert_eq!(ticket.is_proved_by(&link, None, &keys, 100), Ok(false));
    // The text for the old address tells nothing of the new one, which may be somebody's.
    let agree = TicketText::Link(seed.link(Purpose::Agree, &keys, 100).unwrap());
    assert_eq!(ticket.is_proved_by(&agree, None, &keys, 100), Ok(true));
}

fn parse(text: &str, purpose: Purpose, keys: &MacKeys) -> Option<TicketText> {
    TicketText::parse(text, purpose, keys, 100)
}

#[test]
fn texts_are_read_as_they_were_written_for_their_purpose_alone() {
    let keys = keys();
    for purpose in Purpose::ALL {
        let seed = ticket(&keys).seed;
        let handle = seed.handle(purpose, &keys, 100).unwrap().to_text();
        let link = seed.link(purpose, &keys, 100).unwrap().to_text();
        let name = purpose.name();
        assert!(handle.starts_with(&format!("latchkey_{name}_")), "{handle}");
        for other in Purpose::ALL {
            let renamed = |text: &str| text.replacen(name, other.name(), 1);
            let read = parse(&renamed(&handle), other, &keys);
            assert_eq!(read.is_some(), purpose == other, "{purpose:?} {other:?}");
            assert_eq!(parse(&handle, other, &keys).is_some(), purpose == other);
            assert_eq!(parse(&link, other, &keys).is_some(), purpose == other);
        }
        let read = parse(&link, purpose, &keys).unwrap();
        assert!(matches!(read, TicketText::Link(_)));
        assert_eq!(read.handle().id(), seed.id);
        assert_eq!(read.handle().to_text(), handle);
        let row = format!("{}#{}", purpose.row().name(), seed.id);
        assert_eq!(read.handle().row_key(), row);
    }
}

#[test]
fn any_change_of_any_bit_of_a_handle_is_refused_and_of_a_link_it_proves_nothing() {
    let keys = keys();
    let ticket = ticket(&keys);
    let link = ticket.seed.link(Purpose::Reset, &keys, 100).unwrap();
    let text = link.to_text();
    let prefix = "latchkey_reset_";
    let bytes = URL_SAFE_NO_PAD.decode(&text[prefix.len()..]).unwrap();
    for index in 0..bytes.len() {
        for bit in 0..8 {
            let mut forged = bytes.clone();
            forged[index] ^= 1 << bit;
            let forged = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(&forged));
            let proved = parse(&forged, Purpose::Reset, &keys)
                .map(|text| ticket.is_proved_by(&text, None, &keys, 100).unwrap());
            let expected = (index >= 56).then_some(false);
            assert_eq!(proved, expected, "{index}.{bit}");
        }
    }
    let whole = parse(&text, Purpose::Reset, &keys).unwrap();
    assert!(ticket.is_proved_by(&whole, None, &keys, 100).unwrap());
    for length in 0..text.len() {
        let read = parse(&text[..length], Purpose::Reset, &keys);
        let handle = ticket.seed.handle(Purpose::Reset, &keys, 100).unwrap();
        assert_eq!(
            read.is_some(),
            text[..length] == handle.to_text(),
            "{length}"
        );
    }
    for other in [format!("{}A", *text), text.repeat(2), "x".repeat(100_000)] {
        assert!(parse(&other, Purpose::Reset, &keys).is_none());
    }
}

#[test]
fn a_handle_is_proved_by_the_code_of_its_purpose_and_by_no_other() {
    let keys = keys();
    let ticket = ticket(&keys);
    let email = parse(
        &ticket
            .seed
            .handle(Purpose::Email, &keys, 100)
            .unwrap()
            .to_text(),
        Purpose::Email,
        &keys,
    )
    .unwrap();
    let proved = |code: Option<&TicketCode>| ticket.is_proved_by(&email, code, &keys, 100).unwrap();
    let code = |purpose| ticket.seed.code(purpose, &keys, 100).unwrap();
    assert!(proved(Some(&code(Purpose::Email))));
    assert!(!proved(Some(&code(Purpose::Agree))));
    assert!(!proved(None));
    let typed = code(Purpose::Email).grouped();
    assert!(proved(TicketCode::parse(&typed).as_ref()));
}

#[test]
fn texts_and_codes_depend_on_key_id_and_salt() {
    let keys = keys();
    let (one, two) = (ticket(&keys).seed, ticket(&keys).seed);
    let salted = TicketSeed {
        salt: two.salt,
        ..one
    };
    let link =
        |seed: TicketSeed, keys: &MacKeys| seed.link(Purpose::Reset, keys, 100).unwrap().to_text();
    let renamed = TicketSeed { id: two.id, ..one };
    assert_ne!(link(one, &keys), link(salted, &keys));
    assert_ne!(link(one, &keys), link(renamed, &keys));
    let mut other = MacKeyTimes {
        id: format!("{:016x}", 7),
        signs_from: 100,
        gone_at: None,
    };
    other.signs_from = 100;
    let others: MacKeys = [MacKey::new(other, &[8; 32]).unwrap()]
        .into_iter()
        .collect();
    assert_ne!(link(one, &keys), link(one, &others));
    let handle = one.handle(Purpose::Reset, &keys, 100).unwrap().to_text();
    let same = salted.handle(Purpose::Reset, &keys, 100).unwrap().to_text();
    assert_eq!(handle, same, "a handle shows nothing of the row");
}

#[test]
fn a_ticket_ends_with_the_key_that_tagged_it() {
    let alive: MacKeys = [key(7, 100, Some(500))].into_iter().collect();
    let seed = TicketSeed::generate(&alive, 100).unwrap();
    let handle = seed.handle(Purpose::Reset, &alive, 499).unwrap().to_text();
    assert!(TicketText::parse(&handle, Purpose::Reset, &alive, 499).is_some());
    assert!(TicketText::parse(&handle, Purpose::Reset, &alive, 500).is_none());
    assert_eq!(seed.code(Purpose::Reset, &alive, 500).err(), Some(NoMacKey));
    let none = TicketSeed::generate(&alive, 99);
    assert_eq!(none, Err(NewTicketError::NoMacKey(NoMacKey)));
}

#[test]
fn a_ticket_permits_its_purpose_until_it_is_used_or_over_or_its_account_has_changed() {
    let keys = keys();
    let user = User::register(Names::new(Username::parse("ada").ok(), None).unwrap(), 100);
    let bound = Ticket {
        owner: Some(user.owner()),
        ..ticket(&keys)
    };
    let later = User {
        epoch: user.epoch.next(),
        ..user.clone()
    };
    let spent = Ticket {
        spent: Some(Spending {
            at: 110,
            by: "a".to_owned(),
        }),
        ..bound.clone()
    };
    assert_eq!(bound.judge(Some(&user), 199), Ok(()));
    assert_eq!(bound.judge(Some(&user), 200), Err(Refused::Expired));
    assert_eq!(bound.judge(Some(&later), 199), Err(Refused::Superseded));
    assert_eq!(bound.judge(None, 199), Err(Refused::Superseded));
    assert_eq!(spent.judge(Some(&later), 300), Err(Refused::Used));
    assert_eq!(ticket(&keys).judge(None, 199), Ok(()));
}

#[test]
fn debug_shows_neither_secret_nor_code_nor_salt() {
    let keys = keys();
    let ticket = ticket(&keys);
    let link = ticket.seed.link(Purpose::Reset, &keys, 100).unwrap();
    let code = ticket.seed.code(Purpose::Reset, &keys, 100).unwrap();
    let shown = format!("{ticket:?} {link:?} {code:?}");
    assert!(shown.contains("TicketSalt(…)") && shown.contains("TicketCode(…)"));
    assert!(!shown.contains(&code.grouped()[..4]), "{shown}");
}
