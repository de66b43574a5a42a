//! A sealer for the local stack: a key in a file.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::{Purpose, SealingError};

/// Seals the private halves of the key ring with a key in a file: AES-256-GCM, nonce first, bound
/// to the purpose and the id of what is sealed. For the local stack.
#[derive(Debug)]
pub struct LocalSealer {
    key: RandomizedNonceKey,
}

const KEY_LEN: usize = 32;

impl LocalSealer {
    /// A sealer with the key in a file.
    ///
    /// # Errors
    ///
    /// [`SealingError::File`], [`SealingError::KeyFile`].
    pub fn open(file: &Path) -> Result<Self, SealingError> {
        let bytes = Zeroizing::new(fs::read(file)?);
        let key =
            RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| SealingError::KeyFile)?;
        Ok(Self { key })
    }

    /// The same, after making the key where there is no file yet, readable by its owner alone.
    ///
    /// # Errors
    ///
    /// [`SealingError::File`], [`SealingError::KeyFile`].
    pub fn open_or_create(file: &Path) -> Result<Self, SealingError> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        rand::fill(key.as_mut_slice()).map_err(|_| SealingError::Randomness)?;
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)
        {
            Ok(mut created) => created.write_all(key.as_slice())?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
        Self::open(file)
    }

    /// Seals the key of that purpose and id.
    ///
    /// # Errors
    ///
    /// [`SealingError::Randomness`].
    pub fn seal(&self, purpose: Purpose, id: &str, key: &[u8]) -> Result<Vec<u8>, SealingError> {
        let mut sealed = Zeroizing::new(key.to_vec());
        let nonce = self
            .key
            .seal_in_place_append_tag(context(purpose, id), &mut *sealed)
            .map_err(|_| SealingError::Randomness)?;
        Ok([nonce.as_ref(), sealed.as_slice()].concat())
    }

    /// Unseals the key of that purpose and id.
    ///
    /// # Errors
    ///
    /// [`SealingError::Unsealable`] where it is not what [`LocalSealer::seal`] made of that key.
    pub fn unseal(
        &self,
        purpose: Purpose,
        id: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let (nonce, sealed) = sealed
            .split_at_checked(NONCE_LEN)
            .ok_or(SealingError::Unsealable)?;
        let nonce =
            Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealingError::Unsealable)?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let length = self
            .key
            .open_in_place(nonce, context(purpose, id), &mut opened)
            .map_err(|_| SealingError::Unsealable)?
            .len();
        opened.truncate(length);
        Ok(opened)
    }
}

fn context(purpose: Purpose, id: &str) -> Aad<String> {
    Aad::from(format!("purpose={},id={id}", purpose.as_str()))
}

#[cfg(test)]
mod tests {
    use super::Purpose::{Factor, Mac, Sign};
    use super::*;

    fn sealer() -> (tempfile::TempDir, LocalSealer) {
        let folder = tempfile::tempdir().unwrap();
        let sealer = LocalSealer::open_or_create(&folder.path().join("key")).unwrap();
        (folder, sealer)
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_purpose_and_id_alone() {
        let (_folder, sealer) = sealer();
        let sealed = sealer.seal(Sign, "kid", b"private").unwrap();
        assert_eq!(*sealer.unseal(Sign, "kid", &sealed).unwrap(), b"private");
        assert!(sealer.unseal(Sign, "another", &sealed).is_err());
        assert!(sealer.unseal(Mac, "kid", &sealed).is_err());
        assert!(sealer.unseal(Factor, "kid", &sealed).is_err());
        assert!(
            self::sealer().1.unseal(Sign, "kid", &sealed).is_err(),
            "another sealing key"
        );
        assert!(!sealed.windows(7).any(|window| window == b"private"));
    }

    #[test]
    fn what_was_changed_or_cut_does_not_open() {
        let (_folder, sealer) = sealer();
        let sealed = sealer.seal(Sign, "kid", b"private").unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(
                sealer.unseal(Sign, "kid", &changed).is_err(),
                "bit of byte {index}"
            );
            assert!(
                sealer.unseal(Sign, "kid", &sealed[..index]).is_err(),
                "cut at {index}"
            );
        }
    }

    #[test]
    fn a_key_is_made_once_and_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        assert!(LocalSealer::open(&file).is_err());
        let first = LocalSealer::open_or_create(&file).unwrap();
        let sealed = first.seal(Sign, "kid", b"private").unwrap();
        assert!(
            LocalSealer::open_or_create(&file)
                .unwrap()
                .unseal(Sign, "kid", &sealed)
                .is_ok()
        );
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::write(&file, b"short").unwrap();
        assert!(matches!(
            LocalSealer::open(&file),
            Err(SealingError::KeyFile)
        ));
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), [0xAB; 32]).unwrap();
        let shown = format!(
            "{:?}",
            LocalSealer::open(&folder.path().join("key")).unwrap()
        );
        assert!(
            !shown.contains("171") && !shown.to_lowercase().contains("abab"),
            "{shown}"
        );
    }
}
