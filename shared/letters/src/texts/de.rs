//! German.

use super::{Texts, Topic};

pub(super) static TEXTS: Texts = Texts {
    language: "de",
    signup: Topic {
        subject: |name| format!("Registrierung bei {name} abschließen"),
        body: |name| {
            format!(
                "Jemand möchte sich mit dieser Adresse bei {name} registrieren. Öffnen Sie zum Fortfahren diesen Link und wählen Sie ein Passwort:"
            )
        },
        link: "Registrierung abschließen",
    },
    taken: Topic {
        subject: |name| format!("Sie haben ein Konto bei {name}"),
        body: |name| {
            format!(
                "Jemand möchte sich mit dieser Adresse bei {name} registrieren. Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich damit an. Wenn Sie das Passwort vergessen haben, legen Sie ein neues fest:"
            )
        },
        link: "Neues Passwort festlegen",
    },
    invited: Topic {
        subject: |name| format!("Einladung zu {name}"),
        body: |name| {
            format!(
                "Sie sind zu {name} eingeladen. Öffnen Sie zum Annehmen diesen Link und wählen Sie ein Passwort:"
            )
        },
        link: "Einladung annehmen",
    },
    email: Topic {
        subject: |name| format!("Adresse für {name} bestätigen"),
        body: |name| {
            format!(
                "Diese Adresse wurde für ein Konto bei {name} eingegeben. Öffnen Sie zum Bestätigen diesen Link dort, wo Sie angemeldet sind:"
            )
        },
        link: "Adresse bestätigen",
    },
    reset: Topic {
        subject: |name| format!("Neues Passwort für {name} festlegen"),
        body: |name| {
            format!(
                "Jemand hat ein neues Passwort für Ihr Konto bei {name} angefordert. Öffnen Sie diesen Link, um es festzulegen:"
            )
        },
        link: "Neues Passwort festlegen",
    },
    reset_barred: Topic {
        subject: |name| format!("Ihr Passwort für {name} kann nicht per E-Mail festgelegt werden"),
        body: |name| {
            format!(
                "Jemand hat ein neues Passwort für ein Konto bei {name} mit dieser Adresse angefordert. Das Konto hat einen zweiten Faktor, und die Adresse wurde nie bestätigt. Deshalb kann es nicht per E-Mail wiederhergestellt werden. Wenn es Ihr Konto ist, lassen Sie seine zweiten Faktoren von den Betreibern des Dienstes entfernen."
            )
        },
        link: "",
    },
    password_set: Topic {
        subject: |name| format!("Ihr Passwort für {name} wurde geändert"),
        body: |name| {
            format!(
                "Das Passwort Ihres Kontos bei {name} wurde geändert. Alle anderen Geräte sind abgemeldet."
            )
        },
        link: "Neues Passwort festlegen",
    },
    password_reset: Topic {
        subject: |name| format!("Ihr Passwort für {name} wurde neu festgelegt"),
        body: |name| {
            format!(
                "Das Passwort Ihres Kontos bei {name} wurde über einen Link oder Code aus einer E-Mail neu festgelegt. Alle Geräte sind abgemeldet. Hat das Konto Passkeys, kann man sich damit weiterhin anmelden: Entfernen Sie jeden, der nicht Ihrer ist."
            )
        },
        link: "Neues Passwort festlegen",
    },
    address_asked: Topic {
        subject: |name| format!("Andere Adresse für Ihr Konto bei {name}"),
        body: |name| {
            format!(
                "Für Ihr Konto bei {name} wurde eine andere Adresse eingegeben. Wenn Sie zustimmen, öffnen Sie diesen Link dort, wo Sie angemeldet sind. Dann entfällt die Wartezeit:"
            )
        },
        link: "Der Änderung zustimmen",
    },
    address_changed: Topic {
        subject: |name| format!("Ihre Adresse für {name} wurde geändert"),
        body: |name| {
            format!(
                "Ihr Konto bei {name} hat jetzt eine andere Adresse. Die Adresse, an die diese E-Mail geht, gehört nicht mehr dazu."
            )
        },
        link: "",
    },
    disabled: Topic {
        subject: |name| format!("Ihr Konto bei {name} wurde gesperrt"),
        body: |name| {
            format!(
                "Ihr Konto bei {name} wurde von der Administration gesperrt. Eine Anmeldung ist nicht mehr möglich."
            )
        },
        link: "",
    },
    deleted: Topic {
        subject: |name| format!("Ihr Konto bei {name} wurde gelöscht"),
        body: |name| format!("Ihr Konto bei {name} wurde gelöscht."),
        link: "",
    },
    totp_added: Topic {
        subject: |name| format!("Authenticator-App für Ihr Konto bei {name}"),
        body: |name| {
            format!(
                "Zu Ihrem Konto bei {name} wurde eine Authenticator-App hinzugefügt. Nach dem Passwort wird einer ihrer Codes verlangt. Alle anderen Geräte sind abgemeldet."
            )
        },
        link: "Neues Passwort festlegen",
    },
    passkey_added: Topic {
        subject: |name| format!("Passkey für Ihr Konto bei {name}"),
        body: |name| {
            format!(
                "Zu Ihrem Konto bei {name} wurde ein Passkey hinzugefügt. Wer ihn hat, kann sich damit anmelden."
            )
        },
        link: "Neues Passwort festlegen",
    },
    totp_removed: Topic {
        subject: |name| format!("Authenticator-App aus Ihrem Konto bei {name} entfernt"),
        body: |name| {
            format!(
                "Aus Ihrem Konto bei {name} wurde die Authenticator-App entfernt. Ihre Codes werden nicht mehr verlangt. Alle anderen Geräte sind abgemeldet."
            )
        },
        link: "Neues Passwort festlegen",
    },
    passkey_removed: Topic {
        subject: |name| format!("Passkey aus Ihrem Konto bei {name} entfernt"),
        body: |name| {
            format!(
                "Aus Ihrem Konto bei {name} wurde ein Passkey entfernt. Damit kann sich niemand mehr anmelden. Alle anderen Geräte sind abgemeldet."
            )
        },
        link: "Neues Passwort festlegen",
    },
    factors_removed: Topic {
        subject: |name| format!("Ihre zweiten Faktoren bei {name} wurden entfernt"),
        body: |name| {
            format!(
                "Alle zweiten Faktoren und Passkeys wurden von der Administration aus Ihrem Konto bei {name} entfernt. Alle Geräte sind abgemeldet."
            )
        },
        link: "",
    },
    second_factor_optional: Topic {
        subject: |name| format!("Bei {name} wird kein zweiter Faktor mehr verlangt"),
        body: |name| {
            format!(
                "Für Ihr Konto bei {name} wird nach dem Passwort kein zweiter Faktor mehr verlangt. Alle anderen Geräte sind abgemeldet."
            )
        },
        link: "Neues Passwort festlegen",
    },
    recovery_codes_made: Topic {
        subject: |name| format!("Neue Wiederherstellungscodes für Ihr Konto bei {name}"),
        body: |name| {
            format!(
                "Für Ihr Konto bei {name} wurden neue Wiederherstellungscodes erstellt. Die bisherigen gelten nicht mehr."
            )
        },
        link: "Neues Passwort festlegen",
    },
    recovery_code_used: Topic {
        subject: |name| format!("Wiederherstellungscode für {name} verwendet"),
        body: |name| {
            format!(
                "Für Ihr Konto bei {name} wurde ein Wiederherstellungscode anstelle des zweiten Faktors verwendet. Er gilt kein zweites Mal."
            )
        },
        link: "Neues Passwort festlegen",
    },
    wrong_codes: Topic {
        subject: |name| format!("Falsche Codes für Ihr Konto bei {name}"),
        body: |name| {
            format!(
                "Für Ihr Konto bei {name} wurden viele falsche Codes hintereinander eingegeben. Sie kamen von jemandem, der das Passwort kennt oder ein angemeldetes Gerät hat."
            )
        },
        link: "Neues Passwort festlegen",
    },
    mfa_locked: Topic {
        subject: |name| format!("Codes für Ihr Konto bei {name} sind gesperrt"),
        body: |name| {
            format!(
                "Für Ihr Konto bei {name} wurden zu viele falsche Codes hintereinander eingegeben. Codes der Authenticator-App werden nicht mehr angenommen, bis ein Wiederherstellungscode oder ein Passkey verwendet oder die App von der Administration entfernt wurde."
            )
        },
        link: "Neues Passwort festlegen",
    },
    code: "Oder geben Sie diesen Code ein, wo Sie danach gefragt werden:",
    valid_until: |time| format!("Link und Code gelten bis {time} und nur einmal."),
    link_valid_until: |time| format!("Der Link gilt bis {time} und nur einmal."),
    at: |time| format!("Zeitpunkt: {time}."),
    asked_from: |asker| format!("Angefordert von: {asker}."),
    never_asked: "Niemand wird Sie anrufen oder Ihnen schreiben, um nach diesem Code zu fragen.",
    ignore: "Wenn Sie diese E-Mail nicht erwartet haben, ignorieren Sie sie.",
    not_you: "Wenn Sie das nicht waren, legen Sie sofort ein neues Passwort fest:",
    stop: "Wenn Sie nichts tun, kann die Änderung nach einer Wartezeit wirksam werden, oder sofort, wenn sie mit einem zweiten Faktor eingegeben wurde. Um sie aufzuhalten, legen Sie ein neues Passwort fest:",
    ask_us: "Wenn Sie das nicht erwartet haben, wenden Sie sich an die Betreiber des Dienstes.",
    factor_stays: "Ein neues Passwort entfernt den Zugang nicht, der hinzugefügt wurde. Wenn es nicht Ihrer ist, lassen Sie ihn von den Betreibern des Dienstes entfernen.",
};
