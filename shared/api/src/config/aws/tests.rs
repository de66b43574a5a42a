//! Roots and switches, against a server with a certificate of a root of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tables::{Keys, RingParts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::{of, roots};

/// An answer of DynamoDB to `GetItem`: there is no such item.
const NO_ITEM: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\n\
    content-length: 2\r\nconnection: close\r\n\r\n{}";

/// A server of TLS on loopback.
struct Server {
    url: String,
    /// The file with its root.
    root: PathBuf,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start() -> Self {
        let key = || KeyPair::generate().expect("a key");
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.distinguished_name.push(DnType::CommonName, "Root");
        let root = CertifiedIssuer::self_signed(root, key()).expect("a root");
        let own_key = key();
        let own = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let own = own.signed_by(&own_key, &root).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("root.pem");
        std::fs::write(&file, root.pem()).expect("a file");

        let private = PrivateKeyDer::Pkcs8(own_key.serialize_der().into());
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![own.der().clone()], private);
        let acceptor = TlsAcceptor::from(Arc::new(config.expect("a certificate and its key")));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut stream = acceptor.accept(connection).await?;
                    let mut request = [0; 8_192];
                    if stream.read(&mut request).await? > 0 {
                        stream.write_all(NO_ITEM).await?;
                    }
                    stream.shutdown().await
                });
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
            root: file,
            _folder: folder,
        }
    }

    /// Variables of a function that finds AWS here.
    fn variables(&self, more: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        let own = [
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", &self.url),
        ];
        let all: Vec<_> = own
            .iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        move |name| {
            let mut last = all.iter().rev();
            last.find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        }
    }
}

async fn answers(config: &aws_types::SdkConfig) -> bool {
    let keys = Keys::new(&tables::connect(config), "Keys");
    let read = keys.read(RingParts::PUBLIC).await;
    matches!(read, Ok(None))
}

#[tokio::test]
async fn a_root_of_the_bundle_is_trusted_and_without_it_amazons_alone_are() {
    let server = Server::start().await;
    let bundle = server.root.display().to_string();
    let trusting = of(&server.variables(&[(roots::BUNDLE, &bundle)])).expect("a bundle");
    assert!(answers(&trusting).await);
    let amazons = of(&server.variables(&[])).expect("a configuration");
    assert!(!answers(&amazons).await, "nobody else's root is trusted");
}

#[tokio::test]
async fn in_other_partitions_the_roots_of_the_runtime_are_trusted_too() {
    let server = Server::start().await;
    let config = of(&server.variables(&[])).expect("a configuration");
    let nowhere = server.root.with_extension("none");
    let damaged = server.root.with_extension("damaged");
    std::fs::write(&damaged, among_damaged(&server.root)).expect("a file");
    for (region, file, trusts) in [
        ("eusc-de-east-1", &server.root, true),
        ("cn-north-1", &server.root, true),
        ("us-iso-east-1", &server.root, true),
        ("us-iso-east-1", &damaged, true),
        ("eusc-de-east-1", &nowhere, false),
        ("eu-west-1", &server.root, false),
        ("us-gov-west-1", &server.root, false),
    ] {
        let chosen = roots::choose(None, Some(region), file).expect("roots");
        let client = roots::client(chosen).expect("a client");
        let config = config.to_builder().http_client(client).build();
        assert_eq!(answers(&config).await, trusts, "{region}");
    }
}

/// A bundle of a root among others that cannot be read: no base64, no certificate, the bytes of one
/// without its end, and one that ends too early.
fn among_damaged(root: &Path) -> String {
    let root = std::fs::read_to_string(root).expect("a root");
    let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
    let half = &root[..root.len() / 2];
    format!("{begin}\n!\n{end}\n{begin}\nAAAA\n{end}\n{half}\n{end}\n# A name\n{root}{half}\n")
}

#[test]
fn a_named_bundle_with_a_damaged_certificate_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bundle.pem");
    let root = folder.path().join("root.pem");
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a root");
    std::fs::write(&root, own.cert.pem()).expect("a file");
    let choose = |bundle: &str| {
        std::fs::write(&file, bundle).expect("a file");
        roots::choose(file.to_str(), None, &file).map_err(|error| error.problem)
    };
    let whole = std::fs::read_to_string(&root).expect("a root");
    assert!(choose(&whole).is_ok_and(|roots| !roots.is_empty()));
    let end = "-----END CERTIFICATE-----";
    for damaged in [
        among_damaged(&root),
        whole.replace(end, ""),
        format!("{whole}{}", whole.replace("MII", "???")),
        format!("{whole}{}", &whole[..whole.len() - end.len() - 8]),
    ] {
        let says = "names a file that holds a certificate that cannot be read";
        assert_eq!(choose(&damaged), Err(says.to_owned()), "{damaged}");
    }
}

#[test]
fn a_bundle_that_is_none_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bundle.pem");
    let choose = || roots::choose(file.to_str(), None, &file).expect_err("no bundle");
    assert!(
        choose()
            .problem
            .starts_with("names a file that cannot be read")
    );
    std::fs::write(&file, "no certificate").expect("a file");
    assert_eq!(choose().problem, "names a file that holds no certificate");
}

#[test]
fn the_switches_of_the_sdk_are_honoured() {
    let variables = |fips: &str, dual: &str| {
        let set = [
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_USE_FIPS_ENDPOINT", fips),
            ("AWS_USE_DUALSTACK_ENDPOINT", dual),
        ];
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        of(&move |name| {
            let mut set = set.iter();
            set.find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        })
    };
    let switches = |fips, dual| {
        let config = variables(fips, dual).expect("a configuration");
        (config.use_fips(), config.use_dual_stack())
    };
    assert_eq!(switches("true", ""), (Some(true), None));
    assert_eq!(switches("", "TRUE"), (None, Some(true)));
    assert_eq!(switches("false", "False"), (Some(false), Some(false)));
    let error = variables("yes", "").expect_err("no switch");
    let says = "AWS_USE_FIPS_ENDPOINT must be true or false.";
    assert_eq!(error.to_string(), says);
}
