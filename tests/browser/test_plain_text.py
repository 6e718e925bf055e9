"""A visitor's words are shown as they are, whatever they would mean to Markdown or to a chart."""

from playwright.sync_api import Page, expect

from tests.browser.page_actions import button
from tests.live_server import LiveServer

TRAPS = {
    "address": "https://evil.example/a",
    "www": "www.evil.example",
    "mail": "ann@evil.example",
    "formula": "$x^2$",
    "icon": ":material/home: :smile: :red[b]",
    "bold": "**b** _i_ `c` &lt;",
    "link": "[a](https://evil.example) <a href='https://evil.example'>a</a>",
}
_STRANGE = """() => ({
    links: [...document.querySelectorAll("a")].map(a => String(a.href.baseVal ?? a.href))
        .filter(address => !address.startsWith(location.origin)),
    formulas: document.querySelectorAll(".katex").length,
})"""


def test_names_of_a_table_are_plain_text(page: Page, server: LiveServer) -> None:
    columns = ",".join(f'"{trap}"' for trap in TRAPS.values())
    rows = "\n".join(
        f"2024-01-{day:02d}," + ",".join(str(day * (at + 1) % 7) for at in range(len(TRAPS)))
        for day in range(1, 32)
    )
    name = " ".join(TRAPS.values()).replace("/", "∕")[:120] + ".csv"
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Upload").click()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": f"day,{columns}\n{rows}\n".encode()}
    )
    heading = page.get_by_role("heading", level=3).first
    expect(heading).to_contain_text("evil.example")
    assert "$x^2$" in heading.inner_text()
    assert ":smile:" in heading.inner_text().replace("\u2060", "")
    assert page.evaluate(_STRANGE) == {"links": [], "formulas": 0}
    expect(heading.locator("strong, em, code, [data-testid=stIconMaterial]")).to_have_count(0)
    button(page, "Train on this").click()
    expect(button(page, "Train")).to_be_visible()
    assert page.evaluate(_STRANGE) == {"links": [], "formulas": 0}
