"""What texts in any script of the world are made of: letters, and words where no spaces part them."""

import re
import unicodedata

# Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan are written without spaces between words.
UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3105-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
"""Their characters, as they stand between the brackets of a regular expression."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
_CHARACTERS_OF_A_WORD = 2  # on average: Chinese has 1.5, Thai more


def count_words(text: str) -> int:
    """Return the words of a text, roughly where no spaces part them.

    Example:
        >>> count_words("The keeper climbs the stairs."), count_words("守塔人爬上楼梯。")
        (5, 4)
    """
    rest, characters = _UNSPACED.subn(" ", text)
    spaced = rest.split()
    if characters:  # the signs between them are no words
        spaced = [word for word in spaced if any(map(str.isalnum, word))]
    return len(spaced) + -(-characters // _CHARACTERS_OF_A_WORD)


def is_unspaced(text: str) -> bool:
    """Return whether most of a text's letters are of a script that has no spaces between words."""
    letters = sum(map(is_letter, text))
    return 2 * len(_UNSPACED.findall(text)) > letters > 0


def is_letter(sign: str) -> bool:
    """Return whether a sign is a letter or a part of one, as the vowel signs of Hindi and Thai are."""
    return sign.isalpha() or unicodedata.category(sign)[0] == "M"
