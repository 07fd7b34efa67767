"""Fingerprints of services that deliver mail."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

DELIVERIES = (
    *marked(
        "SendGrid",
        "Twilio",
        Category.MAIL_DELIVERY,
        Mark(Where.SPF, "sendgrid.net", "sendgrid.net", "sendgrid.net.example"),
        Mark(
            Where.DKIM,
            "s1 sendgrid.net",
            "s1 s1.domainkey.u1.wl1.sendgrid.net",
            "s1 s1.domainkey.acme.example",
        ),
    ),
    *marked(
        "Mailchimp",
        "Intuit",
        Category.MARKETING,
        Mark(Where.SPF, "servers.mcsv.net", "servers.mcsv.net", "servers.mcsv.example"),
        Mark(Where.DKIM, "k1 dkim.mcsv.net", "k1 dkim.mcsv.net", "k1 dkim.mcsv.example"),
        Mark(
            Where.SCRIPT,
            "*.list-manage.com",
            "https://acme.us1.list-manage.com/subscribe/post",
            "https://list-manage.example/",
        ),
        Mark(
            Where.SCRIPT,
            "chimpstatic.com",
            "https://chimpstatic.com/mcjs-connected/js/users/1.js",
            "https://champstatic.com/x.js",
        ),
    ),
    *marked(
        "Mandrill",
        "Intuit",
        Category.MAIL_DELIVERY,
        Mark(Where.SPF, "spf.mandrillapp.com", "spf.mandrillapp.com", "mandrillapp.com.example"),
        Mark(Where.DKIM, "mandrill", "mandrill", "mandril"),
    ),
    *marked(
        "Mailgun",
        "Sinch",
        Category.MAIL_DELIVERY,
        Mark(Where.SPF, "mailgun.org", "mailgun.org", "notmailgun.org"),
    ),
    *marked(
        "Mailjet",
        "Sinch",
        Category.MAIL_DELIVERY,
        Mark(Where.SPF, "spf.mailjet.com", "spf.mailjet.com", "spf.mailjet.example"),
    ),
    *marked(
        "Brevo",
        "Brevo",
        Category.MARKETING,
        Mark(Where.SPF, "spf.sendinblue.com", "spf.sendinblue.com", "spf.sendinblack.com"),
        Mark(Where.TXT, "brevo-code:", "brevo-code:ab12", "bravo-code:ab12"),
        Mark(
            Where.SCRIPT,
            "sibautomation.com",
            "https://sibautomation.com/sa.js",
            "https://sibautomations.com/sa.js",
        ),
    ),
    *marked(
        "Postmark",
        "ActiveCampaign",
        Category.MAIL_DELIVERY,
        Mark(Where.SPF, "spf.mtasv.net", "spf.mtasv.net", "spf.mtasv.example"),
    ),
    *marked(
        "ActiveCampaign",
        "ActiveCampaign",
        Category.MARKETING,
        Mark(Where.SCRIPT, "trackcmp.net", "https://trackcmp.net/visit", "https://trackcmp.example/visit"),
        Mark(
            Where.SCRIPT,
            "*.activehosted.com",
            "https://acme.activehosted.com/f/embed.php",
            "https://activehosted.example/f",
        ),
    ),
    *marked(
        "Klaviyo",
        "Klaviyo",
        Category.MARKETING,
        Mark(
            Where.SCRIPT,
            "static.klaviyo.com",
            "https://static.klaviyo.com/onsite/js/klaviyo.js",
            "https://www.klaviyo.com/x",
        ),
    ),
    *marked(
        "Amazon SES",
        "Amazon",
        Category.MAIL_DELIVERY,
        Mark(Where.SPF, "amazonses.com", "amazonses.com", "notamazonses.com"),
        Mark(
            Where.MX,
            "inbound-smtp.*.amazonaws.com",
            "inbound-smtp.eu-west-1.amazonaws.com",
            "smtp.eu-west-1.amazonaws.com",
        ),
    ),
)
