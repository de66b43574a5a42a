//! The relying party of the local stack: whose passkeys it takes, and from which pages.

use std::collections::BTreeMap;

use local::environment::Variable;

/// The variable that names the relying party. Where it is empty, there are no passkeys.
const RP_ID: &str = "PASSKEY_RP_ID";

/// The variable with the origins of pages whose passkeys are taken.
const ORIGINS: &str = "PASSKEY_ORIGINS";

/// The one name of this machine that browsers take: [an IP address is no RP
/// ID](https://www.w3.org/TR/webauthn-3/#relying-party-identifier).
const HOST: &str = "localhost";

/// The chosen variables, before which there are those of passkeys for `localhost`: of two, the last one counts.
///
/// Passkeys are taken from pages of the API itself and, of the origins that may call it, from those at `localhost`.
pub(crate) fn with_relying_party(
    chosen: Vec<Variable>,
    api: &str,
    cors: &[String],
) -> Vec<Variable> {
    let pages = cors.iter().filter(|origin| is_local(origin));
    let origins: Vec<_> = [api].into_iter().chain(pages.map(String::as_str)).collect();
    let own = if is_off(&chosen) {
        vec![(ORIGINS, String::new())]
    } else {
        vec![(RP_ID, HOST.to_owned()), (ORIGINS, origins.join(","))]
    };
    let own = own
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    own.chain(chosen).collect()
}

fn is_off(chosen: &[Variable]) -> bool {
    let rp_id = chosen.iter().rev().find(|(name, _)| name == RP_ID);
    rp_id.is_some_and(|(_, value)| value.is_empty())
}

fn is_local(origin: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let label = host.strip_suffix(HOST);
    label.is_some_and(|label| label.is_empty() || label.ends_with('.'))
}

/// A line for the terminal, and one more for each page that may call the API and has no passkeys.
pub(crate) fn report(variables: &BTreeMap<String, String>, cors: &[String]) -> String {
    let [rp_id, origins] =
        [RP_ID, ORIGINS].map(|name| variables.get(name).map_or("", String::as_str));
    if rp_id.is_empty() {
        return format!("Passkeys are off, since {RP_ID} is empty");
    }
    let mut lines = format!(
        "Passkeys are for {rp_id}, on pages of {}",
        origins.replace(',', " and ")
    );
    for origin in cors {
        if !origins.split(',').any(|taken| taken == origin) {
            lines += &format!("\nPages of {origin} have no passkeys: they are not at {rp_id}");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "http://localhost:9000";

    fn variables(chosen: &[(&str, &str)], cors: &[&str]) -> BTreeMap<String, String> {
        let chosen = chosen
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let cors: Vec<_> = cors.iter().map(|origin| (*origin).to_owned()).collect();
        with_relying_party(chosen.collect(), API, &cors)
            .into_iter()
            .collect()
    }

    #[test]
    fn functions_read_the_variables() {
        let variables: Vec<_> = variables(&[], &[]).into_iter().collect();
        local::environment::check(&variables).unwrap();
    }

    #[test]
    fn passkeys_are_taken_from_the_api_and_from_pages_at_localhost() {
        let pages = [
            "http://localhost:8000",
            "http://app.localhost:8000",
            "http://127.0.0.1:8000",
            "https://app.example.com",
            "http://notlocalhost:8000",
        ];
        let variables = variables(&[], &pages);
        assert_eq!(variables[RP_ID], "localhost");
        let taken = [API, pages[0], pages[1]];
        assert_eq!(variables[ORIGINS], taken.join(","));
        let report = report(&variables, &pages.map(str::to_owned));
        for refused in &pages[2..] {
            let line = format!("Pages of {refused} have no passkeys");
            assert!(report.contains(&line), "{report}");
        }
        for taken in taken {
            assert!(!report.contains(&format!("Pages of {taken}")), "{report}");
        }
    }

    #[test]
    fn what_is_chosen_wins() {
        let off = variables(&[(RP_ID, "")], &[]);
        assert_eq!([RP_ID, ORIGINS].map(|name| off[name].as_str()), ["", ""]);
        assert_eq!(
            report(&off, &[]),
            "Passkeys are off, since PASSKEY_RP_ID is empty"
        );
        let other = variables(&[(RP_ID, "app.localhost")], &[]);
        assert_eq!(
            report(&other, &[]),
            format!("Passkeys are for app.localhost, on pages of {API}")
        );
    }
}
