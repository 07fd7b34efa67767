"""Which code makes what is published: two that differ in it may make other bytes."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import features
import models
import reports
import scoring

PACKAGES = (features, models, scoring, reports)
LIBRARIES = ("duckdb", "lightgbm", "numba", "numpy", "pyarrow", "scipy")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return twelve digits of the packages that make rows of a bucket, and of the libraries they stand on."""
    made_of = hashlib.sha256()
    for name in LIBRARIES:
        made_of.update(f"{name} {version(name)}\n".encode())
    for package in PACKAGES:
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            made_of.update(path.read_bytes())
    return made_of.hexdigest()[:12]
