//! IP addresses, and the networks that they are in.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The bits of an IPv6 address that its holder did not choose: those of one link. The others change
/// daily (RFC 8981).
pub(crate) const LINK: u32 = 64;

/// The same of a customer, whom providers give up to 256 links.
pub(crate) const CUSTOMER: u32 = 56;

/// Reads a client's address as gateways and proxies write it: alone or with a port, which says
/// nothing about the client. IPv4 in IPv6 (RFC 4291 §2.5.5.2) is IPv4. `None` if it is not an
/// address.
pub(crate) fn read(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse().ok().map(|socket: SocketAddr| socket.ip());
    // CloudFront writes an IPv6 address and its port without brackets. Where the address is
    // compressed and the port has four digits or fewer, the text is an address itself, and is read
    // as such.
    let cut = || {
        let (address, port) = text.rsplit_once(':')?;
        port.parse::<u16>().ok()?;
        address.parse().ok()
    };
    let address = text.parse().ok().or_else(with_port).or_else(cut);
    address.map(|address: IpAddr| address.to_canonical())
}

/// The network of an address, as text: an IPv4 address itself, or the first `prefix` bits of an
/// IPv6 address, whose other bits are its holder's to choose.
pub(crate) fn of(address: IpAddr, prefix: u32) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let rest = u128::MAX.checked_shr(prefix).unwrap_or(0);
            let first = Ipv6Addr::from(u128::from(address) & !rest);
            format!("{first}/{prefix}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_a_port() {
        for (text, address) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:1234", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("[::ffff:192.0.2.1]:443", "192.0.2.1"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("2001:db8:1:2:3:4:5:6:443", "2001:db8:1:2:3:4:5:6"),
            ("2001:db8::1:46532", "2001:db8::1"),
            ("2001:db8::1:4653", "2001:db8::1:4653"),
        ] {
            let read = read(text).map(|address| address.to_string());
            assert_eq!(read.as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            ":",
            "nonsense",
            "192.0.2",
            "192.0.2.1, 192.0.2.2",
            "192.0.2.256",
            "192.0.2.1:http",
            "192.0.2.1:",
            "[2001:db8::1",
            "[]:443",
            "unix:",
            "fe80::1%eth0",
            "\u{661}92.0.2.1",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_network_is_the_first_bits_of_an_ipv6_address() {
        let of = |address: &str, prefix| of(address.parse().unwrap(), prefix);
        assert_eq!(of("2001:db8:1:2:3::4", 64), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2ff:3::4", 56), "2001:db8:1:200::/56");
        assert_eq!(of("2001:db8::1", 128), "2001:db8::1/128");
        assert_eq!(of("2001:db8::1", 0), "::/0");
        assert_eq!(of("192.0.2.1", 56), "192.0.2.1");
    }
}
