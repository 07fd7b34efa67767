"""Which links of a page are worth following, by words of their path and of what they say."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urldefrag, urljoin, urlsplit

LONGEST_ADDRESS = 2000


class LinkKind(StrEnum):
    """What is expected behind a link."""

    CAREERS = "careers"
    PRESS = "press"
    NEWS = "news"
    BLOG = "blog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of a language that point to a kind of page: a segment of the path, or the words of a link.

    A word of a path is a whole segment or begins one before a hyphen; `said` holds the whole text of a link,
    in lower case.
    """

    kind: LinkKind
    language: str
    paths: tuple[str, ...]
    said: tuple[str, ...]


WORDS = (
    Words(
        kind=LinkKind.CAREERS,
        language="en",
        paths=(
            "careers",
            "career",
            "jobs",
            "job",
            "vacancies",
            "join-us",
            "work-with-us",
            "open-positions",
            "hiring",
        ),
        said=("careers", "jobs", "vacancies", "join us", "work with us", "open positions", "we're hiring"),
    ),
    Words(
        kind=LinkKind.CAREERS,
        language="es",
        paths=(
            "empleo",
            "empleos",
            "trabaja-con-nosotros",
            "trabajo",
            "vacantes",
            "ofertas-de-empleo",
            "unete",
        ),
        said=(
            "empleo",
            "empleos",
            "trabaja con nosotros",
            "vacantes",
            "únete al equipo",
            "ofertas de empleo",
        ),
    ),
    Words(
        kind=LinkKind.CAREERS,
        language="fr",
        paths=(
            "carrieres",
            "carriere",
            "recrutement",
            "emploi",
            "emplois",
            "offres-emploi",
            "nous-rejoindre",
        ),
        said=("carrières", "recrutement", "emplois", "nous rejoindre", "rejoignez-nous", "offres d'emploi"),
    ),
    Words(
        kind=LinkKind.CAREERS,
        language="tr",
        paths=("kariyer", "is-ilanlari", "acik-pozisyonlar", "insan-kaynaklari", "is-firsatlari"),
        said=(
            "kariyer",
            "iş ilanları",
            "açık pozisyonlar",
            "insan kaynakları",
            "iş fırsatları",
            "bize katılın",
        ),
    ),
    Words(
        kind=LinkKind.PRESS,
        language="en",
        paths=("press", "press-releases", "media", "newsroom", "press-room", "announcements"),
        said=(
            "press",
            "press releases",
            "newsroom",
            "media",
            "media centre",
            "media center",
            "announcements",
        ),
    ),
    Words(
        kind=LinkKind.PRESS,
        language="es",
        paths=("prensa", "sala-de-prensa", "notas-de-prensa", "comunicados"),
        said=("prensa", "sala de prensa", "notas de prensa", "comunicados"),
    ),
    Words(
        kind=LinkKind.PRESS,
        language="fr",
        paths=("presse", "espace-presse", "communiques", "communiques-de-presse", "salle-de-presse"),
        said=("presse", "espace presse", "communiqués", "communiqués de presse", "salle de presse"),
    ),
    Words(
        kind=LinkKind.PRESS,
        language="tr",
        paths=("basin", "basin-odasi", "basin-bultenleri", "medya", "duyurular"),
        said=("basın", "basın odası", "basın bültenleri", "medya", "duyurular"),
    ),
    Words(
        kind=LinkKind.NEWS,
        language="en",
        paths=("news", "latest-news", "company-news", "events", "stories"),
        said=("news", "latest news", "company news", "events", "news & events", "news and events"),
    ),
    Words(
        kind=LinkKind.NEWS,
        language="es",
        paths=("noticias", "novedades", "actualidad", "eventos"),
        said=("noticias", "novedades", "actualidad", "eventos"),
    ),
    Words(
        kind=LinkKind.NEWS,
        language="fr",
        paths=("actualites", "actualite", "actus", "nouvelles", "evenements"),
        said=("actualités", "actus", "nouvelles", "événements", "nos actualités"),
    ),
    Words(
        kind=LinkKind.NEWS,
        language="tr",
        paths=("haberler", "haber", "guncel", "etkinlikler", "gelismeler"),
        said=("haberler", "güncel", "etkinlikler", "bizden haberler"),
    ),
    Words(
        kind=LinkKind.BLOG,
        language="en",
        paths=("blog", "blogs", "articles", "insights", "posts"),
        said=("blog", "our blog", "articles", "insights"),
    ),
    Words(
        kind=LinkKind.BLOG, language="es", paths=("articulos", "bitacora"), said=("artículos", "nuestro blog")
    ),
    Words(
        kind=LinkKind.BLOG,
        language="fr",
        paths=("blogue", "dossiers"),
        said=("blogue", "le blog", "notre blog"),
    ),
    Words(
        kind=LinkKind.BLOG,
        language="tr",
        paths=("yazilar", "makaleler"),
        said=("yazılar", "makaleler", "bloğumuz"),
    ),
)
"""Where two kinds have a word the earlier row wins."""
OF_PATH = {word: row.kind for row in reversed(WORDS) for word in row.paths}
OF_SAID = {text: row.kind for row in reversed(WORDS) for text in row.said}
_DOORS = (
    "login signin sign-in log-in logout signup sign-up register account auth oauth sso wp-admin wp-login.php "
    "admin cart checkout acceso iniciar-sesion mi-cuenta connexion mon-compte giris uye-girisi hesabim"
)
DOORS = frozenset(_DOORS.split())
"""Segments of a path behind which one signs in: never followed."""
FILES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".svg",
    ".webp",
    ".css",
    ".js",
    ".zip",
    ".mp4",
    ".mp3",
    ".exe",
    ".ics",
)


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """An address within the company's domain, and what is expected there."""

    url: str
    kind: LinkKind


def links_of(anchors: Iterable[tuple[str, str]], *, base: str, domain: str) -> tuple[Link, ...]:
    """Return the links worth following among anchors (address, text), absolute, each once, in their order."""
    found: dict[str, Link] = {}
    for address, said in anchors:
        kind = kind_of_link(_path(address), said)  # before the address is made whole, which takes longer
        if kind is None:
            continue
        url = absolute(base, address)
        if url is not None and is_within(url, domain):
            found.setdefault(url, Link(url, kind))
    return tuple(found.values())


def _path(address: str) -> str:
    """Return the path of an address, whole or relative, without asking whether it is one."""
    path = address.strip().partition("#")[0].partition("?")[0]
    if "//" in path[:8]:
        path = path.partition("//")[2].partition("/")[2]
    return path


def kind_of_link(path: str, said: str) -> LinkKind | None:
    """Tell what is expected behind a link from its path, else from its words; None where nothing is."""
    path = path.lower()
    segments = path.split("/")
    if not DOORS.isdisjoint(segments) or path.endswith(FILES):
        return None
    for segment in segments:
        kind = OF_PATH.get(segment) or OF_PATH.get(segment.rpartition(".")[0])
        if kind is not None:
            return kind
    return OF_SAID.get(" ".join(said.lower().split()))


def absolute(base: str, address: str) -> str | None:
    """Return the address as it is seen from `base`, without a fragment; None where it is no web address."""
    if len(address) > LONGEST_ADDRESS:
        return None
    try:
        url = urldefrag(urljoin(base, address.strip())).url
        parts = urlsplit(url)
        told = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return url if told and "@" not in parts.netloc and url.isprintable() and " " not in url else None


def is_within(url: str, domain: str) -> bool:
    """Tell whether a web address is of a domain or of a name below it."""
    host = urlsplit(url).hostname or ""
    return host == domain or host.endswith("." + domain)
