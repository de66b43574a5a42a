//! The parts that every page has, whatever it is about.

use crate::Language;
use crate::style::STYLE;
use crate::texts::Texts;

/// The deployment that a page belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    name: String,
    issuer: String,
}

impl Site {
    /// The deployment of an issuer (a URL without a slash at its end). The name is shown on every
    /// page; without one it is the issuer's host.
    pub fn new(name: Option<&str>, issuer: &str) -> Self {
        let host = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or(host);
        Self {
            name: name.unwrap_or(host).to_owned(),
            issuer: issuer.to_owned(),
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        self.issuer.starts_with("https://")
    }
}

/// A page's surroundings: the site, and the language of the reader.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    site: &'a Site,
    language: Language,
    is_chosen: bool,
}

impl<'a> Frame<'a> {
    /// The surroundings of an answer to a request with these values of the parameter `ui_locales`
    /// and of the header `Accept-Language`. The parameter goes on to the pages that this one leads
    /// to, if it has decided.
    pub fn new(site: &'a Site, ui_locales: Option<&str>, accept_language: Option<&str>) -> Self {
        let chosen = ui_locales.and_then(Language::of_ui_locales);
        let language = chosen.or_else(|| accept_language.and_then(Language::of_header));
        Self {
            site,
            language: language.unwrap_or_default(),
            is_chosen: chosen.is_some(),
        }
    }

    pub(crate) const fn site(&self) -> &'a Site {
        self.site
    }

    pub(crate) fn name(&self) -> &'a str {
        &self.site.name
    }

    pub(crate) fn issuer(&self) -> &'a str {
        &self.site.issuer
    }

    pub(crate) const fn lang(&self) -> &'static str {
        self.language.tag()
    }

    pub(crate) const fn is_english(&self) -> bool {
        matches!(self.language, Language::English)
    }

    pub(crate) const fn t(&self) -> &'static Texts {
        self.language.texts()
    }

    #[expect(clippy::unused_self, reason = "templates see the frame alone")]
    pub(crate) const fn style(&self) -> &'static str {
        STYLE
    }

    /// The URL that a form is posted to: its own, at whatever host the browser has asked, since the
    /// policy lets a form lead nowhere else; without the query, so that the ticket leaves the
    /// address bar.
    pub(crate) fn action(&self) -> String {
        format!("?{}", self.parameter())
    }

    /// The URL of another page.
    pub(crate) fn link(&self, path: &str) -> String {
        let parameter = self.parameter();
        let mark = if parameter.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{parameter}", self.site.issuer)
    }

    /// The URL of another page, for the bearer of a ticket's text.
    pub(crate) fn ticket_link(&self, path: &str, ticket: &str) -> String {
        let parameter = self.parameter();
        let mark = if parameter.is_empty() { "" } else { "&" };
        format!(
            "{}{path}?ticket={ticket}{mark}{parameter}",
            self.site.issuer
        )
    }

    fn parameter(&self) -> String {
        if self.is_chosen {
            format!("ui_locales={}", self.lang())
        } else {
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_goes_before_the_header_and_on_to_the_next_page() {
        let site = Site::new(None, "https://id.example.com/base");
        assert_eq!(site.name, "id.example.com");
        let chosen = Frame::new(&site, Some("fr de"), Some("en"));
        assert_eq!(
            (chosen.lang(), chosen.action()),
            ("de", "?ui_locales=de".to_owned())
        );
        assert_eq!(
            chosen.ticket_link("/x", "T"),
            "https://id.example.com/base/x?ticket=T&ui_locales=de"
        );
        let unknown = Frame::new(&site, Some("fr"), Some("de"));
        assert_eq!((unknown.lang(), unknown.action()), ("de", "?".to_owned()));
        assert_eq!(unknown.link("/x"), "https://id.example.com/base/x");
    }
}
