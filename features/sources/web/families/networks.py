"""Fingerprints of networks that deliver sites and stand before them."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

NETWORKS = (
    *marked(
        "Cloudflare",
        "Cloudflare",
        Category.CDN,
        Mark(Where.NS, "ns.cloudflare.com", "ada.ns.cloudflare.com", "ns.cloudflare.example"),
        Mark(Where.HEADER, "cf-ray", "cf-ray: 8f-FRA", "x-cf-ray: 8f"),
        Mark(Where.HEADER, "server: cloudflare", "server: cloudflare", "server: cloudflared2"),
        Mark(
            Where.CNAME, "cdn.cloudflare.net", "www.acme.example.cdn.cloudflare.net", "cdn.cloudflare.example"
        ),
    ),
    *marked(
        "Cloudflare Access",
        "Cloudflare",
        Category.IDENTITY,
        Mark(
            Where.LINK,
            "*.cloudflareaccess.com",
            "https://acme.cloudflareaccess.com/",
            "https://cloudflareaccess.com/",
        ),
    ),
    *marked(
        "Akamai",
        "Akamai",
        Category.CDN,
        Mark(Where.CNAME, "edgekey.net", "www.acme.example.edgekey.net", "edgekeys.net"),
        Mark(Where.CNAME, "edgesuite.net", "www.acme.example.edgesuite.net", "suite.net"),
        Mark(Where.NS, "akam.net", "a1-1.akam.net", "notakam.net"),
        Mark(Where.HEADER, "x-akamai-transformed", "x-akamai-transformed: 9", "x-transformed: 9"),
    ),
    *marked(
        "Fastly",
        "Fastly",
        Category.CDN,
        Mark(Where.CNAME, "fastly.net", "acme.map.fastly.net", "notfastly.net"),
        Mark(Where.HEADER, "x-fastly-request-id", "x-fastly-request-id: 1", "x-fast-request-id: 1"),
    ),
    *marked(
        "Imperva",
        "Imperva",
        Category.CDN,
        Mark(Where.CNAME, "impervadns.net", "acme.impervadns.net", "imperva.example"),
        Mark(Where.CNAME, "incapdns.net", "x.incapdns.net", "incap.net"),
        Mark(Where.COOKIE, "visid_incap_*", "visid_incap_12", "visid_other"),
        Mark(Where.HEADER, "x-iinfo", "x-iinfo: 1-2", "x-info: 1"),
    ),
    *marked(
        "Sucuri",
        "GoDaddy",
        Category.CDN,
        Mark(Where.HEADER, "x-sucuri-id", "x-sucuri-id: 1", "x-sucuri: 1"),
    ),
    *marked(
        "Bunny",
        "BunnyWay",
        Category.CDN,
        Mark(Where.CNAME, "b-cdn.net", "acme.b-cdn.net", "ab-cdn.net"),
        Mark(Where.HEADER, "server: BunnyCDN", "server: BunnyCDN-DE1", "server: Bunny"),
    ),
)
