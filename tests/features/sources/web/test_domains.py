import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import CallRefused
from features.sources.web.domains import Refusal, normalised, read_domains, sort_lines, write_refused


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        ("example.com", "example.com"),
        ("  Example.COM.  ", "example.com"),
        ("www.example.co.uk", "example.co.uk"),
        ("https://user:pw@shop.example.com:8443/a/b?c=d#e", "example.com"),
        ("HTTP://EXAMPLE.COM", "example.com"),
        ("//example.com/path", "example.com"),
        ("example.com/path", "example.com"),
        ("example.com:8080", "example.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("müşteri.com.tr", "xn--mteri-kva70e.com.tr"),
        ("acme.github.io", "acme.github.io"),
        ("a-b.com", "a-b.com"),
    ],
)
def test_a_name_or_an_address_of_a_site_comes_to_its_registrable_domain(line: str, domain: str) -> None:
    assert sort_lines(line).domains == (domain,)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("acme .com", "spaces inside"),
        ("info@example.com", "e-mail"),
        ("192.0.2.7", "IP address"),
        ("127.1", "IP address"),
        ("0x7f000001", "IP address"),
        ("http://[::1]/", "IP address"),
        ("http://[broken/", "no address of a site"),
        ("ftp://example.com", "another kind"),
        ("javascript://example.com", "another kind"),
        ("localhost", "no known ending"),
        ("acme.con", "no known ending"),
        ("domain", "no known ending"),
        ("co.uk", "ending that many companies share"),
        ("-a-.com", "no host name"),
        ("under_score.com", "no host name"),
        ("a..com", "no host name"),
        ("xn--zzzzzz99999.com", "international"),
        ("exam\x00ple.com", "cannot be printed"),
        ("https://", "names no host"),
        ("a" * 64 + ".com", "no host name"),
        ("a." * 200 + "com", "longer than 300"),
    ],
)
def test_what_names_no_domain_is_refused_with_a_reason(line: str, reason: str) -> None:
    found = sort_lines(f"fine.com\n\n{line}\n")
    assert found.domains == ("fine.com",)
    (refused,) = found.refused
    assert refused.number == 3
    assert reason in refused.reason


def test_lines_are_counted_and_repeated_ones_too() -> None:
    found = sort_lines("# customers\r\nb.com\r\n\r\nA.com\rwww.a.com\nhttps://a.com/x\nnonsense")
    assert found.domains == ("a.com", "b.com")
    assert (found.lines, found.repeated, len(found.refused)) == (5, 2, 1)


def test_a_file_of_any_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"\xef\xbb\xbfa.com\n" + "bücher.de\n".encode("latin-1"))
    found = read_domains(path)
    assert found.domains == ("a.com",)
    assert "cannot be printed" in found.refused[0].reason


def test_a_list_without_domains_is_refused_with_its_first_fault(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("10.0.0.1\nlocalhost\n")
    with pytest.raises(CallRefused, match=r"of 2 lines none names one.*IP address"):
        read_domains(path)
    with pytest.raises(CallRefused, match="cannot be read"):
        read_domains(tmp_path / "absent.txt")


def test_refused_lines_are_written_so_that_no_spreadsheet_runs_them(tmp_path: Path) -> None:
    write_refused(sort_lines('=1+1\n"a,b"').refused, tmp_path / "refused.csv")
    with (tmp_path / "refused.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.reader(file))
    assert [row[:2] for row in written] == [["line", "text"], ["1", "'=1+1"], ["2", '"a,b"']]


@given(st.text(max_size=80) | st.from_regex(r"(https?://)?[a-z0-9.\-:/@\[\]]{1,40}", fullmatch=True))
def test_whatever_a_line_is_it_is_refused_or_stays_what_it_came_to(line: str) -> None:
    try:
        domain = normalised(line)
    except Refusal:
        return
    assert normalised(domain) == domain
    assert domain.isascii()
