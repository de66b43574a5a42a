//! The rows of mails that a release has written, with the texts of their tickets.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use super::later::{LATER, value};
use super::{Item, Release, attribute, text};
use crate::Stack;

/// The texts of a ticket, as an answer and a mail of the release had them.
#[derive(Clone)]
pub struct Texts {
    /// The handle.
    pub handle: String,
    /// The text of the link.
    pub link: String,
    /// The code: eight digits in two groups.
    pub code: String,
    /// The key of the row of the ticket.
    pub row: String,
}

/// The rows, and the texts of their tickets by name.
#[derive(Clone)]
pub struct Mails {
    pub(super) rows: Vec<Item>,
    tickets: BTreeMap<String, Texts>,
}

impl Mails {
    pub(super) fn read(json: &Value) -> Self {
        let rows = json["rows"].as_array().expect("a list of items").iter();
        let tickets = json["tickets"].as_object().expect("an object").iter();
        let texts = |json: &Value| Texts {
            handle: text(json, "handle"),
            link: text(json, "link"),
            code: text(json, "code"),
            row: text(json, "row"),
        };
        Self {
            rows: rows.map(attribute::item).collect(),
            tickets: tickets
                .map(|(name, json)| (name.clone(), texts(json)))
                .collect(),
        }
    }

    /// Reads the rows of a stack, in the order of their keys.
    pub(super) async fn json(stack: &Stack, tickets: &BTreeMap<String, Texts>) -> Value {
        let rows = stack.items("MailsTable").await;
        let rows: BTreeMap<_, _> = rows.iter().map(|row| (key(row), row)).collect();
        let rows: Vec<_> = rows.into_values().map(attribute::item_json).collect();
        let texts = |it: &Texts| json!({ "handle": it.handle, "link": it.link, "code": it.code, "row": it.row });
        let tickets: BTreeMap<_, _> = tickets.iter().map(|(name, it)| (name, texts(it))).collect();
        json!({ "rows": rows, "tickets": tickets })
    }

    /// Adds attributes to the rows, and members to the part that depends on the purpose.
    pub(super) fn add_unknown(&mut self) {
        for row in &mut self.rows {
            row.insert(LATER.to_owned(), value());
            let Some(AttributeValue::M(data)) = row.get_mut("data") else {
                panic!("the row has no data");
            };
            data.insert(LATER.to_owned(), value());
        }
    }
}

impl Release {
    /// The texts of a ticket.
    ///
    /// # Panics
    ///
    /// If the release has no ticket of that name.
    pub fn ticket(&self, name: &str) -> &Texts {
        &self.mails.tickets[name]
    }

    /// The texts of every ticket, by name.
    pub fn tickets(&self) -> impl Iterator<Item = (&str, &Texts)> {
        let tickets = self.mails.tickets.iter();
        tickets.map(|(name, texts)| (name.as_str(), texts))
    }

    /// The rows of mails.
    pub fn mails(&self) -> &[Item] {
        &self.mails.rows
    }

    /// Puts the rows of mails in the table of a stack that sends mail.
    ///
    /// # Panics
    ///
    /// If the engine does not answer, or has no such table.
    pub async fn load_mails(&self, stack: &Stack) {
        for row in &self.mails.rows {
            let put = stack.engine.client().put_item().table_name("MailsTable");
            let put = put.set_item(Some(row.clone())).send().await;
            put.expect("the engine answers");
        }
    }

    /// The keys of the rows of mails that have lost an attribute, or a member of their data, or
    /// have another value in its place. The number of guesses may change.
    ///
    /// # Panics
    ///
    /// If the engine does not answer.
    pub async fn lost_mails(&self, stack: &Stack) -> Vec<String> {
        let rows = stack.items("MailsTable").await;
        let is_kept = |before: &&Item| {
            let mut same = rows.iter().filter(|row| key(row) == key(before));
            same.any(|now| has_all(now, before) && has_all(data(now), data(before)))
        };
        let lost = self.mails.rows.iter().filter(|before| !is_kept(before));
        lost.map(|row| key(row).to_owned()).collect()
    }
}

fn key(row: &Item) -> &str {
    row["id"].as_s().expect("a text")
}

fn data(row: &Item) -> &Item {
    row["data"].as_m().expect("an object")
}

fn has_all(now: &Item, before: &Item) -> bool {
    let lasting = |name: &str| name != "guesses" && name != "data";
    let mut before = before.iter().filter(|(name, _)| lasting(name));
    before.all(|(name, value)| now.get(name) == Some(value))
}
