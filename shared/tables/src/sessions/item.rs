//! A session as an item of its table.

use accounts::{
    Authentication, Device, Epoch, Generation, Methods, Owner, SecretHash, Session, SessionId,
    UserId,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::Error;
use crate::item::{self, Item};

/// A session as the table has it.
#[derive(Serialize, Deserialize)]
struct SessionItem {
    user_id: String,
    id: String,
    epoch: Epoch,
    auth_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<Methods>,
    expires_at: u64,
    idle_expires_at: u64,
    generation: Generation,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotated_at: Option<u64>,
    secret_hash: ByteBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// When DynamoDB may delete the item. It does so days late, so nothing is decided by it, and it
    /// is set once, to the absolute end.
    ttl: u64,
}

pub(crate) const TABLE: &str = "Sessions";

/// Writes a session as an item.
pub(crate) fn write(session: &Session) -> Result<Item, Error> {
    let stored = SessionItem {
        user_id: session.owner.user_id.to_string(),
        id: session.id.to_string(),
        epoch: session.owner.epoch,
        auth_time: session.authentication.at,
        methods: Some(session.authentication.methods.clone()),
        expires_at: session.expires_at,
        idle_expires_at: session.idle_expires_at,
        generation: session.generation,
        rotated_at: session.rotated_at,
        secret_hash: ByteBuf::from(session.secret_hash.as_bytes()),
        address: session.device.address.clone(),
        agent: session.device.agent.clone(),
        ttl: session.expires_at,
    };
    item::write(TABLE, stored)
}

/// Reads a session from an item.
pub(crate) fn read(item: Item) -> Result<Session, Error> {
    let stored: SessionItem = item::read(TABLE, item)?;
    let corrupt = |reason: &'static str| Error::corrupt(TABLE, reason);
    Ok(Session {
        owner: Owner {
            user_id: UserId::parse(&stored.user_id)
                .ok_or_else(|| corrupt("user_id is not an id"))?,
            epoch: stored.epoch,
        },
        id: SessionId::parse(&stored.id).ok_or_else(|| corrupt("id is not an id"))?,
        authentication: Authentication::from_stored(stored.auth_time, stored.methods),
        expires_at: stored.expires_at,
        idle_expires_at: stored.idle_expires_at,
        generation: stored.generation,
        rotated_at: stored.rotated_at,
        secret_hash: SecretHash::from_stored(&stored.secret_hash)
            .ok_or_else(|| corrupt("secret_hash is not 32 bytes"))?,
        device: Device {
            address: stored.address,
            agent: stored.agent,
        },
    })
}
