//! A table of the template.

use aws_sdk_dynamodb::operation::create_table::builders::CreateTableInputBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    StreamSpecification, StreamViewType,
};
use yaml_serde::Value;

use super::values::{list, text};

/// A table, under the name that it has locally: its logical id.
#[derive(Debug, Clone)]
pub struct Table {
    /// The logical id in the template.
    pub name: String,
    /// The request that makes it.
    pub create: CreateTableInputBuilder,
    /// The attribute that holds an item's end of life, where the table has one.
    pub ttl_attribute: Option<String>,
}

impl Table {
    pub(super) fn read(name: &str, properties: &Value) -> Self {
        let mut create = CreateTableInputBuilder::default()
            .table_name(name)
            .billing_mode(BillingMode::from(text(&properties["BillingMode"]).as_str()));
        for attribute in list(&properties["AttributeDefinitions"]) {
            let definition = AttributeDefinition::builder()
                .attribute_name(text(&attribute["AttributeName"]))
                .attribute_type(ScalarAttributeType::from(
                    text(&attribute["AttributeType"]).as_str(),
                ))
                .build()
                .expect("name and type are set");
            create = create.attribute_definitions(definition);
        }
        for key in list(&properties["KeySchema"]) {
            let element = KeySchemaElement::builder()
                .attribute_name(text(&key["AttributeName"]))
                .key_type(KeyType::from(text(&key["KeyType"]).as_str()))
                .build()
                .expect("name and type are set");
            create = create.key_schema(element);
        }
        if let Some(stream) = properties.get("StreamSpecification") {
            let view = StreamViewType::from(text(&stream["StreamViewType"]).as_str());
            let stream = StreamSpecification::builder()
                .stream_enabled(true)
                .stream_view_type(view)
                .build()
                .expect("it is said whether it is enabled");
            create = create.stream_specification(stream);
        }
        let ttl = &properties["TimeToLiveSpecification"];
        let ttl_attribute =
            (ttl["Enabled"].as_bool() == Some(true)).then(|| text(&ttl["AttributeName"]));
        Self {
            name: name.to_owned(),
            create,
            ttl_attribute,
        }
    }
}
