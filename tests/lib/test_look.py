"""The rules that keep the look one look: colours in one file, no inline code, a small set of static files."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "claimflow").glob("*.css"))


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_colours_are_tokens(style: Path) -> None:
    if style.name in {"tokens.css", "print.css"}:
        pytest.skip("the place of colours; paper is black on white")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", style.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_inline(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
    assert not re.search(r"""\s(style|on[a-z]+)=["']""", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_a_template_names_is_there(template: Path) -> None:
    """A hashed storage answers 500 for a name that it does not know."""
    names = re.findall(r"""{% static ["']([^"']+)["'] %}""", template.read_text())
    assert [name for name in names if finders.find(name) is None] == []
    parts = re.findall(r"""{% (?:include|extends) "([^"]+)""", template.read_text())
    for part in parts:
        get_template(part)


def test_tokens_keep_their_contrast() -> None:
    """WCAG 1.4.3 in both modes: every word colour on every paper it stands on, at least 4.5 to 1."""
    pairs = dict(
        re.findall(
            r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", (ROOT / "static/claimflow/tokens.css").read_text()
        )
    )
    tokens = {name: value.split(", ") for name, value in pairs.items()}
    papers = ("paper", "paper-sunk", "paper-raised")
    words = ("ink", "ink-soft", "accent", "accent-strong", "urgent", "warning", "good", "neutral")
    stands_on = [(word, paper) for word in words for paper in papers]
    stands_on += [(tone, f"{tone}-soft") for tone in ("urgent", "warning", "good", "neutral", "accent")]
    stands_on += [
        ("accent-ink", "accent"),
        ("urgent-ink", "urgent"),
        ("ink", "accent-soft"),
        ("ink-soft", "neutral-soft"),
    ]
    weak = [
        (word, paper, mode)
        for word, paper in stands_on
        for mode in (0, 1)
        if _contrast(tokens[word][mode], tokens[paper][mode]) < 4.5
    ]
    assert weak == []
    shapes = [
        (name, paper, mode)
        for name in ("line-strong", "focus")
        for paper in papers
        for mode in (0, 1)
        if _contrast(tokens[name][mode], tokens[paper][mode]) < 3
    ]
    assert shapes == []


def test_static_files_stay_small() -> None:
    size = sum(path.stat().st_size for path in (ROOT / "static").rglob("*") if path.is_file())
    assert size < 1_500_000


def test_vendored_styles_name_no_missing_file() -> None:
    for style in (ROOT / "static").rglob("*.css"):
        text = style.read_text()
        assert "sourceMappingURL" not in text
        for url in re.findall(r'url\("?([^")]+)"?\)', text):
            assert (style.parent / url).is_file(), f"{style.name}: {url}"


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
