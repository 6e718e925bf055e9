"""Somebody who opens the app for the first time: they know nothing of it, and click on what they see."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

VERDICT = re.compile("beats|ahead|better|no better|worse|learnt|didn't|isn't", re.IGNORECASE)


@dataclass
class Newcomer:
    """A person at a page, whose clicks are counted.

    Attributes:
        page: what they look at.
        clicks: that they have made.
    """

    page: Page
    clicks: int = 0

    def click(self, place: Locator) -> None:
        """Click on something that can be seen."""
        expect(place).to_be_visible()
        place.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        """Click on the button of a name."""
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def sees_verdict(self) -> None:
        """Wait for the verdict of a run."""
        expect(self.page.get_by_test_id("stAlert").filter(has_text=VERDICT).first).to_be_visible()

    def reaches_a_verdict(self, home: str) -> None:
        """Come from Home to a forecast and its verdict, as Home says."""
        self.page.goto(home)
        self.click(self.page.locator(".st-key-start").get_by_role("button"))
        self.sees_verdict()
        self.press("See the results")
        self.sees_verdict()
        expect(self.page.get_by_role("heading", name="Forecast", exact=True)).to_be_visible()

    def forecasts_own_table(self, home: str, name: str, content: bytes) -> None:
        """Come from Home and a CSV file to the verdict on a forecast of it."""
        self.page.goto(home)
        self.press("Choose data")
        self.click(self.page.get_by_text("Upload", exact=True))
        with self.page.expect_file_chooser() as chooser:
            self.click(
                self.page.get_by_test_id("stFileUploader").get_by_role("button").filter(has_text="Upload")
            )
        chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})
        self.press("Train on this")
        self.press("Train")
        expect(self.page.get_by_role("status").filter(has_text="Finished")).to_be_visible()
        self.sees_verdict()
