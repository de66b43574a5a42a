//! Makes the map of `words/passwords.tsv` that is embedded into the crate, so that none is built at
//! run time.

use std::error::Error;
use std::fs::{read_to_string, write};
use std::path::Path;

const WORDS: &str = "words/passwords.tsv";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={WORDS}");
    println!("cargo::rerun-if-changed=build.rs");
    let mut map = fst::MapBuilder::memory();
    for line in read_to_string(WORDS)?.lines() {
        let malformed = || format!("{WORDS}: not a word, a tab and a rank: {line}");
        let (word, rank) = line.split_once('\t').ok_or_else(malformed)?;
        // Refuses a word that is out of order or there twice.
        map.insert(word, rank.parse::<u64>().map_err(|_| malformed())?)?;
    }
    let out = std::env::var("OUT_DIR")?;
    write(Path::new(&out).join("passwords.fst"), map.into_inner()?)?;
    Ok(())
}
