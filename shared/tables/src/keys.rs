//! The table of the key ring.

mod item;
mod list;
mod parts;
mod sealed_ring;

use aws_sdk_dynamodb::Client;

use crate::Error;
use crate::changes::Changes;
use crate::item::{Item, number, text};

pub use parts::RingParts;
pub use sealed_ring::{SealedFactors, SealedKey, SealedKeys, SealedMacs, SealedRing, UnknownKeys};

/// The key ring: one item, with a version that every write is conditional on.
#[derive(Clone, Debug)]
pub struct Keys {
    client: Client,
    table: String,
}

impl Keys {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Reads parts of the ring, and leaves the rest of it empty; `None` if there is no ring yet.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn read(&self, parts: RingParts) -> Result<Option<SealedRing>, Error> {
        let stored = self.get(&item::attributes(parts)).await?;
        stored.map(|stored| item::read(parts, stored)).transpose()
    }

    /// Reads the whole ring; `None` if there is none yet.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn sealed(&self) -> Result<Option<SealedRing>, Error> {
        self.read(RingParts::WHOLE).await
    }

    /// Writes the ring in place of the version that it was made from; `None` where it is the first.
    /// Attributes that a later version has added to the item stay as they are.
    ///
    /// A write whose answer was lost is recognised by what is stored then.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] where the stored version is another by now; else [`Error::Unavailable`].
    pub async fn replace(&self, new: &SealedRing, old_version: Option<u64>) -> Result<(), Error> {
        let written = item::write(new)?;
        let changes = Changes::between(&Item::new(), &written);
        let update = self.client.update_item().table_name(&self.table);
        let update = update
            .key("id", text(item::RING))
            .update_expression(changes.expression)
            .set_expression_attribute_names(Some(changes.names))
            .set_expression_attribute_values(Some(changes.values));
        let update = match old_version {
            None => update.condition_expression("attribute_not_exists(id)"),
            Some(version) => update
                .condition_expression("version = :old")
                .expression_attribute_values(":old", number(version)),
        };
        let Err(error) = update.send().await else {
            return Ok(());
        };
        let error = match error.as_service_error() {
            Some(service) if service.is_conditional_check_failed_exception() => Error::Conflict,
            _ => Error::unavailable("UpdateItem", &error),
        };
        // The SDK sends a write again whose answer was lost, and its own first attempt fails it.
        let is_written =
            |stored: &Item| (written.iter()).all(|(name, value)| stored.get(name) == Some(value));
        match self.get(&item::attributes(RingParts::WHOLE)).await {
            Ok(Some(stored)) if is_written(&stored) => Ok(()),
            _ => Err(error),
        }
    }

    /// Reads these attributes of the ring.
    async fn get(&self, attributes: &[&str]) -> Result<Option<Item>, Error> {
        let get = self.client.get_item().table_name(&self.table);
        let mut get = get.key("id", text(item::RING)).consistent_read(true);
        let names: Vec<_> = attributes.iter().map(|name| format!("#{name}")).collect();
        get = get.projection_expression(names.join(", "));
        for (placeholder, name) in names.iter().zip(attributes) {
            get = get.expression_attribute_names(placeholder, *name);
        }
        let answer = get.send().await;
        let answer = answer.map_err(|error| Error::unavailable("GetItem", &error))?;
        Ok(answer.item)
    }
}
