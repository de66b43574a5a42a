//! Amazon SES, by its API v2.

use std::time::Duration;

use accounts::Email;
use api::{ConfigError, Environment, MailSender, note_reason};
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::{Builder, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_sesv2::error::BuildError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader};
use letters::{Letter, SendError};

/// The most time that a letter takes, retries included. The function's own time is more than that
/// of a whole batch.
pub const LIMIT: Duration = Duration::from_secs(9);

/// The errors by which SES refuses one letter, as its pages for [the operation][send] and for
/// [all][common] describe them. Every other one is about the account, the deployment or the moment:
/// a letter waits for these, and none is lost to them.
///
/// [send]: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
/// [common]: https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html
const LASTING: [&str; 6] = [
    "BadRequestException",
    "MalformedHttpRequestException",
    "MessageRejected",
    "RequestEntityTooLargeException",
    "ValidationError",
    "ValidationException",
];

/// The service, and what all letters have in common.
pub(crate) struct Ses {
    client: Client,
    from: String,
    reply_to: Option<Email>,
    configuration_set: String,
}

impl Ses {
    /// The service by `MAIL_REPLY_TO` and `MAIL_CONFIGURATION_SET`.
    pub(crate) fn new(environment: &Environment, from: &MailSender) -> Result<Self, ConfigError> {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(4))
            .operation_timeout(LIMIT)
            .build();
        // Once more, for a connection that has died while the environment was frozen. Who is
        // throttled is called again by Lambda, which waits longer.
        let config = Builder::from(environment.aws())
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .build();
        let configuration_set = environment.required("MAIL_CONFIGURATION_SET")?;
        Ok(Self {
            client: Client::from_conf(config),
            from: from.mailbox(),
            reply_to: environment.reply_to()?,
            configuration_set: configuration_set.to_owned(),
        })
    }

    /// Hands a letter over. The reason of a failure is noted without what SES says of it, which
    /// repeats addresses.
    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let Ok(content) = content(letter) else {
            note_reason("the request could not be built");
            return Err(SendError::Lasting);
        };
        let to = Destination::builder().to_addresses(letter.to.as_str());
        let request = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(to.build())
            .set_reply_to_addresses(
                self.reply_to
                    .as_ref()
                    .map(|to| vec![to.as_str().to_owned()]),
            )
            .configuration_set_name(&self.configuration_set)
            .content(content);
        let Err(error) = request.send().await else {
            return Ok(());
        };
        let reason = tables::reason(&error);
        let is_lasting = LASTING.contains(&reason.as_str());
        note_reason(reason);
        Err(match is_lasting {
            true => SendError::Lasting,
            false => SendError::Passing,
        })
    }
}

fn content(letter: &Letter) -> Result<EmailContent, BuildError> {
    let body = Body::builder()
        .text(data(&letter.text)?)
        .html(data(&letter.html)?)
        .build();
    // So that an absent recipient's program does not answer (RFC 3834 §5).
    let automatic = MessageHeader::builder()
        .name("Auto-Submitted")
        .value("auto-generated")
        .build()?;
    let message = Message::builder()
        .subject(data(&letter.subject)?)
        .body(body)
        .headers(automatic)
        .build();
    Ok(EmailContent::builder().simple(message).build())
}

fn data(text: &str) -> Result<Content, BuildError> {
    Content::builder().charset("UTF-8").data(text).build()
}
