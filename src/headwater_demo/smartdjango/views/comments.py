"""Comments: what readers say, and a form to say more. A spam filter sees each one first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.forms import CommentForm
from headwater_demo.smartdjango.models import CommentOfMySite
from headwater_demo.smartdjango.reception import Reception, accepted, held
from headwater_demo.smartdjango.sections import find_article
from headwater_demo.smartdjango.views.writing import Writing

ROWS = 15


class Comments(Writing):
    """Accepted comments, the visitor's own that wait, and the form."""

    template_name = "smartdjango/comments.html"
    form_class = CommentForm
    model = CommentOfMySite
    purpose = "comments"
    noun = "comment"
    sentences = {
        Reception.ACCEPTED: "Thank you. Your comment is on the page.",
        Reception.HELD: (
            "Thank you. Your comment is kept, and a person will look at it before others can "
            "read it."
        ),
        Reception.REFUSED: (
            "Your comment is not shown: it reads like spam. If it is not, tell us by the contact "
            "form; a person can put that right."
        ),
    }

    @property
    def limit(self) -> int:
        """How many comments one person may post in an hour."""
        return settings().SMARTDJANGO_COMMENTS_PER_HOUR

    def get_initial(self) -> dict[str, Any]:
        """Return the article that the visitor came from, if it is one."""
        return {"article": self.request.GET.get("article", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the comments: all, or those on the article that the address names."""
        context = super().get_context_data(**kwargs)
        about = find_article(self.request.GET.get("article", ""))
        rows = CommentOfMySite.objects.select_related("user")
        if about is not None:
            section, article = about
            rows = rows.filter(article=article.slug)
            context.update(section=section, article=article)
        page = Paginator(accepted(rows), ROWS).get_page(self.request.GET.get("page"))
        context.update(
            comments=page,
            said=[(comment, find_article(comment.article)) for comment in page],
            waiting=list(held(self.own())[:ROWS]),
            model=CommentOfMySite,
        )
        return context

    def get_success_url(self) -> str:
        """Return the page that the comment is on."""
        about = find_article(self.request.POST.get("article", ""))
        query = {"article": about[1].slug} if about is not None else None
        return reverse("smartdjango:comments", query=query)
