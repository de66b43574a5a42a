//! The texts in German.

use super::{CheckMail, Failure, Form, Message, Mistakes, Refused, ShowCode, Texts, Welcome};

/// The texts in German.
pub(crate) const GERMAN: Texts = Texts {
    email: "E-Mail-Adresse",
    username: "Benutzername (freiwillig)",
    username_hint: "Damit können Sie sich anstelle der E-Mail-Adresse anmelden.",
    password: "Passwort",
    new_password: "Neues Passwort",
    password_hint: (
        "Mindestens ",
        " Zeichen. Mehrere zufällige Wörter ergeben ein gutes Passwort.",
    ),
    code: "Code aus der E-Mail",
    code_hint: "Acht Ziffern, mit oder ohne Leerzeichen.",
    error: "Fehler: ",
    mistakes_heading: "Es gibt ein Problem",
    mistakes: Mistakes {
        email_missing: "Geben Sie Ihre E-Mail-Adresse ein.",
        username_missing: "Geben Sie einen Benutzernamen ein.",
        password_missing: "Geben Sie ein Passwort ein.",
        code_missing: "Geben Sie den Code aus der E-Mail ein.",
        email_form: "Geben Sie eine E-Mail-Adresse wie name@example.com ein.",
        username_form: "Verwenden Sie 3 bis 64 Buchstaben (A bis Z), Ziffern, „.“, „_“ oder „-“, \
                        und beginnen Sie mit einem Buchstaben oder einer Ziffer.",
        username_taken: "Diesen Benutzernamen gibt es schon. Wählen Sie einen anderen.",
        password_short: ("Verwenden Sie mindestens ", " Zeichen."),
        password_guessable: "Dieses Passwort ist leicht zu erraten. Wählen Sie ein längeres oder \
                             selteneres.",
        code_wrong: "Dieser Code ist falsch oder nicht mehr gültig. Fordern Sie einen neuen an.",
        wait_a_minute: "Zu viele Versuche. Versuchen Sie es in einer Minute wieder.",
        wait: (
            "Zu viele Versuche. Versuchen Sie es in ",
            " Minuten wieder.",
        ),
    },
    forgot: Form {
        title: "Passwort vergessen?",
        lead: "Geben Sie die E-Mail-Adresse Ihres Kontos ein. Wir senden Ihnen einen Link, mit dem \
               Sie ein neues Passwort festlegen.",
        button: "Link senden",
    },
    reset: Form {
        title: "Neues Passwort festlegen",
        lead: "Das neue Passwort ersetzt das alte und meldet Sie überall ab.",
        button: "Passwort festlegen",
    },
    sign_up: Form {
        title: "Konto anlegen",
        lead: "Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem es \
               weitergeht.",
        button: "Link senden",
    },
    sign_up_confirm: Form {
        title: "Registrierung abschließen",
        lead: "Wählen Sie ein Passwort für Ihr neues Konto.",
        button: "Konto anlegen",
    },
    check_mail: CheckMail {
        title: "Prüfen Sie Ihr Postfach",
        reset: (
            "Falls es ein Konto mit der Adresse ",
            " gibt, ist eine E-Mail dorthin unterwegs. Öffnen Sie den Link darin, oder tippen Sie \
             hier den Code ein.",
        ),
        sign_up: (
            "Eine E-Mail ist unterwegs an ",
            ". Öffnen Sie den Link darin, oder tippen Sie hier den Code ein.",
        ),
        nothing_came: "Ist nach einigen Minuten nichts angekommen? Sehen Sie im Spam-Ordner nach, \
                       und prüfen Sie die Adresse auf Tippfehler.",
        type_code: "Code eintippen",
        again: "Andere Adresse verwenden",
    },
    show_code: ShowCode {
        confirm_title: "Adresse bestätigen",
        confirm_lead: ("Dieser Code bestätigt, dass Sie die E-Mails an ", " lesen:"),
        agree: Message {
            title: "Der neuen Adresse zustimmen",
            lead: "Mit diesem Code wechselt Ihr Konto sofort zu einer anderen E-Mail-Adresse:",
        },
        type_it: "Tippen Sie ihn dort ein, wo Sie angemeldet sind.",
        confirm_stranger: "Sie haben das nicht angefordert? Dann schließen Sie diese Seite. Geben \
                           Sie den Code niemandem.",
        agree_stranger: "Sie haben das nicht angefordert? Dann geben Sie den Code niemandem, und \
                         legen Sie ein neues Passwort fest. Das hält den Wechsel auf und meldet \
                         alle Geräte ab.",
        stop: "Neues Passwort festlegen",
    },
    password_set: Message {
        title: "Ihr Passwort ist festgelegt",
        lead: "Sie sind überall abgemeldet. Gehen Sie zurück zur App, und melden Sie sich mit dem \
               neuen Passwort an.",
    },
    signed_up: Message {
        title: "Ihr Konto ist bereit",
        lead: "Gehen Sie zurück zur App, und melden Sie sich an.",
    },
    address_taken: Form {
        title: "Sie haben schon ein Konto",
        lead: "Eine andere Registrierung mit dieser Adresse war schneller. Gehen Sie zurück zur \
               App, und melden Sie sich an, oder legen Sie ein neues Passwort fest, falls Sie das \
               alte nicht kennen.",
        button: "Neues Passwort festlegen",
    },
    refused: Refused {
        used: Message {
            title: "Dieser Link wurde schon benutzt",
            lead: "Ein Link gilt einmal. Wenn Sie ihn selbst benutzt haben, ist alles erledigt: Gehen \
                   Sie zurück zur App.",
        },
        expired: Message {
            title: "Dieser Link ist abgelaufen",
            lead: "Ein Link gilt nur eine begrenzte Zeit. Fordern Sie einen neuen an.",
        },
        superseded: Message {
            title: "Dieser Link ist nicht mehr aktuell",
            lead: "Ihr Konto hat sich geändert, seit wir den Link gesendet haben. Fordern Sie einen \
                   neuen an, falls Sie ihn noch brauchen.",
        },
        unknown: Message {
            title: "Dieser Link ist ungültig",
            lead: "Vielleicht fehlt ein Teil davon. Öffnen Sie ihn aus der E-Mail, oder kopieren \
                   Sie ihn ganz.",
        },
        again_reset: "Neuen Link anfordern",
        used_sign_up: "Passwort vergessen?",
        again_sign_up: "Noch einmal registrieren",
        again_signed_in: "Eine neue E-Mail bekommen Sie dort, wo Sie angemeldet sind, in den \
                          Einstellungen Ihres Kontos.",
    },
    disabled: Message {
        title: "Das gibt es hier nicht",
        lead: "Dieser Dienst bietet nicht an, was Sie suchen.",
    },
    failure: Failure {
        forbidden: "Das ist nicht erlaubt",
        not_found: "Diese Seite gibt es nicht",
        too_many: "Zu viele Versuche",
        bad_request: "Diese Anfrage lässt sich nicht beantworten",
        server: "Hier ist etwas schiefgegangen",
        other_site: "Dieses Formular wurde nicht von einer Seite dieses Dienstes gesendet, deshalb \
                     wurde nichts geändert. Öffnen Sie die Seite hier, und versuchen Sie es noch \
                     einmal.",
        no_page: "Prüfen Sie die Adresse auf Tippfehler.",
        wait: "Warten Sie einige Minuten, und versuchen Sie es dann wieder.",
        try_again: "Der Fehler liegt bei uns. Versuchen Sie es gleich noch einmal.",
        request: "Anfrage",
    },
    welcome: Welcome {
        title: "Ein Anmeldedienst",
        lead: "Mit diesem Dienst registrieren sich Menschen bei Apps und melden sich dort an. Seine \
               API ist für Programme: Eine App bekommt von ihr Tokens und prüft sie.",
        try_it: "Ausprobieren",
        links: "Links",
        people: "Suchen Sie Ihr Konto? Öffnen Sie die App, mit der Sie es benutzen.",
    },
};
