//! The content of a letter, before it has a form.

use accounts::{MacKeys, NoMacKey, Purpose, TicketSeed, Timestamp};
use tables::{
    Asker, FactorKind, Mail, MailedRow, Notice, NoticeKind, Permit, PermittedSignup, TicketRow,
};
use time::OffsetDateTime;
use time::macros::format_description;
use zeroize::Zeroizing;

use crate::texts::{Texts, Topic};
use crate::{Sender, links};

/// The content of a letter.
pub(crate) struct Content {
    pub(crate) subject: String,
    pub(crate) before: Vec<String>,
    pub(crate) link_label: &'static str,
    pub(crate) link: Option<Zeroizing<String>>,
    pub(crate) code: Option<Zeroizing<String>>,
    /// The link that stops the change.
    pub(crate) stop: Option<Zeroizing<String>>,
    pub(crate) after: Vec<String>,
}

/// All that the content is made of, beside the row.
pub(crate) struct Writing<'a> {
    pub(crate) texts: &'static Texts,
    pub(crate) sender: &'a Sender,
    pub(crate) name: &'a str,
    pub(crate) keys: &'a MacKeys,
    pub(crate) now: Timestamp,
}

impl Writing<'_> {
    pub(crate) fn content(&self, row: &MailedRow, mail: &Mail) -> Result<Content, NoMacKey> {
        match row {
            MailedRow::Ticket(row) => self.of_ticket(row, mail),
            MailedRow::Notice(notice) => self.of_notice(notice, mail),
        }
    }

    fn of_ticket(&self, row: &TicketRow, mail: &Mail) -> Result<Content, NoMacKey> {
        let (topic, purpose) = match &row.permit {
            Permit::Signup(PermittedSignup::Free) => (&self.texts.signup, Purpose::Signup),
            Permit::Signup(PermittedSignup::Invited(_)) => (&self.texts.invited, Purpose::Signup),
            Permit::Signup(PermittedSignup::Taken) => return Ok(self.taken(mail)),
            Permit::Email { .. } => (&self.texts.email, Purpose::Email),
            Permit::Reset { address: None } => return Ok(self.barred(mail)),
            Permit::Reset { .. } => (&self.texts.reset, Purpose::Reset),
        };
        let mut content = self.with_ticket(topic, &row.ticket.seed, purpose, mail)?;
        let until = match content.code {
            Some(_) => self.texts.valid_until,
            None => self.texts.link_valid_until,
        };
        content
            .after
            .insert(0, until(&shown(row.ticket.expires_at)));
        content.after.push(self.texts.ignore.to_owned());
        Ok(content)
    }

    /// The code is for whoever asked, who has the handle beside it. Nobody has one for a mail that
    /// an administrator or an operator has ordered, which names no asker.
    fn with_ticket(
        &self,
        topic: &Topic,
        seed: &TicketSeed,
        purpose: Purpose,
        mail: &Mail,
    ) -> Result<Content, NoMacKey> {
        let link = seed.link(purpose, self.keys, self.now)?;
        let mut content = self.plain(topic);
        content.link = Some(links::of_ticket(self.sender, &mail.issuer, &link));
        if let Some(asker) = self.asker(&mail.asker) {
            content.code = Some(seed.code(purpose, self.keys, self.now)?.grouped());
            content.after.push(asker);
            content.after.push(self.texts.never_asked.to_owned());
        }
        Ok(content)
    }

    /// The address has an account: neither link nor code of the ticket is told.
    fn taken(&self, mail: &Mail) -> Content {
        let mut content = self.plain(&self.texts.taken);
        content.link = Some(forgotten(mail));
        content.after.extend(self.asker(&mail.asker));
        content.after.push(self.texts.ignore.to_owned());
        content
    }

    /// The password cannot be set anew by mail: neither link nor code is told.
    fn barred(&self, mail: &Mail) -> Content {
        let mut content = self.plain(&self.texts.reset_barred);
        content.after.extend(self.asker(&mail.asker));
        content.after.push(self.texts.ignore.to_owned());
        content
    }

    fn of_notice(&self, notice: &Notice, mail: &Mail) -> Result<Content, NoMacKey> {
        let texts = self.texts;
        let topic = match &notice.kind {
            NoticeKind::PasswordSet => &texts.password_set,
            NoticeKind::PasswordReset => &texts.password_reset,
            NoticeKind::AddressAsked(seed) => return self.address_asked(notice, seed, mail),
            NoticeKind::AddressChanged => &texts.address_changed,
            NoticeKind::Disabled => &texts.disabled,
            NoticeKind::Deleted => &texts.deleted,
            NoticeKind::FactorAdded(FactorKind::Totp) => &texts.totp_added,
            NoticeKind::FactorAdded(FactorKind::Passkey) => &texts.passkey_added,
            NoticeKind::FactorRemoved(FactorKind::Totp) => &texts.totp_removed,
            NoticeKind::FactorRemoved(FactorKind::Passkey) => &texts.passkey_removed,
            NoticeKind::FactorsRemoved => &texts.factors_removed,
            NoticeKind::SecondFactorOptional => &texts.second_factor_optional,
            NoticeKind::RecoveryCodesMade => &texts.recovery_codes_made,
            NoticeKind::RecoveryCodeUsed => &texts.recovery_code_used,
            NoticeKind::WrongCodes => &texts.wrong_codes,
            NoticeKind::MfaLocked => &texts.mfa_locked,
        };
        let mut content = self.plain(topic);
        content.before.push((texts.at)(&shown(notice.at)));
        content.before.extend(self.asker(&mail.asker));
        if is_mended_by_a_new_password(&notice.kind) {
            content.before.push(texts.not_you.to_owned());
            content.link = Some(forgotten(mail));
        } else {
            content.after.push(texts.ask_us.to_owned());
        }
        if let NoticeKind::FactorAdded(_) = notice.kind {
            content.after.push(texts.factor_stays.to_owned());
        }
        Ok(content)
    }

    fn address_asked(
        &self,
        notice: &Notice,
        seed: &TicketSeed,
        mail: &Mail,
    ) -> Result<Content, NoMacKey> {
        let texts = self.texts;
        let mut content = self.with_ticket(&texts.address_asked, seed, Purpose::Agree, mail)?;
        content.stop = Some(forgotten(mail));
        content.after.insert(0, (texts.at)(&shown(notice.at)));
        Ok(content)
    }

    fn plain(&self, topic: &Topic) -> Content {
        Content {
            subject: (topic.subject)(self.name),
            before: vec![(topic.body)(self.name)],
            link_label: topic.link,
            link: None,
            code: None,
            stop: None,
            after: Vec::new(),
        }
    }

    fn asker(&self, asker: &Asker) -> Option<String> {
        match (&asker.device, &asker.network) {
            (None, None) => None,
            (device, network) => {
                let known = [device, network].into_iter().flatten();
                let known: Vec<_> = known.map(String::as_str).collect();
                Some((self.texts.asked_from)(&known.join(", ")))
            }
        }
    }
}

/// Returns whether the owner can end by a new password what somebody else has begun. It is of no use
/// against an administrator, nor where the account or its address is another's now.
const fn is_mended_by_a_new_password(kind: &NoticeKind) -> bool {
    match kind {
        NoticeKind::PasswordSet
        | NoticeKind::PasswordReset
        | NoticeKind::FactorAdded(_)
        | NoticeKind::FactorRemoved(_)
        | NoticeKind::SecondFactorOptional
        | NoticeKind::RecoveryCodesMade
        | NoticeKind::RecoveryCodeUsed
        | NoticeKind::WrongCodes
        | NoticeKind::MfaLocked => true,
        NoticeKind::AddressAsked(_)
        | NoticeKind::AddressChanged
        | NoticeKind::Disabled
        | NoticeKind::Deleted
        | NoticeKind::FactorsRemoved => false,
    }
}

fn forgotten(mail: &Mail) -> Zeroizing<String> {
    Zeroizing::new(links::to_ask_for_a_reset(&mail.issuer))
}

/// A time as people of every language read it.
fn shown(time: Timestamp) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let time = i64::try_from(time).ok();
    let time = time.and_then(|time| OffsetDateTime::from_unix_timestamp(time).ok());
    time.and_then(|time| time.format(format).ok())
        .unwrap_or_default()
}
