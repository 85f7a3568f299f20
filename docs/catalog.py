"""Makes one DocC catalog of the how-to pages and the reference: `make docs`.

The pages link to each other's files, as a code host wants it. DocC wants the names of pages and headings as it makes
them, and takes two backticks for the name of a symbol.

usage: catalog.py CATALOG
"""

import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "Sources/pipeline/pipeline.docc", ROOT / "docs"]
PAGES = {page.resolve(): page.stem for folder in SOURCES for page in folder.glob("*.md")}
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)")
FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
SYMBOL = re.compile(r"(?<!`)``(?!`)(.*?)(?<!`)``(?!`)")
TOPIC = re.compile(r"^- \[[^\]]*\]\((doc:[^)]*)\)$", re.MULTILINE)


def anchors(page):
    """DocC's anchors by a code host's: the same letters, not in small ones."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    found = [re.sub(r"[^\w\s-]", "", heading).strip().replace(" ", "-") for heading in headings]
    return {anchor.lower(): anchor for anchor in found}


def rewritten(page):
    def link(match):
        text, path, anchor = match[1], match[2], (match[3] or "")[1:]
        if "://" in path:
            return match[0]
        target = (page.parent / path).resolve() if path else page.resolve()
        # What is not part of the website is named only.
        if target not in PAGES:
            return text
        return f"[{text}](doc:{PAGES[target]}{'#' + anchors(target)[anchor] if anchor else ''})"

    parts = FENCE.split(page.read_text(encoding="utf-8"))
    for index in range(0, len(parts), 2):
        text = SYMBOL.sub(lambda match: "`" + match[1].replace("`", "") + "`", LINK.sub(link, parts[index]))
        parts[index] = TOPIC.sub(r"- <\1>", text)
    return "".join(parts)


def main(catalog):
    shutil.rmtree(catalog, ignore_errors=True)
    catalog.mkdir(parents=True)
    for page, name in PAGES.items():
        (catalog / f"{name}.md").write_text(rewritten(page), encoding="utf-8")
    for picture in (ROOT / "docs").glob("*.svg"):
        shutil.copy(picture, catalog)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
