import hashlib

from reports.center.pages.render import STATIC, TEMPLATES

VENDOR = STATIC / "vendor"


def test_every_library_is_the_one_that_was_published_with_its_licence() -> None:
    rows = [line.strip("| ").split(" | ") for line in (VENDOR / "README.md").read_text().splitlines()[4:]]
    told = {row[0]: row[4] for row in rows}
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert told == files
    for name in files:
        assert (VENDOR / f"{name.removesuffix('.min.js')}.LICENSE").read_text()


def test_no_page_asks_another_machine_for_anything() -> None:
    ours = [*TEMPLATES.glob("*.html"), *STATIC.glob("*.css"), *STATIC.glob("*.js")]
    assert len(ours) > 5
    for path in ours:
        text = path.read_text(encoding="utf-8")
        assert "//cdn" not in text
        assert 'src="http' not in text
        assert "url(http" not in text
        assert "@import" not in text
