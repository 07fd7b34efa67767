"""Fingerprints of ERP in the cloud and by rivals."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

PLANNING = (
    *marked(
        "Dynamics 365 Business Central",
        "Microsoft",
        Category.ERP,
        Mark(
            Where.LINK,
            "businesscentral.dynamics.com",
            "https://businesscentral.dynamics.com/acme.example",
            "https://central.dynamics.com/",
        ),
    ),
    *marked(
        "Dynamics 365 Finance",
        "Microsoft",
        Category.ERP,
        Mark(
            Where.LINK,
            "*.operations.dynamics.com",
            "https://acme.operations.dynamics.com/",
            "https://operations.example/",
        ),
        Mark(
            Where.LINK,
            "*.operations.eu.dynamics.com",
            "https://acme.operations.eu.dynamics.com/",
            "https://eu.dynamics.com/",
        ),
    ),
    *marked(
        "Sage",
        "Sage",
        Category.ERP,
        Mark(Where.TXT, "intacct-esk=", "intacct-esk=A3E9DCEA", "intact-esk=A3"),
        Mark(Where.SPF, "_spf.intacct.com", "_spf.intacct.com", "_spf.intact.com"),
        Mark(
            Where.LINK,
            "*.intacct.com",
            "https://www-p02.intacct.com/ia/acct/login.phtml",
            "https://www.intacct.com/",
        ),
        Mark(Where.LINK, "*.sage.hr", "https://acme.sage.hr/jobs", "https://www.sage.hr/"),
    ),
    *marked(
        "SAP Business One",
        "SAP",
        Category.ERP,
        Mark(Where.LINK, "@/b1s", "/b1s/v1/Login", "/b1slides/"),
        Mark(Where.MARKUP, "/b1s/v2/", '<script>fetch("/b1s/v2/Items")</script>', "<p>b1s v2</p>"),
    ),
    *marked(
        "SAP NetWeaver",
        "SAP",
        Category.ERP,
        Mark(
            Where.HEADER,
            "server: SAP NetWeaver",
            "server: SAP NetWeaver Application Server / ABAP 753",
            "server: SAP",
        ),
        Mark(Where.COOKIE, "sap-usercontext", "sap-usercontext", "sap-context"),
        Mark(
            Where.LINK,
            "@/irj/portal",
            "https://portal.acme.example/irj/portal",
            "https://portal.acme.example/irj",
        ),
    ),
    *marked(
        "SAP Commerce Cloud",
        "SAP",
        Category.SITES,
        Mark(
            Where.CNAME, "commerce.ondemand.com", "acme.model-t.cc.commerce.ondemand.com", "commerce.example"
        ),
    ),
    *marked(
        "Oracle NetSuite",
        "Oracle",
        Category.ERP,
        Mark(
            Where.SCRIPT,
            "*.netsuite.com",
            "https://123.extforms.netsuite.com/app/site/crm/externalleadpage.nl",
            "https://netsuite.example/x",
        ),
        Mark(Where.SPF, "mailsenders.netsuite.com", "mailsenders.netsuite.com", "mail.netsuite.example"),
        Mark(Where.CNAME, "netsuite.com", "acme.hosting.netsuite.com", "mynetsuite.com"),
    ),
    *marked(
        "Oracle E-Business Suite",
        "Oracle",
        Category.ERP,
        Mark(
            Where.LINK,
            "@/OA_HTML",
            "https://erp.acme.example/OA_HTML/AppsLogin",
            "https://erp.acme.example/HTML/",
        ),
    ),
    *marked(
        "Odoo",
        "Odoo",
        Category.ERP,
        Mark(Where.META, "Odoo", "Odoo", "Doo"),
        Mark(Where.CNAME, "odoo.com", "acme.odoo.com", "myodoo.com"),
    ),
    *marked(
        "Holded",
        "Holded",
        Category.ERP,
        Mark(Where.LINK, "app.holded.com", "https://app.holded.com/portal/acme", "https://www.holded.com/"),
    ),
    *marked(
        "Acumatica",
        "Acumatica",
        Category.ERP,
        Mark(Where.LINK, "*.acumatica.com", "https://acme.acumatica.com/", "https://www.acumatica.com/"),
    ),
    *marked(
        "Infor CloudSuite",
        "Infor",
        Category.ERP,
        Mark(
            Where.LINK,
            "*.inforcloudsuite.com",
            "https://mingle-portal.inforcloudsuite.com/ACME",
            "https://inforcloudsuite.example/",
        ),
    ),
    *marked(
        "IFS Cloud",
        "IFS",
        Category.ERP,
        Mark(Where.LINK, "*.ifs.cloud", "https://acme.ifs.cloud/main", "https://www.ifs.cloud/"),
    ),
)
