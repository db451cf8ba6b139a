"""The page as one file: no network, no file beside it, nothing of the moment at which it was made."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files

from churnml import __version__
from churnml.language import Locale
from churnml.report.html import cells_of, said, script_json, section
from churnml.report.parts import Both, Grid, Picture, Section, both, word
from churnml.report.theme import theme
from churnml.report.words import PAGE
from churnml.spreadsheet import BENDS, RUNS

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data: blob:"
"""The browser itself refuses to fetch anything. Vega makes functions of the expressions in a picture."""


def page(
    title: Both, intro: Both, sections: Sequence[Section], locale: Locale, made_from: tuple[str, str], ids: str
) -> str:
    """The whole page.

    Args:
        title: of the page.
        intro: one sentence below it.
        sections: in their order.
        locale: in which it opens; readers may switch.
        made_from: hashes of the lists and of the bundle.
        ids: how ids are written in CSV: excel or plain.
    """
    parts = [part for one in sections for part in one.parts]
    pictures = {part.name: part.spec for part in parts if isinstance(part, Picture)}
    cells = {place: rows for part in parts if isinstance(part, Grid) for place, rows in cells_of(part).items()}
    links = "".join(f'<a href="#{one.name}">{said(one.title)}</a>' for one in sections)
    lists, bundle = made_from
    made = both(PAGE, "made", version=__version__, lists=lists[:12], bundle=bundle[:12])
    data = {
        "specs": pictures,
        "cells": cells,
        "themes": {"light": theme("light"), "dark": theme("dark")},
        "titles": list(title),
        "sheet": {"runs": RUNS, "bends": BENDS, "ids": ids},
    }
    scripts = "".join(
        f'<script type="application/json" id="{name}">{script_json(content)}</script>\n'
        for name, content in data.items()
    )
    body = "".join(section(one) for one in sections)
    return f"""<!doctype html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title[locale == "zh-CN"])}</title>
<style>
{_resource("page.css")}</style>
</head>
<body>
<a class="skip" href="#content">{said(word(PAGE, "skip"))}</a>
<header><h1>{said(title)}</h1><p class="soft">{said(intro)}</p></header>
<nav aria-label="churnml"><div><div class="links" tabindex="0" role="group">{links}</div>
<button type="button" class="choice" id="look">{said(word(PAGE, "look"))}</button>
<button type="button" class="choice" id="language">中文 / English</button></div></nav>
<noscript><p class="warning">{said(word(PAGE, "no_script"))}</p></noscript>
<main id="content">
{body}</main>
<footer>{said(made)}</footer>
{scripts}<script>{library()}</script>
<script>
{_resource("page.js")}</script>
</body>
</html>
"""


def library() -> str:
    """Vega-Lite, Vega and Vega-Embed in one piece of JavaScript, as vl-convert carries them."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")).replace("</script", "<\\/script")


def _resource(name: str) -> str:
    return files("churnml.report").joinpath(name).read_text(encoding="utf-8")
