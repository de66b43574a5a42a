//! The lines of a template by indentation, so that what is written of it keeps its comments and its form.

use std::ops::Range;

use crate::Error;

/// A key of a template and the lines of its value, the key's own included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block<'a> {
    pub(super) key: &'a str,
    pub(super) lines: Range<usize>,
    depth: usize,
}

/// The keys at the left edge.
pub(super) fn sections<'a>(lines: &[&'a str]) -> Vec<Block<'a>> {
    keys(lines, 0..lines.len(), 0)
}

impl<'a> Block<'a> {
    /// The keys of the value.
    pub(super) fn children(&self, lines: &[&'a str]) -> Vec<Block<'a>> {
        keys(lines, self.lines.start + 1..self.lines.end, self.depth + 2)
    }

    pub(super) fn child(&self, lines: &[&'a str], key: &str) -> Option<Block<'a>> {
        self.children(lines)
            .into_iter()
            .find(|child| child.key == key)
    }

    /// The value of a key that stands in the key's own line.
    pub(super) fn value(&self, lines: &[&'a str]) -> &'a str {
        let (_, value) = lines[self.lines.start].split_once(':').unwrap_or_default();
        value.trim()
    }

    pub(super) fn text(&self, lines: &[&'a str]) -> String {
        lines[self.lines.clone()].join("\n")
    }
}

pub(super) fn find<'a>(blocks: &[Block<'a>], key: &str) -> Result<Block<'a>, Error> {
    let found = blocks.iter().find(|block| block.key == key);
    Ok(found
        .ok_or_else(|| format!("the template has no {key}"))?
        .clone())
}

fn keys<'a>(lines: &[&'a str], within: Range<usize>, depth: usize) -> Vec<Block<'a>> {
    let starts: Vec<_> = within
        .clone()
        .filter_map(|line| Some((line, key(lines[line], depth)?)))
        .collect();
    let ends = starts.iter().skip(1).map(|(line, _)| *line);
    let ends = ends.chain(std::iter::once(within.end));
    let blocks = starts.iter().zip(ends).map(|((start, key), end)| Block {
        key,
        lines: *start..end - trailing(&lines[*start..end], depth),
        depth,
    });
    blocks.collect()
}

/// The key that a line of just this depth begins with.
fn key(line: &str, depth: usize) -> Option<&str> {
    let (indent, rest) = line.split_at_checked(depth)?;
    let plain = indent.bytes().all(|byte| byte == b' ')
        && rest.starts_with(|first: char| first.is_ascii_alphanumeric());
    let (key, _) = rest.split_once(':').filter(|_| plain)?;
    Some(key)
}

/// The lines at the end that are empty, or comments on what follows.
fn trailing(lines: &[&str], depth: usize) -> usize {
    let belongs = |line: &&str| {
        let rest = line.trim_start();
        rest.is_empty() || (rest.starts_with('#') && line.len() - rest.len() <= depth)
    };
    lines.iter().rev().take_while(|line| belongs(line)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "\
Parameters:
  # Of the processor.
  Architecture:
    Default: arm64

# All of them.
Resources:
  # Seals.
  Key:
    Type: AWS::KMS::Key
    Properties:
      # Within.
      Enabled: true

  Table:
    Type: AWS::DynamoDB::Table
";

    #[test]
    fn a_block_ends_before_the_comment_on_the_next() {
        let lines: Vec<_> = TEMPLATE.lines().collect();
        let sections = sections(&lines);
        let keys: Vec<_> = sections.iter().map(|block| block.key).collect();
        assert_eq!(keys, ["Parameters", "Resources"]);
        assert_eq!(sections[0].lines, 0..4);
        let resources = sections[1].children(&lines);
        assert_eq!(
            resources[0].text(&lines),
            "  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      # Within.\n      Enabled: true"
        );
        assert_eq!(resources[1].lines, 14..16);
    }

    #[test]
    fn a_key_is_found_at_its_own_depth_alone() {
        let lines: Vec<_> = TEMPLATE.lines().collect();
        let resources = find(&sections(&lines), "Resources").unwrap();
        let key = resources.child(&lines, "Key").unwrap();
        assert_eq!(
            key.child(&lines, "Type").unwrap().value(&lines),
            "AWS::KMS::Key"
        );
        assert_eq!(key.child(&lines, "Enabled"), None);
        assert!(find(&sections(&lines), "Key").is_err());
    }
}
