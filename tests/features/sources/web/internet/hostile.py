"""Sites that misbehave, refuse, or are not there: what must become of each, and what must not be asked."""

import gzip

from features.sources.web.outcomes import Outcome
from tests.features.sources.web.internet.companies import AWS, AZURE, CRM, HELLO, home
from tests.features.sources.web.internet.site import (
    Answer,
    Expected,
    Site,
    Way,
    article,
    links,
    packed,
    page,
    redirect,
    rules,
    sitemap,
)

HUGE = 3_000_000
BOMB = gzip.compress(b"0" * 30_000_000, mtime=0)
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "http://laughs.com/">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>
<urlset><url><loc>&e;</loc></url></urlset>"""
AZURE_AT = Expected("/blog/azure", "blog_post", "azure")
POST = {"/blog/azure": article("Notes on Azure", *AZURE)}

HOSTILE = (
    Site(
        domain="endless-calendar.com",
        shows="a calendar and an archive that lead on without end",
        outcome=Outcome.COLLECTED,
        answers={"/": home("/events/calendar/2026", "/news/?month=1", "/news/2026/1")},
        endless="/news/2026/",
        forbidden=("/events/calendar", "/news/?month"),
    ),
    Site(
        domain="deep-well.com",
        shows="paths that repeat themselves, and a page that names very many posts",
        outcome=Outcome.COLLECTED,
        answers={"/": home("/blog/a/b/a/b/a/b", "/blog" + "/x" * 40, "/blog/azure"), **POST},
        signals=(AZURE_AT,),
        forbidden=("/blog/a/", "/blog/x"),
    ),
    Site(
        domain="round-about.com",
        shows="redirects in a circle",
        outcome=Outcome.UNREACHABLE,
        answers={"/": redirect("/a"), "/a": redirect("/b"), "/b": redirect("/")},
    ),
    Site(
        domain="watched-field.com",
        shows="a site that others lead to, and that nobody is to follow there",
        outcome=Outcome.COLLECTED,
        answers={"/": home()},
        forbidden=("/x",),
    ),
    Site(
        domain="sold-out.com",
        shows="a home page that leads to another domain",
        outcome=Outcome.ELSEWHERE,
        answers={"/": redirect("http://watched-field.com/x", 301)},
    ),
    Site(
        domain="leaky-links.com",
        shows="a post and a link that lead to another domain, or to a place on this machine",
        outcome=Outcome.COLLECTED,
        answers={
            "/": page(
                "Hello",
                HELLO,
                links("/blog/out", "/blog/in", "/blog/azure", "http://watched-field.com/x/blog"),
            ),
            "/blog/out": redirect("http://watched-field.com/x"),
            "/blog/in": redirect("http://127.0.0.1/blog"),
            **POST,
        },
        signals=(AZURE_AT,),
    ),
    Site(
        domain="always-busy.com",
        shows="a server that always answers 503",
        outcome=Outcome.UNREACHABLE,
        answers={"/": Answer(status=503)},
    ),
    Site(
        domain="briefly-busy.com",
        shows="a server that answers 503 twice, and asks for a second of patience",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/azure"),
            "/blog/azure": Answer(
                body=POST["/blog/azure"].body, first=(503, 429), headers=(("retry-after", "1"),)
            ),
        },
        signals=(AZURE_AT,),
    ),
    Site(
        domain="come-tomorrow.com",
        shows="a server that asks for a day of patience",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/azure"),
            "/blog/azure": Answer(status=429, headers=(("retry-after", "86400"),)),
        },
    ),
    Site(
        domain="slow-drip.com",
        shows="a home page that comes byte by byte",
        outcome=Outcome.UNREACHABLE,
        answers={"/": Answer(way=Way.DRIP)},
    ),
    Site(
        domain="slow-post.com",
        shows="one post that comes byte by byte",
        outcome=Outcome.COLLECTED,
        answers={"/": home("/blog/a-drip", "/blog/azure"), "/blog/a-drip": Answer(way=Way.DRIP), **POST},
        signals=(AZURE_AT,),
    ),
    Site(
        domain="never-says.com",
        shows="a server that takes requests and never answers",
        outcome=Outcome.UNREACHABLE,
        robots=Answer(way=Way.SILENT),
    ),
    Site(
        domain="huge-files.com",
        shows="files without end, and files that are too large",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/a-endless", "/blog/b-huge", "/blog/azure"),
            "/blog/a-endless": Answer(way=Way.ENDLESS),
            "/blog/b-huge": Answer(body=b"<p>huge</p>" * (HUGE // 11)),
            **POST,
        },
        signals=(AZURE_AT,),
    ),
    Site(
        domain="zip-bomb.com",
        shows="answers that unpack to far more than they are",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/a-bomb", "/blog/azure"),
            "/blog/a-bomb": Answer(body=BOMB, headers=(("content-encoding", "gzip"),)),
            "/sitemap.xml": Answer(body=BOMB, kind="application/gzip"),
            **POST,
        },
        signals=(AZURE_AT,),
    ),
    Site(
        domain="laughing-maps.com",
        shows="sitemaps that multiply: entities, and an index of itself",
        outcome=Outcome.COLLECTED,
        robots=rules(
            "User-agent: *",
            "Allow: /",
            "Sitemap: http://laughing-maps.com/laughs.xml",
            "Sitemap: http://laughing-maps.com/itself.xml",
        ),
        answers={
            "/": home("/blog/azure"),
            "/laughs.xml": Answer(body=LAUGHS, kind="application/xml"),
            "/itself.xml": sitemap(
                *(f"http://laughing-maps.com/itself.xml?{n}" for n in range(500)), index=True
            ),
            **POST,
        },
        signals=(AZURE_AT,),
    ),
    Site(
        domain="wide-archive.com",
        shows="more posts than the budget of pages allows",
        outcome=Outcome.OVER_BUDGET,
        answers={
            "/": home("/blog"),
            "/blog": page("Blog", links(*(f"/blog/post-{n}" for n in range(40)))),
            **{
                f"/blog/post-{n}": article(f"Post {n}", f"The {n}. of many posts about nothing.")
                for n in range(40)
            },
        },
    ),
    Site(
        domain="closed-gates.com",
        shows="robots.txt that refuses all",
        outcome=Outcome.REFUSED,
        robots=rules("User-agent: *", "Disallow: /"),
        answers={"/": home("/blog/azure"), **POST},
        forbidden=("/", "/blog"),
    ),
    Site(
        domain="not-you.com",
        shows="robots.txt that refuses this collector by name",
        outcome=Outcome.REFUSED,
        robots=rules("User-agent: AscentCollector", "Disallow: /", "User-agent: *", "Allow: /"),
        answers={"/": home("/blog/azure"), **POST},
        forbidden=("/", "/blog"),
    ),
    Site(
        domain="sick-robots.com",
        shows="robots.txt that answers 500",
        outcome=Outcome.REFUSED,
        robots=Answer(status=500),
        answers={"/": home("/blog/azure"), **POST},
        forbidden=("/", "/blog"),
    ),
    Site(
        domain="dizzy-robots.com",
        shows="robots.txt that leads in a circle",
        outcome=Outcome.REFUSED,
        robots=redirect("/robots.txt"),
        answers={"/": home("/blog/azure"), **POST},
        forbidden=("/", "/blog"),
    ),
    Site(
        domain="noisy-robots.com",
        shows="robots.txt that is no text at all",
        outcome=Outcome.COLLECTED,
        robots=Answer(body=bytes(range(256)) * 400, kind="application/octet-stream"),
        answers={"/": home("/blog/azure"), **POST},
        signals=(AZURE_AT,),
    ),
    Site(
        domain="patient-press.com",
        shows="a crawl delay, areas that are closed, and traps linked for robots that do not listen",
        outcome=Outcome.COLLECTED,
        robots=rules("User-agent: *", "Crawl-delay: 0.7", "Disallow: /blog/private", "Disallow: /*?trap="),
        answers={
            "/": home("/blog/private/azure", "/blog/trap?trap=1", "/blog/azure", "/blog/crm"),
            "/blog/private/azure": article("Private", *AWS),
            "/blog/trap?trap=1": article("Trap", *AWS),
            "/blog/crm": article("A CRM", *CRM),
            **POST,
        },
        signals=(AZURE_AT, Expected("/blog/crm", "blog_post", "crm")),
        forbidden=("/blog/private", "/blog/trap"),
        delay=0.7,
    ),
    Site(
        domain="glacial-press.com",
        shows="a crawl delay longer than the time there is",
        outcome=Outcome.OVER_BUDGET,
        robots=rules("User-agent: *", "Crawl-delay: 3600"),
        answers={"/": home("/blog/azure"), **POST},
        forbidden=("/", "/blog"),
    ),
    Site(
        domain="members-club.com",
        shows="areas where people sign in, told by their paths and by their forms",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/login/blog", "/account/jobs", "/wp-admin/blog", "/jobs/apply", "/blog/azure"),
            "/login/blog": article("In", *AWS),
            "/account/jobs": article("In", *AWS),
            "/jobs/apply": page(
                "Apply", "<form><input type=password></form>", " ".join(AWS), links("/jobs/in")
            ),
            "/jobs/in": article("In", *AWS),
            **POST,
        },
        signals=(AZURE_AT,),
        forbidden=("/login", "/account", "/wp-admin", "/jobs/in"),
    ),
    Site(
        domain="no-such-name.com", shows="no name in the DNS", outcome=Outcome.UNREACHABLE, has_address=False
    ),
    Site(
        domain="mute-names.com",
        shows="a nameserver that is silent",
        outcome=Outcome.UNREACHABLE,
        is_silent=True,
    ),
    Site(domain="shut-door.com", shows="a port that is closed", outcome=Outcome.UNREACHABLE, listens=False),
    Site(
        domain="cut-short.com",
        shows="an answer that breaks off",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home("/blog/a-cut", "/blog/azure"),
            "/blog/a-cut": Answer(body=b"<p>" + b"cut " * 1000, way=Way.CUT),
            **POST,
        },
        signals=(AZURE_AT,),
    ),
    Site(
        domain="mail-not-web.com",
        shows="a server that does not speak HTTP",
        outcome=Outcome.UNREACHABLE,
        robots=Answer(way=Way.GARBAGE),
    ),
    Site(
        domain="odd-kinds.com",
        shows="links to files, schemes and paths that are no pages, and a page that is binary",
        outcome=Outcome.COLLECTED,
        answers={
            "/": home(
                "/blog/paper.pdf",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "/blog/../../../etc/passwd",
                "http://[broken/blog",
                "/blog/binary",
                "/blog/azure",
            ),
            "/blog/binary": Answer(body=bytes(range(256)) * 100),
            **POST,
        },
        signals=(AZURE_AT,),
        forbidden=("/blog/paper.pdf",),
    ),
    Site(
        domain="packed-press.com",
        shows="pages that are packed as they should be",
        outcome=Outcome.COLLECTED,
        answers={
            "/": packed(home("/blog/azure"), as_encoding=True),
            "/blog/azure": packed(POST["/blog/azure"], as_encoding=True),
        },
        signals=(AZURE_AT,),
    ),
)
