//! Rows as they are stored and read.

use std::collections::HashMap;

use accounts::{Email, Purpose, TicketSeed, TicketText};
use aws_sdk_dynamodb::types::AttributeValue;
use claims::Role;
use tables::{FactorKind, MailedRow, Notice, NoticeKind, Permit, PermittedSignup, TicketRow};

use testing::wire::Fault;

use super::{NOW, World, mail};

fn address(text: &str) -> Email {
    Email::parse(text).unwrap()
}

/// An item as a record of the stream has it.
fn image(item: HashMap<String, AttributeValue>) -> String {
    serde_json::to_string(&serde_dynamo::Item::from(item)).unwrap()
}

/// A row of each kind.
fn rows(world: &World) -> Vec<MailedRow> {
    let seed = || TicketSeed::generate(&world.keys, NOW).unwrap();
    let admin: Role = "admin".parse().unwrap();
    let permits = [
        Permit::Signup(PermittedSignup::Free),
        Permit::Signup(PermittedSignup::Taken),
        Permit::Signup(PermittedSignup::Invited(vec![admin])),
        Permit::Email {
            address: address("new@example.com"),
            effective_at: Some(NOW + 5),
            agreed_at: None,
        },
        Permit::Reset {
            address: Some(address("ada@example.com")),
        },
    ];
    let ticket = |permit| TicketRow::new(seed(), Some(&world.user), permit, NOW + 9, Some(mail()));
    let notices = [
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
    ];
    let notice = |kind| Notice {
        id: seed().id,
        kind,
        user_id: world.user.id,
        at: NOW,
        expires_at: NOW + 9,
        mail: mail(),
    };
    let nobody = Permit::Reset { address: None };
    let nobody = TicketRow::new(seed(), None, nobody, NOW + 9, None);
    let tickets = permits.map(ticket).into_iter().chain([nobody]);
    let notices = notices.map(notice).into_iter().map(MailedRow::Notice);
    tickets.map(MailedRow::Ticket).chain(notices).collect()
}

#[tokio::test]
async fn a_row_is_read_from_the_table_and_from_its_image_as_it_was_written() {
    let world = World::start().await;
    for row in rows(&world) {
        world.mails().issue(&row).await.unwrap();
        let mut items = world.items().await;
        let item = items.remove(0);
        let image = image(item.clone());
        assert_eq!(MailedRow::from_image(&image), Ok(row.clone()));
        let later = image.replacen('{', r#"{"later":{"S":"x"},"#, 1);
        assert!(MailedRow::from_image(&later).is_err(), "{later}");
        if let MailedRow::Ticket(row) = &row {
            let purpose = match row.permit {
                Permit::Signup(_) => Purpose::Signup,
                Permit::Email { .. } => Purpose::Email,
                Permit::Reset { .. } => Purpose::Reset,
            };
            let text = TicketText::Handle(world.handle(row, purpose));
            let read = world.mails().look(&text).await.unwrap();
            assert_eq!(read.as_ref(), Some(row));
            let is_taken = row.permit == Permit::Signup(PermittedSignup::Taken);
            assert_eq!(row.ticket.mailed, row.mail.is_some() && !is_taken);
        }
        let id = item["id"].clone();
        let delete = world.engine.client().delete_item().table_name("MailsTable");
        delete.key("id", id).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_ticket_for_nobody_is_stored_once_and_nothing_proves_it() {
    let world = World::start().await;
    let row = world.reset();
    world.wire.fail("PutItem", &Fault::LostAnswer, 1);
    world.mails().issue_for_nobody(&row).await.unwrap();
    let other = world.mails().issue(&MailedRow::Ticket(row.clone())).await;
    assert_eq!(other, Err(tables::Error::Conflict));
    let link = row.ticket.seed.link(Purpose::Reset, &world.keys, NOW);
    let text = TicketText::Link(link.unwrap());
    let read = world.mails().look(&text).await.unwrap().unwrap();
    assert_eq!(read.permit, Permit::Reset { address: None });
    assert_eq!(read.mail, None);
    assert!(
        row.ticket
            .is_proved_by(&text, None, &world.keys, NOW)
            .unwrap()
    );
    assert!(
        !read
            .ticket
            .is_proved_by(&text, None, &world.keys, NOW)
            .unwrap()
    );
}

#[tokio::test]
async fn what_a_later_version_has_added_stays() {
    let world = World::start().await;
    let row = world.issued().await;
    let handle = world.handle(&row, Purpose::Reset);
    let later = AttributeValue::S("x".to_owned());
    let update = world.engine.client().update_item().table_name("MailsTable");
    let update = update.key("id", AttributeValue::S(handle.row_key()));
    let update = update.update_expression("SET later = :x, #data.later = :x");
    let update = update.expression_attribute_names("#data", "data");
    let update = update.expression_attribute_values(":x", later.clone());
    update.send().await.unwrap();
    let guessed = world.mails().guess(&handle).await.unwrap().unwrap();
    assert_eq!(guessed.ticket.guesses, 1);
    assert!(world.mails().agree(&handle, NOW).await.unwrap());
    world.spend(&row, "one", NOW).await.unwrap();
    let items = world.items().await;
    let row = items
        .iter()
        .find(|item| item.contains_key("later"))
        .unwrap();
    assert_eq!(row["data"].as_m().unwrap()["later"], later);
    assert_eq!(row["spent_by"].as_s().unwrap(), "one");
}

#[tokio::test]
async fn the_old_address_agrees_once_and_while_the_ticket_counts() {
    let world = World::start().await;
    let seed = TicketSeed::generate(&world.keys, NOW).unwrap();
    let permit = Permit::Email {
        address: address("new@example.com"),
        effective_at: Some(NOW + 99),
        agreed_at: None,
    };
    let row = TicketRow::new(seed, Some(&world.user), permit, NOW + 9, Some(mail()));
    let mails = world.mails();
    let agree = world.handle(&row, Purpose::Agree);
    assert!(
        !mails.agree(&agree, NOW).await.unwrap(),
        "there is no such row"
    );
    mails.issue(&MailedRow::Ticket(row)).await.unwrap();
    for (now, agreed) in [(NOW + 9, false), (NOW + 2, true), (NOW + 3, true)] {
        assert_eq!(mails.agree(&agree, now).await.unwrap(), agreed, "{now}");
    }
    let read = mails.look(&TicketText::Handle(agree)).await.unwrap();
    let Some(Permit::Email { agreed_at, .. }) = read.map(|row| row.permit) else {
        panic!("the row is there");
    };
    assert_eq!(agreed_at, Some(NOW + 2));
}
