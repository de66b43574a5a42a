//! The position up to which a stream was delivered. The engine never drops a record, so that
//! without this a restart would deliver all of them again.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Error;

/// The last record that is done, in a file.
pub(super) struct Position {
    file: PathBuf,
    saved: Saved,
}

#[derive(Deserialize, Serialize)]
struct Saved {
    stream: String,
    after: Option<String>,
}

impl Position {
    /// The position in a stream. A file about another stream counts for nothing: the table was made
    /// anew since.
    pub(super) fn open(file: &Path, stream: &str) -> Result<Self, Error> {
        let saved = match fs::read(file) {
            Ok(text) => Some(serde_json::from_slice::<Saved>(&text)?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let saved = saved.filter(|saved| saved.stream == stream);
        Ok(Self {
            file: file.to_owned(),
            saved: saved.unwrap_or_else(|| Saved {
                stream: stream.to_owned(),
                after: None,
            }),
        })
    }

    /// The sequence number of the last record that is done.
    pub(super) fn after(&self) -> Option<&str> {
        self.saved.after.as_deref()
    }

    /// Moves on, in the file first: who is killed in between hands a batch over twice, as AWS may,
    /// and loses none.
    pub(super) fn advance(&mut self, number: &str) -> Result<(), Error> {
        let next = Saved {
            stream: self.saved.stream.clone(),
            after: Some(number.to_owned()),
        };
        // By a new file: one that was half written would be no position.
        let new = self.file.with_extension("new");
        fs::write(&new, serde_json::to_vec(&next)?)?;
        fs::rename(new, &self.file)?;
        self.saved = next;
        Ok(())
    }
}
