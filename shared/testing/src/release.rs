//! The items of a release: those that it has written, and those that the release after it may
//! write.

mod attribute;
mod kept;
mod later;
mod mails;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;
use serde_json::{Value, json};

use crate::{Stack, number};

pub use mails::{Mails, Texts};

/// An item of a table.
pub type Item = HashMap<String, AttributeValue>;

/// The tables that hold accounts, their names, sessions and factors, and the key ring.
const TABLES: [&str; 5] = [
    "LoginsTable",
    "UsersTable",
    "SessionsTable",
    "FactorsTable",
    "KeysTable",
];

/// The items that a release has written: an account with two names and a role, and one with second factors and a
/// passkey; a session of each, and a ring of one key of each kind; and rows of mails, of every
/// purpose. Its tokens and tickets do not expire.
#[derive(Clone)]
pub struct Release {
    /// The version of the release.
    pub version: String,
    /// An access token of the account.
    pub access_token: String,
    /// The refresh token of the session.
    pub refresh_token: String,
    /// The account with second factors.
    pub enrolled: Enrolled,
    sealing_key: Vec<u8>,
    tables: BTreeMap<String, Vec<Item>>,
    mails: Mails,
}

/// An account that has codes of an authenticator app, recovery codes and a passkey, and has shown
/// them in its session.
#[derive(Clone)]
pub struct Enrolled {
    /// The refresh token of the session.
    pub refresh_token: String,
    /// The secret of the app, in base32.
    pub totp_secret: String,
}

/// The folder of fixtures.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("releases")
}

fn text(of: &Value, name: &str) -> String {
    let text = of[name].as_str();
    text.expect("a fixture has texts").to_owned()
}

impl Release {
    /// The fixtures of every release.
    ///
    /// # Panics
    ///
    /// If one cannot be read.
    pub fn all() -> Vec<Self> {
        let files = std::fs::read_dir(folder()).expect("the folder of fixtures");
        let files = files.map(|file| std::fs::read(file.expect("a file").path()));
        let mut all: Vec<_> = files
            .map(|file| Self::read(&file.expect("a file")))
            .collect();
        all.sort_by(|one, other| one.version.cmp(&other.version));
        all
    }

    fn read(file: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(file).expect("a fixture is JSON");
        let items = |table: &str| -> Vec<_> {
            let items = json["tables"][table].as_array().expect("a list of items");
            items.iter().map(attribute::item).collect()
        };
        Self {
            version: text(&json, "version"),
            access_token: text(&json, "access_token"),
            refresh_token: text(&json, "refresh_token"),
            enrolled: Enrolled {
                refresh_token: text(&json["enrolled"], "refresh_token"),
                totp_secret: text(&json["enrolled"], "totp_secret"),
            },
            sealing_key: base64::decode(text(&json, "sealing_key")).expect("base64"),
            tables: TABLES.map(|name| (name.to_owned(), items(name))).into(),
            mails: Mails::read(&json["mails"]),
        }
    }

    /// Writes what a stack has in its tables as the fixture of this release.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub async fn write(
        stack: &Stack,
        (access_token, refresh_token): (&str, &str),
        enrolled: &Enrolled,
        tickets: &BTreeMap<String, Texts>,
    ) {
        let version = env!("CARGO_PKG_VERSION");
        let sealing_key = std::fs::read(stack.variable("LOCAL_SEALING_KEY")).expect("a file");
        let mut tables = BTreeMap::new();
        for table in TABLES {
            let items = stack.items(table).await;
            let items: Vec<_> = items.iter().map(attribute::item_json).collect();
            tables.insert(table, items);
        }
        let fixture = json!({
            "version": version,
            "access_token": access_token,
            "refresh_token": refresh_token,
            "enrolled": {
                "refresh_token": enrolled.refresh_token,
                "totp_secret": enrolled.totp_secret,
            },
            "sealing_key": base64::encode(sealing_key),
            "tables": tables,
            "mails": Mails::json(stack, tickets).await,
        });
        let fixture = serde_json::to_string_pretty(&fixture).expect("JSON");
        let file = folder().join(format!("{version}.json"));
        std::fs::write(file, fixture + "\n").expect("the fixture is written");
    }

    /// Puts the items in the tables of a stack, in place of its own ring. The sessions were begun
    /// just now, so that they are recent. `Stack::key` is not a key of this ring.
    ///
    /// # Panics
    ///
    /// If the engine does not answer.
    pub async fn load(&self, stack: &Stack) {
        let file = stack.variable("LOCAL_SEALING_KEY");
        std::fs::write(file, &self.sealing_key).expect("a sealing key");
        for (table, items) in &self.tables {
            for item in items {
                let put = stack.engine.client().put_item().table_name(table);
                let put = put.set_item(Some(item.clone()));
                let put = match table.as_str() {
                    "SessionsTable" => put.item("auth_time", number(api::now())),
                    _ => put,
                };
                put.send().await.expect("the engine answers");
            }
        }
    }

    /// The key ring.
    fn ring(&self) -> &Item {
        &self.tables["KeysTable"][0]
    }
}
