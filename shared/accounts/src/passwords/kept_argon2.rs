//! Argon2 with memory that is kept from one hash to the next.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher};
use argon2::{Argon2, Block, Params};

/// Argon2 on memory that is allocated once and kept, since fresh memory costs a page fault for
/// every 4 KiB of it, which is almost as much time again as the hash. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct KeptArgon2 {
    params: Params,
    /// One hash at a time has it, as a function serves one request at a time.
    memory: Arc<Mutex<Vec<Block>>>,
}

impl KeptArgon2 {
    /// Allocates nothing yet.
    pub(crate) fn new(params: Params) -> Self {
        let memory = Arc::default();
        Self { params, memory }
    }

    /// Allocates the memory of a hash with these parameters, and writes to all of it.
    pub(crate) fn prepare(&self) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        // Where memory cannot be allocated, it is the hash that fails.
        let _ = grow(&mut memory, self.params.block_count());
    }

    /// The parameters of new hashes.
    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    /// Hashes with a fresh salt of 16 bytes.
    pub(crate) fn hash(&self, password: &[u8]) -> password_hash::Result<PasswordHash> {
        let salt = password_hash::try_generate_salt()?;
        self.hash_password_customized(password, &salt, None, None, self.params.clone())
    }
}

/// With this, the trait that verifies a password against a PHC string is implemented too.
impl CustomizedPasswordHasher<PasswordHash> for KeptArgon2 {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(argon2::Algorithm::try_from).transpose()?;
        let version = version.map(argon2::Version::try_from).transpose()?;
        let (algorithm, version) = (algorithm.unwrap_or_default(), version.unwrap_or_default());
        let salt = Salt::new(salt)?;
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let mut output = [0; Output::MAX_LENGTH];
        let output = output
            .get_mut(..length)
            .ok_or(password_hash::Error::OutputSize)?;

        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        // A stored hash may have taken more than a new one does.
        grow(&mut memory, params.block_count())?;
        let written = ParamsString::try_from(&params)?;
        Argon2::new(algorithm, version, params).hash_password_into_with_memory(
            password,
            &salt,
            output,
            &mut **memory,
        )?;
        memory.truncate(self.params.block_count());
        memory.shrink_to_fit();
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: written,
            salt: Some(salt),
            hash: Some(Output::new(output)?),
        })
    }
}

/// Grows the memory to at least so many blocks.
fn grow(memory: &mut Vec<Block>, blocks: usize) -> argon2::Result<()> {
    let missing = blocks.saturating_sub(memory.len());
    memory
        .try_reserve_exact(missing)
        .map_err(|_| argon2::Error::OutOfMemory)?;
    memory.resize(blocks.max(memory.len()), Block::default());
    Ok(())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    /// As little as Argon2 takes.
    fn params(memory_kib: u32) -> Params {
        Params::new(memory_kib, 2, 1, None).unwrap()
    }

    #[test]
    fn what_an_earlier_hash_left_in_memory_changes_nothing() {
        let kept = KeptArgon2::new(params(64));
        for password in [&b"one"[..], b"another", b"one"] {
            let hash = kept.hash(password).unwrap();
            let fresh = Argon2::from(params(64));
            let salt = hash.salt.unwrap();
            let expected = fresh.hash_password_with_salt(password, &salt).unwrap();
            assert_eq!(hash, expected);
        }
    }

    #[test]
    fn what_a_clone_prepares_is_there_for_the_first_hash() {
        let kept = KeptArgon2::new(params(64));
        kept.clone().prepare();
        let prepared = kept.memory.lock().unwrap().as_ptr();
        let hash = kept.hash(b"secret").unwrap();
        kept.verify_password(b"secret", &hash).unwrap();
        assert_eq!(kept.memory.lock().unwrap().as_ptr(), prepared);
        assert_eq!(kept.memory.lock().unwrap().len(), 64);
    }

    #[test]
    fn a_hash_of_other_parameters_is_verified_by_them() {
        let kept = KeptArgon2::new(params(64));
        for memory_kib in [32, 256, 64] {
            let other = Argon2::from(params(memory_kib));
            let hash: PasswordHash = other.hash_password(b"secret").unwrap();
            kept.verify_password(b"secret", &hash).unwrap();
            kept.verify_password(b"other", &hash).unwrap_err();
        }
    }
}
