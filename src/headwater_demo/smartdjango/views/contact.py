"""Contact: a form to write to the editors. It has a spam filter of its own."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy

from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.forms import ContactForm
from headwater_demo.smartdjango.models import ContactMessage
from headwater_demo.smartdjango.reception import Reception, reception_of
from headwater_demo.smartdjango.views.writing import Writing

ROWS = 5


class Contact(Writing):
    """The form, and what the visitor has sent by it."""

    template_name = "smartdjango/contact.html"
    form_class = ContactForm
    model = ContactMessage
    purpose = "messages"
    noun = "message"
    success_url = reverse_lazy("smartdjango:contact")
    sentences = {
        Reception.ACCEPTED: "Thank you. Your message lies on the editors’ desk.",
        Reception.HELD: (
            "Thank you. Your message is kept, and a person will look at it before it goes to the "
            "editors."
        ),
        Reception.REFUSED: (
            "Your message did not go to the editors: it reads like spam. It is kept, so a person "
            "can still put that right."
        ),
    }

    @property
    def limit(self) -> int:
        """How many messages one person may send in an hour."""
        return settings().SMARTDJANGO_MESSAGES_PER_HOUR

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the visitor's last messages, with what became of each."""
        context = super().get_context_data(**kwargs)
        context["sent"] = [(message, reception_of(message)) for message in self.own()[:ROWS]]
        context["model"] = ContactMessage
        return context
