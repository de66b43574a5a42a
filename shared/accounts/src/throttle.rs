use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use aws_lc_rs::digest;

use crate::{Device, LoginName, SessionId, Timestamp, UserId};

/// What attempts are counted for. Names are hashed: whatever strangers type is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrottleKey(String);

impl ThrottleKey {
    /// Logins with a name, whether or not anybody has it.
    pub fn login(name: &LoginName) -> Self {
        let hash = digest::digest(&digest::SHA256, name.as_str().as_bytes());
        let hash: String = hash.as_ref().iter().map(|b| format!("{b:02x}")).collect();
        Self(format!("login#{hash}"))
    }

    /// Logins from a device that has been signed in before.
    pub fn device(session: SessionId) -> Self {
        Self(format!("device#{session}"))
    }

    /// Passwords given for a change by somebody who is signed in.
    pub fn password(user: UserId) -> Self {
        Self(format!("password#{user}"))
    }

    /// Registrations from an address.
    pub fn registration(device: &Device) -> Self {
        Self(format!("registration#{}", network(device)))
    }

    /// Failed logins from an address.
    pub fn address(device: &Device) -> Self {
        Self(format!("address#{}", network(device)))
    }
}

impl fmt::Display for ThrottleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An IPv4 address, or the first half of an IPv6 one: the other half is its holder's to choose.
fn network(device: &Device) -> String {
    let address = device.address.as_deref().and_then(|text| text.parse().ok());
    match address.map(|address: IpAddr| address.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// How many attempts there may be: `burst` in a window, twice that in eight windows, four times that
/// in 64. So whoever goes on has to wait longer and longer, and nobody for ever.
///
/// An attempt is spent whether it succeeds or not, and comes back when its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    burst: usize,
    window: u64,
}

impl Allowance {
    /// The largest burst, so that the times of the attempts that count fit one small item.
    pub const MAX_BURST: u32 = 20;

    /// An allowance of so many attempts in so many seconds; with a burst of 0 there is no limit.
    pub fn new(burst: u32, window: u32) -> Self {
        Self {
            burst: burst.min(Self::MAX_BURST) as usize,
            window: window.into(),
        }
    }

    /// Whether there is no limit.
    pub fn is_unlimited(self) -> bool {
        self.burst == 0
    }

    /// The limits: how many attempts, in how many seconds; each longer than the one before.
    pub fn limits(self) -> [(usize, u64); 3] {
        [(1, 1), (2, 8), (4, 64)].map(|(bursts, windows)| {
            let seconds = self.window.saturating_mul(windows);
            (self.burst * bursts, seconds)
        })
    }

    /// How long until there may be another attempt, in seconds; nothing where there may be one now.
    /// `earlier` are the times of the attempts so far, the newest first.
    pub fn wait(self, earlier: &[Timestamp], now: Timestamp) -> Option<u64> {
        let waits = self.limits().into_iter().filter_map(|(attempts, seconds)| {
            let oldest = earlier.get(attempts.checked_sub(1)?)?;
            let until = oldest.saturating_add(seconds);
            until.checked_sub(now).filter(|wait| *wait > 0)
        });
        waits.max()
    }
}

/// How many failures an address may have: `failures` in a window, four times that in 64. Both begin
/// anew when their time is over, for many people may share an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailureLimit {
    failures: u64,
    window: u64,
}

/// How many failures there have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// In the current window.
    pub window: u64,
    /// In the current period of 64 windows.
    pub period: u64,
}

impl FailureLimit {
    const WINDOWS: u64 = 64;

    /// A limit of so many failures in so many seconds; 0 is no limit.
    pub fn new(failures: u32, window: u32) -> Self {
        Self {
            failures: failures.into(),
            window: u64::from(window).max(1),
        }
    }

    /// Whether there is no limit.
    pub fn is_unlimited(self) -> bool {
        self.failures == 0
    }

    /// The number of the current window within its period, and that of the period.
    pub fn position(self, now: Timestamp) -> (u64, u64) {
        let window = now / self.window;
        (window % Self::WINDOWS, window / Self::WINDOWS)
    }

    /// When the current period ends.
    pub fn period_end(self, now: Timestamp) -> Timestamp {
        let length = self.window.saturating_mul(Self::WINDOWS);
        (now / length).saturating_add(1).saturating_mul(length)
    }

    /// How long until another attempt is looked at, in seconds; nothing where one is now.
    pub fn wait(self, failures: Failures, now: Timestamp) -> Option<u64> {
        if self.is_unlimited() {
            None
        } else if failures.period >= self.failures.saturating_mul(4) {
            Some(self.period_end(now) - now)
        } else if failures.window >= self.failures {
            Some(self.window - now % self.window)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_spent_and_comes_back_attempt_by_attempt() {
        let allowance = Allowance::new(3, 60);
        assert_eq!(allowance.wait(&[], 1_000), None);
        assert_eq!(allowance.wait(&[999, 990], 1_000), None);
        assert_eq!(allowance.wait(&[999, 990, 980], 1_000), Some(40));
        assert_eq!(allowance.wait(&[999, 990, 941], 1_000), Some(1));
        assert_eq!(allowance.wait(&[999, 990, 940], 1_000), None);
    }

    #[test]
    fn whoever_goes_on_waits_longer_and_never_for_ever() {
        let allowance = Allowance::new(2, 10);
        let (mut earlier, mut now, mut longest) = (Vec::new(), 1_000, 0);
        for _ in 0..50 {
            if let Some(wait) = allowance.wait(&earlier, now) {
                longest = longest.max(wait);
                now += wait;
            }
            assert_eq!(allowance.wait(&earlier, now), None);
            earlier.insert(0, now);
        }
        assert!((80..=640).contains(&longest), "{longest}");
        assert!(now - 1_000 > 50 / 8 * 600, "{now}");
    }

    #[test]
    fn no_burst_is_no_limit() {
        let allowance = Allowance::new(0, 60);
        assert!(allowance.is_unlimited());
        assert_eq!(allowance.wait(&[1_000; 100], 1_000), None);
        assert_eq!(
            FailureLimit::new(0, 60).wait(
                Failures {
                    window: 1_000,
                    period: 1_000
                },
                0
            ),
            None
        );
    }

    #[test]
    fn failures_of_an_address_count_until_their_window_and_their_period_end() {
        let limit = FailureLimit::new(5, 10);
        let wait = |window, period, now| limit.wait(Failures { window, period }, now);
        assert_eq!(wait(4, 4, 643), None);
        assert_eq!(wait(5, 5, 643), Some(7));
        assert_eq!(wait(0, 19, 643), None);
        assert_eq!(wait(0, 20, 643), Some(637));
        assert_eq!(
            (limit.position(643), limit.period_end(643)),
            ((0, 1), 1_280)
        );
        assert_eq!(limit.position(1_279), (63, 1));
    }

    #[test]
    fn addresses_of_one_network_count_as_one() {
        let key = |address: &str| ThrottleKey::address(&Device::new(Some(address), None));
        assert_eq!(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::"));
        assert_ne!(key("2001:db8:1:2::"), key("2001:db8:1:3::"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_eq!(key("nonsense"), ThrottleKey::address(&Device::default()));
    }

    #[test]
    fn a_key_does_not_show_the_name() {
        let name = LoginName::from(&crate::Username::parse("ada").unwrap());
        let shown = ThrottleKey::login(&name).to_string();
        assert!(shown.len() == 70 && !shown.contains("ada"), "{shown}");
    }
}
