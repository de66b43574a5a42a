//! The share of a processor that Lambda gives a small function, by a quota of the kernel where it has one to give.

use std::path::PathBuf;

use crate::Error;

/// The memory for which Lambda gives one whole processor, in MB.
pub(super) const WHOLE_MB: f64 = 1769.0;

/// Microseconds in which the quota is counted, as Lambda's own is.
const PERIOD: u64 = 20_000;

/// The quota of one environment, so that none spends what another has. It is gone with this.
pub(super) struct Share {
    directory: PathBuf,
    members: PathBuf,
}

impl Share {
    /// The share of a function with so much memory.
    ///
    /// # Errors
    ///
    /// Where the kernel has no quota to give, or this user may not give it.
    pub(super) fn of(memory_mb: u64) -> Result<Self, Error> {
        let quota = ((PERIOD * memory_mb) as f64 / WHOLE_MB).floor().to_string();
        let name = format!("latchkey-bench-{}-{memory_mb}", std::process::id());
        let first = PathBuf::from("/sys/fs/cgroup/cpu");
        let (directory, files) = if first.exists() {
            let files = [
                ("cpu.cfs_period_us", PERIOD.to_string()),
                ("cpu.cfs_quota_us", quota),
            ];
            (first.join(name), files.to_vec())
        } else {
            let files = [("cpu.max", format!("{quota} {PERIOD}"))];
            (PathBuf::from("/sys/fs/cgroup").join(name), files.to_vec())
        };
        std::fs::create_dir(&directory)?;
        let share = Self {
            members: directory.join("cgroup.procs"),
            directory,
        };
        for (file, value) in files {
            std::fs::write(share.directory.join(file), value)?;
        }
        Ok(share)
    }

    /// Has a process make do with the share from now on.
    pub(super) fn limit(&self, process: u32) -> Result<(), Error> {
        Ok(std::fs::write(&self.members, process.to_string())?)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // It is empty by now; where it is not, it holds nothing but a name.
        let _ = std::fs::remove_dir(&self.directory);
    }
}
