//! The roots that the AWS clients trust.

use std::path::Path;

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::ConfigError;

/// The roots of Amazon Trust Services.
const AMAZON: &[u8] = include_bytes!("../../../roots/amazon.pem");

/// The variable by which AWS's own tools are told of other roots.
pub(super) const BUNDLE: &str = "AWS_CA_BUNDLE";

/// The roots of the runtime `provided.al2023`.
const RUNTIME: &str = "/etc/pki/tls/certs/ca-bundle.crt";

/// The prefixes of Regions whose partitions may use other roots than those of Amazon Trust
/// Services: China, the European Sovereign Cloud, and the isolated ones. In the European Sovereign
/// Cloud certificates have roots of their own, which Amazon's have cross-signed
/// (<https://www.amazontrust.com/repository/>).
const OTHER_PARTITIONS: [&str; 4] = ["cn-", "eusc-", "us-iso", "eu-iso"];

/// The roots, in PEM: those of the file that `AWS_CA_BUNDLE` names; without it Amazon's, and in
/// other partitions also those of the runtime.
///
/// A function talks to AWS alone, and reading the hundred and fifty roots of the runtime takes
/// longer than all the rest of its start.
///
/// Certificates of the runtime that cannot be read are left out: its updates are not the owner's.
///
/// # Errors
///
/// [`ConfigError`] where the file that is named cannot be read, or holds no certificate or one that
/// cannot be read.
pub(super) fn of(bundle: Option<&str>, region: Option<&str>) -> Result<Vec<u8>, ConfigError> {
    choose(bundle, region, RUNTIME.as_ref())
}

pub(super) fn choose(
    bundle: Option<&str>,
    region: Option<&str>,
    runtime: &Path,
) -> Result<Vec<u8>, ConfigError> {
    if let Some(file) = bundle {
        return named(file.as_ref())
            .map_err(|problem| ConfigError::new(BUNDLE, format!("names a file that {problem}")));
    }
    let begins = |prefix: &&str| region.is_some_and(|region| region.starts_with(*prefix));
    let mut roots = AMAZON.to_vec();
    if OTHER_PARTITIONS.iter().any(begins) {
        // Without the file Amazon's roots are all there is.
        let runtime = std::fs::read(runtime).unwrap_or_default();
        roots.extend(certificates(&runtime).into_iter().flatten().flatten());
    }
    Ok(roots)
}

/// A client that trusts these roots alone.
///
/// # Errors
///
/// [`ConfigError`] where they are none.
pub(super) fn client(roots: Vec<u8>) -> Result<SharedHttpClient, ConfigError> {
    let trust = TrustStore::empty().with_pem_certificate(roots);
    let context = TlsContext::builder().with_trust_store(trust).build();
    let context = context.map_err(|_| ConfigError::new(BUNDLE, "holds no roots"))?;
    Ok(Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_https())
}

/// The certificates of a file, each of which can be read.
fn named(file: &Path) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(file).map_err(|error| format!("cannot be read: {error}"))?;
    let certificates = certificates(&pem);
    if certificates.is_empty() {
        return Err("holds no certificate".to_owned());
    }
    let all: Option<Vec<_>> = certificates.into_iter().collect();
    let all = all.ok_or("holds a certificate that cannot be read")?;
    Ok(all.concat())
}

/// The certificates of a bundle, in PEM (RFC 7468 §5); `None` in place of one that cannot be read,
/// of which the client would panic.
fn certificates(bundle: &[u8]) -> Vec<Option<Vec<u8>>> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let bundle = String::from_utf8_lossy(bundle);
    let parts = bundle.split(BEGIN).skip(1);
    let read = |part: &str| {
        let (body, _) = part.split_once(END)?;
        let pem = format!("{BEGIN}{body}{END}\n").into_bytes();
        let certificate = CertificateDer::from_pem_slice(&pem).ok()?;
        RootCertStore::empty().add(certificate).ok()?;
        Some(pem)
    };
    parts.map(read).collect()
}
