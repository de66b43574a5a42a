//! Counts the calls of requests, as the rows of a table.

use testing::Stack;

/// The calls that have been counted so far, as the rows of a table.
pub(super) struct Counter<'a> {
    pub(super) stack: &'a Stack,
    rows: Vec<String>,
    over: Vec<String>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(stack: &'a Stack) -> Self {
        Self {
            stack,
            rows: Vec::new(),
            over: Vec::new(),
        }
    }

    /// Takes the calls of the request before, which may be so many in sequence and in all.
    pub(super) fn count(
        &mut self,
        what: &str,
        (in_sequence, in_all): (usize, usize),
    ) -> Vec<String> {
        let sent = self.stack.wire.take();
        let steps = sent.last().map_or(0, |call| call.step);
        let mut operations: Vec<_> = sent.into_iter().map(|call| call.operation).collect();
        let row = format!(
            "| {what:<42} | {steps} of {in_sequence} | {} of {in_all} | {} |",
            operations.len(),
            operations.join(", ")
        );
        if steps > in_sequence || operations.len() > in_all {
            self.over.push(row.clone());
        }
        self.rows.push(row);
        operations.sort();
        operations
    }

    pub(super) fn finish(self) {
        println!("| request | in sequence | in all | calls |\n| --- | --- | --- | --- |");
        println!("{}", self.rows.join("\n"));
        assert_eq!(self.over, Vec::<String>::new(), "over budget");
    }
}
