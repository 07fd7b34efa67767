"""Where the examples and their data are, and their accepted rows."""

from datetime import date
from pathlib import Path

import pytest

from features.sources.mapping import load
from features.sources.read import Accepted, accept

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data is not at {DATA}")


def accepted(example: str, folder: Path, *, as_of: date) -> Accepted:
    """What the example's mapping gives, as known before a date."""
    mapping = load(EXAMPLES / example / "tables.toml", secrets={})
    return accept(None, mapping=mapping, as_of=as_of, work=folder / "work", quarantine=folder / "quarantine")
