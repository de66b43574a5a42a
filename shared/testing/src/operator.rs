//! The work of an operator on the accounts of a stack, and changes to its items that take an
//! operator or the passing of time.

use accounts::{Timestamp, User, Username, WaysIn};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use tables::By;

use crate::client::PASSWORD;
use crate::{Client, Session, Stack};

impl Stack {
    /// Registers somebody, makes them an administrator as the operator does, and signs them in.
    ///
    /// # Panics
    ///
    /// If the API refuses one of these.
    pub async fn administrator(&self, api: &Client, username: &str) -> Session {
        api.register(username, PASSWORD).await;
        self.grant(username, &["admin"]).await;
        api.sign_in(username).await
    }

    /// Sets the roles of an account as the operator does.
    ///
    /// # Panics
    ///
    /// If there is no such account, or the engine does not answer.
    pub async fn grant(&self, username: &str, roles: &[&str]) {
        let before = self.user(username).await;
        let roles = roles.iter().map(|role| role.parse().expect("a role"));
        let after = before.with_roles(roles.collect());
        let accounts = self.environment().accounts().expect("a configuration");
        let changed = accounts.change(&before, &after, By::Operator, None).await;
        changed.expect("the account is changed");
    }

    /// Stores that the owner of an account has proved to read its address.
    ///
    /// # Panics
    ///
    /// If there is no such account, or the engine does not answer.
    pub async fn prove_address(&self, username: &str) {
        let before = self.user(username).await;
        let after = before.with_verified_email(api::now());
        let accounts = self.environment().accounts().expect("a configuration");
        let changed = accounts.change(&before, &after, By::Operator, None).await;
        changed.expect("the account is changed");
    }

    /// An account by its username.
    ///
    /// # Panics
    ///
    /// If there is no such account, or the engine does not answer.
    pub async fn user(&self, username: &str) -> User {
        let environment = self.environment();
        let name = Username::parse(username).expect("a username");
        let logins = environment.logins().expect("a configuration");
        let owner = logins.owner(&(&name).into()).await;
        let id = owner.expect("the engine answers").expect("an account");
        let users = environment.users().expect("a configuration");
        let user = users.get(id).await.expect("the engine answers");
        user.expect("a name has an account")
    }

    /// Sets when a session was last refreshed, as the passing of time would.
    ///
    /// # Panics
    ///
    /// If the session has ended, or the engine does not answer.
    pub async fn refreshed_at(&self, session: &Session, time: Timestamp) {
        self.set_of(session, "rotated_at", number(time)).await;
    }

    /// Sets when the owner of a session has last proved who they are in it.
    ///
    /// # Panics
    ///
    /// If the session has ended, or the engine does not answer.
    pub async fn authenticated_at(&self, session: &Session, time: Timestamp) {
        self.set_of(session, "auth_time", number(time)).await;
    }

    /// Sets the methods of a session, as if it had begun with these.
    ///
    /// # Panics
    ///
    /// If the session has ended, or the engine does not answer.
    pub async fn begun_with(&self, session: &Session, methods: &[&str]) {
        let methods = methods.iter().map(|method| (*method).to_owned());
        let methods = methods.map(AttributeValue::S).collect();
        let methods = AttributeValue::L(methods);
        self.set_of(session, "methods", methods).await;
    }

    /// Gives an account other ways in, as if a factor had come or gone.
    ///
    /// # Panics
    ///
    /// If there is no such account, or the engine does not answer.
    pub async fn give_ways_in(&self, username: &str, ways_in: WaysIn) -> User {
        let before = self.user(username).await;
        let after = before.with_ways_in(ways_in);
        let accounts = self.environment().accounts().expect("a configuration");
        let changed = accounts.change(&before, &after, By::Operator, None).await;
        changed.expect("the account is changed");
        after
    }

    async fn set_of(&self, session: &Session, attribute: &str, value: AttributeValue) {
        let claims = self.claims(&session.access_token);
        let update = self.engine.client().update_item();
        let update = update.table_name("SessionsTable");
        let update = update.key("user_id", AttributeValue::S(claims.sub));
        let update = update.key("id", AttributeValue::S(claims.sid));
        let update = update.condition_expression("attribute_exists(id)");
        let update = update.update_expression("SET #attribute = :value");
        let update = update.expression_attribute_names("#attribute", attribute);
        let update = update.expression_attribute_values(":value", value);
        update.send().await.expect("the session is changed");
    }

    /// Sets an attribute of a table's only item, as an administrator or the passing of time would.
    ///
    /// # Panics
    ///
    /// If the table is empty, or the engine does not answer.
    pub async fn set(&self, table: &str, attribute: &str, value: AttributeValue) {
        let update = self.update(table, attribute).await;
        let update = update.update_expression("SET #attribute = :value");
        let update = update.expression_attribute_values(":value", value);
        update.send().await.expect("the item is changed");
    }

    /// Removes an attribute of a table's only item: an earlier version did not write it.
    ///
    /// # Panics
    ///
    /// If the table is empty, or the engine does not answer.
    pub async fn remove(&self, table: &str, attribute: &str) {
        let update = self.update(table, attribute).await;
        let update = update.update_expression("REMOVE #attribute");
        update.send().await.expect("the item is changed");
    }

    async fn update(&self, table: &str, attribute: &str) -> UpdateItemFluentBuilder {
        let item = self.items(table).await.remove(0);
        let update = self.engine.client().update_item().table_name(table);
        let update = update.expression_attribute_names("#attribute", attribute);
        let keys: &[&str] = match table {
            "LoginsTable" => &["name"],
            "SessionsTable" => &["user_id", "id"],
            _ => &["id"],
        };
        let key = keys
            .iter()
            .map(|key| ((*key).to_owned(), item[*key].clone()));
        update.set_key(Some(key.collect()))
    }
}

/// A number as an attribute.
pub fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
