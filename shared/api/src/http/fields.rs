//! The members of a body or a query, taken out and checked one by one.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Display;

use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use super::object::{Member, Object};
use crate::error::{MISSING, WRONG_MEMBERS};
use crate::{Error, FieldError};

/// The members of a body, JSON object or form, taken out one by one.
///
/// A member is a string, unless it is asked for otherwise. Errors are gathered, so that one answer
/// names every invalid field; no answer repeats a value.
///
/// As an extractor it reads JSON alone, at `PATCH` by the name of a merge patch (RFC 7396) as well;
/// [`JsonOrForm`](crate::JsonOrForm) reads both. Rejections: 415 for another media type or charset
/// and for a compressed body, 413 over 16 KiB, 400 for anything that is not one object or form.
#[derive(Default)]
pub struct Fields {
    members: BTreeMap<String, Member>,
    errors: Vec<FieldError>,
}

/// A change to one property, as a merge patch asks for it (RFC 7396).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patch<T> {
    /// The member is not there: it stays as it is.
    Keep,
    /// The member is `null`: it goes.
    Remove,
    /// It becomes this.
    Set(T),
}

impl<T> Patch<T> {
    /// Returns the value after the change.
    pub fn apply(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Remove => None,
            Self::Set(after) => Some(after),
        }
    }
}

/// Longer names are cut before an error repeats them.
const MAX_NAME: usize = 64;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Fields {
    /// Takes a member that must be there, and not be `null`.
    pub fn required<T, E: Display + 'static>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Some(member) = self.take(name) else {
            self.refuse(name, MISSING);
            return None;
        };
        self.parse(name, &member, parse)
    }

    /// Takes a secret that must be there, as it is.
    pub fn secret(&mut self, name: &str) -> Option<Zeroizing<String>> {
        self.required(name, |text| {
            Ok::<_, Infallible>(Zeroizing::new(text.to_owned()))
        })
    }

    /// Takes a secret that may be there, as it is. `null` is absent.
    pub fn optional_secret(&mut self, name: &str) -> Option<Zeroizing<String>> {
        self.optional(name, |text| {
            Ok::<_, Infallible>(Zeroizing::new(text.to_owned()))
        })
    }

    /// Takes a member that may be there. `null` is absent.
    pub fn optional<T, E: Display + 'static>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let member = self.take(name)?;
        self.parse(name, &member, parse)
    }

    /// Takes a member that must be an object, as its JSON.
    pub fn object(&mut self, name: &str) -> Option<Zeroizing<String>> {
        let object = self.optional_object(name);
        if object.is_none() && self.is_without(name) {
            self.refuse(name, MISSING);
        }
        object
    }

    /// Takes a member that may be there and is an object, as its JSON. `null` is absent.
    pub fn optional_object(&mut self, name: &str) -> Option<Zeroizing<String>> {
        match self.take(name)? {
            Member::Object(json) => Some(json),
            _ => {
                self.refuse(name, "must be an object");
                None
            }
        }
    }

    /// Returns whether nothing was said against a member.
    fn is_without(&self, name: &str) -> bool {
        self.errors.iter().all(|error| error.field != name)
    }

    fn take(&mut self, name: &str) -> Option<Member> {
        let member = self.members.remove(name);
        member.filter(|member| !matches!(member, Member::Null))
    }

    /// Takes a member that may be there, and may be `null` to ask for the thing to be removed (RFC
    /// 7396).
    pub fn patch<T, E: Display + 'static>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Patch<T> {
        match self.members.remove(name) {
            None => Patch::Keep,
            Some(Member::Null) => Patch::Remove,
            Some(member) => self
                .parse(name, &member, parse)
                .map_or(Patch::Keep, Patch::Set),
        }
    }

    /// Takes a list of strings that must be there.
    pub fn list<T, E: Display + 'static>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let Some(member) = self.take(name) else {
            self.refuse(name, MISSING);
            return None;
        };
        self.parse_all(name, &member, parse)
    }

    /// Takes a list of strings that may be there. `null` is absent.
    pub fn optional_list<T, E: Display + 'static>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let member = self.take(name)?;
        self.parse_all(name, &member, parse)
    }

    fn parse_all<T, E: Display + 'static>(
        &mut self,
        name: &str,
        member: &Member,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let Member::Texts(texts) = member else {
            self.refuse(name, "must be a list of strings");
            return None;
        };
        let parsed: Result<Vec<T>, E> = texts.iter().map(|text| parse(text)).collect();
        parsed.map_err(|error| self.refuse(name, error)).ok()
    }

    fn parse<T, E: Display + 'static>(
        &mut self,
        name: &str,
        member: &Member,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Member::Text(text) = member else {
            self.refuse(name, "must be a string");
            return None;
        };
        parse(text).map_err(|error| self.refuse(name, error)).ok()
    }

    /// Returns the text of a member that has not been taken, for a form that is shown again; empty
    /// where it has none.
    pub fn typed(&self, name: &str) -> Zeroizing<String> {
        match self.members.get(name) {
            Some(Member::Text(text)) => text.clone(),
            _ => Zeroizing::default(),
        }
    }

    /// Adds an error for a member.
    pub fn refuse(&mut self, name: &str, detail: impl Display + 'static) {
        self.errors.push(FieldError::new(name, detail));
    }

    /// Makes [`finish`](Self::finish) accept members that were not taken.
    pub(crate) fn ignore_others(&mut self) {
        self.members.clear();
    }

    /// Returns whether no error has been found so far.
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// Ends the reading, and returns the parsed members.
    ///
    /// # Errors
    ///
    /// [`Error::BadRequest`] with all errors, also for members that were not taken.
    pub fn finish<T>(mut self, parsed: Option<T>) -> Result<T, Error> {
        for name in std::mem::take(&mut self.members).into_keys() {
            self.refuse(
                &name.chars().take(MAX_NAME).collect::<String>(),
                "is not a member of this request",
            );
        }
        match parsed {
            Some(parsed) if self.errors.is_empty() => Ok(parsed),
            _ => Err(Error::BadRequest(WRONG_MEMBERS, self.errors)),
        }
    }

    pub(crate) fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        // RFC 8259 §8.1 has a parser free to ignore it, and some editors write it.
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let refused = |error: serde_json::Error| {
            let text = if error.is_data() {
                "The body must be one JSON object"
            } else {
                "The body is not valid JSON"
            };
            Error::BadRequest(text, Vec::new())
        };
        let Object(members) = serde_json::from_slice(bytes).map_err(refused)?;
        let members = members.into_iter();
        let members = members.map(|(name, value)| Ok((name, Member::read(value)?)));
        let members: Vec<_> = members.collect::<Result<_, _>>().map_err(refused)?;
        Ok(Self::gather(members))
    }

    /// A form has no `null`: an empty field is absent (RFC 6749 §3.2), for browsers send the fields
    /// that are not filled in.
    pub(crate) fn from_form(bytes: &[u8]) -> Result<Self, Error> {
        let mut fields = Self::from_query(bytes)?;
        for value in fields.members.values_mut() {
            if matches!(value, Member::Text(text) if text.is_empty()) {
                *value = Member::Null;
            }
        }
        Ok(fields)
    }

    /// In a query an empty parameter is an error: a script that leaves out a value by mistake must
    /// not find another account, or start a list again.
    pub(crate) fn from_query(bytes: &[u8]) -> Result<Self, Error> {
        // The parser replaces bytes that are not UTF-8 by U+FFFD, which a password may contain. So
        // the whole form is refused.
        let decoded: Zeroizing<Vec<u8>> = Zeroizing::new(percent_decode(bytes).collect());
        if std::str::from_utf8(&decoded).is_err() {
            return Err(Error::BadRequest("The form is not valid UTF-8", Vec::new()));
        }
        let pairs = form_urlencoded::parse(bytes).map(|(name, value)| {
            let value = Zeroizing::new(value.into_owned());
            (name.into_owned(), Member::Text(value))
        });
        Ok(Self::gather(pairs))
    }

    fn gather(pairs: impl IntoIterator<Item = (String, Member)>) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs {
            if fields.members.insert(name.clone(), value).is_some() {
                fields.refuse(
                    &name.chars().take(MAX_NAME).collect::<String>(),
                    "is given more than once",
                );
            }
        }
        fields
    }
}
