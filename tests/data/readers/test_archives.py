"""What is packed is taken out, unless it is too much, several things, or means harm."""

import gzip
import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.readers import archives
from components.errors import DataError
from tests.data.readers.file_helpers import reader_of_bytes
from tests.data.readers.workbooks import zip_files


def unpack_bytes(unpack):
    """Make a function that unpacks files one that unpacks bytes."""

    def take_out(source, name, most):
        target = source.with_name("inside")
        inside = unpack(source, target, name, most)
        return target.read_bytes(), inside

    return reader_of_bytes(take_out)


gunzip, unzip = unpack_bytes(archives.gunzip), unpack_bytes(archives.unzip)

CSV = b"x\n1\n2\n"
MOST = 1000


def unpack_error(unpack, content: bytes, name: str = "my.zip", most: int = MOST) -> DataError:
    with pytest.raises(DataError) as caught:
        unpack(content, name, most)
    assert caught.value.remedy and caught.value.where == name
    return caught.value


# --- .gz -------------------------------------------------------------------------------------------


@given(st.binary(max_size=MOST))
def test_what_was_packed_comes_out(content):
    assert gunzip(gzip.compress(content), "a.csv.gz", MOST) == (content, "a.csv")


def test_it_may_be_packed_in_parts_and_padded():
    content = gzip.compress(b"x\n1\n") + gzip.compress(b"2\n") + bytes(50)
    assert gunzip(content, "a.csv.gz", MOST) == (CSV, "a.csv")


@pytest.mark.parametrize(
    "content",
    [b"x\n1\n", b"\x1f\x8b", gzip.compress(CSV, mtime=0)[:-5], gzip.compress(CSV, mtime=0) + b"more"],
)
def test_a_damaged_gz_is_said(content):
    assert "damaged" in unpack_error(gunzip, content, "a.csv.gz").what


def test_a_gz_that_is_too_large_is_stopped_on_the_way():
    bomb = gzip.compress(bytes(20 << 20))
    assert "would exceed 0 MB" in unpack_error(gunzip, bomb, "a.csv.gz").what
    parts = gzip.compress(bytes(MOST // 2 + 1)) * 2
    assert "would exceed" in unpack_error(gunzip, parts, "a.csv.gz").what


def test_portions_of_a_gz_make_no_difference(monkeypatch):
    content = bytes(range(256)) * 3
    parts = gzip.compress(content[:300]) + bytes(9) + gzip.compress(content[300:]) + bytes(20)
    for portion in (1, 2, 5, 17, 64):
        monkeypatch.setattr(archives, "_CHUNK", portion)
        assert gunzip(parts, "a.csv.gz", MOST) == (content, "a.csv")
        assert "damaged" in unpack_error(gunzip, parts[:-30], "a.csv.gz").what


def test_a_bomb_fills_neither_memory_nor_disk(tmp_path):
    bomb, target = tmp_path / "bomb.gz", tmp_path / "inside"
    bomb.write_bytes(gzip.compress(bytes(50 << 20)))
    with pytest.raises(DataError, match="would exceed 3 MB"):
        archives.gunzip(bomb, target, "bomb.gz", 3 << 20)
    assert target.stat().st_size <= 3 << 20


# --- .zip ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_one_file_comes_out_with_its_name(method):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.mkdir("data")
        archive.writestr("data/größe.csv", CSV)
    assert unzip(content.getvalue(), "my.zip", MOST) == (CSV, "größe.csv")


def test_what_systems_put_beside_it_is_passed_over():
    content = zip_files({"a.csv": CSV, "__MACOSX/._a.csv": b"?", ".DS_Store": b"?", "Thumbs.db": b"?"})
    assert unzip(content, "my.zip", MOST) == (CSV, "a.csv")


@pytest.mark.parametrize("size", [0, MOST])
def test_as_much_as_fits_comes_out(size):
    assert unzip(zip_files({"a.csv": bytes(size)}), "my.zip", MOST) == (bytes(size), "a.csv")


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "/etc/a.csv",
        "x/../../a.csv",
        "..\\a.csv",
        "C:\\a.csv",
        "c:/a.csv",
        "\\\\host\\share\\a.csv",
        "..",
    ],
)
def test_a_name_that_leads_out_is_refused(name):
    content = zip_files({"X" * len(name): CSV}).replace(b"X" * len(name), name.encode())
    assert "leads out of the archive" in unpack_error(unzip, content).what


def test_what_says_that_it_is_too_large_is_refused():
    assert "would exceed" in unpack_error(unzip, zip_files({"a.csv": bytes(MOST + 1)})).what


def test_what_lies_about_its_size_is_refused():
    content = zip_files({"a.csv": bytes(100_000)})
    lying = content.replace(struct.pack("<I", 100_000), struct.pack("<I", 10))
    assert lying != content
    assert "damaged" in unpack_error(unzip, lying).what
    checked = lying.replace(
        struct.pack("<I", zlib.crc32(bytes(100_000))), struct.pack("<I", zlib.crc32(bytes(10)))
    )
    assert unzip(checked, "my.zip", MOST) == (bytes(10), "a.csv")  # no more comes out than it said


def test_signs_across_the_border_of_portions_are_counted(monkeypatch):
    content = zip_files({f"{n}.csv": b"" for n in range(40)})
    monkeypatch.setattr(archives, "_MOST_FILES", 39)
    for portion in (4, 5, 7, 50):
        monkeypatch.setattr(archives, "_CHUNK", portion)
        assert "too many files" in unpack_error(unzip, content).what


def test_a_rare_way_of_packing_is_refused_before_it_unpacks():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.csv", CSV)
    assert "isn't supported" in unpack_error(unzip, content.getvalue()).what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (zip_files({}), "is empty"),
        (zip_files({"a.csv": CSV, "b.csv": CSV}), "holds 2 files"),
        (zip_files({f"{n}.csv": b"" for n in range(10_001)}), "too many files"),
        (zip_files({"a.csv": CSV})[:-10], "damaged"),
        (b"x\n1\n", "damaged"),
        (b"", "damaged"),
    ],
)
def test_what_cannot_be_taken_out_is_said(content, what):
    assert what in unpack_error(unzip, content).what


def test_a_locked_file_is_said():
    content = zip_files({"a.csv": CSV})
    at = content.index(b"PK\x01\x02") + 8
    assert "password" in unpack_error(unzip, content[:at] + b"\x01" + content[at + 1 :]).what


@given(st.integers(0, 200), st.binary(min_size=1, max_size=12))
def test_damage_gives_what_was_packed_or_a_data_error(at, damage):
    content = bytearray(zip_files({"a.csv": CSV}))
    at %= len(content)
    content[at : at + len(damage)] = damage
    with suppress(DataError):
        assert len(unzip(bytes(content), "my.zip", MOST)[0]) <= MOST
