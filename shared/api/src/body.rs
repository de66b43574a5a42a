use std::collections::BTreeMap;
use std::fmt::{self, Display};

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use zeroize::Zeroizing;

use crate::{Error, FieldError};

/// The members of a body, JSON object or form, taken out one by one.
///
/// Every member is a string. What is wrong is gathered, so that one answer names every field that
/// is; no answer repeats a value. Rejections: 415 for another media type, 413 over 16 KiB, 400 for
/// anything that is not one object or form.
pub struct Fields {
    members: BTreeMap<String, Option<Zeroizing<String>>>,
    errors: Vec<FieldError>,
}

const MAX_BODY: usize = 16 * 1024;

/// A longer name than any that is known is cut before it is repeated.
const MAX_NAME: usize = 64;

impl Fields {
    /// Takes a member that must be there.
    pub fn required<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if !self.members.contains_key(name) {
            self.refuse(name, "is missing");
        }
        self.optional(name, parse)
    }

    /// Takes a member that may be there.
    pub fn optional<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Some(text) = self.members.remove(name)? else {
            self.refuse(name, "must be a string");
            return None;
        };
        parse(&text).map_err(|error| self.refuse(name, error)).ok()
    }

    /// Adds what is wrong with a member.
    pub fn refuse(&mut self, name: &str, detail: impl Display) {
        self.errors.push(FieldError::new(name, detail));
    }

    /// Whether nothing has been wrong so far.
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// Ends the reading with what was made of the members.
    ///
    /// # Errors
    ///
    /// [`Error::BadRequest`] with everything that was wrong, members that nobody took included.
    pub fn finish<T>(mut self, parsed: Option<T>) -> Result<T, Error> {
        for name in std::mem::take(&mut self.members).into_keys() {
            self.refuse(
                &name.chars().take(MAX_NAME).collect::<String>(),
                "is not a member of this request",
            );
        }
        match parsed {
            Some(parsed) if self.errors.is_empty() => Ok(parsed),
            _ => Err(Error::BadRequest(
                "The body has members that are wrong or missing",
                self.errors,
            )),
        }
    }

    fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        let object: Object = serde_json::from_slice(bytes).map_err(|error| {
            let text = if error.is_data() {
                "The body must be one JSON object"
            } else {
                "The body is not valid JSON"
            };
            Error::BadRequest(text, Vec::new())
        })?;
        Ok(Self::gather(object.0))
    }

    fn from_form(bytes: &[u8]) -> Result<Self, Error> {
        let mut pairs = Vec::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            // What is not UTF-8 comes out of the decoder as this character.
            if name.contains(char::REPLACEMENT_CHARACTER)
                || value.contains(char::REPLACEMENT_CHARACTER)
            {
                return Err(Error::BadRequest("The form is not valid UTF-8", Vec::new()));
            }
            pairs.push((name.into_owned(), Some(Zeroizing::new(value.into_owned()))));
        }
        Ok(Self::gather(pairs))
    }

    fn gather(pairs: Vec<(String, Option<Zeroizing<String>>)>) -> Self {
        let mut fields = Self {
            members: BTreeMap::new(),
            errors: Vec::new(),
        };
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

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let media_type = media_type(&request);
        let bytes = Zeroizing::new(read(request.into_body()).await?);
        match media_type.as_deref() {
            _ if bytes.is_empty() => Err(Error::BadRequest("The request has no body", Vec::new())),
            Some("application/json") => Self::from_json(&bytes),
            Some("application/x-www-form-urlencoded") => Self::from_form(&bytes),
            _ => Err(Error::UnsupportedMediaType),
        }
    }
}

/// The media type without its parameters. `charset` is not looked at: JSON has none, and a body
/// that is not UTF-8 is refused as such.
fn media_type(request: &Request) -> Option<String> {
    let mut values = request.headers().get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let essence = value.to_str().ok()?.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

async fn read(body: Body) -> Result<Vec<u8>, Error> {
    let bytes = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| Error::PayloadTooLarge)?;
    Ok(bytes.into())
}

/// A JSON object's members in order, duplicates included; `None` stands for a value that is not a
/// string. Such a value is passed over without building it, however deep it is.
struct Object(Vec<(String, Option<Zeroizing<String>>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value::<Value>()?.0;
            members.push((name, value));
        }
        Ok(Object(members))
    }
}

struct Value(Option<Zeroizing<String>>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Self)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Option<Zeroizing<String>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
