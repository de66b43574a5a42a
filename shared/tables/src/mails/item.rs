//! A row as an item of its table.

mod data;
mod image;

use accounts::{Email, Epoch, Owner, Purpose, Spending, Ticket, TicketId, Timestamp, UserId};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;

use self::data::{EmailData, NoticeData, ResetData, SignupData};
use super::row::is_mailed;
use super::{Asker, Mail, MailedRow, Notice, Permit, Recipient, TicketRow};
use crate::Error;
use crate::item::{self, Item, text};

/// The purpose of notices in the keys of rows.
const NOTICE: &str = "notice";

/// The time, in seconds, for which a row stays after its end, so that a used or late ticket is told
/// from an unknown one.
const KEPT: u64 = 24 * 60 * 60;

/// A byte of text that says nothing.
const FILL: &str = ".";

pub(super) const TABLE: &str = "Mails";

/// A row as the table has it.
#[derive(Serialize, Deserialize)]
struct StoredRow<D> {
    /// Purpose, `#`, and the id as 32 hexadecimal digits.
    id: String,
    /// The name of the MAC key, as the ring has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    mac_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<ByteBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<Epoch>,
    data: D,
    #[serde(skip_serializing_if = "Option::is_none")]
    guesses: Option<u32>,
    expires_at: u64,
    ttl: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    spent_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spent_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
}

/// Returns the key of a ticket's row.
pub(super) fn ticket_key(row: &TicketRow) -> String {
    format!("{}#{}", purpose(&row.permit).name(), row.ticket.seed.id)
}

/// Writes a row as an item.
pub(super) fn write(row: &MailedRow) -> Result<Item, Error> {
    match row {
        MailedRow::Ticket(row) => write_ticket(row),
        MailedRow::Notice(notice) => {
            let mut item = write_notice(notice)?;
            add_mail(&mut item, &notice.mail);
            Ok(item)
        }
    }
}

/// Writes the row that a ticket would have if there were an account, and puts blanks in place of
/// the addresses, under names that are not read: it orders no mail, and has the same length.
pub(super) fn write_for_nobody(row: &TicketRow) -> Result<Item, Error> {
    let mut item = write_ticket(row)?;
    blank(&mut item, "to", "no");
    if let Some(AttributeValue::M(data)) = item.get_mut("data") {
        blank(data, "address", "nothing");
    }
    Ok(item)
}

fn blank(item: &mut Item, name: &str, blank: &str) {
    if let Some(AttributeValue::S(value)) = item.remove(name) {
        item.insert(blank.to_owned(), text(FILL.repeat(value.len())));
    }
}

fn add_mail(item: &mut Item, Mail { to, issuer, asker }: &Mail) {
    let attributes = [
        ("to", Some(to.address.as_str())),
        ("locale", to.locale.as_deref()),
        ("issuer", Some(issuer.as_str())),
        ("device", asker.device.as_deref()),
        ("network", asker.network.as_deref()),
    ];
    for (name, value) in attributes {
        item.extend(value.map(|value| (name.to_owned(), text(value))));
    }
}

fn write_ticket(row: &TicketRow) -> Result<Item, Error> {
    let mut item = match &row.permit {
        Permit::Signup(signup) => stored_ticket(row, SignupData::from(signup)),
        Permit::Email {
            address,
            effective_at,
            agreed_at,
        } => stored_ticket(
            row,
            EmailData {
                address: address.as_str().to_owned(),
                effective_at: *effective_at,
                agreed_at: *agreed_at,
            },
        ),
        Permit::Reset { address } => {
            let epoch = row.ticket.owner.map(|owner| owner.epoch);
            let mail = row.mail.as_ref();
            stored_ticket(row, ResetData::new(address.as_ref(), epoch, mail))
        }
    }?;
    if let Some(mail) = &row.mail {
        add_mail(&mut item, mail);
    }
    Ok(item)
}

fn stored_ticket(row: &TicketRow, data: impl Serialize) -> Result<Item, Error> {
    let ticket = &row.ticket;
    let spent = ticket.spent.as_ref();
    let stored = StoredRow {
        mac_key: Some(format!("{:016x}", ticket.seed.mac_key)),
        salt: Some(ByteBuf::from(ticket.seed.salt.as_bytes())),
        user_id: ticket.owner.map(|owner| owner.user_id.to_string()),
        epoch: ticket.owner.map(|owner| owner.epoch),
        guesses: Some(ticket.guesses),
        spent_at: spent.map(|spent| spent.at),
        spent_by: spent.map(|spent| spent.by.clone()),
        ..StoredRow::new(ticket_key(row), data, ticket.expires_at)
    };
    item::write(TABLE, stored)
}

fn write_notice(notice: &Notice) -> Result<Item, Error> {
    let id = format!("{NOTICE}#{}", notice.id);
    let stored = StoredRow {
        user_id: Some(notice.user_id.to_string()),
        ..StoredRow::new(id, NoticeData::of(notice), notice.expires_at)
    };
    item::write(TABLE, stored)
}

impl<D> StoredRow<D> {
    fn new(id: String, data: D, expires_at: Timestamp) -> Self {
        Self {
            id,
            mac_key: None,
            salt: None,
            user_id: None,
            epoch: None,
            data,
            guesses: None,
            expires_at,
            ttl: expires_at.saturating_add(KEPT),
            spent_at: None,
            spent_by: None,
            to: None,
            locale: None,
            issuer: None,
            device: None,
            network: None,
        }
    }

    fn mail(&self) -> Result<Option<Mail>, Error> {
        let Some(to) = &self.to else {
            return Ok(None);
        };
        let issuer = self.issuer.clone();
        Ok(Some(Mail {
            to: Recipient {
                address: address(to)?,
                locale: self.locale.clone(),
            },
            issuer: issuer.ok_or_else(|| corrupt("issuer is missing"))?,
            asker: Asker {
                device: self.device.clone(),
                network: self.network.clone(),
            },
        }))
    }

    fn ticket(&self, id: TicketId, permit: Permit) -> Result<TicketRow, Error> {
        let mail = self.mail()?;
        let spent_by = self.spent_by.clone().unwrap_or_default();
        let ticket = Ticket {
            seed: data::seed(
                id,
                self.mac_key.as_deref(),
                self.salt.as_ref().map(|salt| salt.as_slice()),
            )?,
            owner: self.owner()?,
            mailed: is_mailed(&permit, mail.as_ref()),
            guesses: self.guesses.unwrap_or_default(),
            expires_at: self.expires_at,
            spent: self.spent_at.map(|at| Spending { at, by: spent_by }),
        };
        Ok(TicketRow {
            ticket,
            permit,
            mail,
        })
    }

    fn owner(&self) -> Result<Option<Owner>, Error> {
        let Some(epoch) = self.epoch else {
            return Ok(None);
        };
        let user_id = self.user_id()?;
        Ok(Some(Owner { user_id, epoch }))
    }

    fn user_id(&self) -> Result<UserId, Error> {
        let id = self.user_id.as_deref().and_then(UserId::parse);
        id.ok_or_else(|| corrupt("user_id is not an id"))
    }
}

/// Reads a row from an item.
pub(super) fn read(item: Item) -> Result<MailedRow, Error> {
    let key = item.get("id").and_then(|id| id.as_s().ok()).cloned();
    let key = key.unwrap_or_default();
    let (purpose, id) = key.split_once('#').unwrap_or_default();
    let id = TicketId::parse(id).ok_or_else(|| corrupt("id is not an id"))?;
    let row = match purpose {
        "signup" => {
            let row: StoredRow<SignupData> = stored(item)?;
            row.ticket(id, Permit::Signup(row.data.signup()))?
        }
        "email" => {
            let row: StoredRow<EmailData> = stored(item)?;
            let permit = Permit::Email {
                address: address(&row.data.address)?,
                effective_at: row.data.effective_at,
                agreed_at: row.data.agreed_at,
            };
            row.ticket(id, permit)?
        }
        "reset" => {
            let row: StoredRow<ResetData> = stored(item)?;
            let address = row.data.address.as_deref().map(address).transpose()?;
            row.ticket(id, Permit::Reset { address })?
        }
        NOTICE => {
            let row: StoredRow<NoticeData> = stored(item)?;
            return Ok(MailedRow::Notice(Notice {
                id,
                kind: row.data.kind()?,
                user_id: row.user_id()?,
                at: row.data.at,
                expires_at: row.expires_at,
                mail: row.mail()?.ok_or_else(|| corrupt("to is missing"))?,
            }));
        }
        _ => return Err(corrupt("its purpose is unknown")),
    };
    Ok(MailedRow::Ticket(row))
}

/// Reads the row of a ticket from an item.
pub(super) fn read_ticket(item: Item) -> Result<TicketRow, Error> {
    match read(item)? {
        MailedRow::Ticket(row) => Ok(row),
        MailedRow::Notice(_) => Err(corrupt("a notice is no ticket")),
    }
}

/// Returns whether a stored row is the one that was written, whatever was guessed at it since.
pub(super) fn is_same(written: &Item, stored: &Item) -> bool {
    let mut lasting = written.iter().filter(|(name, _)| *name != "guesses");
    lasting.all(|(name, value)| stored.get(name) == Some(value))
}

fn purpose(permit: &Permit) -> Purpose {
    match permit {
        Permit::Signup(_) => Purpose::Signup,
        Permit::Email { .. } => Purpose::Email,
        Permit::Reset { .. } => Purpose::Reset,
    }
}

fn stored<D: DeserializeOwned>(item: Item) -> Result<StoredRow<D>, Error> {
    item::read(TABLE, item)
}

fn address(text: &str) -> Result<Email, Error> {
    Email::parse(text).map_err(|_| corrupt("an address is invalid"))
}

fn corrupt(reason: &'static str) -> Error {
    Error::corrupt(TABLE, reason)
}
