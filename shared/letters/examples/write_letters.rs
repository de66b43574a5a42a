//! Writes every letter, in every language, into a directory, as text and HTML, to be looked at.

use std::error::Error;

use accounts::{Email, MacKey, MacKeyTimes, MacKeys, Names, TicketSeed, Timestamp, User};
use letters::{Letter, Sender};
use tables::{
    Asker, FactorKind, Mail, MailedRow, Notice, NoticeKind, Permit, PermittedSignup, Recipient,
    TicketRow,
};

const NOW: Timestamp = 1_795_780_000;
const LANGUAGES: [&str; 2] = ["en", "de"];

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args_os()
        .nth(1)
        .ok_or("usage: write_letters DIRECTORY")?;
    let directory = std::path::PathBuf::from(directory);
    std::fs::create_dir_all(&directory)?;
    let times = MacKeyTimes {
        id: format!("{:016x}", 7),
        signs_from: 0,
        gone_at: None,
    };
    let keys: MacKeys = [MacKey::new(times, &[7; 32]).ok_or("the key has 32 bytes")?]
        .into_iter()
        .collect();
    let sender = Sender {
        name: Some("Kites & Friends".to_owned()),
        app_url: None,
    };
    for language in LANGUAGES {
        for (name, row) in rows(&keys, language)? {
            let letter = Letter::write(&row, &sender, &keys, NOW)?;
            let file = |end: &str| directory.join(format!("mail-{name}.{language}.{end}"));
            std::fs::write(file("html"), letter.html.as_bytes())?;
            std::fs::write(file("txt"), letter.text.as_bytes())?;
        }
    }
    Ok(())
}

/// Every kind of letter, by name.
fn rows(keys: &MacKeys, language: &str) -> Result<Vec<(&'static str, MailedRow)>, Box<dyn Error>> {
    let address = || Email::parse("maria.huber@example.com");
    let mail = Mail {
        to: Recipient {
            address: address()?,
            locale: Some(language.to_owned()),
        },
        issuer: "https://id.example.com".to_owned(),
        asker: Asker {
            device: Some("Firefox, Linux".to_owned()),
            network: Some("198.51.100.7".to_owned()),
        },
    };
    let seed = || TicketSeed::generate(keys, NOW);
    let permits = [
        ("signup", Permit::Signup(PermittedSignup::Free)),
        ("taken", Permit::Signup(PermittedSignup::Taken)),
        (
            "invited",
            Permit::Signup(PermittedSignup::Invited(Vec::new())),
        ),
        (
            "email",
            Permit::Email {
                address: address()?,
                effective_at: None,
                agreed_at: None,
            },
        ),
        (
            "reset",
            Permit::Reset {
                address: Some(address()?),
            },
        ),
        ("reset-barred", Permit::Reset { address: None }),
    ];
    let kinds = [
        ("password-set", NoticeKind::PasswordSet),
        ("password-reset", NoticeKind::PasswordReset),
        ("address-asked", NoticeKind::AddressAsked(seed()?)),
        ("address-changed", NoticeKind::AddressChanged),
        ("disabled", NoticeKind::Disabled),
        ("deleted", NoticeKind::Deleted),
        ("totp-added", NoticeKind::FactorAdded(FactorKind::Totp)),
        (
            "passkey-added",
            NoticeKind::FactorAdded(FactorKind::Passkey),
        ),
        ("totp-removed", NoticeKind::FactorRemoved(FactorKind::Totp)),
        (
            "passkey-removed",
            NoticeKind::FactorRemoved(FactorKind::Passkey),
        ),
        ("factors-removed", NoticeKind::FactorsRemoved),
        ("second-factor-optional", NoticeKind::SecondFactorOptional),
        ("recovery-codes-made", NoticeKind::RecoveryCodesMade),
        ("recovery-code-used", NoticeKind::RecoveryCodeUsed),
        ("wrong-codes", NoticeKind::WrongCodes),
        ("mfa-locked", NoticeKind::MfaLocked),
    ];
    let user = User::register(
        Names::new(None, Some(address()?)).ok_or("there is a name")?,
        NOW,
    );
    let mut rows = Vec::new();
    // What administrators order names no asker.
    let ordered = Mail {
        asker: Asker::default(),
        ..mail.clone()
    };
    for (name, permit) in permits {
        let mail = match permit {
            Permit::Signup(PermittedSignup::Invited(_)) => &ordered,
            _ => &mail,
        };
        let row = TicketRow::new(seed()?, None, permit, NOW + 1_800, Some(mail.clone()));
        rows.push((name, MailedRow::Ticket(row)));
    }
    for (name, kind) in kinds {
        let mail = match kind {
            NoticeKind::Disabled | NoticeKind::FactorsRemoved => &ordered,
            _ => &mail,
        };
        let notice = Notice {
            id: seed()?.id,
            kind,
            user_id: user.id,
            at: NOW,
            expires_at: NOW + 86_400,
            mail: mail.clone(),
        };
        rows.push((name, MailedRow::Notice(notice)));
    }
    Ok(rows)
}
