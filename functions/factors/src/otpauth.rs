//! The URI by which an authenticator takes a secret, and its QR code.

use accounts::TotpSecret;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::render::svg;
use qrcode::{QrCode, types::QrError};
use zeroize::Zeroizing;

/// Everything but the unreserved characters of RFC 3986 §2.3. A space is `%20`: some authenticators
/// show a `+` as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The width of a module in the units of the image, which are pixels unless a page says otherwise.
const MODULE: u32 = 4;

/// Returns the URI of a secret: `otpauth://totp/ISSUER:ACCOUNT?secret=SECRET&issuer=ISSUER`.
///
/// A colon divides the issuer from the account, also where it is encoded, and some authenticators
/// refuse a URI whose two issuers differ. So a name has no colon of its own. Algorithm, digits and
/// period are those that authenticators take without being told, and ignore where they are told
/// others.
pub fn uri(issuer: &str, account: &str, secret: &TotpSecret) -> Zeroizing<String> {
    let (issuer, account) = (encoded(issuer), encoded(account));
    let secret = secret.to_base32();
    Zeroizing::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
        secret.as_str()
    ))
}

fn encoded(name: &str) -> String {
    let words: Vec<_> = name
        .split([':', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    utf8_percent_encode(&words.join(" "), RESERVED).to_string()
}

/// Returns the host of an issuer's URL, the name that an authenticator shows.
pub fn host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or(rest)
}

/// Returns the QR code of a URI, as one element `svg`.
///
/// # Errors
///
/// [`QrError`] where the URI is longer than any QR code holds, some 2,300 bytes.
pub fn qr_code(uri: &str) -> Result<Zeroizing<String>, QrError> {
    let code = QrCode::new(uri)?;
    let mut image = code.render::<svg::Color<'_>>();
    let image = Zeroizing::new(image.module_dimensions(MODULE, MODULE).build());
    // The declaration before it is no part of an element, and has no place in a page.
    let start = image.find("<svg").unwrap_or_default();
    Ok(Zeroizing::new(image[start..].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    const PARAMETER: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn a_uri_names_issuer_account_and_secret() {
        let uri = uri("auth.example.com", "kim@example.com", &secret());
        let label = "otpauth://totp/auth.example.com:kim%40example.com";
        let expected = format!("{label}?{PARAMETER}&issuer=auth.example.com");
        assert_eq!(uri.as_str(), expected);
    }

    #[test]
    fn names_are_encoded_and_have_no_colon_of_their_own() {
        for (issuer, account, label, parameter) in [
            (
                "Käse & Co",
                "żółw",
                "K%C3%A4se%20%26%20Co:%C5%BC%C3%B3%C5%82w",
                "K%C3%A4se%20%26%20Co",
            ),
            (
                "Kites: Berlin",
                "a:b",
                "Kites%20Berlin:a%20b",
                "Kites%20Berlin",
            ),
            ("::Kites::", "a", "Kites:a", "Kites"),
            (
                "100%?#/+=",
                "a",
                "100%25%3F%23%2F%2B%3D:a",
                "100%25%3F%23%2F%2B%3D",
            ),
        ] {
            let uri = uri(issuer, account, &secret());
            let expected = format!("otpauth://totp/{label}?{PARAMETER}&issuer={parameter}");
            assert_eq!(uri.as_str(), expected);
        }
    }

    #[test]
    fn the_host_of_an_issuer_is_without_scheme_port_and_path() {
        for (issuer, name) in [
            ("https://auth.example.com", "auth.example.com"),
            ("https://auth.example.com:8443/kites", "auth.example.com"),
            ("https://example.com/auth", "example.com"),
            ("http://localhost:3000", "localhost"),
        ] {
            assert_eq!(host(issuer), name);
        }
    }

    #[test]
    fn a_qr_code_is_one_element_for_a_page() {
        let uri = uri("auth.example.com", "kim@example.com", &secret());
        let image = qr_code(&uri).unwrap();
        assert!(image.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
        assert!(image.ends_with("</svg>"));
        assert_eq!(image.matches('<').count(), 4, "svg, rect, path and the end");
    }

    #[test]
    fn the_longest_names_fit_a_qr_code() {
        let (issuer, account) = ("a".repeat(253), "@".repeat(254));
        assert!(qr_code(&uri(&issuer, &account, &secret())).is_ok());
        assert!(qr_code(&"a".repeat(3_000)).is_err());
    }
}
