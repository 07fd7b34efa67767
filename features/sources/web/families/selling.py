"""Fingerprints of CRM and marketing."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

SELLING = (
    *marked(
        "Salesforce",
        "Salesforce",
        Category.CRM,
        Mark(Where.SPF, "_spf.salesforce.com", "_spf.salesforce.com", "_spf.notsalesforce.com"),
        Mark(
            Where.SCRIPT,
            "webto.salesforce.com",
            "https://webto.salesforce.com/servlet/servlet.WebToLead",
            "https://www.salesforce.com/x.js",
        ),
        Mark(
            Where.SCRIPT,
            "*.salesforceliveagent.com",
            "https://c.la1.salesforceliveagent.com/content/g/js/x.js",
            "https://liveagent.com/x.js",
        ),
        Mark(
            Where.LINK,
            "*.my.salesforce.com",
            "https://acme.my.salesforce.com/",
            "https://help.salesforce.com/",
        ),
        Mark(Where.LINK, "*.my.site.com", "https://acme.my.site.com/s/", "https://my.site.com.example/"),
        Mark(Where.CNAME, "live.siteforce.com", "acme.00d.live.siteforce.com", "siteforce.example"),
        Mark(
            Where.TXT, "salesforce-domain-verification=", "salesforce-domain-verification=1", "salesforce=1"
        ),
    ),
    *marked(
        "Salesforce Pardot",
        "Salesforce",
        Category.MARKETING,
        Mark(Where.SCRIPT, "pi.pardot.com", "https://pi.pardot.com/pd.js", "https://pi.pardots.com/pd.js"),
        Mark(Where.SPF, "aspmx.pardot.com", "aspmx.pardot.com", "aspmx.pardot.example"),
        Mark(Where.TXT, "pardot", "pardot123456=ab12", "spardot=1"),
    ),
    *marked(
        "Salesforce Marketing Cloud",
        "Salesforce",
        Category.MARKETING,
        Mark(Where.SPF, "cust-spf.exacttarget.com", "cust-spf.exacttarget.com", "spf.exacttarget.example"),
        Mark(
            Where.SCRIPT,
            "*.igodigital.com",
            "https://100.collect.igodigital.com/collect.js",
            "https://godigital.com/collect.js",
        ),
    ),
    *marked(
        "HubSpot",
        "HubSpot",
        Category.CRM,
        Mark(
            Where.SCRIPT,
            "js.hs-scripts.com",
            "https://js.hs-scripts.com/123.js",
            "https://js.hs-scripts.example/123.js",
        ),
        Mark(
            Where.SCRIPT, "js.hsforms.net", "https://js.hsforms.net/forms/v2.js", "https://js.forms.net/v2.js"
        ),
        Mark(
            Where.SCRIPT,
            "js-eu1.hs-scripts.com",
            "https://js-eu1.hs-scripts.com/123.js",
            "https://js-eu1.scripts.com/1.js",
        ),
        Mark(Where.CNAME, "sites.hubspot.net", "123.group1.sites.hubspot.net", "sites.hubspot.example"),
        Mark(
            Where.DKIM,
            "hs1 hubspotemail.net",
            "hs1 acme-example.hs01a.dkim.hubspotemail.net",
            "hs1 hubspot.example",
        ),
        Mark(Where.SPF, "hubspotemail.net", "123.spf01.hubspotemail.net", "hubspotmail.net"),
        Mark(Where.HEADER, "x-hs-hub-id", "x-hs-hub-id: 123", "x-hub-id: 123"),
        Mark(Where.META, "HubSpot", "HubSpot", "Spot"),
        Mark(Where.TXT, "hubspot-developer-verification=", "hubspot-developer-verification=x", "hubspot=x"),
    ),
    *marked(
        "Dynamics 365 Sales",
        "Microsoft",
        Category.CRM,
        Mark(
            Where.LINK,
            "*.crm*.dynamics.com",
            "https://acme.crm4.dynamics.com/main.aspx",
            "https://home.dynamics.com/",
        ),
        Mark(
            Where.SCRIPT,
            "*.crm*.dynamics.com",
            "https://acme.crm.dynamics.com/WebResources/x.js",
            "https://crm.dynamics.example/x.js",
        ),
    ),
    *marked(
        "Dynamics 365 Marketing",
        "Microsoft",
        Category.MARKETING,
        Mark(
            Where.SCRIPT,
            "*.mkt.dynamics.com",
            "https://assets-eur.mkt.dynamics.com/x/forms.js",
            "https://mkt.dynamics.example/f.js",
        ),
        Mark(
            Where.SCRIPT,
            "*.svc.dynamics.com",
            "https://abc.svc.dynamics.com/t/formsloader.js",
            "https://svc.dynamic.com/f.js",
        ),
    ),
    *marked(
        "Zoho CRM",
        "Zoho",
        Category.CRM,
        Mark(
            Where.SCRIPT,
            "crm.zoho.com",
            "https://crm.zoho.com/crm/WebToLeadForm",
            "https://crm.zoho.com.example/crm",
        ),
        Mark(Where.SCRIPT, "crm.zoho.eu", "https://crm.zoho.eu/crm/WebToLeadForm", "https://mail.zoho.eu/"),
        Mark(
            Where.SCRIPT, "salesiq.zoho.com", "https://salesiq.zoho.com/widget", "https://iq.zoho.com/widget"
        ),
    ),
    *marked(
        "Pipedrive",
        "Pipedrive",
        Category.CRM,
        Mark(
            Where.SCRIPT,
            "webforms.pipedrive.com",
            "https://webforms.pipedrive.com/f/loader",
            "https://www.pipedrive.com/f",
        ),
        Mark(
            Where.SCRIPT,
            "leadbooster-chat.pipedrive.com",
            "https://leadbooster-chat.pipedrive.com/assets/loader.js",
            "https://chat.pipedrive.com/x.js",
        ),
    ),
    *marked(
        "SugarCRM",
        "SugarCRM",
        Category.CRM,
        Mark(
            Where.LINK,
            "*.sugarondemand.com",
            "https://acme.sugarondemand.com/",
            "https://sugarondemand.example/",
        ),
    ),
    *marked(
        "Marketo",
        "Adobe",
        Category.MARKETING,
        Mark(
            Where.SCRIPT,
            "munchkin.marketo.net",
            "https://munchkin.marketo.net/munchkin.js",
            "https://munchkin.market.net/m.js",
        ),
        Mark(Where.CNAME, "mktoweb.com", "acme.mktoweb.com", "mktoweb.example"),
        Mark(Where.SPF, "mktomail.com", "mktomail.com", "mktmail.com"),
    ),
    *marked(
        "Oracle Eloqua",
        "Oracle",
        Category.MARKETING,
        Mark(
            Where.SCRIPT,
            "img.en25.com",
            "https://img.en25.com/i/elqCfg.min.js",
            "https://img.en26.com/i/elq.js",
        ),
        Mark(Where.CNAME, "hs.eloqua.com", "s123.hs.eloqua.com", "eloqua.example"),
    ),
)
