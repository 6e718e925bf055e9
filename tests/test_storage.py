"""A folder keeps files under any URL, and never shows half a file."""

import errno
import io
import multiprocessing
import os
import resource
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from components.errors import StorageError
from components.storage import Folder
from tests.small_disk import small_disk


@pytest.fixture(params=["local", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    return Folder(str(tmp_path / "artifacts") if request.param == "local" else f"memory://{uuid.uuid4().hex}")


def test_a_file_is_read_as_it_was_written(folder: Folder) -> None:
    content = bytes(range(256)) * 1000
    folder.write("weights.npz", content)
    assert folder.read("weights.npz") == content


def test_writing_again_replaces(folder: Folder) -> None:
    folder.write("result", b"a long first version")
    folder.write("result", b"second")
    assert folder.read("result") == b"second"
    assert folder.names() == ["result"]


def test_a_file_of_any_size_is_taken_in_portions(folder: Folder, tmp_path: Path) -> None:
    source = tmp_path / "large"
    source.write_bytes(bytes(range(256)) * 10_000)
    with source.open("rb") as file:
        folder.write_stream("upload", file)
    with folder.local_file("upload") as path:
        assert path.read_bytes() == source.read_bytes()
    assert folder.names() == ["upload"]


def test_what_stops_on_its_way_leaves_nothing(folder: Folder) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        folder.write_stream("upload", Broken())
    files, root = fsspec.core.url_to_fs(folder.url)
    assert [path for path in files.find(root) if files.size(path)] == []


def test_what_is_not_there_is_not_at_hand(folder: Folder) -> None:
    with pytest.raises(FileNotFoundError), folder.local_file("nothing"):
        pass


def test_names_are_sorted(folder: Folder) -> None:
    for name in ("checkpoint-000000020", "result", "checkpoint-000000003"):
        folder.write(name, b"")
    assert folder.names() == ["checkpoint-000000003", "checkpoint-000000020", "result"]


def test_a_folder_that_was_never_written_is_empty(folder: Folder) -> None:
    assert folder.names() == []
    assert not folder.exists("anything")


def test_reading_what_is_not_there_says_so(folder: Folder) -> None:
    with pytest.raises(FileNotFoundError):
        folder.read("nothing")


def test_a_removed_file_is_gone_and_removing_it_again_is_no_error(folder: Folder) -> None:
    folder.write("old", b"1")
    folder.remove("old")
    folder.remove("old")
    assert not folder.exists("old")
    assert folder.names() == []


def test_folders_keep_their_files_apart(folder: Folder) -> None:
    first, second = folder.folder("runs").folder("a"), folder.folder("runs").folder("b")
    first.write("result", b"of a")
    second.write("result", b"of b")
    assert (first.read("result"), second.read("result")) == (b"of a", b"of b")
    assert first.names() == ["result"]


def test_another_folder_of_the_same_url_sees_what_was_written(folder: Folder) -> None:
    assert folder.names() == []
    Folder(folder.url).write("new", b"1")
    assert folder.names() == ["new"]
    assert folder.exists("new")


def test_a_slash_at_the_end_of_the_url_changes_nothing(folder: Folder) -> None:
    folder.write("a", b"1")
    assert Folder(folder.url + "/").read("a") == b"1"


def test_a_write_that_fails_leaves_the_old_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("model", b"whole")

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(type(fsspec.core.url_to_fs(folder.url)[0]), "mv", full)
    with pytest.raises(OSError, match="disk full"):
        folder.write("model", b"other")
    assert folder.read("model") == b"whole"
    assert folder.names() == ["model"]


def _write_for_ever(url: str) -> None:
    folder, version = Folder(url), 0
    while True:
        version += 1
        folder.write("model", str(version % 10).encode() * 4_000_000)


def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path))
    for attempt in range(3):
        writer = multiprocessing.get_context("spawn").Process(
            target=_write_for_ever, args=(folder.url,), daemon=True
        )
        writer.start()
        while not folder.exists("model"):
            time.sleep(0.01)
        time.sleep(0.013 * (attempt + 1))
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        content = folder.read("model")
        assert len(content) == 4_000_000
        assert set(content) == {content[0]}
        assert folder.names() == ["model"]
        folder.remove("model")


@pytest.mark.parametrize("url", ["memory://entries", "local"])
def test_entries_tell_how_much_lies_where_and_all_of_it_can_be_removed(url, tmp_path):
    folder = Folder(str(tmp_path / "entries") if url == "local" else url)
    assert folder.entries() == []
    folder.remove_all()
    folder.write("file", b"12345")
    folder.folder("inner").write("one", b"123")
    folder.folder("inner").folder("deeper").write("two", b"1")
    assert [(entry.name, entry.bytes) for entry in folder.entries()] == [("file", 5), ("inner", 4)]
    assert all(0 <= time.time() - entry.modified < 60 for entry in folder.entries())
    folder.folder("inner").remove_all()
    assert [entry.name for entry in folder.entries()] == ["file"]


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file may be longer than a kilobyte: what the system then says is what a full disk says."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("little_room")
def test_a_full_disk_is_said_in_a_sentence_and_what_was_there_stays(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "artifacts"))
    folder.write("kept", b"small")
    for content in (bytes(100_000), bytes(10_000_000)):
        with pytest.raises(StorageError, match="disk of this server is full"):
            folder.write("kept", content)
        with pytest.raises(StorageError, match="disk of this server is full"):
            folder.write_stream("large", io.BytesIO(content))
    assert folder.read("kept") == b"small"
    assert [path.name for path in (tmp_path / "artifacts").iterdir()] == ["kept"], "no half file is left"


def test_a_disk_that_is_full_takes_files_again_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path, kilobytes=512) as disk:
        folder = Folder(str(disk / "artifacts"))
        folder.write("kept", bytes(200_000))
        for _ in range(3):
            with pytest.raises(StorageError, match="disk of this server is full"):
                folder.write("large", bytes(400_000))
        assert folder.names() == ["kept"] and len(folder.read("kept")) == 200_000
        folder.remove("kept")
        folder.write("large", bytes(400_000))
        assert folder.names() == ["large"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EPERM])
def test_a_folder_that_may_not_be_written_to_is_said(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(str(tmp_path))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder._files, "open", refuse)
    with pytest.raises(StorageError, match="may not write to its own folder"):
        folder.write("weights.npz", b"1")


def test_other_faults_of_a_disk_are_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(str(tmp_path))

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(folder._files, "open", fail)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        folder.write("weights.npz", b"1")


def test_a_disk_that_turns_read_only_is_read_and_takes_files_again_later(tmp_path: Path) -> None:
    with small_disk(tmp_path, kilobytes=512) as disk:
        folder = Folder(str(disk / "artifacts"))
        folder.write("kept", b"whole")
        _remount(disk, "ro")
        with pytest.raises(StorageError, match="may not write to its own folder"):
            folder.write("kept", b"other")
        assert folder.read("kept") == b"whole"
        _remount(disk, "rw")
        folder.write("kept", b"other")
        assert (folder.names(), folder.read("kept")) == (["kept"], b"other")


def _remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)
