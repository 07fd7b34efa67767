"""Fingerprints of the management of devices."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

DEVICES = (
    *marked(
        "Microsoft Intune",
        "Microsoft",
        Category.DEVICE_MANAGEMENT,
        Mark(
            Where.CNAME,
            "manage.microsoft.com",
            "enterpriseenrollment-s.manage.microsoft.com",
            "www.microsoft.com",
        ),
    ),
    *marked(
        "Jamf Pro",
        "Jamf",
        Category.DEVICE_MANAGEMENT,
        Mark(Where.TXT, "jamf-site-verification=", "jamf-site-verification=x", "jam-site-verification=x"),
        Mark(Where.LINK, "*.jamfcloud.com", "https://acme.jamfcloud.com/enroll", "https://www.jamf.com/"),
    ),
    *marked(
        "Apple Business Manager",
        "Apple",
        Category.DEVICE_MANAGEMENT,
        Mark(Where.TXT, "apple-domain-verification=", "apple-domain-verification=sqTG", "apple-domain=sqTG"),
    ),
    *marked(
        "TeamViewer",
        "TeamViewer",
        Category.DEVICE_MANAGEMENT,
        Mark(Where.TXT, "teamviewer-sso-verification=", "teamviewer-sso-verification=1", "teamviewer=1"),
        Mark(
            Where.LINK, "get.teamviewer.com", "https://get.teamviewer.com/acme", "https://www.teamviewer.com/"
        ),
    ),
    *marked(
        "AnyDesk",
        "AnyDesk",
        Category.DEVICE_MANAGEMENT,
        Mark(Where.LINK, "my.anydesk.com", "https://my.anydesk.com/download/acme", "https://anydesk.com/"),
    ),
)
