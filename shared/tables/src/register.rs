use std::time::Duration;

use accounts::{PasswordHash, Session, User};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};

use crate::{Error, Login, Logins, Sessions, Users, logins};

/// Why an account was not registered. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Somebody else has one of the names, or both.
    #[error("a name is taken")]
    Taken {
        /// The username is.
        username: bool,
        /// The e-mail address is.
        email: bool,
    },
    /// A table did not answer.
    #[error(transparent)]
    Table(#[from] Error),
}

const ATTEMPTS: u32 = 5;

/// Registers an account: claims its names and stores it and its first session, all or nothing.
///
/// Of any number of registrations of one name, one succeeds. A transaction whose answer was lost is
/// recognised when it is sent again: by DynamoDB, from the token it carries, for ten minutes, and
/// here, from the account's own id under the name.
///
/// # Errors
///
/// [`RegisterError::Taken`], or [`RegisterError::Table`] where the tables did not answer in time.
pub async fn register(
    logins: &Logins,
    users: &Users,
    sessions: &Sessions,
    account: (&User, &PasswordHash),
    session: &Session,
) -> Result<(), RegisterError> {
    let (user, password_hash) = account;
    let login = Login {
        user_id: user.id,
        password_hash: password_hash.clone(),
        epoch: user.epoch,
    };
    let mut items = Vec::new();
    for name in user.names.login_names() {
        items.push(logins.claim(&name, &login)?);
    }
    items.push(users.create(user)?);
    items.push(sessions.create(session)?);

    for attempt in 0..ATTEMPTS {
        match send(logins, user, items.clone()).await? {
            Outcome::Written => return Ok(()),
            Outcome::Refused(reasons) => return taken(user, &reasons),
            Outcome::Conflict => back_off(attempt).await,
        }
    }
    // Others still contend for the name: who has it by now decides.
    let mut found = Vec::new();
    for name in user.names.login_names() {
        found.push(logins.get(&name).await?.map(|login| login.user_id));
    }
    if found.iter().all(|owner| *owner == Some(user.id)) {
        return Ok(());
    }
    let others: Vec<bool> = found
        .iter()
        .map(|owner| owner.is_some_and(|id| id != user.id))
        .collect();
    if others.contains(&true) {
        Err(name_flags(user, &others))
    } else {
        Err(contended().into())
    }
}

enum Outcome {
    Written,
    Conflict,
    Refused(Vec<CancellationReason>),
}

async fn send(
    logins: &Logins,
    user: &User,
    items: Vec<TransactWriteItem>,
) -> Result<Outcome, Error> {
    let sent = logins
        .client()
        .transact_write_items()
        .client_request_token(user.id.to_string())
        .set_transact_items(Some(items))
        .send()
        .await;
    let Err(error) = sent else {
        return Ok(Outcome::Written);
    };
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            canceled.cancellation_reasons()
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => {
            return Ok(Outcome::Conflict);
        }
        _ => return Err(Error::unavailable("TransactWriteItems", &error)),
    };
    let has = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
    if has("ConditionalCheckFailed") {
        Ok(Outcome::Refused(reasons.to_vec()))
    } else if has("TransactionConflict") {
        Ok(Outcome::Conflict)
    } else {
        Err(Error::unavailable("TransactWriteItems", &error))
    }
}

/// Reasons come in the order of the items, so those of the names come first.
fn taken(user: &User, reasons: &[CancellationReason]) -> Result<(), RegisterError> {
    let mut others = Vec::new();
    let mut own = 0;
    for (_, reason) in user.names.login_names().zip(reasons) {
        let refused = reason.code() == Some("ConditionalCheckFailed");
        let owner = reason
            .item()
            .cloned()
            .map(logins::read)
            .transpose()?
            .map(|login| login.user_id);
        own += usize::from(refused && owner == Some(user.id));
        others.push(refused && owner != Some(user.id));
    }
    if own == others.len() {
        return Ok(());
    }
    if others.contains(&true) {
        Err(name_flags(user, &others))
    } else {
        Err(contended().into())
    }
}

fn name_flags(user: &User, taken: &[bool]) -> RegisterError {
    let has_username = user.names.username().is_some();
    RegisterError::Taken {
        username: has_username && taken.first() == Some(&true),
        email: user.names.email().is_some() && taken.last() == Some(&true),
    }
}

fn contended() -> Error {
    Error::Unavailable {
        operation: "TransactWriteItems",
        reason: "TransactionConflict".to_owned(),
    }
}

async fn back_off(attempt: u32) {
    let ceiling = 20_u64 << attempt;
    tokio::time::sleep(Duration::from_millis(fastrand::u64(ceiling / 2..=ceiling))).await;
}
