//! The sender of mails, and where their links lead.

use accounts::Email;

use crate::{ConfigError, Environment, Issuer};

/// The sender of mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSender {
    /// The name that people see; `None` where there is none.
    pub name: Option<String>,
    /// The address, as the owner wrote it: the permission to send compares it letter by letter.
    pub address: String,
}

/// A text that is no sender, to be read after the name of its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address, or a name and the address in angle brackets")]
pub struct MailSenderError;

impl MailSender {
    /// Reads an address, or `Name <address>`.
    ///
    /// # Errors
    ///
    /// [`MailSenderError`].
    pub fn parse(text: &str) -> Result<Self, MailSenderError> {
        let (name, address) = match text.split_once(" <") {
            None => (None, Some(text)),
            Some((name, rest)) => (Some(name), rest.strip_suffix('>')),
        };
        let address = address.filter(|address| Email::parse(address).is_ok());
        let plain =
            |byte: u8| byte == b' ' || byte.is_ascii_graphic() && !b"\"\\<>".contains(&byte);
        let is_name = |name: &str| name.len() > 1 && name.bytes().all(plain);
        if !name.is_none_or(is_name) {
            return Err(MailSenderError);
        }
        Ok(Self {
            name: name.map(str::to_owned),
            address: address.ok_or(MailSenderError)?.to_owned(),
        })
    }

    /// The sender as a header of a mail has it: with the name in quotes, which may then hold what
    /// would divide it else (RFC 5322 §3.2.4).
    pub fn mailbox(&self) -> String {
        match &self.name {
            Some(name) => format!("\"{name}\" <{}>", self.address),
            None => self.address.clone(),
        }
    }
}

/// The settings of mails.
impl Environment {
    /// The sender: `MAIL_FROM`; `None` where it is empty, since no mail is sent.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or no sender.
    pub fn sender(&self) -> Result<Option<MailSender>, ConfigError> {
        match self.text("MAIL_FROM")? {
            "" => Ok(None),
            _ => self.required_sender().map(Some),
        }
    }

    /// As [`Environment::sender`], for a function that does nothing without one.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, empty, or no sender.
    pub fn required_sender(&self) -> Result<MailSender, ConfigError> {
        let name = "MAIL_FROM";
        MailSender::parse(self.required(name)?)
            .map_err(|problem| ConfigError::new(name, problem.to_string()))
    }

    /// The address to which people answer: `MAIL_REPLY_TO`; `None` where it is empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or no address.
    pub fn reply_to(&self) -> Result<Option<Email>, ConfigError> {
        let name = "MAIL_REPLY_TO";
        let address = Some(self.text(name)?).filter(|address| !address.is_empty());
        let address = address.map(Email::parse).transpose();
        address.map_err(|problem| ConfigError::new(name, problem.to_string()))
    }

    /// The URL, without a trailing slash, below which the owner has pages for mailed links:
    /// `APP_URL`; `None` where it is empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or not such a URL.
    pub fn app_url(&self) -> Result<Option<String>, ConfigError> {
        let name = "APP_URL";
        match Issuer::parse(self.text(name)?) {
            Ok(Issuer::Gateway) => Ok(None),
            Ok(Issuer::Pinned(url)) => Ok(Some(url)),
            Err(problem) => Err(ConfigError::new(name, problem.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(text: &str) -> Option<String> {
        MailSender::parse(text).ok().map(|sender| sender.mailbox())
    }

    #[test]
    fn a_sender_is_an_address_with_a_name_or_without() {
        for (text, header) in [
            ("noreply@example.com", "noreply@example.com"),
            ("NoReply@Example.com", "NoReply@Example.com"),
            (
                "Kites, Inc. (EU) <a@example.com>",
                "\"Kites, Inc. (EU)\" <a@example.com>",
            ),
        ] {
            assert_eq!(mailbox(text).as_deref(), Some(header));
        }
    }

    #[test]
    fn what_would_be_another_header_or_another_address_is_no_sender() {
        for text in [
            "",
            "Example",
            "Example <a>",
            "Example <a@example.com",
            "<a@example.com>",
            " <a@example.com>",
            "a@example.com, b@example.com",
            "\"Example\" <a@example.com>",
            "A\\ <a@example.com>",
            "A\r\nBcc: x <a@example.com>",
            "Kites <b@example.com> <a@example.com>",
            "Käse <a@example.com>",
        ] {
            assert_eq!(mailbox(text), None, "{text:?}");
        }
    }
}
