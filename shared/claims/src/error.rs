//! Why a key is refused.

/// Why a key cannot be made, read, published or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text holds no private key in PEM (RFC 7468 §10), or more than one.
    #[error("expected exactly one PEM block `PRIVATE KEY`")]
    Pem,
    /// The PEM block is an encrypted key or one of the older formats.
    #[error(
        "the private key must be unencrypted PKCS#8; \
         convert it with `openssl pkcs8 -topk8 -nocrypt -in KEY -out PKCS8`"
    )]
    NotPkcs8,
    /// The private key cannot be parsed, or is of a kind or size that is not used here.
    #[error(
        "accepted are private keys in PKCS#8: RSA of 2048 to 4096 bits with the public exponent \
         65537, EC on P-256, or Ed25519"
    )]
    PrivateKey,
    /// The cryptographic library could not generate a key or a signature.
    #[error("the cryptographic library failed")]
    Library,
    /// The signed token would be longer than [`MAX_TOKEN_LENGTH`](crate::MAX_TOKEN_LENGTH), so no
    /// verifier would accept it.
    #[error("the signed token would be longer than verifiers accept")]
    TokenTooLong,
    /// A JWK has no `kid`, or an empty one (RFC 7517 §4.5).
    #[error("a key has no kid")]
    MissingKid,
    /// Two keys have the same `kid`.
    #[error("two keys have the same kid")]
    DuplicateKid,
    /// A JWK's `use` is not `sig` (RFC 7517 §4.2).
    #[error("a key is not marked as a signature key")]
    Use,
    /// A JWK has no `alg` (RFC 7517 §4.4), or one that is not used here.
    #[error("a key names no supported algorithm")]
    Algorithm,
    /// A JWK's key type or curve is not that of its `alg`.
    #[error("a key does not fit its algorithm")]
    Mismatch,
    /// A JWK's public members are malformed, weak, or no point of the curve.
    #[error("a public key is malformed or weak")]
    PublicKey,
}
