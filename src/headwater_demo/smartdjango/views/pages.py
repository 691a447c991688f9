"""The pages of types A to J, which measure how long they are looked at."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.sections import Section, sections
from headwater_demo.smartdjango.standing import standing_of, standings_of
from headwater_demo.smartdjango.token import make_token
from headwater_demo.smartdjango.visitor import visitor_of


class Page(LoginRequiredMixin, TemplateView):
    """A page of the site for somebody who is signed in; the template knows the visitor."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who the site takes the visitor for."""
        self.visitor = visitor_of(self.request)
        return super().get_context_data(
            visitor=self.visitor, user_info=self.visitor.user_info, **kwargs
        )


class SectionList(Page):
    """All sections, and how the visitor has used each of them."""

    template_name = "smartdjango/sections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sections with the visitor's standing in each."""
        context = super().get_context_data(**kwargs)
        user_info: UserInfo | None = context["user_info"]
        standings = standings_of(user_info) if user_info is not None else []
        context["sections"] = list(sections().values())
        context["rows"] = [
            (section, standing)
            for section, standing in zip(sections().values(), standings, strict=False)
        ]
        context["over_all"] = standings[-1] if standings else None
        return context


@method_decorator(never_cache, name="dispatch")
class MeasuredPage(Page):
    """A page of one type, with the token and the numbers that its timer needs.

    Never from a cache, also not on the way back: its token is good for one page load.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the section, the visitor's standing in it, and a token for one page load."""
        section = sections().get(self.kwargs["letter"])
        if section is None:
            raise Http404("There is no such section; they are A to J.")
        context = super().get_context_data(section=section, **kwargs)
        user_info: UserInfo | None = context["user_info"]
        if user_info is not None:
            context.update(
                standing=standing_of(user_info, section.letter),
                token=make_token(
                    account=self.request.user.pk,
                    user_info=user_info.pk,
                    page_type=section.letter,
                ),
                longest=settings().SMARTDJANGO_LONGEST_VIEW,
            )
        return context


class SectionPage(MeasuredPage):
    """The front page of a section."""

    template_name = "smartdjango/section.html"


class ArticlePage(MeasuredPage):
    """One article."""

    template_name = "smartdjango/article.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the article and the one after it."""
        context = super().get_context_data(**kwargs)
        section: Section = context["section"]
        article = section.article(self.kwargs["slug"])
        if article is None:
            raise Http404(f"There is no such article in “{section.title}”.")
        context.update(article=article, following=section.after(article))
        return context
