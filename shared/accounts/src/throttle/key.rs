//! The keys that attempts are counted by.

use std::fmt;

use aws_lc_rs::digest;

use crate::network::{CUSTOMER, LINK};
use crate::{Device, LoginName, Pseudonym, SessionId, UserId};

/// The key that attempts are counted by.
///
/// The counters of a login are of the name as it was typed, in its canonical form, never of the
/// account: a counter that two names share would tell that they are of one account, and a name that
/// nobody has must be counted alike. Names are hashed, so that nothing that strangers type is
/// stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrottleKey(String);

impl ThrottleKey {
    /// Logins with a name, whether or not anybody has it, from one network: an IPv4 address or an
    /// IPv6 /64.
    pub fn login(name: &LoginName, device: &Device) -> Self {
        Self(format!("login#{}#{}", hash(name), network(device, LINK)))
    }

    /// Logins to an account from the devices that have been signed in to it, all together.
    pub fn devices(user: UserId) -> Self {
        Self(format!("devices#{user}"))
    }

    /// Failed logins with a name, over all networks.
    pub fn name(name: &LoginName) -> Self {
        Self(format!("name#{}", hash(name)))
    }

    /// Failed logins from an address: an IPv4 address or an IPv6 /56.
    pub fn address(device: &Device) -> Self {
        Self(format!("address#{}", network(device, CUSTOMER)))
    }

    /// Registrations from an address: an IPv4 address or an IPv6 /56. A new name of an account is
    /// one too, for it tells as much about which names are taken.
    pub fn registration(device: &Device) -> Self {
        Self(format!("registration#{}", network(device, CUSTOMER)))
    }

    /// Mails to a mailbox that were asked for from one network: an IPv4 address or an IPv6 /64.
    pub fn mail(to: &Pseudonym, device: &Device) -> Self {
        Self(format!("mail#{to}#{}", network(device, LINK)))
    }

    /// Mails to an address, over all networks.
    pub fn mail_to(to: &Pseudonym) -> Self {
        Self(format!("mail_to#{to}"))
    }

    /// Sign-ups with an address from one network.
    pub fn sign_up(with: &Pseudonym, device: &Device) -> Self {
        Self(format!("sign_up#{with}#{}", network(device, LINK)))
    }

    /// Sign-ups with an address, over all networks.
    pub fn sign_up_with(address: &Pseudonym) -> Self {
        Self(format!("sign_up_with#{address}"))
    }

    /// Proofs of an address that owners of accounts asked for from one network.
    pub fn proof(of: &Pseudonym, device: &Device) -> Self {
        Self(format!("proof#{of}#{}", network(device, LINK)))
    }

    /// Proofs of an address that owners of accounts asked for, over all networks.
    pub fn proof_of(address: &Pseudonym) -> Self {
        Self(format!("proof_of#{address}"))
    }

    /// Proofs of any address that the owner of an account asked for. Each may be told to the present
    /// address, and has a code of its consent that could be guessed.
    pub fn proof_by(account: UserId) -> Self {
        Self(format!("proof_by#{account}"))
    }

    /// Mails that were asked for from a network, whatever the address: an IPv4 address or an IPv6
    /// /56.
    pub fn mail_from(device: &Device) -> Self {
        Self(format!("mail_from#{}", network(device, CUSTOMER)))
    }

    /// Codes of a second factor of an account from one network: an IPv4 address or an IPv6 /64.
    pub fn mfa(user: UserId, device: &Device) -> Self {
        Self(format!("mfa#{user}#{}", network(device, LINK)))
    }

    /// Codes of a second factor of an account from the devices that have been signed in to it, all
    /// together.
    pub fn mfa_devices(user: UserId) -> Self {
        Self(format!("mfa_devices#{user}"))
    }

    /// Changes of the password in a session.
    pub fn password(session: SessionId) -> Self {
        Self(format!("password#{session}"))
    }

    /// Changes of names in a session.
    pub fn rename(session: SessionId) -> Self {
        Self(format!("rename#{session}"))
    }

    /// Times that a session has ended all others.
    pub fn end_others(session: SessionId) -> Self {
        Self(format!("end_others#{session}"))
    }
}

impl fmt::Display for ThrottleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn hash(name: &LoginName) -> String {
    let hash = digest::digest(&digest::SHA256, name.as_str().as_bytes());
    hash.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

/// All whose address cannot be read count as one.
fn network(device: &Device, prefix: u32) -> String {
    let network = device.network(prefix);
    network.unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Email, Username};

    fn name() -> LoginName {
        LoginName::from(&Username::parse("ada").unwrap())
    }

    fn from(address: &str) -> Device {
        Device::new(Some(address), None)
    }

    #[test]
    fn addresses_of_one_network_count_as_one() {
        let login = |address: &str| ThrottleKey::login(&name(), &from(address));
        assert_eq!(login("2001:db8:1:2:3::4"), login("2001:db8:1:2:ffff::"));
        assert_ne!(login("2001:db8:1:2::"), login("2001:db8:1:3::"));
        for of in [ThrottleKey::address, ThrottleKey::registration] {
            let key = |address: &str| of(&from(address));
            assert_eq!(key("2001:db8:1:200::1"), key("2001:db8:1:2ff::1"));
            assert_ne!(key("2001:db8:1:200::1"), key("2001:db8:1:300::1"));
            assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
            assert_eq!(key("192.0.2.1:1234"), key("192.0.2.1:5678"));
            assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
            assert_eq!(key("nonsense"), of(&Device::default()));
        }
    }

    #[test]
    fn names_count_apart_and_so_do_networks() {
        let email = LoginName::from(&Email::parse("ada@example.com").unwrap());
        let here = from("192.0.2.1");
        let login = ThrottleKey::login(&name(), &here);
        assert_ne!(login, ThrottleKey::login(&email, &here));
        assert_ne!(login, ThrottleKey::login(&name(), &from("192.0.2.2")));
        assert_ne!(ThrottleKey::name(&name()), ThrottleKey::name(&email));
    }

    #[test]
    fn a_key_does_not_show_the_name() {
        let login = ThrottleKey::login(&name(), &Device::default()).to_string();
        let failures = ThrottleKey::name(&name()).to_string();
        for shown in [login, failures] {
            assert!(shown.len() > 64 && !shown.contains("ada"), "{shown}");
        }
    }
}
