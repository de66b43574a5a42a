//! Registration at once, which proves no address.

use accounts::{
    Email, MacKeys, Names, PROOF_LIFE, Password, PasswordPolicy, Pseudonym, Purpose, ThrottleKey,
    TicketSeed, Timestamp, User, Username,
};
use api::{Error, Event, Fields, Gateway, MailAsk, Mailing, note};
use tables::{Permit, Recipient, TicketRow};

use crate::App;
use crate::registered::Registered;

impl App {
    /// Makes an account of what the fields say and, where mail is sent, has its address proven.
    pub(crate) async fn register(
        &self,
        gateway: &Gateway,
        language: Option<&'static str>,
        fields: Fields,
    ) -> Result<Registered, Error> {
        let (names, password) = parse(fields, &self.policy)?;
        let mailed = self.mailing.as_ref().zip(names.email().cloned());

        let now = api::now();
        let sign_in = self.tokens.open(gateway, now).await?;
        let address = mailed.as_ref().map(|(_, email)| email);
        self.take(gateway, address, sign_in.macs(), now).await?;
        self.policy
            .check_guessing(&password, &names)
            .map_err(|reason| Error::field("password", reason))?;
        let password_hash = self.hasher.hash(&password).map_err(Error::internal)?;
        let user = User::register(names, now);
        let begun = self.begin(&sign_in, &user, now)?;
        let session = begun.session();
        let ticket = match &mailed {
            None => {
                let registered = self.accounts.register(&user, &password_hash, session);
                registered.await?;
                None
            }
            Some((mailing, email)) => {
                let seed = TicketSeed::generate(sign_in.macs(), now)?;
                let to = Recipient {
                    address: email.clone(),
                    locale: language.map(str::to_owned),
                };
                let row = proof_of_address(seed, &user, (mailing, gateway), to, now)?;
                let mail = (&mailing.mails, &row);
                let registered =
                    self.accounts
                        .register_and_mail(&user, &password_hash, session, mail);
                registered.await?;
                Some(seed.handle(Purpose::Email, sign_in.macs(), now)?)
            }
        };
        note(Event::AccountRegistered);

        let next = begun.answer(&sign_in, &user)?;
        Ok(Registered {
            user: self.answers.of(user),
            next,
            email_ticket: ticket.map(|handle| handle.to_text()),
        })
    }

    /// Takes a registration, and the mail that it sends.
    async fn take(
        &self,
        gateway: &Gateway,
        mailed: Option<&Email>,
        keys: &MacKeys,
        now: Timestamp,
    ) -> Result<(), Error> {
        let from = ThrottleKey::registration(&gateway.device);
        let registration = self.throttles.take(&from, self.allowance, now);
        let Some(email) = mailed else {
            return Error::check_wait(registration.await?);
        };
        let to = Pseudonym::of(email, keys, now)?;
        let asked = MailAsk::sign_up(&to, &gateway.device);
        let (registration, mail) = tokio::join!(
            registration,
            self.mail_limits.take_own(&self.throttles, &asked, now),
        );
        Error::check_wait(registration?)?;
        mail?;
        self.mail_limits
            .take_shared(&self.throttles, &asked, now)
            .await
    }
}

fn proof_of_address(
    seed: TicketSeed,
    user: &User,
    (mailing, gateway): (&Mailing, &Gateway),
    to: Recipient,
    now: Timestamp,
) -> Result<TicketRow, Error> {
    let permit = Permit::Email {
        address: to.address.clone(),
        effective_at: None,
        agreed_at: None,
    };
    let expires_at = now.saturating_add(PROOF_LIFE.as_secs());
    let mail = mailing.mail(gateway, to)?;
    Ok(TicketRow::new(
        seed,
        Some(user),
        permit,
        expires_at,
        Some(mail),
    ))
}

fn parse(mut fields: Fields, policy: &PasswordPolicy) -> Result<(Names, Password), Error> {
    let username = fields.optional("username", Username::parse);
    let email = fields.optional("email", Email::parse);
    let names = Names::new(username, email);
    if names.is_none() && fields.is_ok() {
        fields.refuse("username", "is missing: give a username, an email or both");
    }
    let password = parse_password(&mut fields, policy);
    fields.finish(names.zip(password))
}

/// Takes the password of a new account, of a form that the policy allows.
pub(crate) fn parse_password(fields: &mut Fields, policy: &PasswordPolicy) -> Option<Password> {
    let password = fields.required("password", Password::parse);
    if let Some(password) = &password
        && let Err(error) = policy.check_form(password)
    {
        fields.refuse("password", error);
    }
    password
}
