"""The site's sections, one for each type of page, and the articles in them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

CONTENT = Path(__file__).parent / "content" / "sections.toml"


@dataclass(frozen=True, slots=True)
class Article:
    """One item of content."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def seconds(self) -> int:
        """How long it takes to read, at 200 words a minute, to the nearest five seconds."""
        words = sum(len(text.split()) for text in self.paragraphs)
        return max(5, 5 * round(60 * words / 200 / 5))


@dataclass(frozen=True, slots=True)
class Section:
    """All pages of one type."""

    letter: str
    title: str
    summary: str
    articles: tuple[Article, ...]

    def article(self, slug: str) -> Article | None:
        """Return the article of that address, or None."""
        return next((article for article in self.articles if article.slug == slug), None)

    def after(self, article: Article) -> Article:
        """Return the article after ``article``; after the last one, the first."""
        return self.articles[(self.articles.index(article) + 1) % len(self.articles)]


@cache
def sections() -> MappingProxyType[str, Section]:
    """Return the sections by their letter, in the order of the letters."""
    read = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            section["letter"]: Section(
                letter=section["letter"],
                title=section["title"],
                summary=section["summary"],
                articles=tuple(
                    Article(
                        slug=article["slug"],
                        title=article["title"],
                        paragraphs=tuple(
                            " ".join(paragraph.split())
                            for paragraph in article["text"].split("\n\n")
                        ),
                    )
                    for article in section["article"]
                ),
            )
            for section in read["section"]
        }
    )


def find_article(slug: str) -> tuple[Section, Article] | None:
    """Return the article of that address with its section; None where there is none."""
    for section in sections().values():
        article = section.article(slug)
        if article is not None:
            return section, article
    return None
