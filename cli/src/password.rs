//! The password of a new account.

use std::io::{IsTerminal, stdin};

use accounts::{Names, Password, PasswordPolicy};
use zeroize::Zeroizing;

use crate::Error;

/// Reads a password that these names may have, from the standard input or from the terminal.
pub(crate) fn read(
    from_stdin: bool,
    policy: &PasswordPolicy,
    names: &Names,
) -> Result<Password, Error> {
    let text = if from_stdin { line()? } else { ask()? };
    let password = Password::parse(&text).map_err(|error| format!("the password {error}"))?;
    policy
        .check(&password, names)
        .map_err(|error| format!("the password {error}"))?;
    Ok(password)
}

fn line() -> Result<Zeroizing<String>, Error> {
    let mut line = Zeroizing::new(String::new());
    stdin().read_line(&mut line)?;
    let text = line.strip_suffix('\n').unwrap_or(&line);
    let text = text.strip_suffix('\r').unwrap_or(text);
    Ok(Zeroizing::new(text.to_owned()))
}

fn ask() -> Result<Zeroizing<String>, Error> {
    if !stdin().is_terminal() {
        return Err("there is no terminal to ask at; use --password-stdin".into());
    }
    let first = Zeroizing::new(rpassword::prompt_password("Password: ")?);
    let second = Zeroizing::new(rpassword::prompt_password("The same again: ")?);
    if first != second {
        return Err("the two are not the same".into());
    }
    Ok(first)
}
