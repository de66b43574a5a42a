//! The text form of a token: JWS Compact Serialization (RFC 7515 §7.1) and its header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Algorithm, Rejected};

/// The longest token that is signed or read, in bytes. HTTP APIs allow 10,240 bytes for all headers
/// together.
pub const MAX_TOKEN_LENGTH: usize = 4096;

/// The `typ` of every token signed here (RFC 9068 §2.1). Tokens of another kind never have it (RFC
/// 8725 §3.11).
const TYPE: &str = "at+jwt";

/// The same type, spelt in full (RFC 9068 §4 accepts both).
const FULL_TYPE: &str = "application/at+jwt";

/// The encoded header of the tokens that a key signs.
pub(crate) fn encode_header(algorithm: Algorithm, kid: &str) -> Result<String, serde_json::Error> {
    let mut header = jsonwebtoken::Header::new(algorithm.into());
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(kid.to_owned());
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?))
}

/// The parts of a token, none of which is trusted yet.
pub(crate) struct Compact<'a> {
    /// What the signature is over.
    pub(crate) message: &'a [u8],
    /// Still encoded, but known to be canonical base64url.
    pub(crate) signature: &'a str,
    header: Vec<u8>,
    payload: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes a token apart.
    ///
    /// The base64 engine takes the URL-safe alphabet alone, no padding and no spare bits (RFC 7515
    /// §2, RFC 4648 §3.5). With any of them a token would have several spellings.
    pub(crate) fn split(token: &'a str) -> Result<Self, Rejected> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(Rejected::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Rejected::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(Rejected::Malformed)?;
        let decode = |part| {
            URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| Rejected::Malformed)
        };
        decode(signature)?;
        Ok(Self {
            message: message.as_bytes(),
            signature,
            header: decode(header)?,
            payload: decode(payload)?,
        })
    }

    /// Reads the header, which must be one that [`encode_header`] could have written, apart from
    /// the order of members.
    pub(crate) fn header(&self) -> Result<Header, Rejected> {
        let header: Header = object(&self.header).ok_or(Rejected::Header)?;
        // Media types are equal whatever their case (RFC 7515 §4.1.9), but only this crate writes
        // ours, so one spelling suffices.
        if header.typ != TYPE && header.typ != FULL_TYPE {
            return Err(Rejected::Type);
        }
        Ok(header)
    }

    /// Reads the payload. To be called only once the signature is known to be good.
    pub(crate) fn payload<T: DeserializeOwned>(&self) -> Result<T, Rejected> {
        object(&self.payload).ok_or(Rejected::Claims)
    }
}

/// The header of a token.
///
/// Unknown members are refused, above all `crit`, which RFC 7515 §4.1.11 forbids to ignore, and
/// `jwk`, `jku`, `x5u` and `x5c`, by which a token would bring its own key. Derived deserialisation
/// refuses duplicates by itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: String,
    typ: String,
}

/// Derived deserialisation reads a struct from a JSON array as well, so the bracket is checked
/// first.
fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    if json.first() != Some(&b'{') {
        return None;
    }
    serde_json::from_slice(json).ok()
}
