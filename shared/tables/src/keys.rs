use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use claims::{Ring, RingKey};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::Error;
use crate::item::{self, Item, text};

/// The key ring: one item, with a version that every write is conditional on.
#[derive(Clone, Debug)]
pub struct Keys {
    client: Client,
    table: String,
}

/// The whole ring: what everybody may see of its keys, and their private halves, sealed.
#[derive(Clone, Debug)]
pub struct SealedRing {
    /// The public halves and the times.
    pub ring: Ring,
    /// The sealed private half of a key, by its `kid`.
    pub sealed: BTreeMap<String, Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct PublicItem {
    version: u64,
    /// JSON, for it is read and written whole and a JWK's shape is not this table's business.
    keys: String,
}

#[derive(Serialize, Deserialize)]
struct SealedItem {
    id: String,
    version: u64,
    keys: String,
    sealed: BTreeMap<String, ByteBuf>,
}

const TABLE: &str = "Keys";
const RING: &str = "ring";

impl Keys {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Reads the public halves and the times alone; nothing where there is no ring yet.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn public(&self) -> Result<Option<Ring>, Error> {
        let Some(item) = self.get(Some("#keys, version")).await? else {
            return Ok(None);
        };
        let stored: PublicItem = item::read(TABLE, item)?;
        Ok(Some(Ring {
            version: stored.version,
            keys: parse(&stored.keys)?,
        }))
    }

    /// Reads the whole ring; nothing where there is none yet.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn sealed(&self) -> Result<Option<SealedRing>, Error> {
        let Some(item) = self.get(None).await? else {
            return Ok(None);
        };
        let stored: SealedItem = item::read(TABLE, item)?;
        let ring = Ring {
            version: stored.version,
            keys: parse(&stored.keys)?,
        };
        let sealed = stored
            .sealed
            .into_iter()
            .map(|(kid, bytes)| (kid, bytes.into_vec()));
        Ok(Some(SealedRing {
            ring,
            sealed: sealed.collect(),
        }))
    }

    /// Writes the ring in place of the version that it was made from; `None` where it is the first.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] where the stored version is another by now; else [`Error::Unavailable`].
    pub async fn replace(&self, new: &SealedRing, old_version: Option<u64>) -> Result<(), Error> {
        let keys =
            serde_json::to_string(&new.ring.keys).map_err(|error| Error::corrupt(TABLE, error))?;
        let sealed = new
            .sealed
            .iter()
            .map(|(kid, bytes)| (kid.clone(), ByteBuf::from(bytes.clone())));
        let stored = SealedItem {
            id: RING.to_owned(),
            version: new.ring.version,
            keys,
            sealed: sealed.collect(),
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::write(TABLE, stored)?));
        let put = match old_version {
            None => put.condition_expression("attribute_not_exists(id)"),
            Some(version) => put
                .condition_expression("version = :old")
                .expression_attribute_values(":old", AttributeValue::N(version.to_string())),
        };
        put.send()
            .await
            .map(drop)
            .map_err(|error| match error.as_service_error() {
                Some(service) if service.is_conditional_check_failed_exception() => Error::Conflict,
                _ => Error::unavailable("PutItem", &error),
            })
    }

    async fn get(&self, projection: Option<&str>) -> Result<Option<Item>, Error> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("id", text(RING))
            .consistent_read(true);
        let get = match projection {
            Some(attributes) => get
                .projection_expression(attributes)
                .expression_attribute_names("#keys", "keys"),
            None => get,
        };
        let answer = get
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        Ok(answer.item)
    }
}

fn parse(keys: &str) -> Result<Vec<RingKey>, Error> {
    serde_json::from_str(keys).map_err(|error| Error::corrupt(TABLE, error))
}
