"""A catalogue file: Python that declares PRODUCTS, read with errors an operator can mend."""

import runpy
import traceback
from pathlib import Path

from features.errors import CallRefused
from features.products import Catalogue, Product
from features.scopes import check_scopes

TUPLES = (
    "sold_as",
    "topics",
    "rival_topics",
    "technologies",
    "rival_technologies",
    "divisions",
    "workloads",
)
EXPECTED = "PRODUCTS = (Product(prefix=..., name=..., report=..., sold_as=(...,)), ...)"


def read_catalogue(path: Path | None) -> Catalogue:
    """Read the products of a catalogue file; without one, the default catalogue.

    Raises:
        CallRefused: the file is missing, fails, declares no products, or one that cannot be scored.
    """
    if path is None:
        return Catalogue()
    if not path.is_file():
        raise CallRefused(f"The catalogue {path} is not there. A Python file with {EXPECTED} was expected.")
    products = _run(path)
    if not isinstance(products, tuple) or not products:
        raise CallRefused(f"{path}: {EXPECTED} was expected; got {type(products).__name__}.")
    for place, product in enumerate(products, start=1):
        _check(path, place, product)
    prefixes = [product.prefix for product in products]
    # Columns carry the prefix, and the engine does not tell capitals from small letters.
    folded = [prefix.lower() for prefix in prefixes]
    if twice := sorted({prefix for prefix in prefixes if folded.count(prefix.lower()) > 1}):
        raise CallRefused(f"{path}: a prefix names one product; declared twice: {', '.join(twice)}.")
    catalogue = Catalogue(products)
    try:
        check_scopes(catalogue)
    except CallRefused as error:
        raise CallRefused(f"{path}: {error}") from None
    return catalogue


def _run(path: Path) -> object:
    try:
        return runpy.run_path(str(path)).get("PRODUCTS")
    except SyntaxError as error:
        raise CallRefused(f"{path}, line {error.lineno}: {error.msg}. Python was expected.") from None
    except Exception as error:
        # The file is the user's code: whatever it raises is told with its line, and is theirs to mend.
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
        ]
        where = f", line {lines[-1]}" if lines else ""
        raise CallRefused(f"{path}{where}: {type(error).__name__}: {error}. Expected: {EXPECTED}.") from None


def _check(path: Path, place: int, product: object) -> None:
    if not isinstance(product, Product):
        raise CallRefused(f"{path}: entry {place} of PRODUCTS must be a Product; got {product!r}.")
    for what, value in (("prefix", product.prefix), ("report", product.report)):
        if not isinstance(value, str) or not value.isidentifier():
            told = f"the {what} of entry {place} must be letters and digits; got {value!r}"
            raise CallRefused(f"{path}: {told}.")
    for what in TUPLES:
        values = getattr(product, what)
        if not isinstance(values, tuple) or not all(isinstance(value, str) for value in values):
            told = f'{what} of {product.prefix} must be texts like ("A",); got {values!r}'
            raise CallRefused(f"{path}: {told}.")
    if not product.sold_as:
        raise CallRefused(f"{path}: {product.prefix} must say what it is sold as (sold_as); got nothing.")
