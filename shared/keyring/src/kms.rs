//! A sealer that asks AWS KMS.

use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{Builder, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeyPairSpec;
use aws_types::SdkConfig;
use claims::Algorithm;
use tables::SealedKey;
use zeroize::Zeroizing;

use crate::{NewSigningKey, Purpose, SealingError};

/// The member of the encryption context that IAM policies have conditions on.
const PURPOSE: &str = "purpose";

/// AWS KMS makes and seals keys, so that the rotation never sees one, and unseals them for
/// functions that IAM permits to.
#[derive(Clone, Debug)]
pub struct KmsSealer {
    client: Client,
    key: String,
}

impl KmsSealer {
    /// A sealer with the symmetric KMS key of that id or ARN. A key that another KMS key has sealed
    /// is opened with that one, so that a new one can take over at a rotation.
    ///
    /// An attempt gets two seconds and a call six, retries included: KMS takes its time over an RSA
    /// key, and the SDK sets no limit at all.
    pub fn new(config: &SdkConfig, key: &str) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(2))
            .operation_timeout(Duration::from_secs(6))
            .build();
        let config = Builder::from(config)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .build();
        Self {
            client: Client::from_conf(config),
            key: key.to_owned(),
        }
    }

    pub(crate) async fn signing_key(
        &self,
        algorithm: Algorithm,
    ) -> Result<NewSigningKey, SealingError> {
        let operation = "GenerateDataKeyPairWithoutPlaintext";
        let made = self
            .client
            .generate_data_key_pair_without_plaintext()
            .key_id(&self.key)
            .key_pair_spec(match algorithm {
                Algorithm::Rs256 => DataKeyPairSpec::Rsa2048,
                Algorithm::Es256 => DataKeyPairSpec::EccNistP256,
                Algorithm::EdDsa => DataKeyPairSpec::EccNistEdwards25519,
            })
            .encryption_context(PURPOSE, Purpose::Sign.as_str())
            .send()
            .await
            .map_err(|error| SealingError::kms(operation, &error))?;
        let incomplete = || SealingError::incomplete(operation);
        let public = made.public_key.ok_or_else(incomplete)?;
        let sealed = made.private_key_ciphertext_blob.ok_or_else(incomplete)?;
        Ok(NewSigningKey {
            jwk: claims::jwk_of_spki(algorithm, public.as_ref())?,
            sealed: self.sealed(sealed, made.key_id),
        })
    }

    /// Makes a symmetric key of that many bytes.
    pub(crate) async fn data_key(
        &self,
        purpose: Purpose,
        length: usize,
    ) -> Result<SealedKey, SealingError> {
        let operation = "GenerateDataKeyWithoutPlaintext";
        let made = self
            .client
            .generate_data_key_without_plaintext()
            .key_id(&self.key)
            .number_of_bytes(i32::try_from(length).unwrap_or(i32::MAX))
            .encryption_context(PURPOSE, purpose.as_str())
            .send()
            .await
            .map_err(|error| SealingError::kms(operation, &error))?;
        let sealed = made.ciphertext_blob;
        let sealed = sealed.ok_or_else(|| SealingError::incomplete(operation))?;
        Ok(self.sealed(sealed, made.key_id))
    }

    /// A key that KMS has sealed, with the ARN that it answers with.
    fn sealed(&self, blob: Blob, arn: Option<String>) -> SealedKey {
        SealedKey {
            bytes: blob.into_inner(),
            kms_key: Some(arn.unwrap_or_else(|| self.key.clone())),
        }
    }

    pub(crate) async fn unseal(
        &self,
        purpose: Purpose,
        sealed: &SealedKey,
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let answer = self
            .client
            .decrypt()
            // KMS would take the id out of what is sealed, and with it anybody's key. The policy of
            // the function decides which keys the ring may name.
            .key_id(opener(sealed.kms_key.as_deref(), &self.key))
            .ciphertext_blob(Blob::new(sealed.bytes.as_slice()))
            .encryption_context(PURPOSE, purpose.as_str())
            .send()
            .await;
        let answer = answer.map_err(|error| match error.as_service_error() {
            Some(service)
                if service.is_invalid_ciphertext_exception()
                    || service.is_incorrect_key_exception() =>
            {
                SealingError::Unsealable
            }
            _ => SealingError::kms("Decrypt", &error),
        })?;
        let opened = answer.plaintext.ok_or(SealingError::Unsealable)?;
        Ok(Zeroizing::new(opened.into_inner()))
    }
}

/// The KMS key that opens what another one has sealed: that one, or its replica where `own` is that.
/// Replicas have the same id and open each other's texts, each in its own Region
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html>).
fn opener<'a>(sealed_by: Option<&'a str>, own: &'a str) -> &'a str {
    let id = |arn: &'a str| arn.rsplit('/').next().filter(|id| id.starts_with("mrk-"));
    match sealed_by {
        Some(arn) if id(arn).is_none() || id(arn) != id(own) => arn,
        _ => own,
    }
}

#[cfg(test)]
mod tests {
    use super::opener;

    #[test]
    fn a_key_is_opened_with_the_one_that_sealed_it_or_with_its_replica_here() {
        let arn =
            |region: &str, id: &str| format!("arn:aws-eusc:kms:{region}:123456789012:key/{id}");
        let (old, new) = (arn("eu-west-1", "1"), arn("eu-west-1", "2"));
        let (there, here) = (arn("eu-west-1", "mrk-1"), arn("us-east-1", "mrk-1"));
        let another = arn("us-east-1", "mrk-2");
        assert_eq!(opener(None, &new), new);
        assert_eq!(opener(Some(&old), &new), old);
        assert_eq!(opener(Some(&there), &here), here);
        assert_eq!(opener(Some(&there), &another), there);
        assert_eq!(
            opener(Some(&arn("us-east-1", "1")), &old),
            arn("us-east-1", "1")
        );
    }
}
