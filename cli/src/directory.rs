//! The accounts of a deployment.

use accounts::{LoginName, User, UserId};
use tables::{Accounts, Factors, Logins, Sessions, Users};

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

    /// The second factors and passkeys of the stack.
    pub(crate) async fn factors(stack: &Stack) -> Result<Factors, Error> {
        let table = stack.physical_id("FactorsTable").await?;
        Ok(Factors::new(&stack.dynamodb(), &table))
    }

    /// The account that has a name; `None` where none has it.
    pub(crate) async fn owner(&self, name: &LoginName) -> Result<Option<UserId>, Error> {
        Ok(self.logins.owner(name).await?)
    }

    /// The account of a username, an e-mail address or an id.
    pub(crate) async fn find(&self, user: &str) -> Result<User, Error> {
        let unknown = || format!("there is no account {user}");
        let id = match UserId::parse(user) {
            Some(id) => id,
            None => {
                let name = LoginName::parse(user).map_err(|_| unknown())?;
                self.owner(&name).await?.ok_or_else(unknown)?
            }
        };
        Ok(self.users.get(id).await?.ok_or_else(unknown)?)
    }
}
