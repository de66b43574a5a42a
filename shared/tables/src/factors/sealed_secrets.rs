//! The sealed secrets of apps, for whoever seals them anew.

use accounts::UserId;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::item::{TABLE, TOTP};
use super::{ActiveTotp, Factors};
use crate::Error;
use crate::item::{Item, text};

/// A sealed secret of an authenticator app, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSecret {
    /// The account.
    pub user_id: UserId,
    /// The secret, sealed under a factor key of the ring.
    pub sealed: Vec<u8>,
    place: Place,
}

/// The attribute that has a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Active,
    Pending,
}

/// A part of the sealed secrets of all accounts.
#[derive(Clone, Debug, Default)]
pub struct SecretsPage {
    /// The secrets.
    pub secrets: Vec<SealedSecret>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<SecretsPosition>,
}

/// The place in the table after which a page begins.
#[derive(Clone, Debug)]
pub struct SecretsPosition(Item);

impl Place {
    const ALL: [Self; 2] = [Self::Active, Self::Pending];

    const fn attribute(self) -> &'static str {
        match self {
            Self::Active => "secret",
            Self::Pending => "pending_secret",
        }
    }
}

impl SealedSecret {
    /// The secret of codes that are asked for.
    pub fn active(user_id: UserId, codes: &ActiveTotp) -> Self {
        Self {
            user_id,
            sealed: codes.secret.clone(),
            place: Place::Active,
        }
    }
}

impl Factors {
    /// Reads a page of the sealed secrets of all accounts, consistently: active ones and those that
    /// wait for their first code. A page may be empty and not the last.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn sealed_secrets(
        &self,
        after: Option<SecretsPosition>,
    ) -> Result<SecretsPage, Error> {
        let answer = self
            .client
            .scan()
            .table_name(&self.table)
            .set_exclusive_start_key(after.map(|position| position.0))
            .filter_expression("id = :totp")
            .projection_expression("user_id, secret, pending_secret")
            .expression_attribute_values(":totp", text(TOTP))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("Scan", &error))?;
        let mut secrets = Vec::new();
        for item in answer.items.unwrap_or_default() {
            secrets.extend(secrets_of(&item)?);
        }
        Ok(SecretsPage {
            secrets,
            next: answer.last_evaluated_key.map(SecretsPosition),
        })
    }

    /// Puts another sealing of a secret in its place. Returns whether the secret was as it had been
    /// read; if not, somebody has changed or removed it since.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn replace_sealed(&self, old: &SealedSecret, new: &[u8]) -> Result<bool, Error> {
        let bytes = |bytes: &[u8]| AttributeValue::B(Blob::new(bytes));
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(old.user_id, TOTP)))
            .update_expression("SET #secret = :new")
            .condition_expression("#secret = :old")
            .expression_attribute_names("#secret", old.place.attribute())
            .expression_attribute_values(":old", bytes(&old.sealed))
            .expression_attribute_values(":new", bytes(new));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(service) if service.is_conditional_check_failed_exception() => Ok(false),
                _ => Err(Error::unavailable("UpdateItem", &error)),
            },
        }
    }
}

fn secrets_of(item: &Item) -> Result<Vec<SealedSecret>, Error> {
    let id = item.get("user_id").and_then(|id| id.as_s().ok());
    let id = id.and_then(|id| UserId::parse(id));
    let user_id = id.ok_or_else(|| Error::corrupt(TABLE, "user_id is not an id"))?;
    let mut secrets = Vec::new();
    for place in Place::ALL {
        let Some(value) = item.get(place.attribute()) else {
            continue;
        };
        let sealed = value.as_b();
        let sealed = sealed.map_err(|_| Error::corrupt(TABLE, "a secret is not bytes"))?;
        secrets.push(SealedSecret {
            user_id,
            sealed: sealed.as_ref().to_vec(),
            place,
        });
    }
    Ok(secrets)
}
