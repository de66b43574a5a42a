//! JSON, read strictly.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::Refused;

/// No answer of a browser is as deep.
const MAX_DEPTH: usize = 16;

/// An object that was read strictly.
pub(crate) struct Object(Map<String, Value>);

impl Object {
    /// Reads one object and nothing after it, in which no member comes twice, however deep it lies:
    /// two readers could each believe another one.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Refused> {
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        let value = Strict(MAX_DEPTH).deserialize(&mut deserializer);
        let value = value.map_err(|_| Refused::Malformed)?;
        deserializer.end().map_err(|_| Refused::Malformed)?;
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(Refused::Malformed),
        }
    }

    /// A member that is an object.
    pub(crate) fn object(&self, name: &str) -> Result<Self, Refused> {
        let member = self.0.get(name).and_then(Value::as_object);
        member.cloned().map(Self).ok_or(Refused::Malformed)
    }

    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Refused> {
        let member = self.0.get(name).and_then(Value::as_str);
        member.ok_or(Refused::Malformed)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

struct Strict(usize);

impl Strict {
    fn deeper<E: Error>(&self) -> Result<Self, E> {
        let left = self.0.checked_sub(1);
        left.map(Self).ok_or_else(|| E::custom("too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element_seed(self.deeper()?)? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(self.deeper()?)?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member comes twice"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_with_its_members() {
        let object = Object::parse(br#" {"a": "b", "c": {"d": [1, -1, 1.5, null, true]}} "#);
        let object = object.unwrap();
        assert_eq!(object.text("a"), Ok("b"));
        let list = object.object("c").unwrap().get("d").unwrap().to_string();
        assert_eq!(list, "[1,-1,1.5,null,true]");
        assert_eq!(object.text("c"), Err(Refused::Malformed));
        assert!(object.object("a").is_err() && object.object("d").is_err());
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let deep = |depth: usize| format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(Object::parse(deep(15).as_bytes()).is_ok());
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":[{"b":1,"b":2}]}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":1}x"#,
            r#"{"a":1} {}"#,
            "\u{feff}{}",
            "[]",
            "1",
            "",
            r#"{"a":1,}"#,
            &deep(16),
            &deep(100_000),
        ] {
            assert!(Object::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Object::parse(b"{\"a\":\"\xff\"}").is_err());
    }
}
