"""Looks at a report in headless Chromium as a reader would, and prints what it saw as JSON.

usage: browser.py REPORT.html [SCREENSHOT-DIR]
"""

import json
import pathlib
import sys

from playwright.sync_api import sync_playwright

DRAWN = "html[data-drawn]"
# What was promised and what is there: the marks of each chart that draws dots.
MARKS = """() => [...document.querySelectorAll('.chart')].map((chart) => ({
  kind: chart.dataset.chart, promised: Number(chart.dataset.marks),
  drawn: chart.querySelectorAll('.mark-symbol.role-mark path').length,
}))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(path, screenshots):
    seen = {"console": [], "requests": []}
    with sync_playwright() as playwright:
        # Inside a container Chromium's own sandbox cannot be set up for root.
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("console", lambda message: seen["console"].append(message.text))
        page.on("pageerror", lambda error: seen["console"].append(str(error)))
        page.on("request", lambda request: seen["requests"].append(request.url[:60]))
        page.goto(path.resolve().as_uri())
        page.wait_for_selector(DRAWN, timeout=240_000)
        seen["charts"] = page.evaluate(MARKS)
        seen["overflow"] = page.evaluate(OVERFLOW)
        seen["title"] = page.title()
        first = "#overview tr[data-indicator] td:nth-of-type(2)"
        seen["total"] = page.locator(first).first.text_content()
        shot(page, screenshots, "wide")

        selects = page.locator("select[data-dimension]")
        seen["filters"] = selects.count()
        if seen["filters"]:
            selects.first.select_option(index=1)
            page.wait_for_selector(DRAWN, timeout=240_000)
            seen["chosen"] = page.locator(first).first.text_content()
            seen["chosenIntervals"] = page.locator("#overview tr[data-indicator] td:nth-of-type(3)").all_text_contents()
            seen["chartsChosen"] = page.evaluate(MARKS)
            if seen["filters"] > 1:
                selects.nth(1).select_option(index=1)
                seen["crossedIntervals"] = page.locator(
                    "#overview tr[data-indicator] td:nth-of-type(3)").all_text_contents()
                selects.nth(1).select_option(index=0)
            selects.first.select_option(index=0)
        changes = "#overview tr[data-indicator]"
        seen["changesAll"] = page.locator(changes).all_text_contents()
        if page.locator("#basis").count():
            page.locator("#basis").select_option("matched")
            seen["changesMatched"] = page.locator(changes).all_text_contents()
            page.locator("#basis").select_option("all")
        page.locator("#search").fill("nothing is called this")
        seen["found"] = page.locator("article:visible").count()
        page.locator("#search").fill("")
        seen["articles"] = page.locator("article:visible").count()
        page.locator("article details summary").first.click()
        with page.expect_download() as download:
            page.locator("button.download").first.click()
        seen["download"] = pathlib.Path(download.value.path()).read_text(encoding="utf-8-sig")
        seen["downloadName"] = download.value.suggested_filename
        page.wait_for_selector(DRAWN, timeout=240_000)
        printed = page.pdf(format="A4")
        seen["pages"] = printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ")
        if screenshots:
            (screenshots / "report.pdf").write_bytes(printed)

        narrow = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
        narrow.on("console", lambda message: seen["console"].append(message.text))
        narrow.goto(path.resolve().as_uri())
        narrow.wait_for_selector(DRAWN, timeout=240_000)
        seen["narrowOverflow"] = narrow.evaluate(OVERFLOW)
        shot(narrow, screenshots, "narrow")

        silent = browser.new_context(java_script_enabled=False).new_page()
        silent.goto(path.resolve().as_uri())
        seen["withoutScript"] = silent.locator(first).first.text_content()
        browser.close()
    return seen


def shot(page, directory, name):
    if directory:
        page.screenshot(path=directory / f"report-{name}.png")


if __name__ == "__main__":
    directory = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    json.dump(look(pathlib.Path(sys.argv[1]), directory), sys.stdout)
