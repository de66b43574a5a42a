//! TLS in front of the local engine, since every endpoint of AWS has it: with a certificate that is made on the spot.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use local::workspace;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::Error;

/// Where certificates of the system are, on the distributions that it is worth knowing of.
const SYSTEM: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

pub(super) struct Tls {
    /// Where it listens.
    pub(super) url: String,
    /// The root that it takes, and those of Amazon.
    pub(super) root: PathBuf,
    /// That root among those of the system, as a function that trusts these would find it.
    pub(super) system: PathBuf,
    server: JoinHandle<()>,
}

impl Tls {
    /// Listens in front of what listens at `behind`; the roots are written to `directory`.
    pub(super) async fn before(behind: &str, directory: &Path) -> Result<Self, Error> {
        let mut authority = CertificateParams::new(Vec::new())?;
        // OpenSSL calls a certificate self-signed whose issuer is called what it is called itself.
        authority
            .distinguished_name
            .push(DnType::CommonName, "a root");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate()?;
        let root_pem = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate()?;
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()])?.signed_by(&key, &issuer)?;
        let private = PrivateKeyDer::try_from(key.serialize_der())?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)?;

        let (root, system) = (directory.join("root.pem"), directory.join("system.pem"));
        // A function reads as many roots as it does on AWS.
        let amazon = std::fs::read_to_string(workspace().join("shared/api/roots/amazon.pem"))?;
        std::fs::write(&root, amazon + &root_pem)?;
        let known = SYSTEM
            .iter()
            .find_map(|file| std::fs::read_to_string(file).ok());
        std::fs::write(&system, known.unwrap_or_default() + &root_pem)?;

        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("https://localhost:{}", listener.local_addr()?.port());
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let behind = behind.trim_start_matches("http://").to_owned();
        let server = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(acceptor.clone(), client, behind.clone()));
            }
        });
        Ok(Self {
            url,
            root,
            system,
            server,
        })
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A connection that breaks is the client's to notice.
async fn relay(acceptor: TlsAcceptor, client: TcpStream, behind: String) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = acceptor.accept(client).await?;
    let mut engine = TcpStream::connect(behind).await?;
    engine.set_nodelay(true)?;
    copy_bidirectional(&mut client, &mut engine).await?;
    Ok(())
}
