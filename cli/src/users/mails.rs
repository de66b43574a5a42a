//! Invitations, and links for new passwords.

use accounts::{Email, INVITATION_LIFE, LoginName, RESET_LIFE, Status};
use tables::{Permit, PermittedSignup};

use crate::Error;
use crate::arguments::Invite;
use crate::directory::Directory;
use crate::mailing::Mailing;
use crate::output::Output;
use crate::stack::{NO_MAIL, Stack};

pub(super) async fn invite(
    stack: &Stack,
    directory: &Directory,
    invitation: Invite,
    output: &Output,
) -> Result<(), Error> {
    let Invite { email, mut roles } = invitation;
    super::known(stack, &roles).await?;
    let mailing = Mailing::of(stack).await?.ok_or(NO_MAIL)?;
    if directory.owner(&LoginName::from(&email)).await?.is_some() {
        return Err("the e-mail address is taken".into());
    }
    roles.sort();
    roles.dedup();
    let permit = Permit::Signup(PermittedSignup::Invited(roles));
    let ordered = mailing.order(stack, None, permit, INVITATION_LIFE, &email);
    output.ordered("an invitation", &email, ordered.await?)
}

pub(super) async fn send_reset(
    stack: &Stack,
    directory: &Directory,
    user: &str,
    output: &Output,
) -> Result<(), Error> {
    let mailing = Mailing::of(stack).await?.ok_or(NO_MAIL)?;
    let user = directory.find(user).await?;
    let address = user.names.email();
    let address: &Email = address.ok_or("the account has no e-mail address")?;
    if user.status != Status::Active {
        return Err("the account is disabled: enable it first".into());
    }
    let permit = Permit::Reset {
        address: Some(address.clone()),
    };
    let ordered = mailing.order(stack, Some(&user), permit, RESET_LIFE, address);
    output.ordered("a link for a new password", address, ordered.await?)
}
