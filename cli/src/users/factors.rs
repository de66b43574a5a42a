//! The way back for somebody who has lost every second factor.

use accounts::User;
use tables::{AccountError, By, NoticeKind, PasswordChange};

use super::{ATTEMPTS, KEEPS_CHANGING, order};
use crate::Error;
use crate::directory::Directory;
use crate::mailing::Mailing;
use crate::stack::Stack;

/// Removes all second factors and passkeys of an account, and its password too where that is asked
/// for. A voided password needs another way in: its owner sets a new one by mail.
pub(super) async fn remove(
    stack: &Stack,
    directory: &Directory,
    user: &str,
    reset_password: bool,
) -> Result<User, Error> {
    let mailing = Mailing::of(stack).await?;
    let factors = Directory::factors(stack).await?;
    let password = if reset_password {
        PasswordChange::Voided
    } else {
        PasswordChange::Kept
    };
    // Before the change: a failure after it would hide that the factors are gone.
    let needs_factor = !reset_password && stack.requires_mfa_of_all().await?;
    for _ in 0..ATTEMPTS {
        let found = directory.find(user).await?;
        if reset_password {
            can_be_mailed(mailing.as_ref(), &found)?;
        }
        let notice = match &mailing {
            Some(mailing) => mailing.notice(&found, NoticeKind::FactorsRemoved)?,
            None => None,
        };
        let order = order(mailing.as_ref(), notice.as_ref());
        let (accounts, by) = (&directory.accounts, By::Operator);
        let removed = accounts.remove_factors(&factors, &found, by, password, order);
        match removed.await {
            Ok(None) => return Ok(found),
            Ok(Some(changed)) => {
                advise(user, reset_password, needs_factor);
                return Ok(changed);
            }
            Err(AccountError::Table(tables::Error::Conflict)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(KEEPS_CHANGING.into())
}

fn can_be_mailed(mailing: Option<&Mailing>, user: &User) -> Result<(), Error> {
    let reason = if mailing.is_none() {
        crate::stack::NO_MAIL
    } else if user.names.email().is_none() {
        "the account has no e-mail address"
    } else {
        return Ok(());
    };
    Err(format!("nothing was changed, for nobody could set a new password: {reason}").into())
}

fn advise(user: &str, reset_password: bool, needs_factor: bool) {
    if reset_password {
        eprintln!("note: its password is void; mail a link for a new one: users send-reset {user}");
    } else if needs_factor {
        eprintln!(
            "warning: MfaRequired is all: whoever has the password of this account can now enrol a \
             factor of their own; --reset-password voids it"
        );
    }
}
