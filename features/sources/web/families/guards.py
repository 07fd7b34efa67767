"""Fingerprints of the security of mail, devices and networks."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

GUARDS = (
    *marked(
        "Microsoft Defender",
        "Microsoft",
        Category.SECURITY,
        Mark(
            Where.LINK,
            "*.safelinks.protection.outlook.com",
            "https://eur01.safelinks.protection.outlook.com/?url=x",
            "https://protection.outlook.com/",
        ),
        Mark(Where.LINK, "*.mcas.ms", "https://acme.sharepoint.com.mcas.ms/", "https://mcas.example/"),
    ),
    *marked(
        "CrowdStrike",
        "CrowdStrike",
        Category.SECURITY,
        Mark(
            Where.TXT,
            "crowdstrike-domain-verification=",
            "crowdstrike-domain-verification=x",
            "crowdstrike is here",
        ),
        Mark(
            Where.LINK,
            "falcon.crowdstrike.com",
            "https://falcon.crowdstrike.com/login/",
            "https://www.crowdstrike.com/",
        ),
        Mark(
            Where.LINK,
            "falcon.eu-1.crowdstrike.com",
            "https://falcon.eu-1.crowdstrike.com/",
            "https://eu-1.crowdstrike.example/",
        ),
    ),
    *marked(
        "Sophos",
        "Sophos",
        Category.SECURITY,
        Mark(
            Where.TXT,
            "sophos-domain-verification=",
            "sophos-domain-verification=64f2",
            "sophos-verification=64f2",
        ),
        Mark(Where.MX, "hydra.sophos.com", "mx-01-eu-west-1.prod.hydra.sophos.com", "hydra.sophos.example"),
        Mark(Where.SPF, "hydra.sophos.com", "_spf_euwest1.prod.hydra.sophos.com", "sophos.com"),
    ),
    *marked(
        "Mimecast",
        "Mimecast",
        Category.SECURITY,
        Mark(Where.MX, "mimecast.com", "eu-smtp-inbound-1.mimecast.com", "notmimecast.com"),
        Mark(
            Where.SPF, "_netblocks.mimecast.com", "eu._netblocks.mimecast.com", "netblocks.mimecast.example"
        ),
    ),
    *marked(
        "Proofpoint",
        "Proofpoint",
        Category.SECURITY,
        Mark(Where.MX, "pphosted.com", "mxa-001.gslb.pphosted.com", "hosted.com"),
        Mark(Where.MX, "ppe-hosted.com", "mx1-eu1.ppe-hosted.com", "mx1.hosted.com"),
        Mark(Where.SPF, "pphosted.com", "spf-001.pphosted.com", "pphosted.com.example"),
    ),
    *marked(
        "Barracuda",
        "Barracuda",
        Category.SECURITY,
        Mark(Where.MX, "barracudanetworks.com", "d1.a.ess.uk.barracudanetworks.com", "barracuda.example"),
        Mark(Where.SPF, "barracudanetworks.com", "spf.ess.uk.barracudanetworks.com", "barracuda.com"),
    ),
    *marked(
        "Cisco Secure Email",
        "Cisco",
        Category.SECURITY,
        Mark(Where.MX, "iphmx.com", "mx1.acme.c3s2.iphmx.com", "myiphmx.com"),
        Mark(Where.SPF, "iphmx.com", "spf.acme.iphmx.com", "iphmx.example"),
    ),
    *marked(
        "Trend Micro Email Security",
        "Trend Micro",
        Category.SECURITY,
        Mark(Where.MX, "tmes.trendmicro.com", "acme.in.tmes.trendmicro.com", "www.trendmicro.com"),
        Mark(Where.MX, "tmes.trendmicro.eu", "acme.in.tmes.trendmicro.eu", "trendmicro.eu"),
        Mark(Where.SPF, "tmes.trendmicro.com", "spf.tmes.trendmicro.com", "spf.trendmicro.example"),
    ),
    *marked(
        "Symantec Email Security",
        "Broadcom",
        Category.SECURITY,
        Mark(Where.MX, "messagelabs.com", "cluster1.eu.messagelabs.com", "labs.com"),
        Mark(Where.SPF, "spf.messagelabs.com", "spf.messagelabs.com", "spf.messagelab.com"),
    ),
    *marked(
        "Forcepoint Email Security",
        "Forcepoint",
        Category.SECURITY,
        Mark(Where.MX, "mailcontrol.com", "cust1-s.in.mailcontrol.com", "mymailcontrol.com"),
    ),
    *marked(
        "Hornetsecurity",
        "Hornetsecurity",
        Category.SECURITY,
        Mark(Where.MX, "hornetsecurity.com", "mx01.hornetsecurity.com", "security.com"),
        Mark(Where.MX, "antispameurope.com", "mx-gate1-hz1.antispameurope.com", "spameurope.com"),
    ),
    *marked(
        "FortiMail Cloud",
        "Fortinet",
        Category.SECURITY,
        Mark(Where.MX, "fortimailcloud.com", "acme.fortimailcloud.com", "fortimail.example"),
    ),
    *marked(
        "Vade",
        "Hornetsecurity",
        Category.SECURITY,
        Mark(Where.MX, "vadesecure.com", "mx1.vadesecure.com", "vadesecured.com"),
    ),
    *marked(
        "SpamExperts",
        "N-able",
        Category.SECURITY,
        Mark(Where.MX, "antispamcloud.com", "mx.antispamcloud.com", "spamcloud.com"),
    ),
    *marked(
        "KnowBe4",
        "KnowBe4",
        Category.SECURITY,
        Mark(Where.TXT, "knowbe4-site-verification=", "knowbe4-site-verification=x", "knowbe=x"),
    ),
    *marked(
        "Palo Alto Networks",
        "Palo Alto Networks",
        Category.SECURITY,
        Mark(
            Where.TXT,
            "paloaltonetworks-site-verification=",
            "paloaltonetworks-site-verification=x",
            "paloalto=x",
        ),
        Mark(
            Where.LINK,
            "@/global-protect",
            "https://vpn.acme.example/global-protect/login.esp",
            "https://vpn.acme.example/protect/",
        ),
    ),
    *marked(
        "Zscaler",
        "Zscaler",
        Category.SECURITY,
        Mark(Where.TXT, "zscaler-verification-", "zscaler-verification-1-2-3", "zscaler"),
    ),
    *marked(
        "F5 BIG-IP",
        "F5",
        Category.SECURITY,
        Mark(Where.COOKIE, "BIGipServer*", "BIGipServerpool_www", "bigip"),
        Mark(Where.COOKIE, "MRHSession", "MRHSession", "HSession"),
    ),
)
