//! One conditional write, as a part of a transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::builders::TransactWriteItemBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure as OnFailure,
    TransactWriteItem, Update,
};

use crate::Error;
use crate::changes::Changes;
use crate::item::Item;

/// A write to one item of a table, and the condition that the item as it is has to meet.
pub(crate) struct ConditionalWrite<'a> {
    table: &'a str,
    condition: Option<&'static str>,
    names: Option<HashMap<String, String>>,
    values: Option<Item>,
    on_failure: Option<OnFailure>,
}

impl<'a> ConditionalWrite<'a> {
    /// A write without a condition.
    pub(crate) fn to(table: &'a str) -> Self {
        Self {
            table,
            condition: None,
            names: None,
            values: None,
            on_failure: None,
        }
    }

    /// The condition. Of several, the last counts.
    pub(crate) fn when(mut self, condition: &'static str) -> Self {
        self.condition = Some(condition);
        self
    }

    /// A placeholder of the condition or the update for the name of an attribute, which expressions
    /// reserve.
    pub(crate) fn name(mut self, placeholder: &str, attribute: &str) -> Self {
        let names = self.names.get_or_insert_default();
        names.insert(placeholder.to_owned(), attribute.to_owned());
        self
    }

    /// A placeholder of the condition or the update for a value.
    pub(crate) fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
        let values = self.values.get_or_insert_default();
        values.insert(placeholder.to_owned(), value);
        self
    }

    /// Asks for the item that does not meet the condition.
    pub(crate) fn returning_old(mut self) -> Self {
        self.on_failure = Some(OnFailure::AllOld);
        self
    }

    /// Puts an item in place of the one with its key.
    pub(crate) fn put(self, item: Item) -> Result<TransactWriteItem, Error> {
        let put = Put::builder()
            .table_name(self.table)
            .set_item(Some(item))
            .set_condition_expression(self.condition.map(str::to_owned))
            .set_expression_attribute_names(self.names)
            .set_expression_attribute_values(self.values)
            .set_return_values_on_condition_check_failure(self.on_failure)
            .build();
        part(put, |part, put| part.put(put))
    }

    /// Changes the attributes in which the two states of the item differ.
    pub(crate) fn change(
        mut self,
        key: Item,
        before: &Item,
        after: &Item,
    ) -> Result<TransactWriteItem, Error> {
        let changes = Changes::between(before, after);
        self.names.get_or_insert_default().extend(changes.names);
        self.values.get_or_insert_default().extend(changes.values);
        self.update(key, changes.expression)
    }

    /// Changes the attributes that the expression names.
    pub(crate) fn update(
        self,
        key: Item,
        set: impl Into<String>,
    ) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(self.table)
            .set_key(Some(key))
            .update_expression(set)
            .set_condition_expression(self.condition.map(str::to_owned))
            .set_expression_attribute_names(self.names)
            .set_expression_attribute_values(self.values)
            .set_return_values_on_condition_check_failure(self.on_failure)
            .build();
        part(update, |part, update| part.update(update))
    }

    /// Deletes the item.
    pub(crate) fn delete(self, key: Item) -> Result<TransactWriteItem, Error> {
        let delete = Delete::builder()
            .table_name(self.table)
            .set_key(Some(key))
            .set_condition_expression(self.condition.map(str::to_owned))
            .set_expression_attribute_names(self.names)
            .set_expression_attribute_values(self.values)
            .set_return_values_on_condition_check_failure(self.on_failure)
            .build();
        part(delete, |part, delete| part.delete(delete))
    }

    /// Checks the condition, and changes nothing.
    pub(crate) fn check(self, key: Item) -> Result<TransactWriteItem, Error> {
        let check = ConditionCheck::builder()
            .table_name(self.table)
            .set_key(Some(key))
            .set_condition_expression(self.condition.map(str::to_owned))
            .set_expression_attribute_names(self.names)
            .set_expression_attribute_values(self.values)
            .set_return_values_on_condition_check_failure(self.on_failure)
            .build();
        part(check, |part, check| part.condition_check(check))
    }
}

fn part<T>(
    built: Result<T, BuildError>,
    add: impl FnOnce(TransactWriteItemBuilder, T) -> TransactWriteItemBuilder,
) -> Result<TransactWriteItem, Error> {
    let built = built.map_err(|error| Error::unbuilt("TransactWriteItems", error))?;
    Ok(add(TransactWriteItem::builder(), built).build())
}
