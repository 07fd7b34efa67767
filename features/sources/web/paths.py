"""What an address promises before it is asked for: a place worth it, a private area, a trap."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from features.sources.web.domains import Refusal, registrable
from features.sources.web.links import OF_PATH, LinkKind, kind_of_link

LONGEST_URL = 500
DEEPEST_PATH = 8


class Place(IntEnum):
    """What is expected at an address; the lesser ones are asked for first."""

    HOME = 0
    FEED = 1
    JOBS = 2
    NEWS = 3
    JOB = 4
    RELEASE = 5
    NEWS_ITEM = 6
    BLOG = 7
    POST = 8
    SITEMAP = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """An address to ask for, so many links from the home page and redirects from where it was asked first.

    `published_at` and `title` are what a feed or a sitemap says of it.
    """

    url: str
    place: Place
    depth: int = 0
    hops: int = 0
    published_at: datetime | None = None
    title: str = ""


PLACES = {
    LinkKind.CAREERS: (Place.JOBS, Place.JOB),
    LinkKind.PRESS: (Place.NEWS, Place.RELEASE),
    LinkKind.NEWS: (Place.NEWS, Place.NEWS_ITEM),
    LinkKind.BLOG: (Place.BLOG, Place.POST),
}
"""What lies at a list of each kind, and at one entry of it."""
FEED_WORDS = frozenset(
    ["feed", "feeds", "rss", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.atom", "rss2", "atom"]
)
SIGN_IN = frozenset(
    [
        "login",
        "log-in",
        "logon",
        "signin",
        "sign-in",
        "signup",
        "sign-up",
        "register",
        "registration",
        "account",
        "accounts",
        "my-account",
        "myaccount",
        "user",
        "users",
        "member",
        "members",
        "membership",
        "auth",
        "oauth",
        "oauth2",
        "sso",
        "saml",
        "session",
        "sessions",
        "password",
        "logout",
        "signout",
        "admin",
        "wp-admin",
        "wp-login.php",
        "wp-login",
        "administrator",
        "dashboard",
        "portal",
        "intranet",
        "extranet",
        "cart",
        "checkout",
        "basket",
        "mon-compte",
        "connexion",
        "inscription",
        "iniciar-sesion",
        "acceso",
        "mi-cuenta",
        "registro",
        "giris",
        "uye",
        "uye-girisi",
        "hesabim",
        "anmelden",
        "anmeldung",
        "konto",
        "mein-konto",
        "private",
    ]
)
PEOPLE = frozenset(
    [
        "team",
        "our-team",
        "people",
        "staff",
        "about-team",
        "author",
        "authors",
        "profile",
        "profiles",
        "employees",
        "mitarbeiter",
        "equipo",
        "equipe",
        "ekibimiz",
        "kadro",
        "leadership",
        "management",
        "directory",
    ]
)
NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|mjs|json|pdf|docx?|xlsx?|pptx?|zip|rar|7z|tar|tgz|exe|dmg|apk|iso"
    r"|mp3|mp4|avi|mov|webm|wav|ogg|woff2?|ttf|eot|csv|ics)$",
    re.IGNORECASE,
)
NOISE = re.compile(r"utm_.*|fbclid|gclid|msclkid|mc_[ce]id|ref|source|sid|sessionid|phpsessid|jsessionid")
CALENDAR = re.compile(r"(?:^|/)(?:calendar|kalender|calendario|calendrier|takvim|agenda)(?:/|$)")
CALENDAR_KEYS = frozenset(["month", "year", "day", "date", "week", "start", "end", "from", "to"])
ALIKE_AT_MOST = 25
"""Addresses that differ in their numbers alone, or in their last word under one path and query, of a host."""


def cleaned(url: str, base: str = "") -> str:
    """Return an address in one form: absolute, without fragment and trackers; empty where it is no page's."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        return ""
    if port not in (None, {"http": 80, "https": 443}[parts.scheme]):
        host = f"{host}:{port}"
    kept = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not NOISE.fullmatch(key.lower())
    ]
    path = re.sub(r";jsessionid=[^/?]*", "", parts.path, flags=re.IGNORECASE) or "/"
    found = urlunsplit((parts.scheme, host.lower(), path, urlencode(sorted(kept)), ""))
    return found if len(found) <= LONGEST_URL and found.isprintable() else ""


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address: what one robots.txt is about."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_of(url: str, domain: str) -> bool:
    """Tell whether an address lies under a registrable domain."""
    try:
        return registrable(urlsplit(url).hostname or "") == domain
    except (Refusal, ValueError):
        return False


def words_of(url: str) -> tuple[str, ...]:
    """Return the words of the path, in lower case."""
    return tuple(word for word in urlsplit(url).path.lower().split("/") if word)


def place_of(url: str, kind: LinkKind | None = None) -> Place | None:
    """Tell what is expected at an address, of the kind that its link or path tells; None where nothing is."""
    words = words_of(url)
    if not words:
        return Place.HOME
    if words[-1] in FEED_WORDS or words[-1].endswith((".rss", ".atom")):
        return Place.FEED
    if "sitemap" in words[-1] and words[-1].endswith((".xml", ".xml.gz")):
        return Place.SITEMAP
    of_host = _kind_of_host(url)
    kind = kind or kind_of_link("/".join(words), "") or of_host
    if kind is None:
        return None
    index, entry = PLACES[kind]
    is_index = words[-1].partition(".")[0] in OF_PATH or (len(words) == 1 and of_host is None)
    return index if is_index else entry


def _kind_of_host(url: str) -> LinkKind | None:
    """Tell what a host such as `careers.example.com` is for."""
    return OF_PATH.get((urlsplit(url).hostname or "").partition(".")[0])


def is_private(url: str) -> bool:
    """Tell whether an address leads where people sign in, or to pages about persons."""
    words = words_of(url)
    return any(word in SIGN_IN or word in PEOPLE for word in words)


def is_trap(url: str) -> bool:
    """Tell whether an address looks like one of endlessly many: a calendar, a path that repeats itself."""
    words, query = words_of(url), urlsplit(url).query
    if len(words) > DEEPEST_PATH or max(Counter(words).values(), default=0) > 2:
        return True
    keys = {key.lower() for key, _ in parse_qsl(query)}
    return (
        len(keys) > 4 or bool(keys & CALENDAR_KEYS) or CALENDAR.search(urlsplit(url).path.lower()) is not None
    )


def shape_of(url: str) -> str:
    """Return what addresses of one template share: the path above, without numbers, and the keys asked."""
    parts = urlsplit(url)
    above = parts.path.rsplit("/", 1)[0] if parts.path.count("/") > 1 else parts.path
    keys = ",".join(key for key, _ in parse_qsl(parts.query))
    return re.sub(r"[0-9]+", "#", f"{parts.netloc}{above}?{keys}")


def is_worth_asking(url: str) -> bool:
    """Tell whether an address may lead to a page that is public and no trap."""
    return not (is_private(url) or is_trap(url) or NO_PAGE.search(urlsplit(url).path))
