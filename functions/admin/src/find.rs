//! `GET /admin/users` and `GET /admin/users/{id}`.

use accounts::{LoginName, User, UserId};
use api::{Caller, Error, Fields, PathId, Query};
use axum::Json;
use axum::extract::State;
use claims::Scope;
use serde::Serialize;

use crate::App;
use crate::account_answer::AccountAnswer;

/// The number of accounts on a page, unless the request asks for another.
const PAGE: u32 = 25;
const LARGEST_PAGE: u32 = 100;

#[derive(Serialize)]
pub(crate) struct List {
    users: Vec<AccountAnswer>,
    /// The cursor of the next page; `null` if this is the last.
    next_cursor: Option<String>,
}

/// The parameters of the request.
enum Wanted {
    Named(LoginName),
    Page(Option<UserId>, u32),
}

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(fields): Query,
) -> Result<Json<List>, Error> {
    caller.requires(Scope::USERS_READ)?;
    let (users, next) = match Wanted::parse(fields)? {
        Wanted::Page(after, limit) => {
            let page = app.users.page(after, limit).await?;
            (page.users, page.next)
        }
        Wanted::Named(name) => (Vec::from_iter(app.named(&name).await?), None),
    };
    Ok(Json(List {
        users: users
            .into_iter()
            .map(|user| AccountAnswer::of(app.answers, user))
            .collect(),
        next_cursor: next.map(|id| id.to_string()),
    }))
}

pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Json<AccountAnswer>, Error> {
    caller.requires(Scope::USERS_READ)?;
    Ok(Json(AccountAnswer::of(
        app.answers,
        app.account(&id).await?,
    )))
}

impl App {
    async fn named(&self, name: &LoginName) -> Result<Option<User>, Error> {
        match self.logins.owner(name).await? {
            Some(id) => Ok(self.users.get(id).await?),
            None => Ok(None),
        }
    }

    /// The account that a path names.
    pub(crate) async fn account(&self, id: &str) -> Result<User, Error> {
        let id = UserId::parse(id).ok_or(Error::NotFound)?;
        self.users.get(id).await?.ok_or(Error::NotFound)
    }
}

impl Wanted {
    fn parse(mut fields: Fields) -> Result<Self, Error> {
        let name = fields.login_name();
        let after = fields.optional("cursor", |text| {
            UserId::parse(text).ok_or("is not a next_cursor of an earlier answer")
        });
        let limit = fields.optional("limit", limit);
        if name.is_some() {
            let given = [("cursor", after.is_some()), ("limit", limit.is_some())];
            for (field, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
                fields.refuse(field, "must not be given together with a name");
            }
        }
        let query = match name {
            Some(name) => Self::Named(name),
            None => Self::Page(after, limit.unwrap_or(PAGE)),
        };
        fields.finish(Some(query))
    }
}

/// Digits alone, as HTTP writes numbers (RFC 9110 §8.6): no sign, fraction or exponent.
fn limit(text: &str) -> Result<u32, String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| text.parse().ok()).flatten();
    number
        .filter(|number| (1..=LARGEST_PAGE).contains(number))
        .ok_or_else(|| format!("must be a whole number from 1 to {LARGEST_PAGE}"))
}
