//! Amazon SES, as a stack uses it.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::Builder;

use super::{At, Stack};
use crate::Error;

/// Where the mails of a stack go.
pub(crate) enum Ses {
    /// Into the inbox of the local stack, at this URL.
    Inbox { client: Client, url: String },
    /// To Amazon SES, by this configuration set.
    Aws {
        client: Client,
        configuration_set: String,
    },
}

impl Stack {
    /// The way by which the functions of the stack send mails.
    pub(crate) async fn ses(&self) -> Result<Ses, Error> {
        match &self.at {
            At::Local { ses, .. } => {
                let url = ses.clone().ok_or(super::NO_MAIL)?;
                let config = Builder::from(&self.config).endpoint_url(&url).build();
                let client = Client::from_conf(config);
                Ok(Ses::Inbox { client, url })
            }
            At::Aws { .. } => Ok(Ses::Aws {
                client: Client::new(&self.config),
                configuration_set: self.physical_id("MailConfigurationSet").await?,
            }),
        }
    }

    /// Amazon SES in the stack's account and Region.
    pub(crate) fn ses_of_account(&self) -> Result<Client, Error> {
        match &self.at {
            At::Local { .. } => Err(
                "the local stack has no list of suppressed addresses: its inbox takes every mail"
                    .into(),
            ),
            At::Aws { .. } => Ok(Client::new(&self.config)),
        }
    }
}
