//! Request bodies: JSON, forms, and the media types that a route reads.

use std::convert::Infallible;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, Method, header};
use zeroize::Zeroizing;

use super::media_type::MediaType;
use crate::{Error, Fields};

/// A body that is JSON or a form, with the rejections of [`Fields`].
pub struct JsonOrForm(pub Fields);

/// A body that is a form and nothing else, as OAuth 2.0 has it (RFC 6749 appendix B), with the
/// rejections of [`Fields`].
pub struct Form(Fields);

/// A body that is read without regard to its headers: as JSON if it is an object, else as a form.
/// It is never rejected; a body that cannot be read has no members.
///
/// Browsers send beacons (`navigator.sendBeacon`) as `text/plain`, and a session must not outlive
/// its logout because of a media type.
pub struct AnyBody(pub Fields);

const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// RFC 5789 §3.1.
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

const MAX_BODY: usize = 16 * 1024;

/// The media types that a route reads. A patch is a merge patch (RFC 7396), also where it is called
/// JSON. Other types of JSON, such as `application/json-patch+json`, mean something else by their
/// members.
#[derive(Clone, Copy)]
enum Reads {
    Json,
    JsonOrForm,
    Form,
    Patch,
}

impl Reads {
    fn types(self) -> &'static str {
        match self {
            Self::Json => JSON,
            Self::JsonOrForm => "application/json, application/x-www-form-urlencoded",
            Self::Form => FORM,
            Self::Patch => "application/merge-patch+json, application/json",
        }
    }

    /// Returns the header that names them in a refusal (RFC 9110 §12.5.1, RFC 5789 §2.2).
    fn header(self) -> HeaderName {
        match self {
            Self::Patch => ACCEPT_PATCH,
            _ => header::ACCEPT,
        }
    }

    fn refuse(self, detail: &'static str) -> Error {
        Error::UnsupportedBody(detail, self.header(), self.types())
    }

    async fn read(self, request: Request) -> Result<Fields, Error> {
        let is_encoded = is_encoded(request.headers());
        let media_type = MediaType::of(request.headers());
        let bytes = whole(request).await?;
        if bytes.is_empty() {
            return Err(Error::BadRequest("The request has no body", Vec::new()));
        }
        if is_encoded {
            return Err(ENCODED);
        }
        let is_read = |it: &MediaType| self.types().split(", ").any(|name| name == it.essence);
        let media_type = media_type.filter(is_read);
        let media_type = media_type
            .ok_or_else(|| self.refuse("The route does not accept the media type of the body"))?;
        if !media_type.is_utf8 {
            return Err(self.refuse("The charset of the body must be UTF-8"));
        }
        match media_type.essence.as_str() {
            FORM => Fields::from_form(&bytes),
            _ => Fields::from_json(&bytes),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonOrForm {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        Reads::JsonOrForm.read(request).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        Reads::Form.read(request).await.map(Self)
    }
}

impl Form {
    /// The parameters, for a route that knows them all.
    pub fn fields(self) -> Fields {
        self.0
    }

    /// The `token` that is asked about (RFC 7662 §2.1) or revoked (RFC 7009 §2.1).
    ///
    /// Other parameters are ignored (RFC 6749 §3.2), `token_type_hint` among them: the text of a
    /// token shows its type. White space around it, which no token has, is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::BadRequest`] where it is missing, and where any parameter is repeated.
    pub fn token(self) -> Result<Zeroizing<String>, Error> {
        let Self(mut fields) = self;
        let token = fields.required("token", |text| match text.trim() {
            "" => Err("is missing"),
            token => Ok(Zeroizing::new(token.to_owned())),
        });
        fields.ignore_others();
        fields.finish(token)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let reads = if request.method() == Method::PATCH {
            Reads::Patch
        } else {
            Reads::Json
        };
        reads.read(request).await
    }
}

impl<S: Send + Sync> FromRequest<S> for AnyBody {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let bytes = whole(request).await.unwrap_or_default();
        let fields = Fields::from_json(&bytes).or_else(|_| Fields::from_form(&bytes));
        Ok(Self(fields.unwrap_or_default()))
    }
}

async fn whole(request: Request) -> Result<Zeroizing<Vec<u8>>, Error> {
    let bytes = to_bytes(request.into_body(), MAX_BODY).await;
    let bytes = bytes.map_err(|_| Error::PayloadTooLarge)?;
    Ok(Zeroizing::new(bytes.into()))
}

const ENCODED: Error = Error::UnsupportedBody(
    "The route does not accept the content coding of the body",
    header::ACCEPT_ENCODING,
    "identity",
);

/// Returns whether the body is compressed, or has another coding (RFC 9110 §8.4). `identity` is
/// none.
fn is_encoded(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let is_coding = |coding: &[u8]| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    };
    let mut codings = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    codings.any(is_coding)
}
