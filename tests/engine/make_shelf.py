"""Makes the finished runs that come with Unroll, `components/runs/shelf_files/`, from the cards' recipes.

    make shelf
    make shelf ARGS="sunspots sine --minutes 5"

What is there and of its card's present recipe stays. What isn't done
when the time is over goes on where it stopped, in `.shelf/`; so it does when it is killed.
"""

import argparse
import logging
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import curl_cffi  # noqa: F401, E402 - after TensorFlow it would take that one's curl for its own

from components.engine.shelf_training import train_shelf_run  # noqa: E402
from components.runs.run_archive import pack_archive, unpack_archive  # noqa: E402
from components.runs.shelf import SHELF_FILES, SUFFIX  # noqa: E402
from components.ui.experiments import CARDS, Card  # noqa: E402

WORKSHOP = ROOT / ".shelf"

logger = logging.getLogger(__name__)


def is_made(card: Card) -> bool:
    """Return whether a card's run is there, and of its present recipe."""
    path = SHELF_FILES / f"{card.key}{SUFFIX}"
    return path.exists() and unpack_archive(path.read_bytes()).recipe == card.recipe


def make(card: Card, seconds: float) -> bool:
    """Train a card for so long at most; return whether its file is there now."""
    archive = train_shelf_run(card.title, card.recipe, str(WORKSHOP), seconds)
    if archive is None:
        return False
    content = pack_archive(archive)
    new = WORKSHOP / f"{card.key}.new"
    new.write_bytes(content)
    new.replace(SHELF_FILES / f"{card.key}{SUFFIX}")
    logger.info("%s: %.0f kB", card.key, len(content) / 1000)
    return True


def main() -> None:
    """Read the command line, and make what is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("keys", nargs="*", metavar="card", help=", ".join(card.key for card in CARDS))
    parser.add_argument("--minutes", type=float, default=600, help="at most, this time")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    WORKSHOP.mkdir(exist_ok=True)
    SHELF_FILES.mkdir(exist_ok=True)
    end = time.monotonic() + 60 * asked.minutes
    for card in CARDS:
        if (card.key in asked.keys or not asked.keys) and not is_made(card):
            left = end - time.monotonic()
            if left <= 0 or not make(card, left):
                logger.info("%s: goes on the next time", card.key)
                return


if __name__ == "__main__":
    main()
