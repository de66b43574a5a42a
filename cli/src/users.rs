//! `latchkey users`.

mod create;
mod factors;
mod mails;

use accounts::{Status, User};
use claims::Role;
use tables::{AccountError, By, Notice, NoticeKind, Order};

use crate::arguments::Users;
use crate::directory::Directory;
use crate::mailing::Mailing;
use crate::output::Output;
use crate::stack::Stack;
use crate::{Error, terminal};

/// The number of attempts at a change of an account while others change it.
const ATTEMPTS: usize = 5;

const KEEPS_CHANGING: &str = "the account keeps changing; try again";

const PAGE: u32 = 100;

pub(crate) async fn run(
    stack: &Stack,
    directory: &Directory,
    command: Users,
    output: &Output,
) -> Result<(), Error> {
    let changed = match command {
        Users::Create(options) => {
            known(stack, &options.roles).await?;
            create::run(stack, directory, options).await?
        }
        Users::List { limit } => return output.accounts(&list(directory, limit).await?),
        Users::Show { user } => directory.find(&user).await?,
        Users::Grant { user, role } => {
            known(stack, std::slice::from_ref(&role)).await?;
            roles(directory, &user, &role, true).await?
        }
        Users::Invite(options) => return mails::invite(stack, directory, options, output).await,
        Users::SendReset { user } => {
            return mails::send_reset(stack, directory, &user, output).await;
        }
        Users::Revoke { user, role } => roles(directory, &user, &role, false).await?,
        Users::Disable { user } => disable(stack, directory, &user).await?,
        Users::Enable { user } => {
            let active = with_status(Status::Active);
            change(directory, &user, active, None).await?
        }
        Users::SignOut { user } => {
            let without = |user: &User| Some(user.without_sessions());
            change(directory, &user, without, None).await?
        }
        Users::RemoveFactors {
            user,
            reset_password,
        } => factors::remove(stack, directory, &user, reset_password).await?,
        Users::Delete { user, yes } => {
            let deleted = delete(stack, directory, &user, yes).await?;
            return output.deleted(&deleted);
        }
    };
    output.account(&changed)
}

/// Insists that the stack has these roles. One that it has no more can still be taken away.
async fn known(stack: &Stack, roles: &[Role]) -> Result<(), Error> {
    if roles.is_empty() {
        return Ok(());
    }
    let table = stack.roles().await?;
    match roles
        .iter()
        .find(|role| table.role(role.as_str()).is_none())
    {
        None => Ok(()),
        Some(unknown) => {
            let names: Vec<_> = table.names().map(Role::as_str).collect();
            Err(format!(
                "the stack has no role {unknown}; it has {}",
                names.join(", ")
            )
            .into())
        }
    }
}

async fn list(directory: &Directory, limit: Option<usize>) -> Result<Vec<User>, Error> {
    let limit = limit.unwrap_or(usize::MAX);
    let (mut users, mut after) = (Vec::new(), None);
    loop {
        let page = directory.users.page(after, PAGE).await?;
        users.extend(page.users);
        after = page.next;
        if after.is_none() || users.len() >= limit {
            users.truncate(limit);
            return Ok(users);
        }
    }
}

async fn roles(
    directory: &Directory,
    user: &str,
    role: &Role,
    granted: bool,
) -> Result<User, Error> {
    let with = |user: &User| {
        let mut roles = user.roles.clone();
        roles.retain(|other| other != role);
        if granted {
            roles.push(role.clone());
            roles.sort();
        }
        (roles != user.roles).then(|| user.with_roles(roles))
    };
    change(directory, user, with, None).await
}

async fn disable(stack: &Stack, directory: &Directory, user: &str) -> Result<User, Error> {
    let mailing = Mailing::of(stack).await?;
    let telling = mailing.as_ref().map(|m| (m, NoticeKind::Disabled));
    change(directory, user, with_status(Status::Disabled), telling).await
}

fn with_status(status: Status) -> impl Fn(&User) -> Option<User> {
    move |user| (user.status != status).then(|| user.with_status(status))
}

/// Changes an account to what it should be, where it is not so already, and tells its owner of it.
/// That somebody else has changed something meanwhile does not change what the operator wants.
async fn change(
    directory: &Directory,
    user: &str,
    with: impl Fn(&User) -> Option<User>,
    telling: Option<(&Mailing, NoticeKind)>,
) -> Result<User, Error> {
    for _ in 0..ATTEMPTS {
        let found = directory.find(user).await?;
        let Some(changed) = with(&found) else {
            return Ok(found);
        };
        let notice = match telling {
            Some((mailing, kind)) => mailing.notice(&found, kind)?,
            None => None,
        };
        let order = order(telling.map(|(mailing, _)| mailing), notice.as_ref());
        match directory
            .accounts
            .change(&found, &changed, By::Operator, order)
            .await
        {
            Ok(()) => return Ok(changed),
            Err(AccountError::Table(tables::Error::Conflict)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(KEEPS_CHANGING.into())
}

/// A notice as a part of the change that it tells of.
fn order<'a>(mailing: Option<&'a Mailing>, notice: Option<&'a Notice>) -> Option<Order<'a>> {
    let mails = &mailing?.mails;
    notice.map(|notice| Order { mails, notice })
}

async fn delete(
    stack: &Stack,
    directory: &Directory,
    user: &str,
    yes: bool,
) -> Result<User, Error> {
    let found = directory.find(user).await?;
    if !yes {
        let question = format!("Type {user} to delete this account for ever");
        terminal::confirm(&question, user)?;
    }
    let mailing = Mailing::of(stack).await?;
    let notice = match &mailing {
        Some(mailing) => mailing.notice(&found, NoticeKind::Deleted)?,
        None => None,
    };
    let notice = order(mailing.as_ref(), notice.as_ref());
    let factors = Directory::factors(stack).await?;
    let (accounts, by) = (&directory.accounts, By::Operator);
    accounts.delete(&factors, &found, by, notice).await?;
    if let Err(error) = directory.sessions.delete_newest(found.id).await {
        eprintln!("warning: its sessions, which are invalid, remain until they expire: {error}");
    }
    Ok(found)
}
