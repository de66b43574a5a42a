//! Items as the SDK has them, and their attributes.

use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Writes a stored type as an item.
pub(crate) fn write(table: &'static str, stored: impl Serialize) -> Result<Item, Error> {
    serde_dynamo::to_item(stored).map_err(|error| Error::unbuilt(table, error))
}

/// Reads a stored type from an item. A missing attribute is an error, unless a later version has
/// added it: then its type has a default. Attributes that a type does not have are left out.
pub(crate) fn read<T: DeserializeOwned>(table: &'static str, item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(|error| Error::corrupt(table, error))
}

/// Writes a stored type as one attribute's value.
pub(crate) fn attribute(
    table: &'static str,
    stored: impl Serialize,
) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(stored).map_err(|error| Error::unbuilt(table, error))
}

/// A number as an attribute's value.
pub(crate) fn number(value: impl Into<u64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A key attribute's value.
pub(crate) fn text(value: impl Display) -> AttributeValue {
    AttributeValue::S(value.to_string())
}
