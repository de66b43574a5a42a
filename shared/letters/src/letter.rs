//! A letter, ready to be sent.

use std::fmt;

use accounts::{Email, MacKeys, NoMacKey, Timestamp};
use askama::Template;
use tables::MailedRow;
use zeroize::Zeroizing;

use crate::content::Writing;
use crate::texts;

/// The sender of letters, and the URL that their links lead to.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The name that the letters speak of; `None` for the host of the issuer.
    pub name: Option<String>,
    /// The URL, without a trailing slash, below which the owner has pages for mailed links; `None`
    /// for those below the issuer.
    pub app_url: Option<String>,
}

/// A letter: one part of text and one of HTML, which say the same. `Debug` shows neither.
pub struct Letter {
    /// The address that it goes to.
    pub to: Email,
    /// The subject, without line breaks.
    pub subject: String,
    /// The part `text/plain`.
    pub text: Zeroizing<String>,
    /// The part `text/html`: no image, no script, and nothing that is fetched.
    pub html: Zeroizing<String>,
}

/// The reason why no letter was made of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The row orders no mail.
    #[error("the row has no recipient")]
    NoRecipient,
    /// The key of its link and code is gone, or too new for this copy of the ring.
    #[error(transparent)]
    NoMacKey(#[from] NoMacKey),
    /// A template failed.
    #[error("a template failed")]
    Template,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    before: &'a [String],
    link: Option<&'a str>,
    code_label: &'static str,
    code: Option<&'a str>,
    stop_label: &'static str,
    stop: Option<&'a str>,
    after: &'a [String],
    sender: &'a str,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    before: &'a [String],
    link_label: &'static str,
    link: Option<&'a str>,
    code_label: &'static str,
    code: Option<&'a str>,
    stop_label: &'static str,
    stop: Option<&'a str>,
    after: &'a [String],
    sender: &'a str,
}

impl Letter {
    /// Writes the letter that a row orders, in the language of its recipient or in English.
    ///
    /// # Errors
    ///
    /// [`LetterError`].
    pub fn write(
        row: &MailedRow,
        sender: &Sender,
        keys: &MacKeys,
        now: Timestamp,
    ) -> Result<Self, LetterError> {
        let mail = match row {
            MailedRow::Ticket(row) => row.mail.as_ref(),
            MailedRow::Notice(notice) => Some(&notice.mail),
        };
        let mail = mail.ok_or(LetterError::NoRecipient)?;
        let texts = texts::of(mail.to.locale.as_deref());
        let name = match &sender.name {
            Some(name) => name,
            None => host(&mail.issuer),
        };
        let writing = Writing {
            texts,
            sender,
            name,
            keys,
            now,
        };
        let content = writing.content(row, mail)?;
        let link = content.link.as_ref().map(|link| link.as_str());
        let code = content.code.as_ref().map(|code| code.as_str());
        let stop = content.stop.as_ref().map(|link| link.as_str());
        let text = Text {
            before: &content.before,
            link,
            code_label: texts.code,
            code,
            stop_label: texts.stop,
            stop,
            after: &content.after,
            sender: name,
        };
        let html = Html {
            language: texts.language,
            subject: &content.subject,
            before: &content.before,
            link_label: content.link_label,
            link,
            code_label: texts.code,
            code,
            stop_label: texts.stop,
            stop,
            after: &content.after,
            sender: name,
        };
        Ok(Self {
            to: mail.to.address.clone(),
            text: Zeroizing::new(text.render().map_err(|_| LetterError::Template)?),
            html: Zeroizing::new(html.render().map_err(|_| LetterError::Template)?),
            subject: content.subject,
        })
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(…)")
    }
}

fn host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
