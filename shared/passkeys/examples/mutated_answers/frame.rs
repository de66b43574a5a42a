//! Changes of the text around what is signed.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::made::Answer;

/// A change of the text.
pub(crate) enum Change {
    /// A member has another value.
    Set(&'static str, Value),
    /// A member is missing.
    Remove(&'static str),
    /// A character of a member is another, or there is one more or less.
    Letter(&'static str, usize, Option<char>),
    /// A member comes twice.
    Twice(&'static str),
    /// Something precedes or follows.
    Around(&'static str, &'static str),
}

const MEMBERS: [&str; 10] = [
    "/id",
    "/rawId",
    "/type",
    "/response",
    "/response/clientDataJSON",
    "/response/authenticatorData",
    "/response/attestationObject",
    "/response/signature",
    "/response/userHandle",
    "/clientExtensionResults",
];

pub(crate) fn change(answer: &mut Answer, random: &mut Rng) {
    let member = random.choice(MEMBERS).expect("some");
    let change = match random.u8(0..8) {
        0 => {
            let values = [
                json!(null),
                json!(1),
                json!(""),
                json!([]),
                json!({}),
                json!("public-key"),
            ];
            Change::Set(member, random.choice(values).expect("some"))
        }
        1 => Change::Remove(member),
        2 => Change::Twice(member),
        3 => {
            let (before, after) = random
                .choice([
                    ("", " "),
                    ("\n", ""),
                    ("", "x"),
                    ("\u{feff}", ""),
                    ("[", "]"),
                    ("", ","),
                ])
                .expect("some");
            Change::Around(before, after)
        }
        4 => {
            let added = [
                ("/authenticatorAttachment", json!("of a later level")),
                ("/response/transports", json!(["usb", "later"])),
                ("/response/transports", json!("usb")),
                ("/response/publicKeyAlgorithm", json!(-7)),
                ("/later", json!({"a": [1]})),
            ];
            let (member, value) = random.choice(added).expect("some");
            Change::Set(member, value)
        }
        _ => {
            let letters = [
                None,
                Some('='),
                Some('+'),
                Some('/'),
                Some('A'),
                Some('-'),
                Some(' '),
                Some('é'),
            ];
            let letter = random.choice(letters).expect("some");
            Change::Letter(member, random.usize(..), letter)
        }
    };
    answer.frame.push(change);
}

impl Change {
    pub(crate) fn to_value(&self, answer: &mut Value) {
        match self {
            Self::Set(member, value) => {
                let (parent, name) = parent(member);
                if let Some(Value::Object(members)) = answer.pointer_mut(parent) {
                    members.insert(name.to_owned(), value.clone());
                }
            }
            Self::Remove(member) => {
                let (parent, name) = parent(member);
                if let Some(Value::Object(members)) = answer.pointer_mut(parent) {
                    members.remove(name);
                }
            }
            Self::Letter(member, at, letter) => {
                if let Some(Value::String(text)) = answer.pointer_mut(member) {
                    let mut letters = Vec::from_iter(text.chars());
                    let at = at % (letters.len() + 1);
                    match letter {
                        Some(letter) if at < letters.len() => letters[at] = *letter,
                        Some(letter) => letters.push(*letter),
                        None if at < letters.len() => {
                            letters.remove(at);
                        }
                        None => {}
                    }
                    *text = letters.into_iter().collect();
                }
            }
            Self::Twice(_) | Self::Around(..) => {}
        }
    }

    pub(crate) fn to_text(&self, text: String) -> String {
        match self {
            Self::Twice(member) => {
                let (_, name) = parent(member);
                let name = format!("\"{name}\":");
                text.replacen(&name, &format!("{name}\"other\",{name}"), 1)
            }
            Self::Around(before, after) => format!("{before}{text}{after}"),
            _ => text,
        }
    }
}

fn parent(member: &str) -> (&str, &str) {
    member.rsplit_once('/').expect("a pointer")
}
