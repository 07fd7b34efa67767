"""Fingerprints of collaboration."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

COLLABORATION = (
    *marked(
        "Microsoft Teams",
        "Microsoft",
        Category.COLLABORATION,
        Mark(Where.CNAME, "webdir.online.lync.com", "webdir.online.lync.com", "online.lync.example"),
        Mark(Where.CNAME, "sipdir.online.lync.com", "sipdir.online.lync.com", "sip.lync.example"),
    ),
    *marked(
        "Slack",
        "Salesforce",
        Category.COLLABORATION,
        Mark(Where.TXT, "slack-domain-verification=", "slack-domain-verification=x", "slack=x"),
        Mark(
            Where.LINK,
            "join.slack.com/t",
            "https://join.slack.com/t/acme/shared_invite/x",
            "https://slack.com/",
        ),
    ),
    *marked(
        "Zoom",
        "Zoom",
        Category.COLLABORATION,
        Mark(Where.TXT, "ZOOM_verify_", "ZOOM_verify_DS99", "ZOOM=1"),
        Mark(
            Where.TXT,
            "zoom-domain-verification=",
            "zoom-domain-verification=ZOOM_verify_1",
            "zoom-verification",
        ),
    ),
    *marked(
        "Cisco Webex",
        "Cisco",
        Category.COLLABORATION,
        Mark(Where.TXT, "webexdomainverification", "webexdomainverification.8F=1", "webex=1"),
        Mark(
            Where.TXT,
            "cisco-ci-domain-verification=",
            "cisco-ci-domain-verification=1",
            "cisco-verification=1",
        ),
        Mark(Where.LINK, "*.webex.com", "https://acme.webex.com/meet", "https://www.webex.com/"),
    ),
    *marked(
        "Atlassian Cloud",
        "Atlassian",
        Category.COLLABORATION,
        Mark(Where.TXT, "atlassian-domain-verification=", "atlassian-domain-verification=yG", "atlassian=yG"),
        Mark(
            Where.LINK,
            "*.atlassian.net",
            "https://acme.atlassian.net/servicedesk",
            "https://www.atlassian.net/",
        ),
    ),
    *marked(
        "Dropbox",
        "Dropbox",
        Category.COLLABORATION,
        Mark(Where.TXT, "dropbox-domain-verification=", "dropbox-domain-verification=x", "dropbox=x"),
    ),
    *marked(
        "Box",
        "Box",
        Category.COLLABORATION,
        Mark(
            Where.TXT,
            "box-domain-verification=",
            "box-domain-verification=x",
            "mailbox-domain-verification=x",
        ),
        Mark(Where.LINK, "*.app.box.com", "https://acme.app.box.com/s/x", "https://app.box.com/"),
    ),
    *marked(
        "Miro",
        "Miro",
        Category.COLLABORATION,
        Mark(Where.TXT, "miro-verification=", "miro-verification=27ce", "mirror-verification=27ce"),
    ),
    *marked(
        "Notion",
        "Notion",
        Category.COLLABORATION,
        Mark(Where.TXT, "notion-domain-verification=", "notion-domain-verification=x", "notion=x"),
    ),
    *marked(
        "Smartsheet",
        "Smartsheet",
        Category.COLLABORATION,
        Mark(
            Where.TXT,
            "smartsheet-site-validation=",
            "smartsheet-site-validation=x",
            "sheet-site-validation=x",
        ),
    ),
    *marked(
        "monday.com",
        "monday.com",
        Category.COLLABORATION,
        Mark(Where.TXT, "monday-com-verification=", "monday-com-verification=TT", "monday=TT"),
        Mark(
            Where.SCRIPT,
            "forms.monday.com",
            "https://forms.monday.com/forms/embed/1",
            "https://forms.monday.example/1",
        ),
    ),
    *marked(
        "DocuSign",
        "DocuSign",
        Category.COLLABORATION,
        Mark(Where.TXT, "docusign=", "docusign=d6465c58", "signdocusign=1"),
    ),
    *marked(
        "Adobe Enterprise",
        "Adobe",
        Category.COLLABORATION,
        Mark(
            Where.TXT,
            "adobe-idp-site-verification=",
            "adobe-idp-site-verification=1",
            "adobe-site-verification=1",
        ),
        Mark(Where.TXT, "adobe-sign-verification=", "adobe-sign-verification=1", "adobe-sign=1"),
    ),
    *marked(
        "GoTo",
        "GoTo",
        Category.COLLABORATION,
        Mark(Where.TXT, "logmein-verification-code=", "logmein-verification-code=x", "logmein=x"),
    ),
)
