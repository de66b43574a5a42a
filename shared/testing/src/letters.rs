//! The letters that people get from a stack.

use accounts::Email;
use letters::Letter;
use zeroize::Zeroizing;

use crate::Stack;
use crate::mailbox::KeptMail;

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

    fn read(mail: &KeptMail, address: &str) -> Self {
        let lines = || mail.text.lines().map(str::trim);
        Self {
            purpose: mail.purpose.clone(),
            link: lines()
                .find(|line| line.contains("?ticket="))
                .map(str::to_owned),
            code: lines().find(|line| is_code(line)).map(str::to_owned),
            letter: Letter {
                to: Email::parse(address).expect("an address"),
                subject: mail.subject.clone(),
                text: Zeroizing::new(mail.text.clone()),
                html: Zeroizing::new(mail.html.clone()),
            },
        }
    }
}

impl Stack {
    /// The letters to an address in the order in which they were ordered, by way of the stream, the
    /// function that sends, and Amazon SES.
    ///
    /// # Panics
    ///
    /// Where one is not sent.
    pub async fn letters(&self, address: &str) -> Vec<Received> {
        let mails = self.mailbox().await.collect().await.into_iter();
        let to = mails.filter(|mail| mail.to.iter().any(|to| to == address));
        to.map(|mail| Received::read(&mail, address)).collect()
    }

    /// The newest letter to an address of that purpose.
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
