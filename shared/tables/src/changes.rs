//! An update of the attributes that differ, and of no others.

use std::collections::{BTreeMap, HashMap};

use crate::item::Item;

/// The update expression between two states of an item. It names only the attributes that differ:
/// those that another version of Latchkey has added stay as they are.
pub(crate) struct Changes {
    /// `SET …`, `REMOVE …`, or both.
    pub(crate) expression: String,
    /// The placeholders of the attributes' names.
    pub(crate) names: HashMap<String, String>,
    /// The placeholders of the values. They begin with `:new_`.
    pub(crate) values: Item,
}

impl Changes {
    /// The changes that make the second item of the first.
    pub(crate) fn between(before: &Item, after: &Item) -> Self {
        let changed: BTreeMap<_, _> = after
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(value))
            .collect();
        let mut removed: Vec<_> = before
            .keys()
            .filter(|name| !after.contains_key(*name))
            .collect();
        removed.sort();
        let set = changed
            .keys()
            .map(|name| format!("#new_{name} = :new_{name}"));
        let remove = removed.iter().map(|name| format!("#new_{name}"));
        let clauses = [
            ("SET", set.collect::<Vec<_>>()),
            ("REMOVE", remove.collect()),
        ];
        let clauses = clauses.iter().filter(|(_, parts)| !parts.is_empty());
        let clauses = clauses.map(|(word, parts)| format!("{word} {}", parts.join(", ")));
        let named = changed.keys().copied().chain(removed);
        Self {
            expression: clauses.collect::<Vec<_>>().join(" "),
            names: named
                .map(|name| (format!("#new_{name}"), name.clone()))
                .collect(),
            values: changed
                .iter()
                .map(|(name, value)| (format!(":new_{name}"), (*value).clone()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{number, text};

    fn item<const N: usize>(attributes: [(&str, u64); N]) -> Item {
        let attributes = attributes.into_iter();
        attributes
            .map(|(name, value)| (name.to_owned(), number(value)))
            .collect()
    }

    #[test]
    fn only_what_differs_is_set_or_removed() {
        let before = item([("same", 1), ("changed", 1), ("gone", 1), ("lost", 1)]);
        let mut after = item([("same", 1), ("changed", 2)]);
        after.insert("added".to_owned(), text("a"));
        let changes = Changes::between(&before, &after);
        assert_eq!(
            changes.expression,
            "SET #new_added = :new_added, #new_changed = :new_changed REMOVE #new_gone, #new_lost"
        );
        assert_eq!(changes.names.len(), 4);
        assert_eq!(changes.names["#new_gone"], "gone");
        assert_eq!(changes.values.len(), 2);
        assert_eq!(changes.values[":new_changed"], number(2_u64));
    }

    #[test]
    fn a_clause_with_nothing_in_it_is_left_out() {
        let (one, two) = (item([("a", 1)]), item([("a", 1), ("b", 1)]));
        let expression = |before, after| Changes::between(before, after).expression;
        assert_eq!(expression(&one, &two), "SET #new_b = :new_b");
        assert_eq!(expression(&two, &one), "REMOVE #new_b");
    }
}
