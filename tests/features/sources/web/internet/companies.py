"""Sites that publish something: what they say, and the signals and technologies that must come of it."""

import json
from dataclasses import replace
from datetime import date

from features.sources.web.outcomes import Outcome
from tests.features.sources.web.internet.site import (
    Answer,
    Expected,
    Site,
    article,
    links,
    packed,
    page,
    redirect,
    rss,
    rules,
    sitemap,
)

AZURE = (
    "People who know Microsoft Azure are welcome in our team.",
    "Azure Kubernetes Service, Azure SQL Database and Azure Functions are talked about at every lunch.",
    "An AZ-104 certificate is what we pay for.",
)
AWS = (
    "Amazon Web Services is what our engineers talk about.",
    "EC2, S3 and Lambda have their fans, and the AWS bill is watched by a small team.",
)
CRM = (
    "Customer relationship management was done in spreadsheets until now.",
    "The CRM will hold what we know of every customer.",
    "The CRM project starts in January.",
)
ERP = (
    "Our old ERP system has reached the end of its life.",
    "We look for a new ERP that covers finance, purchasing and the warehouse.",
    "The ERP selection is led by our finance department.",
)
SECURITY = (
    "After a phishing attack we are investing in cybersecurity.",
    "Endpoint protection, multi-factor authentication and a security operations centre come first.",
    "Ransomware is the risk that our board names most often.",
)
DULL = (
    "The canteen has a new menu, and the terrace is open again.",
    "On Friday there will be cake for everybody who helped with the summer party.",
)
DULL_TR = ("Yemekhanemizde yeni bir menü var ve teras yeniden açıldı.", "Cuma günü herkese pasta var.")
DULL_ES = ("El comedor tiene un nuevo menú y la terraza está abierta de nuevo.", "El viernes habrá pastel.")
AZURE_FR = (
    "Nous aimons Microsoft Azure.",
    "Azure Kubernetes Service et Azure SQL Database sont nos outils de tous les jours.",
)
AZURE_TR = (
    "Microsoft Azure'u seviyoruz.",
    "Azure Kubernetes Service ve Azure SQL Database her öğle yemeğinde konuşuluyor.",
)
HELLO = "<h1>Welcome</h1><p>We make good things for good people, and have done so for a long time.</p>"


def home(*paths: str, head: str = "") -> Answer:
    """Return a home page with links."""
    return page("Welcome", HELLO, links(*paths), head=head)


def encoded(title: str, sentences: tuple[str, ...], charset: str) -> Answer:
    """Return an article in an encoding that only the page tells."""
    text = article(title, *sentences, lang="tr").body.decode()
    text = text.replace("<head>", f'<head><meta charset="{charset}">')
    return Answer(body=text.encode(charset), kind="text/html")


def posting(title: str, text: str, on: str) -> dict[str, str]:
    """Return a job as JSON-LD declares it."""
    return {"@type": "JobPosting", "title": title, "description": f"<p>{text}</p>", "datePosted": on}


def declaring(title: str, *items: dict[str, str]) -> Answer:
    """Return a page that declares items as JSON-LD."""
    told = json.dumps([{"@context": "https://schema.org", **item} for item in items])
    return page(title, HELLO, head=f'<script type="application/ld+json">{told}</script>')


FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/news.rss">'
OUTLOOK = ("", "MX", "10 plain-pipes-com.mail.protection.outlook.com.")

COMPANIES = (
    Site(
        domain="plain-pipes.com",
        shows="all there is: a feed, a blog, a release, a job; mail at Microsoft",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog", "/careers", "/press", head=FEED_LINK),
            "/news.rss": rss(
                ("/blog/azure", "We move to Azure", "All of it.", "Mon, 09 Nov 2026 08:00:00 GMT"),
                ("/blog/cake", "Cake", "For all.", "Tue, 10 Nov 2026 08:00:00 GMT"),
            ),
            "/blog": page("Blog", links("/blog/azure", "/blog/cake")),
            "/blog/azure": article("We move to Azure", *AZURE),
            "/blog/cake": article("Cake", *DULL),
            "/careers": page("Careers", links("/careers/crm")),
            "/careers/crm": declaring("CRM manager", posting("CRM manager", " ".join(CRM), "2026-11-20")),
            "/press": page("Press", links("/press/security")),
            "/press/security": article("Investing in security", *SECURITY, on="2026-10-01"),
        },
        records=(OUTLOOK, ("", "TXT", '"v=spf1 include:spf.protection.outlook.com -all"')),
        signals=(
            Expected("/blog/azure", "blog_post", "azure", date(2026, 11, 9)),
            Expected("/careers/crm", "job_posting", "crm", date(2026, 11, 20)),
            Expected("/press/security", "press_release", "security", date(2026, 10, 1)),
        ),
        technologies=("Microsoft 365",),
    ),
    Site(
        domain="fleur-bakery.fr",
        shows="an Atom feed that is only named in the head, in French",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home(head='<link rel="alternate" type="application/atom+xml" href="/flux.atom">'),
            "/flux.atom": Answer(
                kind="application/atom+xml",
                body=b'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry>'
                b"<title>Le cloud</title>"
                b'<link href="/actualites/cloud"/><updated>2026-11-02T10:00:00Z</updated></entry></feed>',
            ),
            "/actualites/cloud": article("Nous passons au cloud Azure", *AZURE_FR, lang="fr"),
        },
        signals=(Expected("/actualites/cloud", "press_release", "azure", date(2026, 11, 2)),),
    ),
    Site(
        domain="silent-feed.com",
        shows="a feed at a usual path that no page names",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home(),
            "/feed": rss(("/p/1", "ERP wanted", "Soon.", "Sun, 15 Nov 2026 08:00:00 GMT")),
            "/p/1": article("ERP wanted", *ERP),
        },
        signals=(Expected("/p/1", "blog_post", "erp", date(2026, 11, 15)),),
    ),
    Site(
        domain="many-jobs.es",
        shows="several jobs declared on one page",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/empleo"),
            "/empleo": declaring(
                "Empleo",
                posting("Cloud engineer", " ".join(AZURE), "2026-11-01"),
                posting("CRM consultant", " ".join(CRM), "2026-11-03"),
                posting("Cook", " ".join(DULL), "2026-11-04"),
            ),
        },
        signals=(
            Expected("/empleo", "job_posting", "azure", date(2026, 11, 1)),
            Expected("/empleo", "job_posting", "crm", date(2026, 11, 3)),
        ),
    ),
    Site(
        domain="broken-walls.com",
        shows="markup that no parser can like",
        outcome=Outcome.COLLECTED,
        answers={
            "/": Answer(body=b"<html><body><table><tr><td><a href=/blog>B<table></a></b></i><p><div></html>"),
            "/blog": Answer(body=b"<a href='/blog/erp' <b>ERP</a>"),
            "/blog/erp": Answer(
                body=f"<title>ERP</title><p><div><article><p>{'<p>'.join(ERP)}<table><tr></div></p>".encode()
            ),
        },
        signals=(Expected("/blog/erp", "blog_post", "erp"),),
    ),
    Site(
        domain="wrong-words.com.tr",
        shows="an encoding other than the header says, and one that only the page tells",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/gocler", "/blog/guvenlik"),
            "/blog/gocler": replace(
                encoded("Azure'a geçiyoruz", AZURE_TR, "windows-1254"), kind="text/html; charset=utf-8"
            ),
            "/blog/guvenlik": encoded("Yemek", DULL_TR, "windows-1254"),
        },
        signals=(Expected("/blog/gocler", "technology_adopted", "azure"),),
    ),
    Site(
        domain="www-only-firm.com",
        shows="a domain that sends its visitors to its www",
        outcome=Outcome.COLLECTED,
        answers={"/": redirect("http://www.www-only-firm.com/", 301)},
        of_hosts={
            "www.www-only-firm.com": {
                "/": home("/news/crm"),
                "/news/crm": article("A new CRM", *CRM, on="2026-09-09"),
            }
        },
        signals=(Expected("//www.www-only-firm.com/news/crm", "press_release", "crm", date(2026, 9, 9)),),
    ),
    Site(
        domain="two-hosts.com",
        shows="a blog on a host of its own, with rules of its own",
        outcome=Outcome.COLLECTED,
        answers={"/": page("Hello", HELLO, '<a href="http://blog.two-hosts.com/aws">Blog</a>')},
        of_hosts={
            "blog.two-hosts.com": {
                "/robots.txt": rules("User-agent: *", "Disallow: /secret"),
                "/aws": page(
                    "Notes on AWS",
                    "<article><h1>Notes on AWS</h1><p>" + "</p><p>".join(AWS) + "</p></article>",
                    links("/secret/blog"),
                ),
                "/secret/blog": article("Secret", *AZURE),
            }
        },
        signals=(Expected("//blog.two-hosts.com/aws", "blog_post", "aws"),),
        forbidden=("/secret",),
    ),
    Site(
        domain="mapped-mills.com",
        shows="posts that only a sitemap names: an index, and one packed with gzip",
        outcome=Outcome.COLLECTED,
        robots=rules("User-agent: *", "Allow: /", "Sitemap: http://mapped-mills.com/all.xml"),
        answers={
            "/": home(),
            "/all.xml": sitemap("http://mapped-mills.com/posts.xml.gz", index=True),
            "/posts.xml.gz": packed(
                sitemap("http://mapped-mills.com/blog/security", "http://mapped-mills.com/products/mill")
            ),
            "/blog/security": article("Phishing", *SECURITY, on="2026-08-01"),
        },
        signals=(Expected("/blog/security", "blog_post", "security", date(2026, 8, 1)),),
        forbidden=("/products",),
    ),
    Site(
        domain="twice-told.com",
        shows="the same words at two addresses, and an address with a tracker",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/crm?utm_source=home", "/blog/crm", "/blog/crm-print"),
            "/blog/crm": article("A new CRM", *CRM, on="2026-07-01"),
            "/blog/crm-print": article("A new CRM", *CRM, on="2026-07-01"),
        },
        signals=(Expected("/blog/crm", "blog_post", "crm", date(2026, 7, 1)),),
        forbidden=("/blog/crm?",),
    ),
    Site(
        domain="elsewhere-posts.com",
        shows="a feed of posts on another domain, which are told from the feed alone",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home(head=FEED_LINK),
            "/news.rss": rss(
                (
                    "http://watched-field.com/x",
                    "Notes on AWS",
                    " ".join(AWS),
                    "Wed, 04 Nov 2026 08:00:00 GMT",
                )
            ),
        },
        signals=(Expected("//watched-field.com/x", "blog_post", "aws", date(2026, 11, 4)),),
    ),
    Site(
        domain="early-bird.com",
        shows="a post of the future, which happened when it was seen",
        outcome=Outcome.COLLECTED,
        answers={"/": home("/blog/azure"), "/blog/azure": article("Azure", *AZURE, on="2031-01-01")},
        signals=(Expected("/blog/azure", "blog_post", "azure"),),
    ),
    Site(
        domain="talkative-team.com",
        shows="addresses and numbers of persons in a post, and pages about persons",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/crm", "/team", "/blog/author/jane-doe"),
            "/blog/crm": article(
                "A new CRM", "Write to jane.doe@talkative-team.com or +49 170 1234567 about our CRM.", *CRM
            ),
            "/team": article("Team", *AZURE),
            "/blog/author/jane-doe": article("Jane", *AZURE),
        },
        signals=(Expected("/blog/crm", "blog_post", "crm"),),
        forbidden=("/team", "/blog/author"),
    ),
    Site(
        domain="xn--bcher-kva.de",
        shows="an international name, and what headers and hosts tell of technologies",
        outcome=Outcome.COLLECTED,
        answers={"/": replace(home(), headers=(("server", "cloudflare"), ("cf-ray", "8f2-FRA")))},
        records=(
            ("", "MX", "1 smtp.google.com."),
            ("selector1._domainkey", "CNAME", "selector1-x._domainkey.x.onmicrosoft.com."),
            ("", "NS", "ns-1.awsdns-01.org."),
        ),
        technologies=("Amazon Web Services", "Cloudflare", "Google Workspace", "Microsoft 365"),
    ),
    Site(
        domain="growing-goods.com",
        shows="news about the company, about no product: money, a merger, a shop; and a product's beside it",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/news/round", "/news/fusion", "/news/shop", "/news/crm"),
            "/news/round": article(
                "Good news", "We closed a funding round of two million.", *DULL, on="2026-10-05"
            ),
            "/news/fusion": article(
                "Más grandes", *DULL_ES, "La empresa se fusiona con su vecina.", lang="es"
            ),
            "/news/shop": article("Hull", "We open a second warehouse and create forty jobs.", *DULL),
            "/news/crm": article("Two years of work", "We raised three million in a round.", *CRM),
        },
        signals=(
            Expected("/news/round", "funding", "company", date(2026, 10, 5)),
            Expected("/news/fusion", "merger", "company"),
            Expected("/news/shop", "size_change", "company"),
            Expected("/news/crm", "funding", "crm"),
        ),
    ),
    Site(
        domain="dull-dairy.com",
        shows="nothing that anybody would call a signal",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/news/cake", "/blog/menu"),
            "/news/cake": article("Cake", *DULL),
            "/blog/menu": article("Menú", *DULL_ES, lang="es"),
        },
    ),
)
