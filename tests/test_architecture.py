"""What holds for the repository as a whole."""

import importlib.util
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("features", "models", "scoring", "reports", "pipelines")
# A module is named after the concept it defines; these name none.
NAMES_WITHOUT_A_CONCEPT = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
LONGEST_MODULE = 400


def product_modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_imported_from_this_repository(package: str) -> None:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin == str(ROOT / package / "__init__.py")


def test_no_other_distribution_owns_our_package_names() -> None:
    owners = packages_distributions()
    assert {name: owners[name] for name in PACKAGES if set(owners.get(name, ())) - {"ascent"}} == {}


def test_the_lock_holds_no_addresses() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line] == []


def test_the_lock_pins_every_requirement_with_a_hash() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    requirements = [
        (line, after) for line, after in zip(lines, [*lines[1:], ""], strict=True) if line[:1].isalnum()
    ]
    assert requirements
    assert [line for line, after in requirements if "==" not in line or "--hash=sha256:" not in after] == []


def test_no_module_has_outgrown_a_reader() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_bytes().splitlines()) for path in product_modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_modules_are_named_after_concepts() -> None:
    names = [path.relative_to(ROOT) for path in product_modules()]
    assert [str(name) for name in names if NAMES_WITHOUT_A_CONCEPT & {*name.parts[:-1], name.stem}] == []


def test_every_test_folder_is_a_package() -> None:
    # Otherwise tests/features shadows features, and every import fails.
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
