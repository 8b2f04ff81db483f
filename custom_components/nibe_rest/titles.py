"""Titles of points as a person would write them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from .models import Point

# Soft hyphens show the display where to break a line; the rest are accidents of encoding.
_UNWANTED = str.maketrans({"\u00ad": None, "\u00a0": " ", "\u00c2": None, "\u200b": None})


def clean(text: str) -> str:
    """Return a text without soft hyphens, odd blanks and broken characters."""
    return " ".join(text.translate(_UNWANTED).split())


def distinct_titles(points: Iterable[Point]) -> Mapping[int, str]:
    """Return a title for each point, told apart by register where several have the same."""
    points = list(points)
    uses = Counter(point.title.casefold() for point in points)
    titles: dict[int, str] = {}
    for point in points:
        label = point.register_key or str(point.point_id)
        if not point.title:
            titles[point.point_id] = f"Point {label}"
        elif uses[point.title.casefold()] > 1:
            titles[point.point_id] = f"{point.title} ({label})"
        else:
            titles[point.point_id] = point.title
    return titles
