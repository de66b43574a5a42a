//! The paths that the door lets pass.

/// Returns whether a path can be read in one way only. The gateway decodes a path before it hands
/// it over, so that `..`, `\`, a second slash or a `%` in it may mean one route to the gateway and
/// another to the next reader. None of our paths has any of them.
pub(super) fn is_plain(path: &str) -> bool {
    path == "/"
        || path
            .strip_prefix('/')
            .is_some_and(|segments| segments.split('/').all(is_segment))
}

fn is_segment(segment: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte);
    !matches!(segment, "" | "." | "..") && segment.bytes().all(unreserved)
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn the_paths_of_an_api_are_plain() {
        for path in [
            "/",
            "/me",
            "/.well-known/jwks.json",
            "/a/...",
            "/~A_z-9.",
            "/..a/b",
        ] {
            assert!(is_plain(path), "{path}");
        }
    }

    #[test]
    fn a_path_that_could_be_read_as_another_is_not() {
        for path in [
            "",
            "me",
            "//",
            "//me",
            "/me/",
            "/me//a",
            "/.",
            "/..",
            "/a/../b",
            "/a/./b",
            "/a\\b",
            "/%2e%2e",
            "/a%2fb",
            "/a?b",
            "/a#b",
            "/a;b",
            "/a b",
            "/a\tb",
            "/a\0",
            "/é",
            "/a:b",
            "/a@b",
            "/a+b",
            "http://b/a",
        ] {
            assert!(!is_plain(path), "{path:?}");
        }
    }
}
