import pytest

from reports.center.customers.crm import LARGEST, MOST_ROWS, Key, UploadRefused, read_upload


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_common_dialects_are_read_alike(encoding: str, separator: str) -> None:
    lines = [("Account ID", "Name", "Web Site"), ("7", f'"Café{separator} Bar"', "cafe.example")]
    upload = read_upload("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    assert upload.rows == (("7", f"Café{separator} Bar", "cafe.example"),)
    assert upload.columns == {Key.ID: (0,), Key.NAME: (1,), Key.DOMAIN: (2,)}
    assert (upload.separator, upload.encoding) == (separator, encoding.removesuffix("-sig"))


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("E-Mail", Key.DOMAIN),
        ("Razón social", Key.NAME),
        ("Şirket Ad\N{LATIN SMALL LETTER DOTLESS I}", Key.NAME),
        ("Société", Key.NAME),
        ("Customer_ID", Key.ID),
        ("WEBSITE", Key.DOMAIN),
    ],
)
def test_columns_are_found_by_name_in_several_languages(header: str, key: Key) -> None:
    upload = read_upload(f"note,{header}\nx,y\n".encode())
    assert upload.columns == {key: (1,)}
    assert (upload.told(upload.rows[0], key), upload.header) == (("y",), ("note", header))


def test_several_columns_tell_a_domain_the_better_one_first() -> None:
    upload = read_upload(b"E-Mail,Website\njo@contoso.com,contoso.example\njo@contoso.com,\n")
    assert upload.told(upload.rows[0], Key.DOMAIN) == ("contoso.example", "jo@contoso.com")
    assert upload.told(upload.rows[1], Key.DOMAIN) == ("jo@contoso.com",)


def test_a_single_column_is_enough() -> None:
    assert read_upload(b"domain\ncontoso.com\n\nfabrikam.com").rows == (("contoso.com",), ("fabrikam.com",))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"name,domain\n", "no row below"),
        (b"colour,size\nred,4\n", "Got: colour, size."),
        (b"name,domain\na,b\nc\nd,e,f\n", "2 of 3 do not: line 3 has 1, line 4 has 3"),
        (b'name,domain\n"a"b,c\n', "Line 2 cannot be read"),
        (b'name,domain\n"a,c\n', "cannot be read"),
        (b"n\x00a\x00m\x00e\x00", "no text"),
        (b"name\n\x81\x8d", "no text"),
        (b"x" * (LARGEST + 1), "at most 10 MB"),
        (b"name\n" + b"x\n" * (MOST_ROWS + 1), "at most 50,000 rows"),
        (b",".join([b"name"] * 201) + b"\n", "at most 200 columns"),
        (b"name\n" + b"x" * 140_000, "cannot be read"),
    ],
)
def test_what_is_no_list_of_accounts_is_refused_with_the_reason(content: bytes, told: str) -> None:
    with pytest.raises(UploadRefused, match=told):
        read_upload(content)
