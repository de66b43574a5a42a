//! `latchkey mail`.

use accounts::Email;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader};

use crate::Error;
use crate::arguments::Mail;
use crate::output::Output;
use crate::stack::{NO_MAIL, Ses, Stack};

pub(crate) async fn run(stack: &Stack, command: Mail, output: &Output) -> Result<(), Error> {
    match command {
        Mail::Test { address } => test(stack, &address, output).await,
        Mail::Suppressed { address, remove } => {
            suppressed(&stack.ses_of_account()?, &address, remove, output).await
        }
    }
}

const SANDBOX: &str = "Amazon SES is in its sandbox in this Region: it sends 200 mails a day, and to verified addresses alone; ask AWS for production access";

async fn test(stack: &Stack, address: &Email, output: &Output) -> Result<(), Error> {
    let sender = stack.mail_from().await?.ok_or(NO_MAIL)?;
    let sender = quoted(&sender);
    match stack.ses().await? {
        Ses::Inbox { client, url } => {
            let sent = send(&client, None, &sender, address).await;
            sent.map_err(|reason| format!("the inbox refused the mail: {reason}"))?;
            output.sent(address, Some(&url))
        }
        Ses::Aws {
            client,
            configuration_set,
        } => {
            // Before the mail: the sandbox is the likely reason why it is refused.
            warn_of_limits(&client).await;
            let sent = send(&client, Some(configuration_set), &sender, address).await;
            sent.map_err(|reason| format!("Amazon SES refused the mail: {reason}"))?;
            output.sent(address, None)
        }
    }
}

/// `Name <address>` with the name in quotes, where it may have any character (RFC 5322 §3.2.4).
fn quoted(sender: &str) -> String {
    match sender.split_once(" <") {
        Some((name, address)) => format!("\"{name}\" <{address}"),
        None => sender.to_owned(),
    }
}

async fn send(
    client: &Client,
    configuration_set: Option<String>,
    from: &str,
    to: &Email,
) -> Result<(), Error> {
    let content = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let text = "This is a test of the mails of Latchkey. There is nothing to do.\n";
    let header = MessageHeader::builder()
        .name("Auto-Submitted")
        .value("auto-generated")
        .build()?;
    let message = Message::builder()
        .subject(content("A test of mails")?)
        .body(Body::builder().text(content(text)?).build())
        .headers(header)
        .build();
    let sent = client
        .send_email()
        .from_email_address(from)
        .destination(Destination::builder().to_addresses(to.as_str()).build())
        .content(EmailContent::builder().simple(message).build())
        .set_configuration_set_name(configuration_set)
        .send()
        .await;
    match sent {
        Ok(_) => Ok(()),
        Err(error) => Err(reason(&error).into()),
    }
}

/// Says on the error output which limits Amazon SES puts on the account.
async fn warn_of_limits(client: &Client) {
    match client.get_account().send().await {
        Ok(account) => {
            if !account.production_access_enabled() {
                eprintln!("warning: {SANDBOX}");
            }
            if !account.sending_enabled() {
                eprintln!("warning: Amazon SES has paused sending from this account");
            }
        }
        Err(error) => eprintln!(
            "warning: whether Amazon SES is in its sandbox is not known: {}",
            reason(&error)
        ),
    }
}

async fn suppressed(
    client: &Client,
    address: &Email,
    remove: bool,
    output: &Output,
) -> Result<(), Error> {
    if remove {
        let call = client.delete_suppressed_destination();
        match call.email_address(address.as_str()).send().await {
            Ok(_) => {}
            Err(error) if is_not_found(&error) => {}
            Err(error) => return Err(reason(&error).into()),
        }
        return output.suppressed(address, None);
    }
    let call = client.get_suppressed_destination();
    match call.email_address(address.as_str()).send().await {
        Ok(found) => {
            let found = found.suppressed_destination();
            let found = found.ok_or("the answer of Amazon SES is empty")?;
            let since = found.last_update_time().secs().try_into()?;
            output.suppressed(address, Some((found.reason().as_str(), since)))
        }
        Err(error) if is_not_found(&error) => output.suppressed(address, None),
        Err(error) => Err(reason(&error).into()),
    }
}

fn is_not_found<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    let service = error.as_service_error();
    service.is_some_and(|service| service.code() == Some("NotFoundException"))
}

/// The words of the service, or those of whatever kept the call from it.
fn reason<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let service = error.as_service_error();
    match service.and_then(|service| service.message()) {
        Some(message) => message.to_owned(),
        None => DisplayErrorContext(error).to_string(),
    }
}
