//! Who has an account.

use accounts::{Email, LoginName, User, UserId, Username};
use tables::{Accounts, Logins, Sessions, Users};

use crate::Error;
use crate::stack::Stack;

/// The tables of accounts.
pub(crate) struct Directory {
    pub(crate) accounts: Accounts,
    pub(crate) users: Users,
    pub(crate) sessions: Sessions,
    logins: Logins,
}

impl Directory {
    pub(crate) async fn of(stack: &Stack) -> Result<Self, Error> {
        let client = stack.dynamodb();
        let logins = Logins::new(&client, &stack.physical_id("LoginsTable").await?);
        let users = Users::new(&client, &stack.physical_id("UsersTable").await?);
        let sessions = Sessions::new(&client, &stack.physical_id("SessionsTable").await?);
        Ok(Self {
            accounts: Accounts::new(logins.clone(), users.clone(), sessions.clone()),
            users,
            sessions,
            logins,
        })
    }

    /// The account of a username, an e-mail address or an id.
    pub(crate) async fn find(&self, user: &str) -> Result<User, Error> {
        // A username may look like an id, so that the one does not rule out the other.
        if let Some(id) = UserId::parse(user)
            && let Some(found) = self.users.get(id).await?
        {
            return Ok(found);
        }
        let unknown = || format!("nobody is called {user}");
        let name = match (Username::parse(user), Email::parse(user)) {
            (Ok(username), _) => LoginName::from(&username),
            (_, Ok(email)) => LoginName::from(&email),
            _ => return Err(unknown().into()),
        };
        let id = self.logins.owner(&name).await?.ok_or_else(unknown)?;
        Ok(self.users.get(id).await?.ok_or_else(unknown)?)
    }
}
