//! Questions to the operator.

use std::io::{IsTerminal, Write, stderr, stdin};

use crate::Error;

/// Goes on only where this word is typed in answer to the question.
pub(crate) fn confirm(question: &str, word: &str) -> Result<(), Error> {
    if !stdin().is_terminal() {
        return Err("there is no terminal to ask at; use --yes".into());
    }
    eprint!("{question}: ");
    stderr().flush()?;
    let mut typed = String::new();
    stdin().read_line(&mut typed)?;
    if typed.trim_end() == word {
        Ok(())
    } else {
        Err("nothing was changed".into())
    }
}
