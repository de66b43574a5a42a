//! The letters of the people in the journey: of the stack in this process, or in the inbox of a mail
//! server that `LATCHKEY_INBOX` names.

use std::time::Duration;

use serde_json::Value;
use testing::Stack;

/// A letter may be half a minute on its way.
const ATTEMPTS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// Where letters arrive.
pub(crate) enum Letters {
    /// The rows of a stack, as its sender would write them.
    InProcess(Box<Stack>),
    /// The inbox of `MailDev`, at its URL without trailing slash.
    Inbox(String),
}

/// The parts of a letter that can be used.
#[derive(Clone)]
pub(crate) struct Letter {
    /// The URL in it whose query is a ticket.
    pub(crate) link: Option<String>,
    /// Its eight digits, as they are printed.
    pub(crate) code: Option<String>,
}

impl Letter {
    fn read(text: &str) -> Self {
        let find = |fits: fn(&str) -> bool| text.lines().map(str::trim).find(|line| fits(line));
        Self {
            link: find(|line| line.contains("?ticket=")).map(str::to_owned),
            code: find(is_code).map(str::to_owned),
        }
    }

    /// The path and the query of the link.
    pub(crate) fn path(&self) -> String {
        let link = self.link.as_deref().unwrap();
        let (_, rest) = link.split_once("://").unwrap();
        rest[rest.find('/').unwrap()..].to_owned()
    }

    /// The text of the ticket in the link.
    pub(crate) fn ticket(&self) -> String {
        let link = self.link.as_deref().unwrap();
        link.split_once("?ticket=").unwrap().1.to_owned()
    }
}

impl Letters {
    /// The letter to an address whose link leads to a page with a ticket of a purpose.
    pub(crate) async fn letter(&self, address: &str, page: &str, purpose: &str) -> Letter {
        let wanted = format!("{page}?ticket=latchkey_{purpose}_");
        let fits = |letter: &Letter| {
            letter
                .link
                .as_deref()
                .is_some_and(|link| link.contains(&wanted))
        };
        for _ in 0..ATTEMPTS {
            if let Some(letter) = self.all(address).await.into_iter().find(fits) {
                return letter;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("no letter leads to {page} for {purpose}");
    }

    /// The number of letters to an address until now.
    pub(crate) async fn count(&self, address: &str) -> usize {
        self.all(address).await.len()
    }

    /// Waits for so many letters to an address.
    pub(crate) async fn wait_for(&self, address: &str, count: usize) {
        for _ in 0..ATTEMPTS {
            if self.all(address).await.len() >= count {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("fewer than {count} letters came");
    }

    async fn all(&self, address: &str) -> Vec<Letter> {
        match self {
            Self::InProcess(stack) => {
                // The compiler looks only so deep.
                let letters = Box::pin(stack.letters(address)).await;
                letters
                    .iter()
                    .map(|one| Letter::read(&one.letter.text))
                    .collect()
            }
            Self::Inbox(url) => {
                let answer = reqwest::get(format!("{url}/api/email")).await.unwrap();
                let mails = answer.text().await.unwrap();
                let mails: Vec<Value> = serde_json::from_str(&mails).unwrap();
                let to = |mail: &Value| mail["to"][0]["address"] == address;
                let texts = mails
                    .iter()
                    .filter(|mail| to(mail))
                    .map(|mail| &mail["text"]);
                texts
                    .map(|text| Letter::read(text.as_str().unwrap()))
                    .collect()
            }
        }
    }
}

fn is_code(line: &str) -> bool {
    let digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    line.split_once(' ')
        .is_some_and(|(a, b)| digits(a) && digits(b))
}
