//! The body of [`SendEmail`](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html).

use accounts::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::{Mail, Refusal};

/// The most recipients [of a
/// message](https://docs.aws.amazon.com/ses/latest/dg/quotas.html#quotas-message).
const MOST_RECIPIENTS: usize = 50;

/// The most headers [of a
/// message](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Message.html).
const MOST_HEADERS: usize = 15;

/// The longest name and value of [a
/// header](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html).
const LONGEST: (usize, usize) = (126, 870);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    configuration_set_name: Option<String>,
    content: Content,
    #[serde(default)]
    destination: Destination,
    from_email_address: Option<String>,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
}

/// Raw messages, templates and attachments are not for this machine.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    subject: Data,
    body: Body,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Data>,
    html: Option<Data>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Header {
    name: String,
    value: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

impl Request {
    /// The mail, at a time.
    pub(super) fn mail(self, now: Timestamp) -> Result<Mail, Refusal> {
        let message = self.content.simple;
        let message = message.ok_or_else(|| bad("this machine sends Simple content alone"))?;
        let from = self.from_email_address;
        let from = from.ok_or_else(|| bad("FromEmailAddress is missing"))?;
        let to = self.destination.to_addresses;
        let copies = [
            self.destination.cc_addresses,
            self.destination.bcc_addresses,
        ]
        .concat();
        let recipients = to.len() + copies.len();
        if recipients == 0 || recipients > MOST_RECIPIENTS {
            return Err(bad("a message has 1 to 50 recipients"));
        }
        let is_complete = |address: &String| address.contains('@');
        if ![&to, &copies].into_iter().flatten().all(is_complete) || !is_complete(&from) {
            return Err(bad("Missing final '@domain'"));
        }
        if message.body.text.is_none() && message.body.html.is_none() {
            return Err(bad("a message has a text or HTML"));
        }
        if message.headers.len() > MOST_HEADERS || !message.headers.iter().all(Header::is_valid) {
            return Err(bad("a header is too much, too long or not printable ASCII"));
        }
        let headers = message.headers.into_iter();
        Ok(Mail {
            id: Uuid::new_v4().to_string(),
            at: now,
            from,
            to,
            copies,
            reply_to: self.reply_to_addresses,
            subject: message.subject.data,
            text: message.body.text.map(|part| part.data),
            html: message.body.html.map(|part| part.data),
            headers: headers.map(|header| (header.name, header.value)).collect(),
            configuration_set: self.configuration_set_name,
        })
    }
}

impl Header {
    fn is_valid(&self) -> bool {
        let (name, value) = LONGEST;
        let named = |byte: u8| byte.is_ascii_graphic() && byte != b':';
        let valued = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
        (1..=name).contains(&self.name.len())
            && (1..=value).contains(&self.value.len())
            && self.name.bytes().all(named)
            && self.value.bytes().all(valued)
    }
}

fn bad(message: &str) -> Refusal {
    Refusal::BadRequest(message.to_owned())
}
