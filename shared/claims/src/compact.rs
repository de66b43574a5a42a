//! The text form of a token: JWS Compact Serialization (RFC 7515 §7.1) and its header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Algorithm, Rejected};

/// The longest token that is signed or read, in bytes. HTTP APIs allow 10,240 bytes for all headers
/// together.
pub const MAX_TOKEN_LENGTH: usize = 4096;

/// The kind of a token: its `typ` (RFC 7515 §4.1.9). A verifier says which kind it expects, so that
/// a token of one kind never passes for another (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typ(&'static str);

impl Typ {
    /// An access token (RFC 9068 §2.1).
    pub const ACCESS_TOKEN: Self = Self("at+jwt");

    /// The kind of that media type, without its prefix `application/`.
    pub const fn new(media_type: &'static str) -> Self {
        Self(media_type)
    }

    /// Media types are equal whatever their case, and may leave the prefix out (RFC 7515 §4.1.9),
    /// but only this crate writes ours, so that one spelling of each suffices.
    fn is(self, typ: &str) -> bool {
        typ.strip_prefix("application/").unwrap_or(typ) == self.0
    }
}

/// The encoded header of a token of that kind that a key signs.
pub(crate) fn encode_header(
    algorithm: Algorithm,
    kid: &str,
    typ: Typ,
) -> Result<String, serde_json::Error> {
    let mut header = jsonwebtoken::Header::new(algorithm.into());
    header.typ = Some(typ.0.to_owned());
    header.kid = Some(kid.to_owned());
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?))
}

/// The parts of a token, none of which is trusted yet.
pub(crate) struct Compact<'a> {
    /// The signed bytes.
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
    /// the order of members, for a token of the expected kind.
    pub(crate) fn header(&self, expected: Typ) -> Result<Header, Rejected> {
        let header: Header = object(&self.header).ok_or(Rejected::Header)?;
        if expected.is(&header.typ) {
            Ok(header)
        } else {
            Err(Rejected::Type)
        }
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
