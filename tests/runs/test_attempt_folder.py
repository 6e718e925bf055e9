import pytest

from components.errors import RunError
from components.runs.artifacts import RunFiles
from components.runs.attempt_folder import AttemptFolder


@pytest.fixture(params=["file", "memory"])
def url(request, tmp_path):
    return str(tmp_path / "run") if request.param == "file" else f"memory://{tmp_path.name}/run"


def test_who_was_followed_by_another_attempt_writes_no_more(url):
    first, second = AttemptFolder(url, "a" * 32), AttemptFolder(url, "b" * 32)
    first.claim()
    first.write("state", b"1")
    second.claim()
    with pytest.raises(RunError, match="Another worker"):
        first.write("state", b"2")
    second.write("state", b"3")
    assert first.read("state") == b"3"


def test_what_was_left_half_written_goes_when_the_next_attempt_begins(tmp_path):
    (tmp_path / ".0123").write_bytes(b"half")
    folder = AttemptFolder(str(tmp_path), "a" * 32)
    folder.claim()
    assert not (tmp_path / ".0123").exists()


def test_where_a_result_is_there_its_model_is_there_too(tmp_path):
    folder = AttemptFolder(str(tmp_path), "a" * 32)
    folder.claim()
    written = []
    folder.write = lambda name, content: written.append(name)
    RunFiles(folder).write(b"result", b"model")
    assert written == ["model.keras", "result.npz"]
