//! Items in the JSON of DynamoDB's API.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;
use serde_json::{Map, Value, json};

use super::Item;

/// Reads an item.
pub(super) fn item(json: &Value) -> Item {
    let members = json.as_object().expect("an item is an object").iter();
    members
        .map(|(name, value)| (name.clone(), read(value)))
        .collect()
}

/// Writes an item.
pub(super) fn item_json(item: &Item) -> Value {
    let members = item.iter();
    let members = members.map(|(name, value)| (name.clone(), write(value)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn read(json: &Value) -> AttributeValue {
    let (kind, value) = json
        .as_object()
        .and_then(|value| value.iter().next())
        .expect("a value has one member");
    let text = || value.as_str().expect("a text").to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "BOOL" => AttributeValue::Bool(value.as_bool().expect("true or false")),
        "B" => AttributeValue::B(Blob::new(base64::decode(text()).expect("base64"))),
        "BS" => {
            let set = value.as_array().expect("a set").iter();
            let bytes = set.map(|one| one.as_str().expect("a text"));
            let bytes = bytes.map(|one| Blob::new(base64::decode(one).expect("base64")));
            AttributeValue::Bs(bytes.collect())
        }
        "L" => {
            let list = value.as_array().expect("a list").iter();
            AttributeValue::L(list.map(read).collect())
        }
        "M" => AttributeValue::M(item(value)),
        other => panic!("no fixture has a value of kind {other}"),
    }
}

fn write(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::B(bytes) => json!({ "B": base64::encode(bytes) }),
        AttributeValue::Bs(set) => {
            let set = set.iter().map(base64::encode);
            json!({ "BS": set.collect::<Vec<_>>() })
        }
        AttributeValue::L(list) => json!({ "L": list.iter().map(write).collect::<Vec<_>>() }),
        AttributeValue::M(members) => json!({ "M": item_json(members) }),
        other => panic!("no fixture has a value like {other:?}"),
    }
}
