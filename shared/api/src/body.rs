use axum::body::to_bytes;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::header;
use zeroize::Zeroizing;

use crate::{Error, Fields};

/// A body that is JSON or a form, with the rejections of [`Fields`].
pub struct JsonOrForm(pub Fields);

/// A body that is a form and nothing else, as OAuth 2.0 has it (RFC 6749 appendix B), with the
/// rejections of [`Fields`].
pub struct Form(Fields);

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

const MAX_BODY: usize = 16 * 1024;

impl<S: Send + Sync> FromRequest<S> for JsonOrForm {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let (media_type, bytes) = read(request).await?;
        match media_type.as_deref() {
            _ if bytes.is_empty() => Err(NO_BODY),
            Some(JSON) => Fields::from_json(&bytes).map(Self),
            Some(FORM) => Fields::from_form(&bytes).map(Self),
            _ => Err(Error::UnsupportedMediaType),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let (media_type, bytes) = read(request).await?;
        match media_type.as_deref() {
            _ if bytes.is_empty() => Err(NO_BODY),
            Some(FORM) => Fields::from_form(&bytes).map(Self),
            _ => Err(Error::UnsupportedMediaType),
        }
    }
}

impl Form {
    /// The `token` that is asked about (RFC 7662 §2.1) or revoked (RFC 7009 §2.1), as it is.
    ///
    /// `token_type_hint` may stand beside it, and `client_id`, which clients that have no secret send
    /// (RFC 6749 §3.2.1). Nothing depends on what a client says of itself or of a token: what a token
    /// is shows in its text, and whoever has one may revoke it.
    ///
    /// # Errors
    ///
    /// [`Error::BadRequest`] as [`Fields::finish`] has it.
    pub fn token(self) -> Result<Zeroizing<String>, Error> {
        let Self(mut fields) = self;
        let token = fields.secret("token");
        for ignored in ["token_type_hint", "client_id"] {
            fields.optional_secret(ignored);
        }
        fields.finish(token)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let fields = <Self as OptionalFromRequest<S>>::from_request(request, state).await?;
        fields.ok_or(NO_BODY)
    }
}

impl<S: Send + Sync> OptionalFromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Option<Self>, Error> {
        let (media_type, bytes) = read(request).await?;
        match media_type.as_deref() {
            _ if bytes.is_empty() => Ok(None),
            Some(JSON) => Self::from_json(&bytes).map(Some),
            _ => Err(Error::UnsupportedMediaType),
        }
    }
}

const NO_BODY: Error = Error::BadRequest("The request has no body", Vec::new());

async fn read(request: Request) -> Result<(Option<String>, Zeroizing<Vec<u8>>), Error> {
    let media_type = media_type(&request);
    let bytes = to_bytes(request.into_body(), MAX_BODY).await;
    let bytes = bytes.map_err(|_| Error::PayloadTooLarge)?;
    Ok((media_type, Zeroizing::new(bytes.into())))
}

/// The media type without its parameters. `charset` is not looked at: JSON has none, and a body
/// that is not UTF-8 is refused as such.
fn media_type(request: &Request) -> Option<String> {
    let mut values = request.headers().get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let essence = value.to_str().ok()?.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}
