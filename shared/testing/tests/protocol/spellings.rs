//! Second spellings of one value: those that a standard allows, or that pasting brings, are taken
//! for it, and no other.
//!
//! Each test is a part of one table, which it prints: the value, the route, how it is written, and
//! the answer.

mod bodies;
mod headers;
mod names;
mod pages;

use testing::Answer;

/// A part of the table: the spellings of one kind of value.
struct Table {
    value: &'static str,
    rows: Vec<String>,
    wrong: Vec<String>,
}

impl Table {
    fn of(value: &'static str) -> Self {
        Self {
            value,
            rows: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// Adds a row, whose answer is to have this status.
    fn row(&mut self, route: &str, spelling: &str, answer: &Answer, status: u16) {
        let shown = spelling.escape_debug().to_string().replace('|', "\\|");
        let row = format!(
            "| {} | {route} | `{shown}` | {} |",
            self.value, answer.status
        );
        if answer.status != status {
            let detail = &answer.json()["detail"];
            self.wrong.push(format!("{row} and not {status}: {detail}"));
        }
        self.rows.push(row);
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        println!("{}", self.rows.join("\n"));
        if !std::thread::panicking() {
            assert_eq!(self.wrong, Vec::<String>::new());
        }
    }
}
