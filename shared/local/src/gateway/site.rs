//! The address of the API.

/// The address at which clients find the API.
#[derive(Clone, Debug)]
pub struct Site {
    /// The `domainName` of every event. Its first label is the `domainPrefix` and the `apiId`.
    pub domain_name: String,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The port, in `x-forwarded-port`.
    pub port: u16,
}
