//! The kind of a device in words of a closed list, since the header that tells of it is the
//! client's to fill.

/// A part of a `User-Agent`, and the browser that it stands for. The first that is found counts:
/// browsers name those that they want to be taken for, too.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// The same for operating systems and devices.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("X11", "Unix"),
];

/// The browser and the system of a `User-Agent`, as far as they are known; `None` where neither is.
pub(super) fn of(agent: &str) -> Option<String> {
    let find = |list: &[(&str, &'static str)]| {
        let mut known = list.iter().filter(|(part, _)| agent.contains(part));
        known.next().map(|(_, name)| *name)
    };
    let known: Vec<_> = [find(&BROWSERS), find(&SYSTEMS)]
        .into_iter()
        .flatten()
        .collect();
    (!known.is_empty()).then(|| known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_and_its_system_are_told_apart_from_those_that_they_imitate() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, kind) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned(),
                "Firefox, Linux",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"),
                "Edge, Windows",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/142.0.0.0 Safari/537.36"),
                "Chrome, Windows",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 10; K) {webkit} Chrome/142.0.0.0 Mobile Safari/537.36"),
                "Chrome, Android",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 15; SM-S931B) {webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
                "Samsung Internet, Android",
            ),
            (
                format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {webkit} Chrome/142.0.0.0 Safari/537.36"),
                "Chrome, ChromeOS",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15".to_owned(),
                "Safari, macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1".to_owned(),
                "Chrome, iPhone",
            ),
            ("curl/8.14.1 (x86_64-pc-linux-gnu)".to_owned(), ""),
            ("Dalvik/2.1.0 (Linux; U; Android 15)".to_owned(), "Android"),
            ("Firefox/145.0".to_owned(), "Firefox"),
        ] {
            assert_eq!(of(&agent).unwrap_or_default(), kind, "{agent}");
        }
    }

    #[test]
    fn nothing_that_a_client_writes_is_repeated() {
        for agent in [
            "",
            "Call 0900 123 now",
            "<a href='https://evil.example'>Edge</a>",
        ] {
            assert_eq!(of(agent), None, "{agent}");
        }
        let hidden = of("Win a prize at evil.example Firefox/1 evil Linux").unwrap();
        assert_eq!(hidden, "Firefox, Linux");
    }
}
