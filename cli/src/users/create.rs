//! A new account.

use accounts::{Cost, Names, PasswordHasher, PasswordPolicy, User};
use tables::AccountError;

use crate::arguments::Create;
use crate::directory::Directory;
use crate::stack::Stack;
use crate::{Error, password};

/// The template's default. Where more is asked for, the password is hashed anew at its first login.
const COST: Cost = Cost {
    memory_kib: 19_456,
    iterations: 2,
};

pub(super) async fn run(
    stack: &Stack,
    directory: &Directory,
    options: Create,
) -> Result<User, Error> {
    let names = Names::new(options.username, options.email);
    let names = names.ok_or("an account needs a username or an e-mail address")?;
    let words = stack.password_words().await?;
    let policy = PasswordPolicy::new(stack.min_password_length().await?, words);
    let password = password::read(options.password_stdin, &policy, &names)?;
    let hash = PasswordHasher::new(COST)?.hash(&password)?;
    let created = std::time::UNIX_EPOCH.elapsed()?.as_secs();
    let mut user = User::register(names, created);
    user.roles = options.roles;
    user.roles.sort();
    user.roles.dedup();
    match directory.accounts.register(&user, &hash, None).await {
        Ok(()) => Ok(user),
        Err(AccountError::Taken { username, email }) => Err(match (username, email) {
            (true, true) => "the username and the e-mail address are taken",
            (true, false) => "the username is taken",
            _ => "the e-mail address is taken",
        }
        .into()),
        Err(error) => Err(error.into()),
    }
}
