"""What a visitor brings is kept under a random name, and read again as it came."""

import pytest

from components import data
from components.data import upload
from components.errors import DataError
from components.recipe import Recipe, Upload
from components.settings import Settings, settings

CSV = b"month,sales\n2020-02-01,2\n2020-01-01,1\n2020-03-01,4\n"


@pytest.fixture
def limited(monkeypatch, tmp_path):
    """Uploads of at most 100 bytes, in a folder of their own."""
    chosen = Settings(artifacts=str(tmp_path), upload_bytes=100)
    monkeypatch.setattr(upload, "settings", lambda: chosen)
    return tmp_path / "uploads"


def test_what_is_kept_is_loaded_again():
    reference = upload.keep(CSV, "sales.csv")
    dataset = data.load(reference)
    assert dataset.reference == reference and dataset.title == "sales.csv"
    assert dataset.table["sales"].tolist() == [1, 2, 4]
    assert (dataset.frequency, dataset.season) == ("every month", 12)
    assert dataset.notes == ("The rows were put in order of time.",)
    assert "sales.csv" in dataset.provenance.source


def test_the_same_file_twice_has_two_ids():
    first, second = upload.keep(CSV, "sales.csv"), upload.keep(CSV, "sales.csv")
    assert first.id != second.id


def test_a_reference_survives_in_a_recipe():
    reference = upload.keep(CSV, "sales.csv")
    recipe = Recipe.model_validate({"dataset": reference, "task": {"target": "sales"}})
    assert data.load(Recipe.from_url(recipe.to_url()).dataset).rows == 3


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "/root/.ssh/x.csv", "a\0b.csv", "x" * 500 + ".CSV", "'; --.csv"]
)
def test_a_name_is_never_a_path(limited, name):
    reference = upload.keep(CSV, name)
    assert [path.name for path in limited.rglob("*")] == [reference.id]
    assert len(reference.name) <= 200


def test_what_cannot_be_read_is_not_kept(limited):
    with pytest.raises(DataError, match=r"bad\.csv, row 2, column “x”"):
        upload.keep(b"x,y\noops,1\n2,2\n3,3\n", "bad.csv")
    assert not limited.exists()


def test_what_is_too_large_is_not_kept(limited):
    with pytest.raises(DataError, match=r"big\.csv.*at most") as caught:
        upload.keep(b"x\n" + 50 * b"1\n", "big.csv")
    assert caught.value.remedy
    assert not limited.exists()


@pytest.mark.parametrize("name", ["table.xlsx", "table", "", "csv"])
def test_other_kinds_of_files_are_refused_with_what_works(name):
    with pytest.raises(DataError, match=r"\.csv, \.tsv, \.txt"):
        upload.keep(CSV, name)


def test_a_file_that_is_gone_is_said():
    with pytest.raises(DataError, match="no longer here") as caught:
        data.load(Upload(id="0" * 32, name="old.csv"))
    assert caught.value.where == "old.csv"


def test_the_default_limit_is_the_servers():
    assert settings().upload_bytes == 200 * 2**20
