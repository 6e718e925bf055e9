"""Words are counted and letters known in every script."""

import pytest

from components.data.parsing.scripts import count_words, is_letter, is_unspaced


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("good", 1),
        ("The keeper climbs the stairs.", 5),
        ("好", 1),
        ("前台非常差，隔音让人失望，不会再来了。", 8),
        ("とても良いホテルでした。", 6),
        ("โรงแรมนี้ดีมาก", 7),
        ("iPhone 15 很好用", 4),
        ("الطعام لذيذ جدا", 3),
    ],
)
def test_words_are_counted_also_where_no_spaces_part_them(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "unspaced"),
    [
        ("守塔人爬上楼梯。", True),
        ("灯台守は階段を上る。", True),
        ("ผู้ดูแลประภาคารขึ้นบันได", True),
        ("လှေကားတက်သည်", True),
        ("등대지기가 계단을 오른다", False),  # Korean has spaces
        ("The keeper said 你好", False),
        ("الحارس يصعد الدرج", False),
        ("नमस्ते दुनिया", False),
        ("12, 34.", False),
        ("", False),
    ],
)
def test_scripts_without_spaces_are_known(text: str, unspaced: bool) -> None:
    assert is_unspaced(text) == unspaced


def test_vowel_signs_are_parts_of_letters() -> None:
    assert all(map(is_letter, "नमस्ते"))
    assert all(map(is_letter, "สวัสดี"))
    assert not any(map(is_letter, "1, -。，"))
