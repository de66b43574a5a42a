//! docs/architecture.md says which function may touch what, as the policies of template.yaml do.

use std::collections::BTreeSet;

use local::Template;

use super::document;

/// Pairs of an action and of what it is allowed on.
type Grants = BTreeSet<(String, String)>;

/// Words of the document for actions of DynamoDB.
const WORDS: [(&str, &[&str]); 5] = [
    ("read", &["GetItem", "BatchGetItem", "Query", "Scan"]),
    ("check", &["ConditionCheckItem"]),
    ("put", &["PutItem"]),
    ("update", &["UpdateItem"]),
    ("delete", &["DeleteItem", "BatchWriteItem"]),
];

/// The cells of the table that begins with this text: its header, a line, and its rows.
fn table(header: &str) -> Vec<Vec<String>> {
    document("docs/architecture.md")
        .lines()
        .skip_while(|line| !line.starts_with(header))
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

/// The words for the calls that are granted on a table.
fn calls(grants: &Grants, table: &str) -> String {
    let actions: BTreeSet<_> = grants
        .iter()
        .filter(|(_, granted)| granted.split(' ').next() == Some(table))
        .map(|(action, _)| {
            action
                .strip_prefix("dynamodb:")
                .expect("an action of DynamoDB")
        })
        .collect();
    let known: BTreeSet<_> = WORDS
        .iter()
        .flat_map(|(_, actions)| *actions)
        .copied()
        .collect();
    assert!(actions.is_subset(&known), "{actions:?}");
    let words = WORDS
        .iter()
        .filter(|(_, of)| of.iter().any(|action| actions.contains(action)));
    words.map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

/// The keys that KMS may open, by their purposes.
fn keys(grants: &Grants) -> String {
    let opens = |kind: &str| grants.contains(&("kms:Decrypt".to_owned(), kind.to_owned()));
    let kinds = [("sign", "signing"), ("mac", "MAC"), ("factor", "factor")].into_iter();
    let opened = kinds.filter(|(kind, _)| opens(kind));
    opened.map(|(_, word)| word).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_function_has_its_policy_in_a_row() {
    let table = table("| Function |");
    let (columns, rows) = (&table[0], &table[2..]);
    let names = |row: &[String]| -> Vec<String> { row[0].split(", ").map(str::to_owned).collect() };
    let shown: BTreeSet<_> = rows.iter().flat_map(|row| names(row)).collect();
    let functions = Template::with_mail().functions();
    let known: BTreeSet<_> = functions
        .iter()
        .map(|it| format!("`{}`", it.name))
        .collect();
    assert_eq!(shown, known);
    for row in rows {
        for name in names(row) {
            let function = functions.iter().find(|it| name == format!("`{}`", it.name));
            let function = function.expect("a function");
            for (column, cell) in columns.iter().zip(row).skip(1) {
                let granted = match column.as_str() {
                    "Keys that KMS opens" => keys(&function.kms),
                    table => calls(&function.policies, &format!("{table}Table")),
                };
                assert_eq!(*cell, granted, "{name}, {column}");
            }
        }
    }
}

#[test]
fn every_table_has_a_row_and_a_column() {
    let (functions, tables) = (table("| Function |"), table("| Table |"));
    let named: Vec<_> = Template::with_mail()
        .tables()
        .into_iter()
        .map(|it| it.name)
        .collect();
    let with_suffix = |name: &String| format!("{name}Table");
    let last = functions[0].len() - 1;
    let columns: BTreeSet<_> = functions[0][1..last].iter().map(with_suffix).collect();
    let rows: BTreeSet<_> = tables[2..].iter().map(|row| with_suffix(&row[0])).collect();
    let named: BTreeSet<_> = named.into_iter().collect();
    assert_eq!(columns, named);
    assert_eq!(rows, named);
}
