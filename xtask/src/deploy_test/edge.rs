//! The deployment behind an edge.

use super::cloud::{Cloud, Source};
use crate::Error;
use crate::terminal::heading;

/// The secret of the edge.
const SECRET: &str = "5f0c0d6b9d0b4f1f8a3f7a1de5c2b4966e0f7a8d1c3b5e7f9a0b2c4d6e8f0a1b";

/// An edge with that secret, whose hash is by `sha256sum`, and limits that are soon reached.
const PARAMETERS: [&str; 5] = [
    "EdgeSecretHashes=6a3bae9febde238fee9c756b680c1d0fed23f5340236f4ccfc224a838e5674d7",
    "EdgeRequired=true",
    "IssuerUrl=https://edge.example.com",
    "LoginBurst=2",
    "ThrottleWindow=600",
];

/// Deploys the artefact again, with an edge as the only way in beside these parameters, and uses the API directly and as two viewers of the edge.
pub(super) async fn prove(cloud: &Cloud, url: &str, parameters: &[&str]) -> Result<(), Error> {
    heading("Deploying again, behind an edge");
    let parameters = [parameters, &PARAMETERS].concat();
    cloud.deploy(Source::Artefact, &parameters).await?;
    heading("Directly, and through the edge");
    cloud.script("edge", &[url, SECRET]).await
}
