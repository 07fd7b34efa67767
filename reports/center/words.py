"""Marks the English texts that are declared in Python, so that the catalogues of the pages have them."""


def N_(text: str) -> str:  # noqa: N802 the name that extractors know
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text
