"""Tags and filters of the console's templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context, Engine
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString

from headwater.console import words
from headwater.console.flows.section import Section
from headwater.console.glossary import TERMS
from headwater.console.letters import Mark, mark
from headwater.console.state import State

register = template.Library()

register.filter("figure", words.figure)
register.filter("percent", words.percent)
register.filter("duration", words.duration)

# Outlines from Tabler Icons (MIT), drawn in a box of 24 x 24.
ICONS = {
    "overview": "M5 12H3l9-9l9 9h-2M5 12v7a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-7"
    "M9 21v-6a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v6",
    "models": "M4 5a1 1 0 1 0 2 0a1 1 0 1 0-2 0M9 9a2 2 0 1 0 4 0a2 2 0 1 0-4 0"
    "M16 6a2 2 0 1 0 4 0a2 2 0 1 0-4 0M4 18a2 2 0 1 0 4 0a2 2 0 1 0-4 0"
    "M14 18a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    "segments": "M3.5 8a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0"
    "M11.5 8a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M7.5 15.5a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0",
    "stocks": "M3 4v9a1 1 0 0 0 1 1h6a1 1 0 0 0 1-1V4M3 9h8M7 14v4h6"
    "M13 11v9a1 1 0 0 0 1 1h6a1 1 0 0 0 1-1v-9M13 16h8",
    "data": "M4 6a8 3 0 1 0 16 0a8 3 0 1 0-16 0M4 6v6a8 3 0 0 0 16 0V6M4 12v6a8 3 0 0 0 16 0v-6",
    "upload": "M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 9l5-5l5 5M12 4v12",
    "glossary": "M3 19a9 9 0 0 1 9 0a9 9 0 0 1 9 0M3 6a9 9 0 0 1 9 0a9 9 0 0 1 9 0"
    "M3 6v13M12 6v13M21 6v13",
    "play": "M7 4v16l13-8z",
    "stop": "M5 5h14v14H5z",
    "plus": "M12 5v14M5 12h14",
    "up": "M12 19V5M6 11l6-6l6 6",
    "down": "M12 5v14M6 13l6 6l6-6",
    "network": "M9 5a3 3 0 1 0 6 0a3 3 0 1 0-6 0M2.5 18a3 3 0 1 0 6 0a3 3 0 1 0-6 0"
    "M15.5 18a3 3 0 1 0 6 0a3 3 0 1 0-6 0M10.4 7.6L7 15.4M13.6 7.6L17 15.4",
    "back": "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
    "edit": "M4 20h4L18.5 9.5a2.8 2.8 0 1 0-4-4L4 16v4M13.5 6.5l4 4",
    "copy": "M8 8h12v12H8zM16 8V4H4v12h4",
    "search": "M3 10a7 7 0 1 0 14 0a7 7 0 1 0-14 0M20.5 20.5L15 15",
    "trash": "M4 7h16M10 11v6M14 11v6M5 7l1 12a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2l1-12M9 7V4h6v3",
    "sun": "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4"
    "M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
    "moon": "M12 3a7 7 0 0 0 9 9a9 9 0 1 1-9-9z",
    "screen": "M3 5h18v11H3zM8 20h8M12 16v4",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "warning": "M12 9v4M12 17h.01M10.3 3.9L2.2 17.4A2 2 0 0 0 3.9 20.4h16.2"
    "a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z",
    "check": "M5 12l5 5L20 7",
    "info": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 8h.01M11 12h1v4h1",
    "download": "M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 11l5 5l5-5M12 4v12",
    "compare": "M8 4v16M16 4v16M3 8l5-4M21 16l-5 4",
    "moderation": "M11.46 20.85a12 12 0 0 1-7.96-14.85a12 12 0 0 0 8.5-3a12 12 0 0 0 8.5 3"
    "a12 12 0 0 1-.09 7.06M15 19l2 2l4-4",
    "ban": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M5.7 5.7l12.6 12.6",
    "skip": "M4 5v14l12-7zM20 5v14",
    "list": "M9 6h11M9 12h11M9 18h11M5 6v.01M5 12v.01M5 18v.01",
    "user": "M8 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0M6 21v-2a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v2",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon; it is decoration, so words must stand beside it."""
    return format_html(
        '<svg class="hw-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag(takes_context=True)
def section_body(context: Context, section: Section) -> SafeString:
    """Return the template of ``section``, rendered with its own context over the page's."""
    engine = context.template.engine if context.template is not None else Engine.get_default()
    with context.push(**section.context, section=section):
        return engine.get_template(section.template).render(context)


@register.simple_tag
def badge(letter: str) -> SafeString:
    """Return the letter of a group with its colour and shape."""
    drawn = mark(letter)
    return format_html(
        '<span class="hw-badge"><svg class="hw-mark hw-mark-{}" viewBox="0 0 16 16" '
        'aria-hidden="true" focusable="false"><path d="{}"/></svg>{}</span>',
        drawn.colour,
        drawn.path,
        letter,
    )


@register.simple_tag
def mark_of(drawn: Mark) -> SafeString:
    """Return the colour and shape of a mark; it is decoration, so words must stand beside it."""
    return format_html(
        '<svg class="hw-mark hw-mark-{}" viewBox="0 0 16 16" aria-hidden="true" '
        'focusable="false"><path d="{}"/></svg>',
        drawn.colour,
        drawn.path,
    )


@register.simple_tag
def mark_bar(share: float | None, drawn: Mark) -> SafeString:
    """Return a bar as long as ``share``, coloured as ``drawn``; the number must stand beside it."""
    if share is None:
        return SafeString("")
    return format_html(
        '<svg class="hw-bar" aria-hidden="true" focusable="false">'
        '<rect class="hw-bar-track" width="100%" height="100%" rx="3"/>'
        '<rect class="hw-mark-{}" width="{}" height="100%" rx="3"/></svg>',
        drawn.colour,
        f"{100 * share:.1f}%",
    )


@register.simple_tag
def share_bar(share: float | None, letter: str = "") -> SafeString:
    """Return a bar as long as ``share``; the number must stand beside it."""
    if share is None:
        return SafeString("")
    css = f"hw-mark-{mark(letter).colour}" if letter else "hw-bar-plain"
    width = f"{max(0.5, min(100.0, 100 * share)):.1f}%"
    return format_html(
        '<svg class="hw-bar" aria-hidden="true">'
        '<rect class="hw-bar-track" width="100%" height="100%"/>'
        '<rect class="{}" width="{}" height="100%" rx="3"/></svg>',
        css,
        width,
    )


@register.simple_tag
def probability_bar(probability: float, ham_below: float, *, spam_from: float) -> SafeString:
    """Return where ``probability`` lies among a filter's zones; words must stand beside it."""
    accepted, refused = min(ham_below, spam_from), spam_from
    return format_html(
        '<svg class="hw-zones" aria-hidden="true" focusable="false">'
        '<rect class="hw-zone-ham" y="4" width="{}" height="6"/>'
        '<rect class="hw-zone-unsure" x="{}" y="4" width="{}" height="6"/>'
        '<rect class="hw-zone-spam" x="{}" y="4" width="{}" height="6"/>'
        '<svg x="{}" overflow="visible">'
        '<path class="hw-zone-mark" d="M-4 0h8l-4 7zM-1 0h2v14h-2z"/>'
        "</svg></svg>",
        f"{100 * accepted:.1f}%",
        f"{100 * accepted:.1f}%",
        f"{100 * (refused - accepted):.1f}%",
        f"{100 * refused:.1f}%",
        f"{100 * (1 - refused):.1f}%",
        f"{100 * min(0.98, max(0.02, probability)):.1f}%",
    )


@register.simple_tag
def shares_bar(groups: list[dict[str, Any]]) -> SafeString:
    """Return one bar divided among ``groups`` as their rows are; a list must stand beside it."""
    at = 0.0
    parts = []
    for group in groups:
        width = 100 * float(group["share"])
        css = f"hw-mark-{mark(group['letter']).colour}"
        parts.append((css, f"{at:.2f}%", f"{width:.2f}%"))
        at += width
    return format_html(
        '<svg class="hw-shares" aria-hidden="true" focusable="false">{}</svg>',
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="100%"/>', parts),
    )


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """Return a relative time with the exact one on hover; a dash where there is none."""
    if not moment:  # a template makes “” of what an object that is not there has
        return format_html("{}", words.NOTHING)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        words.exactly(moment),
        words.ago(moment),
    )


@register.simple_tag
def state(value: State) -> SafeString:
    """Return a state as a badge with a dot and its word."""
    return format_html(
        '<span class="hw-state hw-state-{}"><span class="hw-dot"></span>{}</span>',
        value.tone,
        value.label,
    )


@register.simple_tag
def count(number: int | None, one: str, many: str = "") -> str:
    """Return “1 group” or “1,200 rows”."""
    return words.counted(number, one, many or None)


@register.simple_tag
def term(key: str, shown: str = "") -> SafeString:
    """Return a technical term that links to its entry in the glossary."""
    from django.urls import reverse

    entry = TERMS[key]
    return format_html(
        '<a class="hw-term" href="{}#{}" title="{}">{}</a>',
        reverse("headwater:glossary"),
        entry.key,
        entry.plain,
        shown or entry.word,
    )


@register.filter
def mean_spread(column: dict[str, Any]) -> str:
    """Return what a group's summary of one column says, in short."""
    if column.get("mean") is not None:
        return words.mean_and_spread(column["mean"], column.get("std"))
    return words.NOTHING


@register.filter
def at(mapping: dict[str, Any], key: str) -> Any:
    """Return ``mapping[key]``, or None."""
    return mapping.get(key)


class _Compact(DjangoJSONEncoder):
    """JSON without spaces, which a picture of many points has many of."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "separators": (",", ":")})


@register.filter
def data_script(value: object, element_id: str) -> SafeString:
    """Return ``value`` as Django's ``json_script`` gives it, without spaces."""
    return json_script(value, element_id, encoder=_Compact)
