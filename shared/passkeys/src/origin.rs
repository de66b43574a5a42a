//! The names of the domain and of the pages, as an operator sets them.

/// Returns whether a text is a domain in its canonical form: lower-case ASCII with a dot, as
/// internationalised names have it in Punycode, and no address.
pub(crate) fn is_domain(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_label = |label: &str| {
        let ends = label.starts_with('-') || label.ends_with('-');
        (1..=63).contains(&label.len()) && label.bytes().all(is_letter) && !ends
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    let is_named = text == LOCALHOST || text.contains('.');
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 253 && is_named && !is_number && text.split('.').all(is_label)
}

/// Browsers trust it without TLS, for development.
pub(crate) const LOCALHOST: &str = "localhost";

/// Returns the host of an origin in its canonical form (RFC 6454 §6.2): `https`, a domain, and a
/// port where it is not 443. At localhost it may be `http`, with a port where it is not 80.
pub(crate) fn host(origin: &str) -> Option<&str> {
    let (scheme, rest) = origin.split_once("://")?;
    let (host, port) = match rest.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    let is_local = host == LOCALHOST || host.ends_with(".localhost");
    let usual = match scheme {
        "https" => 443,
        "http" if is_local => 80,
        _ => return None,
    };
    let is_port = |text: &str| {
        let port = text
            .parse::<u16>()
            .ok()
            .filter(|it| *it != 0 && *it != usual);
        port.is_some_and(|port| port.to_string() == text)
    };
    (is_domain(host) && port.is_none_or(is_port)).then_some(host)
}

/// Returns whether a host is a domain or lies below it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    let before = host.strip_suffix(domain);
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
