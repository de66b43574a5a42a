//! The letters that a stack's rows order.

use letters::{Letter, Sender};
use tables::MailedRow;

use crate::Stack;

/// A letter that somebody got, with what can be used of it.
#[derive(Debug)]
pub struct Received {
    /// The purpose of its row: `reset`, `notice`, and so on.
    pub purpose: String,
    /// The letter.
    pub letter: Letter,
    /// The link in it.
    pub link: Option<String>,
    /// The code in it, as it is printed.
    pub code: Option<String>,
    expires_at: u64,
}

impl Received {
    /// The text of the ticket in the link.
    ///
    /// # Panics
    ///
    /// If it has no link.
    pub fn ticket(&self) -> &str {
        let link = self.link.as_deref().expect("the letter has a link");
        link.split_once("ticket=").expect("the link has a ticket").1
    }
}

impl Stack {
    /// The letters to an address, those that are good for longest last.
    ///
    /// # Panics
    ///
    /// Where a row is no letter.
    pub async fn letters(&self, address: &str) -> Vec<Received> {
        let keys = api::RefreshKeys::new(&self.environment()).expect("the stack has keys");
        let keys = keys.at(api::now()).await.expect("the ring is read");
        let sender = Sender {
            name: None,
            app_url: None,
        };
        let mut received = Vec::new();
        for item in self.items("MailsTable").await {
            let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
            if text("to").is_none_or(|to| to != address) {
                continue;
            }
            let purpose = text("id").and_then(|id| id.split('#').next());
            let purpose = purpose.unwrap_or_default().to_owned();
            let expires_at = item["expires_at"].as_n().expect("a number");
            let expires_at = expires_at.parse().expect("a number");
            let image = serde_json::to_string(&serde_dynamo::Item::from(item));
            let row = MailedRow::from_image(&image.expect("an image")).expect("a row");
            let letter = Letter::write(&row, &sender, &keys, api::now()).expect("a letter");
            let lines = || letter.text.lines().map(str::trim);
            received.push(Received {
                purpose,
                link: lines()
                    .find(|line| line.contains("?ticket="))
                    .map(str::to_owned),
                code: lines().find(|line| is_code(line)).map(str::to_owned),
                letter,
                expires_at,
            });
        }
        received.sort_by_key(|letter| letter.expires_at);
        received
    }

    /// The letter to an address of that purpose that is good for longest.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub async fn letter(&self, address: &str, purpose: &str) -> Received {
        let letters = self.letters(address).await;
        let mut of_purpose = letters.into_iter().filter(|one| one.purpose == purpose);
        of_purpose.next_back().expect("there is a letter")
    }
}

fn is_code(line: &str) -> bool {
    let digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    line.split_once(' ')
        .is_some_and(|(a, b)| digits(a) && digits(b))
}
