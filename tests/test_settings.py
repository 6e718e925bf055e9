"""The settings come from `UNROLL_…` variables, and without any they just work."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from components.settings import Settings, settings

ROOT = Path(__file__).parent.parent


@pytest.fixture
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"UNROLL_{name.upper()}", raising=False)


@pytest.mark.usefixtures("no_variables")
def test_without_variables_everything_is_kept_in_the_users_data_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path)
    found = Settings()
    assert found.database == f"sqlite:///{tmp_path / 'runs.sqlite'}"
    assert found.artifacts == str(tmp_path / "artifacts")
    assert found.cache == tmp_path / "cache"


@pytest.mark.usefixtures("no_variables")
def test_without_variables_nothing_lies_in_the_checkout() -> None:
    found = Settings()
    assert str(ROOT) not in found.database
    assert not Path(found.artifacts).is_relative_to(ROOT)


@pytest.mark.usefixtures("no_variables")
def test_without_variables_workers_are_of_this_machine() -> None:
    assert Settings().scheduler is None
    assert Settings().workers is None


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("scheduler", "tcp://10.0.0.1:8786", "tcp://10.0.0.1:8786"),
        ("workers", "3", 3),
        ("database", "postgresql://db/unroll", "postgresql://db/unroll"),
        ("artifacts", "s3://bucket/unroll", "s3://bucket/unroll"),
        ("cache", "/var/cache/unroll", Path("/var/cache/unroll")),
        ("yahoo", "http://localhost:8080", "http://localhost:8080"),
        ("run_seconds", "0.5", 0.5),
        ("run_memory", "1000000", 1_000_000),
        ("pause_seconds", "60", 60.0),
        ("upload_bytes", "2048", 2048),
        ("visitor_runs", "3", 3),
        ("visitor_bytes", "1000", 1000),
        ("visitor_questions", "30", 30),
        ("keep_days", "7.5", 7.5),
        ("disk", "1000000", 1_000_000),
        (
            "origins",
            "https://unroll.example  http://10.0.0.1:8501",
            ("https://unroll.example", "http://10.0.0.1:8501"),
        ),
        ("frame_ancestors", "https://*.school.example", ("https://*.school.example",)),
        ("metrics", "true", True),
    ],
)
def test_a_variable_sets_its_setting(
    name: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"UNROLL_{name.upper()}", text)
    assert getattr(Settings(), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("workers", "0"),
        ("workers", "many"),
        ("run_seconds", "-1"),
        ("upload_bytes", "0"),
        ("origins", "unroll.example"),
        ("frame_ancestors", "https://a; script-src *"),
    ],
)
def test_an_impossible_variable_is_named(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"UNROLL_{name.upper()}", text)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().workers = 2


def test_a_process_reads_its_settings_once() -> None:
    assert settings() is settings()
