"""What an answer shows of its makings: headers, cookies, what it loads and where it leads, its markup."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from features.sources.web.page import Fetched

LONGEST_MARKUP = 300_000
LONGEST_ADDRESS, MOST_ADDRESSES = 500, 1000
LOADED = {"script": "src", "iframe": "src", "link": "href", "img": "src", "form": "action"}
"""Elements by which a page loads from, or sends to, another place, and the attribute that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What fingerprints are looked for in.

    `headers` are pairs of lower-case name and value, `cookies` names as they were sent, `loaded` and `links`
    addresses as they are written, `generators` what the page says it was made with, `markup` its text in
    lower case. All are cut to a bounded size.
    """

    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()
    markup: str = ""


NO_TRACES = Traces()


def traces_of(fetched: Fetched, document: LexborHTMLParser | None = None, markup: str = "") -> Traces:
    """Return the traces of an answer and what was parsed of it: of its headers alone where nothing was."""
    headers = tuple((name, value[:LONGEST_ADDRESS]) for name, value in fetched.headers[:100])
    cookies = tuple(value.partition("=")[0].strip() for name, value in headers if name == "set-cookie")
    if document is None:
        return Traces(headers=headers, cookies=cookies)
    return Traces(
        headers=headers,
        cookies=cookies,
        loaded=tuple(
            address
            for element, attribute in LOADED.items()
            for address in _addresses(document, element, attribute)
        ),
        links=_addresses(document, "a", "href"),
        generators=tuple(
            node.attributes.get("content") or ""
            for node in document.css("meta[name=generator i][content]")[:10]
        ),
        markup=markup[:LONGEST_MARKUP].lower(),
    )


def _addresses(document: LexborHTMLParser, element: str, attribute: str) -> tuple[str, ...]:
    """Return the attribute's values, each once; pictures and other things written into the page are none."""
    found: dict[str, None] = {}
    for node in document.css(f"{element}[{attribute}]")[:MOST_ADDRESSES]:
        address = (node.attributes.get(attribute) or "").strip()
        if address and address[:5].lower() != "data:":
            found[address[:LONGEST_ADDRESS]] = None
    return tuple(found)
