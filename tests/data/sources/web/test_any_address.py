"""What a file from an address is called, by whatever its host tells of it."""

import gzip
from pathlib import Path

import pytest

from components.data.sources.web.any_address import AnyAddress
from components.data.sources.web.client import WebClient
from tests.fake_web import FakeWeb


def name_of(address: str, tmp_path: Path) -> str:
    return AnyAddress().download(f"https://{address}", tmp_path / "file", 1 << 20, WebClient(5))


@pytest.mark.parametrize(
    ("address", "headers", "content", "name"),
    [
        ("example.org/a/prices.csv", {}, b"a,b", "prices.csv"),
        ("example.org/prices.CSV?raw=1", {}, b"a,b", "prices.CSV"),
        ("example.org/m%C3%BCller.csv", {}, b"a,b", "müller.csv"),
        ("example.org/export", {"Content_Type": "text/csv; charset=utf-8"}, b"a,b", "export.csv"),
        ("example.org/export", {"Content_Type": "application/json"}, b"{}", "export.json"),
        ("example.org/export", {"Content_Type": "application/octet-stream"}, b"PAR1", "export.parquet"),
        ("example.org/export", {"Content_Type": "text/plain"}, b'[{"a": 1}]', "export.json"),
        ("example.org/export", {}, b"PK\x03\x04", "export.xlsx"),
        ("example.org/export", {}, b"Once upon a time", "export.txt"),
        ("example.org/", {"Content_Type": "text/csv"}, b"a,b", "example.org.csv"),
        ("example.org/x", {"Content_Disposition": 'attachment; filename="sales.xlsx"'}, b"PK", "sales.xlsx"),
        ("example.org/x", {"Content_Disposition": "attachment; filename=sales.csv"}, b"a", "sales.csv"),
        ("example.org/x", {"Content_Disposition": "attachment; filename*=UTF-8''%C3%A4.csv"}, b"a", "ä.csv"),
        ("example.org/x", {"Content_Disposition": 'attachment; filename="../../etc/a.csv"'}, b"a", "a.csv"),
        ("example.org/a.csv.gz", {}, b"a,b", "a.csv"),
    ],
)
def test_a_file_is_named_by_what_is_known(
    web: FakeWeb, tmp_path: Path, address: str, headers: dict[str, str], content: bytes, name: str
) -> None:
    web.give(address.partition("?")[0], content, **headers)
    assert name_of(address, tmp_path) == name


def test_what_is_packed_by_name_stays_packed(web: FakeWeb, tmp_path: Path) -> None:
    web.give("example.org/a.csv.gz", gzip.compress(b"a,b"))
    assert name_of("example.org/a.csv.gz", tmp_path) == "a.csv.gz"


def test_the_page_of_a_file_leads_to_the_file(web: FakeWeb, tmp_path: Path) -> None:
    web.give("raw.githubusercontent.com/owner/data/main/prices.csv", b"a,b")
    assert name_of("github.com/owner/data/blob/main/prices.csv", tmp_path) == "prices.csv"


def test_a_google_sheet_is_named_by_its_host(web: FakeWeb, tmp_path: Path) -> None:
    web.give(
        "docs.google.com/spreadsheets/d/1AbC/export",
        b"a,b",
        Content_Type="text/csv",
        Content_Disposition="attachment; filename=\"Sales.csv\"; filename*=UTF-8''Sales%20-%20May.csv",
    )
    assert name_of("docs.google.com/spreadsheets/d/1AbC/edit#gid=0", tmp_path) == "Sales - May.csv"
    assert web.asked == ["docs.google.com/spreadsheets/d/1AbC/export?format=csv&gid=0"]
