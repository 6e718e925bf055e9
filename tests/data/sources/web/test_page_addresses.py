"""What people copy from the browser leads to the file that the page shows."""

import pytest

from components.data.sources.web.page_addresses import file_address

SHEET = "https://docs.google.com/spreadsheets/d"


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("https://github.com/o/r/blob/main/a/b.csv", "https://raw.githubusercontent.com/o/r/main/a/b.csv"),
        (
            "https://github.com/o/r/blob/main/b.csv?raw=true#L3",
            "https://raw.githubusercontent.com/o/r/main/b.csv",
        ),
        ("https://github.com/o/r/raw/main/b.csv", "https://raw.githubusercontent.com/o/r/main/b.csv"),
        ("https://gist.github.com/me/0123abcd", "https://gist.githubusercontent.com/me/0123abcd/raw"),
        ("https://gitlab.com/g/p/-/blob/main/b.csv", "https://gitlab.com/g/p/-/raw/main/b.csv"),
        (
            "https://huggingface.co/datasets/o/d/blob/main/b.csv",
            "https://huggingface.co/datasets/o/d/resolve/main/b.csv",
        ),
        ("https://www.dropbox.com/s/x/b.csv?rlkey=1&dl=0", "https://www.dropbox.com/s/x/b.csv?rlkey=1&dl=1"),
        ("https://www.dropbox.com/s/x/b.csv?dl=0", "https://www.dropbox.com/s/x/b.csv?dl=1"),
        (f"{SHEET}/1AbC/edit#gid=7", f"{SHEET}/1AbC/export?format=csv&gid=7"),
        (f"{SHEET}/1AbC/edit?gid=7#gid=7", f"{SHEET}/1AbC/export?format=csv&gid=7"),
        (f"{SHEET}/1AbC/edit?usp=sharing", f"{SHEET}/1AbC/export?format=csv"),
        (f"{SHEET}/1AbC", f"{SHEET}/1AbC/export?format=csv"),
        (f"{SHEET}/e/2PACX/pubhtml", f"{SHEET}/e/2PACX/pub?output=csv"),
        (f"{SHEET}/e/2PACX/pubhtml?gid=7&single=true", f"{SHEET}/e/2PACX/pub?output=csv&gid=7"),
        ("https://drive.google.com/file/d/1AbC/view", "https://drive.google.com/uc?export=download&id=1AbC"),
        ("https://example.org/blob/main/b.csv", "https://example.org/blob/main/b.csv"),
    ],
)
def test_a_page_leads_to_its_file(page: str, file: str) -> None:
    assert file_address(page) == file
