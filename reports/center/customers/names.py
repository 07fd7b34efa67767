"""How domains and names of companies are compared: what only differs in writing is made equal."""

import re

from reports.center.customers.fold import fold

SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:/*")
JOINS = re.compile("[.'`\N{RIGHT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}]")
"""Marks that stand inside a word: S.A., d'Or."""
LABEL = re.compile(r"^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$")
FREE_MAIL = frozenset(
    {"aol.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com", "live.com"}
    | {"mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com", "proton.me", "qq.com", "t-online.de"}
    | {"wanadoo.fr", "web.de", "yahoo.com", "yandex.com", "yandex.ru"}
)
"""Domains at which anybody has an address: an e-mail there says nothing of a company."""
LEGAL_FORMS = frozenset(
    {"ab", "ag", "anonim sirketi", "aps", "as", "asa", "bhd", "bv", "bvba", "co", "company", "corp"}
    | {"corporation", "cv", "dd", "doo", "eirl", "eood", "eurl", "ev", "gbr", "gesmbh", "gmbh"}
    | {"gmbh co kg", "inc", "incorporated", "kft", "kg", "kgaa", "kk", "lda", "limitada", "limited"}
    | {"limited company", "limited sirketi", "llc", "llp", "lp", "ltd", "ltd sti", "ltda", "mbh", "nv"}
    | {"ohg", "ood", "oy", "oyj", "plc", "private limited", "pte", "pte ltd", "pty", "pty ltd"}
    | {"pvt ltd", "sa", "sa de cv", "sab de cv", "sarl", "sas", "sasu", "sau", "sc", "scrl", "sdn bhd"}
    | {"se", "sl", "slu", "sp z oo", "sp zoo", "spa", "spol sro", "spzoo", "srl", "sro", "uab", "ug"}
    | {"zrt"}
)
"""Legal forms as they are left when dots are gone; in the words in which companies write them at the end."""
LONGEST_FORM = max(len(form.split()) for form in LEGAL_FORMS)


def domain_of(text: str) -> str | None:
    """Return the host in an address, an e-mail or a bare domain, as names are kept in DNS; None without one.

    International names are told as DNS keeps them (IDNA).
    """
    host = SCHEME.sub("", text.strip().casefold())
    host = re.split(r"[/?#\\\s,;]", host, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d*$", "", host).rstrip(".").removeprefix("www.")
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = host.split(".")
    is_host = len(labels) > 1 and all(LABEL.match(label) for label in labels) and not labels[-1].isdigit()
    return host if is_host and len(host) <= 253 else None


def is_free_mail(text: str) -> bool:
    """Tell whether a text is an e-mail address at a provider where anybody has one."""
    return "@" in text and domain_of(text) in FREE_MAIL


def parents(domain: str) -> tuple[str, ...]:
    """Return the domain and those it is below, longest first, down to two labels."""
    labels = domain.split(".")
    return tuple(".".join(labels[place:]) for place in range(len(labels) - 1))


def name_of(text: str) -> str:
    """Return the words of a company's name in small plain letters, without its legal form."""
    plain = JOINS.sub("", fold(text)).replace("&", " and ").replace("+", " and ")
    words = re.findall(r"[^\W_]+", plain)
    while (shorter := _without_form(_joined(words))) != words:
        words = shorter
    return " ".join(words)


def _joined(words: list[str]) -> list[str]:
    """Join single letters at the end that spell a legal form: s, a, r, l."""
    first = len(words)
    while first > 0 and len(words[first - 1]) == 1:
        first -= 1
    for start in range(first, len(words) - 1):
        if start > 0 and "".join(words[start:]) in LEGAL_FORMS:
            return [*words[:start], "".join(words[start:])]
    return words


def _without_form(words: list[str]) -> list[str]:
    """Take the longest legal form off the end; a name that is nothing else keeps it."""
    for length in range(min(LONGEST_FORM, len(words) - 1), 0, -1):
        if " ".join(words[-length:]) in LEGAL_FORMS:
            rest = words[:-length]
            return rest[:-1] if len(rest) > 1 and rest[-1] == "and" else rest
    return words
