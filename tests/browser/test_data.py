"""A table of one's own is brought, looked at and trained on."""

import io
import re
import zipfile
from datetime import date, timedelta
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import Page, expect

from components.data import load
from components.recipe import ClassifyTexts, Generated, Recipe
from tests.browser.page_actions import bring, button, unfold
from tests.data.readers.workbooks import Sheet, xlsx
from tests.fake_yahoo import FakeListing, FakeYahoo, trading_days
from tests.live_server import LiveServer

ROWS = [
    f"{year}-{month:02d}-01,{100 + 10 * year + 7 * month % 12}"
    for year in range(2000, 2012)
    for month in range(1, 13)
]
COLOURS = [("red", "rouge"), ("black", "noir"), ("white", "blanc"), ("grey", "gris"), ("old", "âgé")]
TABLE = "\n".join(["month,visitors", *ROWS]).encode()


def test_a_table_of_ones_own_is_looked_at_and_brought_to_train(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "museum.csv", TABLE)
    expect(page.get_by_role("heading", name="museum")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("every month")).to_be_visible()
    button(page, "Train on this").click()
    expect(page.get_by_role("combobox", name="Target")).to_have_value("visitors")
    expect(button(page, "Train")).to_be_enabled()


def messy_workbook() -> bytes:
    """Write sales by day as a shop might: a title, decimal commas, a word and gaps among the numbers."""
    days = [date(2019, 1, 1) + timedelta(days=day) for day in range(200)]
    odd = {40: "closed", 60: None, 61: None}
    rows = [
        [day.strftime("%d/%m/%Y"), odd.get(n, f"{100 + n / 4 + 9 * (n % 7):.2f}".replace(".", ",")), "A"]
        for n, day in enumerate(days)
    ]
    return xlsx(
        Sheet([["Daily sales of the shop"], [None], ["Date", "Sold", "Till"], *rows, ["Source: the till"]])
    )


def test_a_messy_workbook_is_mended_by_clicks(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "shop.xlsx", messy_workbook())
    expect(page.get_by_text("Row 1, above the table, was left out")).to_be_visible()
    expect(page.get_by_text("such as “closed” in row 44")).to_be_visible()
    expect(button(page, "Train on this")).to_be_disabled()
    button(page, "Read “100,00” as 100; treat the others as missing").click()
    expect(page.get_by_text("3 values are missing in")).to_be_visible()
    button(page, "Fix all").click()
    expect(page.get_by_text("The data doctor found no problems.")).to_be_visible()
    expect(page.get_by_text("Marked: 3 filled.")).to_be_visible()
    unfold(page, "What was done to your table")
    expect(page.get_by_text("Values filled: 3; removed: 0; changed: 197.")).to_be_visible()
    with page.expect_download() as saved:
        button(page, "Download the report").click()
    assert "What was done to shop.xlsx" in saved.value.path().read_text()
    page.reload()
    expect(page.get_by_text("Marked: 3 filled.")).to_be_visible()
    button(page, "Train on this").click()
    page.wait_for_url(re.compile("/train"))
    expect(page.get_by_text("cleaning step")).to_be_visible()
    expect(button(page, "Train")).to_be_enabled()


def test_rows_that_were_cut_are_kept_by_a_click(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "shop.xlsx", messy_workbook())
    expect(button(page, "Keep it")).to_have_count(2)  # the first alone is the last one, too
    button(page, "Keep it").last.click()
    expect(page.get_by_text("Row 204, below the table, is kept as part of it")).to_be_visible()
    button(page, "Remove it").click()
    expect(page.get_by_text("Row 204, below the table, was left out")).to_be_visible()


def test_sequences_of_a_ts_file_are_drawn(page: Page, server: LiveServer) -> None:
    rows = [f"{n},{n + 2},{n % 3},{n * 2}{',7' * (n % 2)}:{'up' if n % 2 else 'down'}" for n in range(1, 13)]
    head = ["@problemName Toy", "@timeStamps false", "@univariate true", "@classLabel true up down", "@data"]
    bring(page, server.url, "toy.ts", "\n".join([*head, *rows]).encode())
    expect(page.get_by_role("heading", name="toy.ts")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(3)
    expect(page.get_by_text("Each of the 2 classes has 6 sequences")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("4 to 5")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("down, up")).to_be_visible()


def zipped(files: dict[str, str]) -> bytes:
    """Pack texts by their paths."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return kept.getvalue()


def test_texts_in_a_folder_for_each_class_are_counted(page: Page, server: LiveServer) -> None:
    films = {f"good/{n}.txt": "I liked it" + " very much" * (n % 4) for n in range(12)}
    films |= {f"bad/{n}.txt": "Dull and far too long" + ", really" * (n % 3) for n in range(6)}
    bring(page, server.url, "films.zip", zipped(films))
    expect(page.get_by_role("heading", name="films.zip")).to_be_visible()
    expect(page.get_by_text("“good”").first).to_be_visible()
    expect(page.get_by_text("cuts none of them")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(3)
    expect(page.get_by_role("table").get_by_text("bad, good")).to_be_visible()


def test_a_table_of_two_columns_is_read_as_pairs(page: Page, server: LiveServer) -> None:
    rows = [f"the {colour} cat sleeps;le chat {french} dort" for colour, french in COLOURS]
    bring(page, server.url, "words.csv", "\n".join(["English;French", *rows]).encode())
    page.get_by_role("combobox", name="Read the rows as").click()
    page.get_by_role("option", name="Pairs of texts").click()
    expect(page.get_by_role("table").get_by_text(re.compile("^English, "))).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    expect(page.get_by_role("table").get_by_text(re.compile("^French, "))).to_be_visible()
    assert "pairs" in page.url


def test_what_cannot_be_read_is_said_where_it_stands(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "notes.csv", b"just some words\nand more of them\n")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_made_series_follows_its_sliders(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Generate").click()
    expect(page.get_by_role("figure", name="From row 0 to row 999")).to_be_visible()
    slider = page.get_by_role("slider", name="Rows")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_role("figure", name="From row 0 to row 1049")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("1,050")).to_be_visible()


def test_share_prices_are_found_fetched_and_trained_on(
    page: Page, server: LiveServer, exchange: FakeYahoo
) -> None:
    bars = trading_days("2023-01-02", 200, "America/New_York")
    exchange.listed = {"AAPL": FakeListing("Apple Inc.", bars=bars)}
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Share prices").click()
    page.get_by_role("textbox", name="Company").fill("apple")
    button(page, "Search").click()
    page.get_by_role("button", name="Apple Inc. · AAPL · NasdaqGS").click()
    page.get_by_role("button", name="Fetch prices").click()
    expect(page.get_by_role("heading", name="Apple Inc. (AAPL)")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_be_visible()
    button(page, "Train on this").click()
    expect(page.get_by_role("combobox", name="Target")).to_have_value("close")
    expect(button(page, "Train")).to_be_enabled()


PLOT = "document.querySelector('.unroll-zoomable-chart .js-plotly-plot')"
SHOWN = f"""() => {{
  const [from, to] = {PLOT}.layout.xaxis.range;
  const {{ x, y }} = {PLOT}.data[0];
  return Array.from(x, (row, at) => [row, y[at]]).filter(([row]) => from <= row && row <= to);
}}"""
"""The points of the line that are in view."""


def test_zooming_into_a_long_series_shows_all_its_points(page: Page, server: LiveServer) -> None:
    reference = Generated(name="sine", length=80_000, seed=3)
    values = load(reference).table["value"].to_numpy()
    said: list[object] = []

    def note_down(frame: object) -> None:
        said.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note_down))
    page.goto(f"{server.url}/data?dataset={quote(reference.model_dump_json())}")
    figure = page.get_by_role("figure", name="From row 0 to row 79999")
    note = figure.get_by_role("status")
    expect(note).to_have_text("5,000 of 80,000 points are drawn. Zoom in to see the others.")
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    height = page.locator(".unroll-zoomable-chart").bounding_box()["height"]
    thinned = page.evaluate(f"{PLOT}._fullData[0].x.length")
    sent = len(said)

    ground = figure.locator(".nsewdrag").bounding_box()
    across = ground["y"] + ground["height"] / 2
    page.mouse.move(ground["x"] + 100, across)
    page.mouse.down()
    page.mouse.move(ground["x"] + 110, across, steps=3)
    page.mouse.up()
    expect(note).to_have_text("Every point of this range is drawn.")
    shown = page.evaluate(SHOWN)
    first, last = round(shown[0][0]), round(shown[-1][0])
    assert 500 < last - first < 2000
    assert shown == [[row, values[row]] for row in range(first, last + 1)]
    assert page.locator(".unroll-zoomable-chart").bounding_box()["height"] == height

    # What the page says again leaves the zoom alone.
    assert len(said) == sent, "no script ran"
    page.get_by_role("button", name="As a table").click()
    expect(page.get_by_test_id("stPopoverBody").get_by_test_id("stDataFrame")).to_be_visible()
    assert len(said) > sent
    assert page.evaluate(SHOWN) == shown
    page.keyboard.press("Escape")

    figure.locator(".nsewdrag").dblclick()
    expect(note).to_contain_text("5,000 of 80,000")
    assert page.evaluate(f"{PLOT}._fullData[0].x.length") == thinned
    figure.focus()
    for _ in range(4):
        page.keyboard.press("+")
    expect(note).to_have_text(
        re.compile(r"^(1,99\d|2,000) of the \d,\d{3} points of this range are drawn\.$")
    )
    page.keyboard.press("0")
    expect(note).to_contain_text("5,000 of 80,000")


def test_a_series_that_another_server_drew_stays_thinned(page: Page, server: LiveServer) -> None:
    page.route("**/api/series/*", lambda route: route.fulfill(status=404))
    reference = Generated(name="sine", length=100_000)
    page.goto(f"{server.url}/data?dataset={quote(reference.model_dump_json())}")
    note = page.get_by_role("figure", name="From row 0 to row 99999").get_by_role("status")
    expect(note).to_contain_text("5,000 of 100,000")
    with page.expect_response("**/api/series/*"):
        page.evaluate(f"Plotly.relayout({PLOT}, {{'xaxis.range': [100, 200]}})")
    expect(note).to_contain_text("5,000 of 100,000")
    assert page.evaluate(f"{PLOT}.layout.xaxis.range") == [100, 200]
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


REVIEWS = [
    f"{verdict},{place}非常{word}，{other}{tail}{number}"
    for number in range(12)
    for verdict, word, tail in (
        ("好评", "干净", "也让人满意，下次再来。"),
        ("差评", "吵闹", "让人失望。"),
    )
    for place, other in (("前台", "网络"), ("房间", "早餐"))
]


def test_chinese_reviews_are_read_by_characters(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "reviews.csv", "\n".join(["标签,评论", *REVIEWS]).encode())
    rows = page.get_by_role("combobox", name="Read the rows as")
    expect(rows).to_be_visible()
    if rows.input_value() != "Texts":
        rows.click()
        page.get_by_role("option", name="Texts", exact=True).click()
    expect(page.get_by_role("radio", name="Characters")).to_be_checked()
    button(page, "Train on this: classify texts").click()
    page.wait_for_url(re.compile(r"/train\?recipe="))
    suggested = Recipe.from_url(parse_qs(urlsplit(page.url).query)["recipe"][0])
    assert isinstance(suggested.task, ClassifyTexts) and suggested.task.level == "character"
