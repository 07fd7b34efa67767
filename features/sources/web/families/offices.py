"""Fingerprints of mail and office suites in the cloud."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

OFFICES = (
    *marked(
        "Microsoft 365",
        "Microsoft",
        Category.OFFICE,
        Mark(
            Where.MX,
            "mail.protection.outlook.com",
            "acme-example.mail.protection.outlook.com",
            "mail.outlook.com",
        ),
        Mark(Where.MX, "mx.microsoft", "acme-example.o-v1.mx.microsoft", "mx.microsoft.example"),
        Mark(
            Where.SPF,
            "spf.protection.outlook.com",
            "spf.protection.outlook.com",
            "protection.outlook.com.example",
        ),
        Mark(
            Where.DKIM,
            "selector1 onmicrosoft.com",
            "selector1 selector1-acme-example._domainkey.acme.onmicrosoft.com",
            "selector1 selector1.notonmicrosoft.com",
        ),
        Mark(
            Where.CNAME, "autodiscover.outlook.com", "autodiscover.outlook.com", "autodiscover.acme.example"
        ),
        Mark(Where.TXT, "MS=ms", "MS=ms12345678", "MS-verification=1"),
        Mark(
            Where.LINK,
            "*.sharepoint.com",
            "https://acme.sharepoint.com/sites/x",
            "https://www.sharepoint.com/",
        ),
        Mark(
            Where.LINK,
            "outlook.office365.com/owa/calendar",
            "https://outlook.office365.com/owa/calendar/A@a/bookings/",
            "https://outlook.office365.com/mail/",
        ),
    ),
    *marked(
        "Google Workspace",
        "Google",
        Category.OFFICE,
        Mark(Where.MX, "aspmx.l.google.com", "alt1.aspmx.l.google.com", "aspmx.l.notgoogle.com"),
        Mark(Where.MX, "smtp.google.com", "smtp.google.com", "smtp.google.com.example"),
        Mark(Where.MX, "googlemail.com", "aspmx2.googlemail.com", "notgooglemail.com"),
        Mark(Where.SPF, "_spf.google.com", "_spf.google.com", "spf.google.example"),
        Mark(Where.DKIM, "google", "google", "googles"),
        Mark(
            Where.TXT,
            "google-gws-recovery-domain-verification=",
            "google-gws-recovery-domain-verification=1",
            "google-site-verification=x",
        ),
    ),
    *marked(
        "Zoho Mail",
        "Zoho",
        Category.OFFICE,
        Mark(Where.MX, "zoho.com", "mx2.zoho.com", "mx.notzoho.com"),
        Mark(Where.MX, "zoho.eu", "mx.zoho.eu", "mx.zoho.example"),
        Mark(Where.SPF, "zohomail.com", "one.zohomail.com", "zohomail.com.example"),
        Mark(Where.TXT, "zoho-verification=", "zoho-verification=zb1.zmverify.zoho.com", "zohoverification"),
    ),
    *marked(
        "Yandex 360",
        "Yandex",
        Category.OFFICE,
        Mark(Where.MX, "mx.yandex.net", "mx.yandex.net", "mx.yandex.net.example"),
        Mark(Where.SPF, "_spf.yandex.net", "_spf.yandex.net", "_spf.yandex.example"),
    ),
    *marked(
        "Proton Mail",
        "Proton",
        Category.OFFICE,
        Mark(Where.MX, "protonmail.ch", "mail.protonmail.ch", "mail.protonmail.example"),
        Mark(Where.TXT, "protonmail-verification=", "protonmail-verification=ab12", "proton-verification"),
    ),
    *marked(
        "iCloud Mail",
        "Apple",
        Category.OFFICE,
        Mark(Where.MX, "mail.icloud.com", "mx01.mail.icloud.com", "mail.icloud.example"),
        Mark(Where.SPF, "icloud.com", "icloud.com", "myicloud.com"),
    ),
    *marked(
        "Fastmail",
        "Fastmail",
        Category.OFFICE,
        Mark(Where.MX, "messagingengine.com", "in1-smtp.messagingengine.com", "messagingengines.com"),
        Mark(
            Where.DKIM, "fm1 fmhosted.com", "fm1 fm1.acme.example.dkim.fmhosted.com", "fm1 fm1.acme.example"
        ),
    ),
    *marked(
        "Rackspace Email",
        "Rackspace",
        Category.OFFICE,
        Mark(Where.MX, "emailsrvr.com", "mx1.emailsrvr.com", "mx1.myemailsrvr.com"),
        Mark(Where.SPF, "emailsrvr.com", "emailsrvr.com", "emailsrvr.com.example"),
    ),
    *marked(
        "OVHcloud Mail",
        "OVHcloud",
        Category.OFFICE,
        Mark(Where.MX, "mail.ovh.net", "mx1.mail.ovh.net", "mail.ovh.net.example"),
        Mark(Where.SPF, "mx.ovh.com", "mx.ovh.com", "mx.myovh.com"),
    ),
    *marked(
        "IONOS Mail",
        "IONOS",
        Category.OFFICE,
        Mark(Where.MX, "kundenserver.de", "mx00.kundenserver.de", "kundenserver.de.example"),
        Mark(Where.MX, "ionos.es", "mx00.ionos.es", "mx00.notionos.es"),
        Mark(Where.MX, "ionos.fr", "mx00.ionos.fr", "mx00.notionos.fr"),
    ),
    *marked(
        "GoDaddy Email",
        "GoDaddy",
        Category.OFFICE,
        Mark(Where.MX, "secureserver.net", "smtp.secureserver.net", "mysecureserver.net"),
    ),
    *marked(
        "Exclaimer",
        "Exclaimer",
        Category.OFFICE,
        Mark(Where.SPF, "spf.exclaimer.net", "spf.exclaimer.net", "spf.exclaimer.example"),
    ),
)
