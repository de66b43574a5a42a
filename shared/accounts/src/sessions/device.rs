//! The device that a request comes from.

use super::rough_kind;
use crate::network;

/// Where a sign-in came from, as the gateway, or an edge that the deployment believes, saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The client's IP address; `None` if none was given that can be read.
    pub address: Option<String>,
    /// The client's `User-Agent`, cut to [`Device::MAX_AGENT`] bytes.
    pub agent: Option<String>,
}

impl Device {
    /// The longest agent that is kept, in bytes: the header is the client's to fill.
    pub const MAX_AGENT: usize = 256;

    /// A device with its address read, without a port, and its agent cut to length and freed of
    /// control characters.
    pub fn new(address: Option<&str>, agent: Option<&str>) -> Self {
        let agent = agent.map(|agent| {
            let printable = agent.chars().filter(|c| !c.is_control());
            let mut kept = String::new();
            for c in printable {
                if kept.len() + c.len_utf8() > Self::MAX_AGENT {
                    break;
                }
                kept.push(c);
            }
            kept
        });
        Self {
            address: address
                .and_then(network::read)
                .map(|address| address.to_string()),
            agent: agent.filter(|agent| !agent.is_empty()),
        }
    }

    /// The network of its address, as text: an IPv4 address itself, or the first `prefix` bits of
    /// an IPv6 address; nothing where it has no address.
    pub(crate) fn network(&self, prefix: u32) -> Option<String> {
        let address = network::read(self.address.as_deref()?)?;
        Some(network::of(address, prefix))
    }

    /// The network of its address, as a mail names it to whom it concerns: an IPv4 address or an
    /// IPv6 /56; nothing where it has no address.
    pub fn rough_network(&self) -> Option<String> {
        self.network(network::CUSTOMER)
    }

    /// The kind of device, such as `Firefox, Linux`, in words of a closed list: nothing that its
    /// agent says is repeated. `None` where the list does not know it.
    pub fn rough_kind(&self) -> Option<String> {
        rough_kind::of(self.agent.as_deref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_cut_at_a_character_and_freed_of_control_characters() {
        let device = Device::new(None, Some(&format!("a\n\u{1b}{}", "é".repeat(1_000))));
        let agent = device.agent.unwrap();
        assert!(agent.starts_with("aé") && agent.len() == 255);
        assert_eq!(Device::new(None, Some("\n")).agent, None);
    }
}
