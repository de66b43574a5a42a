//! The parts of the key ring that a reader asks for.

/// A set of parts of the key ring. The public halves of the signing keys and their times belong to
/// each. A function reads no more than it uses, so that it never holds a sealed key that its role
/// may not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingParts(u8);

impl RingParts {
    /// The public halves of the signing keys and their times.
    pub const PUBLIC: Self = Self(0);
    /// The times of the MAC keys: enough to issue tickets, and not to compute their texts.
    pub const MAC_TIMES: Self = Self(1);
    /// The sealed MAC keys and their times.
    pub const MACS: Self = Self(0b11);
    /// The sealed signing keys.
    pub const SIGNING: Self = Self(0b100);
    /// The sealed factor keys and their times.
    pub const FACTORS: Self = Self(0b1000);
    /// All of it.
    pub const WHOLE: Self = Self(0b1111);

    /// These parts and those.
    #[must_use]
    pub const fn and(self, parts: Self) -> Self {
        Self(self.0 | parts.0)
    }

    /// Returns whether all of these parts are among them.
    pub const fn include(self, parts: Self) -> bool {
        self.0 & parts.0 == parts.0
    }
}
