//! Account events: the names under which the log and the metrics have them.

/// An event that matters to the operator of accounts, under a name that stays the same.
///
/// The names are in the log, as [`note`](crate::note) puts them there; some are counted as metrics
/// too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A caller was not permitted what they asked for.
    AccessDenied,
    /// An access token was refused.
    AccessTokenRefused,
    /// An account was deleted.
    AccountDeleted,
    /// An administrator has disabled an account.
    AccountDisabled,
    /// An administrator has enabled an account.
    AccountEnabled,
    /// An administrator has invited somebody, who has no account yet.
    AccountInvited,
    /// An account was registered.
    AccountRegistered,
    /// An account has other names.
    AccountRenamed,
    /// An administrator has sent the owner of an account a link for a new password.
    AccountResetSent,
    /// An account has other roles.
    AccountRolesChanged,
    /// The gateway gave no address of the client that can be read: all such clients are counted as
    /// one.
    AddressUnreadable,
    /// A code was not that of its ticket, or not any more.
    CodeRefused,
    /// A request did not come through the edge that is required, or an edge named no address that
    /// can be read.
    EdgeRefused,
    /// A request had a wrong secret of an edge. Where it is counted, the address is the one that the
    /// gateway saw.
    EdgeSecretWrong,
    /// The verified address of an account has agreed to another one.
    EmailAgreed,
    /// A mail was asked for by which an address of an account is proved.
    EmailAsked,
    /// An account has another address, which its owner has proved to read.
    EmailChanged,
    /// The owner of an account has proved to read its address.
    EmailVerified,
    /// A second factor or a passkey was added.
    FactorEnrolled,
    /// A second factor or a passkey was removed.
    FactorRemoved,
    /// The key ring was maintained.
    KeyRingMaintained,
    /// A login failed: the name, the password or the passkey was wrong, or the account is disabled.
    LoginFailed,
    /// A password was right, and a second factor is asked for.
    LoginMfaRequired,
    /// A session has begun by a login.
    LoginSucceeded,
    /// A batch of mails has stopped at one that cannot be sent now. It is tried again.
    MailDelayed,
    /// The service refused a mail, which is given up.
    MailRefused,
    /// A mail was handed to the service.
    MailSent,
    /// No mail could be made of a row, which is given up.
    MailUnwritten,
    /// A second factor was refused.
    MfaFailed,
    /// Codes of an app are locked, for there were too many wrong ones in a row.
    MfaLocked,
    /// A passkey that is bound to its device has a count that did not grow: there may be a copy of
    /// it.
    PasskeyCloned,
    /// A passkey that may be on several devices has an older count.
    PasskeyCountStale,
    /// A passkey says other than before whether it may be backed up.
    PasskeyFlagsChanged,
    /// An account has another password.
    PasswordChanged,
    /// The current password was wrong in a request that needs it.
    PasswordRefused,
    /// A stored password hash was brought up to the current cost.
    PasswordRehashed,
    /// An account has another password, by a mailed link or code, and no session any more.
    PasswordReset,
    /// Somebody asked for the mail by which a password is set anew, for an account or for nobody.
    PasswordResetAsked,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// An account has new recovery codes.
    RecoveryCodesMade,
    /// A refresh token was refused.
    RefreshTokenRefused,
    /// A refresh token came again within the grace, from another address or another agent.
    RefreshTokenReplayed,
    /// An old refresh token came after the grace: one of two bearers is a thief, and its session
    /// has ended.
    RefreshTokenReused,
    /// A refresh token came again within the grace, from another network and another agent: it has
    /// two bearers, one of them a thief, and its session has ended.
    RefreshTokenShared,
    /// A registration was refused, for the owner has closed it.
    RegistrationRefused,
    /// There were too many attempts.
    RequestThrottled,
    /// A password asks for a passkey from now on, or does not any more.
    SecondFactorRule,
    /// One session was ended.
    SessionEnded,
    /// The owner of a session has shown a second factor in it.
    SessionRaised,
    /// A refresh token was exchanged for the next.
    SessionRefreshed,
    /// All sessions of an account were ended, or all but the caller's.
    SessionsEnded,
    /// Somebody asked for the mail by which its reader makes an account.
    SignUpAsked,
    /// DynamoDB throttled a call, also after retries.
    TableThrottled,
}

impl Event {
    /// Every event, by name.
    pub const ALL: [Self; 53] = [
        Self::AccessDenied,
        Self::AccessTokenRefused,
        Self::AccountDeleted,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountInvited,
        Self::AccountRegistered,
        Self::AccountRenamed,
        Self::AccountResetSent,
        Self::AccountRolesChanged,
        Self::AddressUnreadable,
        Self::CodeRefused,
        Self::EdgeRefused,
        Self::EdgeSecretWrong,
        Self::EmailAgreed,
        Self::EmailAsked,
        Self::EmailChanged,
        Self::EmailVerified,
        Self::FactorEnrolled,
        Self::FactorRemoved,
        Self::KeyRingMaintained,
        Self::LoginFailed,
        Self::LoginMfaRequired,
        Self::LoginSucceeded,
        Self::MailDelayed,
        Self::MailRefused,
        Self::MailSent,
        Self::MailUnwritten,
        Self::MfaFailed,
        Self::MfaLocked,
        Self::PasskeyCloned,
        Self::PasskeyCountStale,
        Self::PasskeyFlagsChanged,
        Self::PasswordChanged,
        Self::PasswordRefused,
        Self::PasswordRehashed,
        Self::PasswordReset,
        Self::PasswordResetAsked,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesMade,
        Self::RefreshTokenRefused,
        Self::RefreshTokenReplayed,
        Self::RefreshTokenReused,
        Self::RefreshTokenShared,
        Self::RegistrationRefused,
        Self::RequestThrottled,
        Self::SecondFactorRule,
        Self::SessionEnded,
        Self::SessionRaised,
        Self::SessionRefreshed,
        Self::SessionsEnded,
        Self::SignUpAsked,
        Self::TableThrottled,
    ];

    /// The name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessDenied => "access.denied",
            Self::AccessTokenRefused => "access_token.refused",
            Self::AccountDeleted => "account.deleted",
            Self::AccountDisabled => "account.disabled",
            Self::AccountEnabled => "account.enabled",
            Self::AccountInvited => "account.invited",
            Self::AccountRegistered => "account.registered",
            Self::AccountRenamed => "account.renamed",
            Self::AccountResetSent => "account.reset_sent",
            Self::AccountRolesChanged => "account.roles_changed",
            Self::AddressUnreadable => "address.unreadable",
            Self::CodeRefused => "code.refused",
            Self::EdgeRefused => "edge.refused",
            Self::EdgeSecretWrong => "edge.secret_wrong",
            Self::EmailAgreed => "email.agreed",
            Self::EmailAsked => "email.asked",
            Self::EmailChanged => "email.changed",
            Self::EmailVerified => "email.verified",
            Self::FactorEnrolled => "factor.enrolled",
            Self::FactorRemoved => "factor.removed",
            Self::KeyRingMaintained => "key_ring.maintained",
            Self::LoginFailed => "login.failed",
            Self::LoginMfaRequired => "login.mfa_required",
            Self::LoginSucceeded => "login.succeeded",
            Self::MailDelayed => "mail.delayed",
            Self::MailRefused => "mail.refused",
            Self::MailSent => "mail.sent",
            Self::MailUnwritten => "mail.unwritten",
            Self::MfaFailed => "mfa.failed",
            Self::MfaLocked => "mfa.locked",
            Self::PasskeyCloned => "passkey.cloned",
            Self::PasskeyCountStale => "passkey.count_stale",
            Self::PasskeyFlagsChanged => "passkey.flags_changed",
            Self::PasswordChanged => "password.changed",
            Self::PasswordRefused => "password.refused",
            Self::PasswordRehashed => "password.rehashed",
            Self::PasswordReset => "password.reset",
            Self::PasswordResetAsked => "password.reset_asked",
            Self::RecoveryCodeUsed => "recovery_code.used",
            Self::RecoveryCodesMade => "recovery_codes.made",
            Self::RefreshTokenRefused => "refresh_token.refused",
            Self::RefreshTokenReplayed => "refresh_token.replayed",
            Self::RefreshTokenReused => "refresh_token.reused",
            Self::RefreshTokenShared => "refresh_token.shared",
            Self::RegistrationRefused => "registration.refused",
            Self::RequestThrottled => "request.throttled",
            Self::SecondFactorRule => "second_factor.changed",
            Self::SessionEnded => "session.ended",
            Self::SessionRaised => "session.raised",
            Self::SessionRefreshed => "session.refreshed",
            Self::SessionsEnded => "sessions.ended",
            Self::SignUpAsked => "signup.asked",
            Self::TableThrottled => "table.throttled",
        }
    }

    /// The metric that counts it, where one does. Each metric has a price.
    #[must_use]
    pub fn metric(self) -> Option<&'static str> {
        match self {
            Self::AccountRegistered => Some("Registrations"),
            Self::AddressUnreadable => Some("UnreadableAddresses"),
            Self::EdgeRefused => Some("EdgeRefusals"),
            Self::LoginFailed => Some("LoginFailures"),
            Self::LoginSucceeded => Some("Logins"),
            Self::MailDelayed => Some("MailsDelayed"),
            Self::MailRefused | Self::MailUnwritten => Some("MailsLost"),
            Self::MailSent => Some("MailsSent"),
            Self::MfaFailed => Some("MfaFailures"),
            Self::MfaLocked => Some("MfaLocks"),
            Self::PasswordReset => Some("PasswordResets"),
            Self::RecoveryCodeUsed => Some("RecoveryCodesUsed"),
            Self::RefreshTokenReused => Some("RefreshTokenReuse"),
            Self::RefreshTokenShared => Some("RefreshTokenShared"),
            Self::RequestThrottled => Some("Throttled"),
            Self::SessionRefreshed => Some("Refreshes"),
            Self::TableThrottled => Some("TablesThrottled"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn events_are_in_the_order_of_their_names_which_differ() {
        let names = Event::ALL.map(Event::name);
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}
