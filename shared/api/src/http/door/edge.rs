//! The edge: a server in front of the API that proves itself by a secret and names the address of
//! the client.

use accounts::Device;
use aws_lc_rs::{constant_time, digest};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header with the secret of an edge.
pub(crate) const SECRET: HeaderName = HeaderName::from_static("x-latchkey-edge");

/// The edges that a deployment believes. An edge is a CDN, a proxy or a back end of the owner's. The
/// default believes none.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    hashes: Vec<SecretHash>,
    address: Option<HeaderName>,
    is_required: bool,
}

/// The SHA-256 hash of a secret of an edge. The secret has 128 random bits or more, so that its
/// hash needs no protection.
#[derive(Clone, Debug)]
pub(crate) struct SecretHash([u8; digest::SHA256_OUTPUT_LEN]);

/// The client of a request, as far as its headers tell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Client {
    /// The sender that the gateway saw.
    Sender,
    /// The sender that the gateway saw, which sent a wrong secret.
    SenderWithWrongSecret,
    /// A client at this IP address, which an edge named.
    At(String),
}

impl Edge {
    /// The edges that send one of some secrets, and the client's address in a header of this name.
    /// Where one is required, no other request is answered.
    pub(crate) fn new(hashes: Vec<SecretHash>, address: HeaderName, is_required: bool) -> Self {
        Self {
            hashes,
            address: Some(address),
            is_required,
        }
    }

    /// Takes the two headers of an edge out of a request, whoever sent them, and returns the client
    /// that they name.
    ///
    /// # Errors
    ///
    /// The reason for the log:
    ///
    /// - the secret is right, and the address is missing, given twice or unreadable: to count such
    ///   requests by the edge's own address would be one allowance for all clients
    /// - the secret is missing or wrong, and an edge is required
    pub(super) fn admit(&self, headers: &mut HeaderMap) -> Result<Client, &'static str> {
        let secrets = take(headers, &SECRET);
        let addresses = self.address.iter().flat_map(|name| take(headers, name));
        let addresses: Vec<_> = addresses.collect();
        match secrets.as_slice() {
            [secret] if self.is_secret(secret) => {
                let address = address(&addresses).ok_or("the edge named no readable address")?;
                Ok(Client::At(address))
            }
            _ if self.hashes.is_empty() => Ok(Client::Sender),
            [] if self.is_required => Err("the request has no secret of the edge"),
            [] => Ok(Client::Sender),
            _ if self.is_required => Err("the secret of the edge is wrong"),
            _ => Ok(Client::SenderWithWrongSecret),
        }
    }

    /// Compares with every hash, so that the time does not depend on which one fits.
    fn is_secret(&self, text: &HeaderValue) -> bool {
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        let hashes = self.hashes.iter();
        let fits = |known: &SecretHash| {
            constant_time::verify_slices_are_equal(&known.0, hash.as_ref()).is_ok()
        };
        let fitting = hashes.fold(false, |found, known| found | fits(known));
        // An empty secret is a mistake of the owner's, and no secret.
        fitting && !text.is_empty()
    }
}

impl SecretHash {
    /// Reads 64 digits of lower-case hexadecimal.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 2 * digest::SHA256_OUTPUT_LEN || !text.as_bytes().iter().all(is_digit) {
            return None;
        }
        let mut hash = [0; digest::SHA256_OUTPUT_LEN];
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
        }
        Some(Self(hash))
    }
}

/// All values of a header, which the request then has no longer.
fn take(headers: &mut HeaderMap, name: &HeaderName) -> Vec<HeaderValue> {
    let values = headers.get_all(name).iter().cloned().collect();
    headers.remove(name);
    values
}

/// The address in the only value of a header.
fn address(values: &[HeaderValue]) -> Option<String> {
    let [value] = values else {
        return None;
    };
    Device::new(Some(value.to_str().ok()?), None).address
}

#[cfg(test)]
mod tests {
    use super::SecretHash;

    #[test]
    fn a_hash_is_64_lower_case_digits() {
        let hash = "0123456789abcdef".repeat(4);
        let read = SecretHash::parse(&hash).unwrap();
        assert_eq!(
            read.0[..8],
            [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]
        );
        for wrong in [
            "",
            &hash[1..],
            &format!("{hash}0"),
            &hash.to_uppercase(),
            &hash.replace('0', "g"),
            &hash.replace('0', "+"),
            &hash.replace("01", "é"),
        ] {
            assert!(SecretHash::parse(wrong).is_none(), "{wrong}");
        }
    }
}
