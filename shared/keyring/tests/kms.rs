//! Keys that KMS makes, against a KMS at the address that `LATCHKEY_KMS` names.

use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_types::SdkConfig;
use claims::{Algorithm, PrivateKey};
use keyring::{KmsSealer, Purpose, Sealer, SealingError};

fn config() -> SdkConfig {
    let endpoint = std::env::var("LATCHKEY_KMS").expect("LATCHKEY_KMS, the address of a KMS");
    let credentials = Credentials::new("local", "local", None, None, "local");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .build()
}

async fn sealer() -> Sealer {
    let config = config();
    let made = aws_sdk_kms::Client::new(&config).create_key().send().await;
    let made = made.expect("KMS answers").key_metadata.expect("a key");
    Sealer::Kms(KmsSealer::new(&config, made.key_id()))
}

#[tokio::test]
#[ignore = "needs a KMS; `cargo xtask test` brings one"]
async fn a_signing_key_of_each_algorithm_is_made_sealed_and_signs_when_it_is_opened() {
    let sealer = sealer().await;
    for algorithm in Algorithm::ALL {
        let made = sealer.signing_key(algorithm).await.expect("a key");
        let kid = made.jwk.common.key_id.expect("a name");
        let opened = sealer.unseal(Purpose::Sign, &kid, &made.sealed).await;
        let opened = opened.expect("what KMS sealed opens");
        let key = PrivateKey::from_pkcs8(algorithm, &opened).expect("PKCS#8");
        assert_eq!(key.kid(), kid, "{algorithm}");
        let (head, tail) = (&opened[..16], &opened[opened.len() - 16..]);
        for part in [head, tail] {
            assert!(!made.sealed.bytes.windows(16).any(|window| window == part));
        }
    }
}

#[tokio::test]
#[ignore = "needs a KMS; `cargo xtask test` brings one"]
async fn what_is_sealed_opens_for_its_purpose_and_under_its_kms_key_alone() {
    let (one, other) = (sealer().await, sealer().await);
    let sealed = one.mac_key("0123456789abcdef").await.expect("a key");
    let others = other.mac_key("0123456789abcdef").await.expect("a key");
    assert!(sealed.kms_key.is_some() && sealed.kms_key != others.kms_key);
    let opened = one.unseal(Purpose::Mac, "", &sealed).await;
    let opened = opened.expect("what KMS sealed opens");
    assert_eq!(opened.len(), 32);
    let factor = one.factor_key("0123456789abcdef").await.expect("a key");
    let opened_factor = one.unseal(Purpose::Factor, "", &factor).await;
    assert_eq!(opened_factor.expect("what KMS sealed opens").len(), 32);
    for (purpose, sealed) in [
        (Purpose::Sign, &sealed),
        (Purpose::Factor, &sealed),
        (Purpose::Mac, &factor),
    ] {
        let another_purpose = one.unseal(purpose, "", sealed).await;
        assert!(matches!(another_purpose, Err(SealingError::Unsealable)));
    }
    let mut changed = sealed.clone();
    *changed.bytes.last_mut().expect("not empty") ^= 1;
    let mut renamed = sealed.clone();
    renamed.kms_key = others.kms_key;
    let taken_over = other.unseal(Purpose::Mac, "", &sealed).await;
    let taken_over = taken_over.expect("the key that sealed it opens it");
    assert_eq!(taken_over, opened, "another key has taken over since");
    // AWS refuses these; an emulator that does not authenticate opens something else.
    for refused in [
        one.unseal(Purpose::Mac, "", &renamed).await,
        one.unseal(Purpose::Mac, "", &changed).await,
    ] {
        assert!(refused.is_err() || refused.is_ok_and(|other| other != opened));
    }
}

#[tokio::test]
#[ignore = "needs a KMS; `cargo xtask test` brings one"]
async fn a_kms_key_that_does_not_exist_is_a_fault_without_a_message_of_the_sdk() {
    let sealer = Sealer::Kms(KmsSealer::new(
        &config(),
        "00000000-0000-4000-8000-000000000000",
    ));
    let error = sealer
        .signing_key(Algorithm::Es256)
        .await
        .expect_err("no key");
    assert_eq!(
        error.to_string(),
        "KMS GenerateDataKeyPairWithoutPlaintext failed: NotFoundException"
    );
}
