//! The versions of this command and of a stack.

use semver::Version;

use crate::Error;

/// The version of this command.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// Insists that this command knows what the stack keeps in its tables, where it is to write; warns
/// where it only reads.
///
/// A stack with a higher major or minor number may keep more in the tables than this command shows,
/// and an operator would decide without it. Of an older stack the command knows everything. That the
/// stack carries through what it does not know itself is promised of the version before this one
/// alone.
pub(crate) fn check(stack: Option<&str>, refuses: bool) -> Result<(), Error> {
    let Some(problem) = problem(stack, &OWN.parse()?) else {
        return Ok(());
    };
    if refuses {
        let advice = "install the command of that version, or add --newer-stack";
        return Err(format!("nothing was changed: {problem}; {advice}").into());
    }
    eprintln!("warning: {problem}");
    Ok(())
}

fn problem(stack: Option<&str>, own: &Version) -> Option<String> {
    let Some(version) = stack else {
        return Some("the stack does not say its version".to_owned());
    };
    let Ok(stack) = Version::parse(version) else {
        return Some(format!(
            "the stack's version {version} is not a version number"
        ));
    };
    let line = |version: &Version| (version.major, version.minor);
    (line(&stack) > line(own))
        .then(|| format!("the stack is of version {stack}, and this command is {own}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_newer_by_its_major_and_minor_numbers() {
        let own = Version::new(1, 4, 2);
        for known in ["1.4.2", "1.4.9", "1.4.0", "1.3.7", "0.9.0", "1.4.3-rc.1"] {
            assert_eq!(problem(Some(known), &own), None, "{known}");
        }
        for newer in ["1.5.0", "2.0.0", "1.5.0-rc.1"] {
            let says = format!("the stack is of version {newer}, and this command is 1.4.2");
            assert_eq!(problem(Some(newer), &own), Some(says));
        }
        for none in [None, Some(""), Some("newest"), Some("1.4")] {
            assert!(problem(none, &own).is_some(), "{none:?}");
        }
    }
}
