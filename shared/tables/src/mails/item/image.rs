//! A row as a record of the table's stream has it.

use super::{corrupt, read, write};
use crate::Error;
use crate::item::Item;
use crate::mails::MailedRow;

impl MailedRow {
    /// Reads a row from the image that a record of the table's stream has, in DynamoDB's JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`], also where the row has a purpose or an attribute that this version does
    /// not know: a mail without it might say what is not so.
    pub fn from_image(json: &str) -> Result<Self, Error> {
        let image: serde_dynamo::Item =
            serde_json::from_str(json).map_err(|_| corrupt("it is no image"))?;
        let image = Item::from(image);
        let row = read(image.clone())?;
        if write(&row)? == image {
            Ok(row)
        } else {
            Err(corrupt("an attribute is of another version"))
        }
    }
}
