"""Names and descriptions as people give them: free text, within what every database and header can hold."""

import uuid

from reports.center.delivery.grammar import is_visible
from reports.center.delivery.refusals import DeliveryRefused, NotThere
from reports.center.delivery.tokens import shown

LONGEST_WORDS = 500


def checked_id(what: str, text: str) -> str:
    """Return an id as it is kept.

    Raises:
        NotThere: no such id is ever given out.
    """
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise NotThere(f"There is no {what} {shown(text)}; an id is like {uuid.UUID(int=0)}.") from None


def checked_words(what: str, text: str, *, may_be_empty: bool = False) -> str:
    """Return a text without the blanks around it.

    Raises:
        DeliveryRefused: it is empty, too long, or holds what cannot be seen.
    """
    text = text.strip()
    if not text and not may_be_empty:
        raise DeliveryRefused(f"{what} is empty: give a name, such as 'Act Now in Spain'.")
    if len(text) > LONGEST_WORDS:
        raise DeliveryRefused(f"{what} has at most {LONGEST_WORDS} characters; got {len(text):,}.")
    if not all(is_visible(character) for character in text):
        raise DeliveryRefused(f"{what} is one line of visible characters; got {shown(text)}.")
    return text
