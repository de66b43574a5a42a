//! The output of a command: lines for people, or one JSON document.

use std::collections::BTreeSet;
use std::io::{Write, stdout};

use accounts::{Email, SecondFactor, Timestamp, User, Username, Way};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use claims::Role;
use serde::Serialize;
use serde_json::{Value, json};

use crate::Error;

pub(crate) struct Output {
    pub(crate) json: bool,
}

#[derive(Serialize)]
struct Account<'a> {
    id: String,
    username: Option<&'a str>,
    email: Option<&'a str>,
    /// Whether there is an address that the owner has proved to read.
    email_verified: bool,
    roles: &'a [Role],
    status: &'static str,
    /// The second factors of which a password asks for one.
    factors: &'a BTreeSet<SecondFactor>,
    /// The methods that begin a sign-in.
    ways: &'a BTreeSet<Way>,
    /// Seconds since the Unix epoch.
    created_at: Timestamp,
}

impl<'a> From<&'a User> for Account<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.names.username().map(Username::as_str),
            email: user.names.email().map(Email::as_str),
            email_verified: user.email_is_verified(),
            roles: &user.roles,
            status: user.status.as_str(),
            factors: &user.ways_in.factors,
            ways: &user.ways_in.ways,
            created_at: user.created_at,
        }
    }
}

impl Account<'_> {
    /// The columns of a row; `-` for what there is not.
    fn row(&self) -> Result<[String; 8], Error> {
        let or_none = |name: Option<&str>| name.unwrap_or("-").to_owned();
        let verified = if self.email_verified { "yes" } else { "no" };
        let roles: Vec<_> = self.roles.iter().map(ToString::to_string).collect();
        let factors = self.factors_and_passkeys();
        Ok([
            self.id.clone(),
            or_none(self.username),
            or_none(self.email),
            or_none(self.email.and(Some(verified))),
            or_none((!roles.is_empty()).then(|| roles.join(",")).as_deref()),
            self.status.to_owned(),
            or_none((!factors.is_empty()).then(|| factors.join(",")).as_deref()),
            time(self.created_at)?,
        ])
    }

    /// A passkey is shown whether a password asks for it or not.
    fn factors_and_passkeys(&self) -> Vec<&str> {
        let passkey = self.ways.get(&Way::PASSKEY).map(Way::as_str);
        let factors = self.factors.iter().map(SecondFactor::as_str);
        let all: BTreeSet<_> = factors.chain(passkey).collect();
        all.into_iter().collect()
    }
}

const ACCOUNT: [&str; 8] = [
    "ID", "USERNAME", "EMAIL", "VERIFIED", "ROLES", "STATUS", "FACTORS", "CREATED",
];

/// A key of the ring, as far as anybody may know it. Times are in seconds since the Unix epoch.
#[derive(Serialize)]
pub(crate) struct Key {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) algorithm: &'static str,
    pub(crate) state: &'static str,
    pub(crate) signs_from: Timestamp,
    pub(crate) gone_at: Option<Timestamp>,
}

const KEY: [&str; 6] = ["ID", "TYPE", "ALGORITHM", "STATE", "SIGNS FROM", "GONE AT"];

impl Key {
    fn row(&self) -> Result<[String; 6], Error> {
        let gone_at = self.gone_at.map(time).transpose()?;
        Ok([
            self.id.clone(),
            self.kind.to_owned(),
            self.algorithm.to_owned(),
            self.state.to_owned(),
            time(self.signs_from)?,
            gone_at.unwrap_or_else(|| "-".to_owned()),
        ])
    }
}

impl Output {
    pub(crate) fn account(&self, user: &User) -> Result<(), Error> {
        if self.json {
            return print_json(&json!(Account::from(user)));
        }
        table(ACCOUNT, &[Account::from(user)], Account::row)
    }

    pub(crate) fn accounts(&self, users: &[User]) -> Result<(), Error> {
        let accounts: Vec<_> = users.iter().map(Account::from).collect();
        if self.json {
            return print_json(&json!({ "users": accounts }));
        }
        table(ACCOUNT, &accounts, Account::row)
    }

    /// That a mail is ordered, and until when its link is valid.
    pub(crate) fn ordered(&self, what: &str, to: &Email, until: Timestamp) -> Result<(), Error> {
        if self.json {
            return print_json(&json!({ "to": to.as_str(), "expires_at": until }));
        }
        let (to, until) = (to.as_str(), time(until)?);
        Ok(writeln!(
            stdout(),
            "{what} goes to {to} by mail, and is valid until {until}"
        )?)
    }

    /// That a test mail is sent, and where it can be read, if that is known.
    pub(crate) fn sent(&self, to: &Email, inbox: Option<&str>) -> Result<(), Error> {
        let to = to.as_str();
        if self.json {
            return print_json(&json!({ "to": to, "inbox": inbox }));
        }
        let place = inbox.map(|inbox| format!(": it is at {inbox}"));
        Ok(writeln!(
            stdout(),
            "a mail to {to} is sent{}",
            place.unwrap_or_default()
        )?)
    }

    /// Whether Amazon SES suppresses mails to an address, why and since when.
    pub(crate) fn suppressed(
        &self,
        address: &Email,
        since: Option<(&str, Timestamp)>,
    ) -> Result<(), Error> {
        let address = address.as_str();
        if self.json {
            let (reason, at) = since.unzip();
            let suppressed = reason.is_some();
            return print_json(&json!({
                "address": address, "suppressed": suppressed, "reason": reason, "since": at,
            }));
        }
        let line = match since {
            None => format!("mails to {address} are not suppressed"),
            Some((reason, at)) => {
                format!(
                    "mails to {address} are suppressed since {}: {reason}",
                    time(at)?
                )
            }
        };
        Ok(writeln!(stdout(), "{line}")?)
    }

    pub(crate) fn deleted(&self, user: &User) -> Result<(), Error> {
        if self.json {
            return print_json(&json!({ "deleted": user.id.to_string() }));
        }
        Ok(writeln!(stdout(), "{} is deleted", user.id)?)
    }

    pub(crate) fn keys(&self, keys: &[Key]) -> Result<(), Error> {
        if self.json {
            return print_json(&json!({ "keys": keys }));
        }
        table(KEY, keys, Key::row)
    }
}

fn time(seconds: Timestamp) -> Result<String, Error> {
    Ok(DateTime::from_secs(seconds.try_into()?).fmt(Format::DateTime)?)
}

fn print_json(value: &Value) -> Result<(), Error> {
    Ok(writeln!(stdout(), "{value:#}")?)
}

fn table<T, const N: usize>(
    columns: [&str; N],
    records: &[T],
    row: impl Fn(&T) -> Result<[String; N], Error>,
) -> Result<(), Error> {
    let mut rows = vec![columns.map(ToOwned::to_owned)];
    for record in records {
        rows.push(row(record)?);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max();
    let widths: Vec<_> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = stdout().lock();
    for row in &rows {
        let cells = row.iter().zip(&widths);
        let line: String = cells
            .map(|(cell, width)| format!("{cell:<width$}  "))
            .collect();
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
