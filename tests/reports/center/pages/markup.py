"""What is wrong with a page's markup for who cannot see it: small checks with an HTML parser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

NAMED_BY_THEMSELVES = frozenset({"hidden", "submit", "button"})
HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass
class Page(HTMLParser):
    """Reads a page and keeps what the checks need."""

    title: str = ""
    text: str = ""
    language: str | None = None
    headings: list[int] = field(default_factory=list)
    inputs: list[dict[str, str | None]] = field(default_factory=list)
    labelled: set[str | None] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    posts: int = 0
    tokens: int = 0
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._open.append(tag)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag in ("style", "script") and "src" not in given:
            self.inline.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag == "html":
            self.language = given.get("lang")
        if tag == "label":
            self.labelled.add(given.get("for"))
        if tag in ("input", "select", "textarea"):
            self.inputs.append({"tag": tag, **given})
        if tag in HEADINGS:
            self.headings.append(int(tag[1]))
        self._count_changes(given)

    def _count_changes(self, given: Mapping[str, str | None]) -> None:
        if given.get("method") == "post" or given.get("formmethod") == "post":
            self.posts += 1
        if given.get("name") == "csrf" and given.get("value"):
            self.tokens += 1

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title += data
        self.text += data + " "

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass


def read(html: str) -> Page:
    """Read a page."""
    page = Page()
    page.feed(html)
    return page


def faults(html: str) -> list[str]:
    """Return what is wrong with a page, in words."""
    page = read(html)
    found = [f"inline: {one}" for one in page.inline]
    if not page.title.strip() or page.title.strip().startswith("·"):
        found.append("no title")
    if page.language is None:
        found.append("no language")
    if page.headings[:1] != [1] or page.headings.count(1) != 1:
        found.append(f"headings begin with {page.headings[:3]}, not with one h1")
    found += [
        f"h{after} after h{before}"
        for before, after in zip(page.headings, page.headings[1:], strict=False)
        if after > before + 1
    ]
    found += [
        f"no label for {one['tag']} {one.get('name')}"
        for one in page.inputs
        if one.get("type") not in NAMED_BY_THEMSELVES
        and one.get("id") not in page.labelled
        and not one.get("aria-label")
    ]
    found += [f"the id {one} is there twice" for one in sorted(set(page.ids)) if page.ids.count(one) > 1]
    if page.posts > page.tokens:
        found.append(f"{page.posts} changes with {page.tokens} tokens")
    return found
