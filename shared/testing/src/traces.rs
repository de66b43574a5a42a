//! The signs of secrets in a text.

use std::fmt::Write;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The signs of secrets in a text, in each way in which bytes are written. All are looked for in
/// one pass: a text may have megabytes.
pub struct Traces(AhoCorasick);

impl Traces {
    const PIECE: usize = 16;

    /// The signs of secrets of which a part is as bad as the whole: two pieces of each.
    ///
    /// # Panics
    ///
    /// Where a secret has fewer than 20 bytes.
    pub fn of<S: AsRef<[u8]>>(secrets: &[S]) -> Self {
        let pieces = secrets.iter().flat_map(|secret| {
            let secret = secret.as_ref();
            let middles = [secret.len() * 2 / 5, secret.len() / 2];
            middles.map(|middle| &secret[middle - Self::PIECE / 2..][..Self::PIECE])
        });
        Self::of_pieces(pieces)
    }

    /// The signs of these pieces, each as a whole.
    ///
    /// # Panics
    ///
    /// Where there are too many to look for.
    pub fn of_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let written: Vec<_> = pieces.into_iter().flat_map(written).collect();
        Self(AhoCorasick::new(written).expect("the signs can be looked for"))
    }

    /// Whether one of the signs is in a text.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

fn written(piece: &[u8]) -> Vec<String> {
    let decimal: Vec<_> = piece.iter().map(u8::to_string).collect();
    let hex = hex(piece);
    let mut all = vec![
        decimal.join(", "),
        decimal.join(","),
        hex.to_uppercase(),
        hex,
        piece.escape_ascii().to_string(),
    ];
    // A piece of a longer text in base64 may begin at any bit of a character.
    for offset in 0..3 {
        let padded = [&vec![0; offset], piece].concat();
        let encoded = base64(&padded);
        let inner = encoded.len() - padded.len() % 3 * 2;
        let inner = &encoded[if offset == 0 { 0 } else { 4 }..inner];
        all.push(inner.to_owned());
        all.push(inner.replace('+', "-").replace('/', "_"));
    }
    all
}

/// Writes bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes bytes in base64 without padding.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}
