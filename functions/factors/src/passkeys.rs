//! `/me/passkeys`: the passkeys of an account.

mod add;
mod offer;
mod remove;
mod rename;

pub(crate) use add::add;
pub(crate) use offer::offer;
pub(crate) use remove::remove;
pub(crate) use rename::rename;

use ::passkeys::{CredentialId, RelyingParty};
use accounts::Timestamp;
use api::{Error, Feature};
use serde::Serialize;
use tables::PasskeyRow;

use crate::App;

/// The most passkeys of an account. So many options fit into an answer, and their ids into a
/// browser's list of those not to make again.
const MOST: usize = 20;

/// A passkey, as its owner sees it. Times are seconds since the Unix epoch.
#[derive(Serialize)]
pub(crate) struct PasskeyAnswer {
    /// The id of the credential, in base64url, as browsers have it.
    id: String,
    name: String,
    added_at: Timestamp,
    last_used_at: Option<Timestamp>,
    /// Whether it is on more than one device, as a manager of passwords syncs it.
    backed_up: bool,
}

impl PasskeyAnswer {
    pub(crate) fn of(row: PasskeyRow) -> Self {
        Self {
            id: row.credential_id,
            name: row.name,
            added_at: row.added_at,
            last_used_at: row.last_used_at,
            backed_up: row.backed_up,
        }
    }
}

impl App {
    fn party(&self) -> Result<&RelyingParty, Error> {
        let party = self.party.as_deref();
        party.ok_or(Error::FeatureDisabled(Feature::Passkeys))
    }
}

/// The id of a path, in its one spelling.
fn parse_id(text: &str) -> Result<String, Error> {
    let id = CredentialId::parse(text).ok_or(Error::NotFound)?;
    Ok(id.to_string())
}

fn check_room(held: &[PasskeyRow]) -> Result<(), Error> {
    if held.len() >= MOST {
        return Err(Error::NotPossible(
            "The account has 20 passkeys, the most that it may have",
        ));
    }
    Ok(())
}
