import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.texts import (
    TAKEN_AWAY,
    cut,
    nests_deeply,
    of_markup,
    plain,
    plain_lines,
    without_contacts,
)


@pytest.mark.parametrize(
    "address",
    [
        "jane.doe@acme.com",
        "JANE+jobs@mail.acme.com.tr",
        "jane (at) acme.com",
        "jane [at] acme [dot] com",
        "josé@acmé.es",
        "jane @ acme.com",
    ],
)
def test_an_email_address_is_taken_away(address: str) -> None:
    assert without_contacts(f"Write to {address} today") == f"Write to {TAKEN_AWAY} today"


@pytest.mark.parametrize(
    "number",
    [
        "+90 212 555 12 34",
        "+34 912 345 678",
        "01 23 45 67 89",
        "(555) 123-4567",
        "555-123-4567",
        "0212 555 12 34",
        "+33 (0)1 23 45 67 89",
        "2125551234",
        "0 850 222 0 600",
        "+1.415.555.2671",
    ],
)
def test_a_telephone_number_is_taken_away(number: str) -> None:
    assert without_contacts(f"Call {number} now") == f"Call {TAKEN_AWAY} now"


@pytest.mark.parametrize(
    "text",
    [
        "since 2019-2026",
        "on 2026-11-05 we moved",
        "on 05.11.2026 we moved",
        "raised € 12 000 000 in May",
        "raised 12.000.000 EUR in May",
        "1,200 employees in 25 countries",
        "ISO 27001 and ISO 9001:2015",
        "from 10:30 to 11:45",
        "version 10.0.19045",
        "the room (at the back)",
        "follow us @acme",
    ],
)
def test_dates_sums_and_other_numbers_stay(text: str) -> None:
    assert without_contacts(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Contact: Jane Doe, Head of People",
        "Hiring manager: Jane Doe",
        "Persona de contacto: Juana Pérez",
        "Recruteur : Jeanne Martin",
        "İletişim: Ayşe Yılmaz",
    ],
)
def test_a_person_whom_a_label_introduces_is_taken_away(line: str) -> None:
    assert without_contacts(f"We hire.\n{line}\nApply now.") == f"We hire.\n{TAKEN_AWAY}\nApply now."


def test_what_cannot_be_written_or_seen_is_left_out() -> None:
    assert plain("a\x00b\ud800c\u200bd\u202ee\x85f", limit=100) == "abcdef"
    assert plain("  two \t\n words\u00a0here ", limit=100) == "two words here"
    assert plain("e\u0301", limit=10) == "é"


def test_lines_stay_and_empty_ones_go() -> None:
    assert plain_lines(" one \r\n\n  two\ttwo \n", limit=100) == "one\ntwo two"


def test_a_text_is_cut_at_a_word() -> None:
    assert cut("one two three", 10) == "one two…"
    assert cut("oneoneone", 5) == "oneo…"
    assert cut("one", 3) == "one"


def test_markup_becomes_words_a_line_for_a_block() -> None:
    assert of_markup("<p>One &amp; <b>two</b></p><style>x</style>").strip() == "One & two"
    assert of_markup("<ul><li>one<li>two</ul><script>x</script>").split() == ["one", "two"]
    assert of_markup("no markup") == "no markup"


def test_only_markup_that_leaves_very_many_elements_open_nests_deeply() -> None:
    assert nests_deeply("<div>" * 5001)
    assert not nests_deeply("<p>word <b>word</b></p>" * 5001)
    assert not nests_deeply("<div>" * 4999)


def test_a_piece_with_very_many_tags_is_read_without_a_tree() -> None:
    assert of_markup("<div>" * 50_000 + "in&amp;side").split() == ["in&side"]


@given(st.text(max_size=300), st.integers(2, 50))
def test_a_plain_text_is_one_line_that_utf8_can_hold_within_its_limit(text: str, limit: int) -> None:
    found = plain(text, limit=limit)
    assert len(found) <= limit
    assert found.encode("utf-8").decode() == found
    assert len(found.splitlines()) <= 1


@given(st.text(alphabet="0123456789 +-().@ab,\n", max_size=200))
def test_no_eight_digits_in_a_row_and_no_address_are_left(text: str) -> None:
    found = without_contacts(text)
    assert not any(
        word.isdigit() and 8 <= len(word) <= 15 for word in found.replace("@", " ").split()
    ) or any(sign in text for sign in ",.")


@pytest.mark.parametrize("piece", ["a@", "1 ", "12-", "contact: ", "a.b", "(at)", "+", "<", "a" * 50 + "@"])
def test_taking_contacts_away_takes_steps_in_proportion_to_the_length(piece: str) -> None:
    # Were a pattern to backtrack with the square of the length, this would not end within the suite.
    assert without_contacts(piece * (60_000 // len(piece))) is not None
