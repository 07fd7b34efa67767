"""Fingerprints of low code and analytics."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

BUILDING = (
    *marked(
        "Power Apps",
        "Microsoft",
        Category.LOW_CODE,
        Mark(Where.CNAME, "powerappsportals.com", "acme.powerappsportals.com", "powerapps.example"),
        Mark(
            Where.LINK,
            "*.powerappsportals.com",
            "https://acme.powerappsportals.com/",
            "https://powerapps.microsoft.com/",
        ),
        Mark(
            Where.LINK,
            "apps.powerapps.com/play",
            "https://apps.powerapps.com/play/e/1/a/2",
            "https://apps.powerapps.com/",
        ),
        Mark(
            Where.SCRIPT,
            "apps.powerapps.com",
            "https://apps.powerapps.com/play/1",
            "https://powerapps.com.example/",
        ),
        Mark(Where.HEADER, "x-ms-portal-app", "x-ms-portal-app: site-1-EUw", "x-portal-app: 1"),
        Mark(Where.COOKIE, "Dynamics365PortalAnalytics", "Dynamics365PortalAnalytics", "PortalAnalytics"),
    ),
    *marked(
        "Mendix",
        "Mendix",
        Category.LOW_CODE,
        Mark(Where.CNAME, "mendixcloud.com", "acme.mendixcloud.com", "notmendixcloud.com"),
        Mark(Where.LINK, "*.mendixcloud.com", "https://acme.mendixcloud.com/", "https://www.mendix.com/"),
        Mark(Where.LINK, "*.mxapps.io", "https://acme.mxapps.io/", "https://apps.io/"),
        Mark(
            Where.MARKUP,
            "mxclientsystem/mxui",
            '<script src="mxclientsystem/mxui/mxui.js"></script>',
            "<p>mxclientsystem</p>",
        ),
    ),
    *marked(
        "OutSystems",
        "OutSystems",
        Category.LOW_CODE,
        Mark(Where.CNAME, "outsystemsenterprise.com", "acme.outsystemsenterprise.com", "outsystems.example"),
        Mark(
            Where.LINK,
            "*.outsystemsenterprise.com",
            "https://acme.outsystemsenterprise.com/App",
            "https://www.outsystems.com/",
        ),
        Mark(
            Where.LINK,
            "*.outsystemscloud.com",
            "https://acme.outsystemscloud.com/App",
            "https://outsystemscloud.example/",
        ),
        Mark(Where.COOKIE, "osVisitor", "osVisitor", "Visitor"),
        Mark(
            Where.MARKUP,
            "scripts/outsystems.js",
            '<script src="scripts/OutSystems.js?1"></script>',
            "<p>outsystems.js</p>",
        ),
    ),
    *marked(
        "AppSheet",
        "AppSheet",
        Category.LOW_CODE,
        Mark(
            Where.LINK,
            "appsheet.com/start",
            "https://www.appsheet.com/start/1-2",
            "https://www.appsheet.com/pricing",
        ),
        Mark(
            Where.SCRIPT,
            "appsheet.com/start",
            "https://www.appsheet.com/start/1-2",
            "https://appsheet.example/start/1",
        ),
    ),
    *marked(
        "ServiceNow",
        "ServiceNow",
        Category.LOW_CODE,
        Mark(
            Where.LINK, "*.service-now.com", "https://acme.service-now.com/sp", "https://www.service-now.com/"
        ),
        Mark(Where.CNAME, "service-now.com", "acme.service-now.com", "myservice-now.com"),
    ),
    *marked(
        "Appian",
        "Appian",
        Category.LOW_CODE,
        Mark(
            Where.LINK,
            "*.appiancloud.com",
            "https://acme.appiancloud.com/suite",
            "https://appiancloud.example/",
        ),
    ),
    *marked(
        "Pega",
        "Pegasystems",
        Category.LOW_CODE,
        Mark(Where.LINK, "*.pegacloud.net", "https://acme.pegacloud.net/prweb", "https://pegacloud.example/"),
    ),
    *marked(
        "Quickbase",
        "Quickbase",
        Category.LOW_CODE,
        Mark(Where.LINK, "*.quickbase.com", "https://acme.quickbase.com/db/x", "https://www.quickbase.com/"),
    ),
    *marked(
        "Zoho Creator",
        "Zoho",
        Category.LOW_CODE,
        Mark(
            Where.LINK,
            "creatorapp.zoho.com",
            "https://creatorapp.zoho.com/acme/app",
            "https://www.zoho.com/creator/",
        ),
    ),
    *marked(
        "Airtable",
        "Airtable",
        Category.LOW_CODE,
        Mark(
            Where.SCRIPT,
            "airtable.com/embed",
            "https://airtable.com/embed/shr1",
            "https://airtable.com.example/embed/x",
        ),
        Mark(Where.TXT, "airtable-verification=", "airtable-verification=07", "airtable=07"),
    ),
    *marked(
        "Bubble",
        "Bubble",
        Category.LOW_CODE,
        Mark(Where.CNAME, "bubbleapps.io", "acme.bubbleapps.io", "notbubbleapps.io"),
        Mark(Where.HEADER, "x-bubble-perf", "x-bubble-perf: {}", "x-perf: 1"),
    ),
    *marked(
        "Power BI",
        "Microsoft",
        Category.ANALYTICS,
        Mark(
            Where.SCRIPT,
            "app.powerbi.com",
            "https://app.powerbi.com/view?r=1",
            "https://powerbi.example/view",
        ),
    ),
    *marked(
        "Tableau",
        "Salesforce",
        Category.ANALYTICS,
        Mark(
            Where.LINK,
            "*.online.tableau.com",
            "https://10ax.online.tableau.com/#/site/acme",
            "https://www.tableau.com/",
        ),
        Mark(
            Where.SCRIPT,
            "*.online.tableau.com",
            "https://10ax.online.tableau.com/javascripts/api/viz_v1.js",
            "https://online.tableau.example/v.js",
        ),
    ),
)
