"""``{% for_group user_info "A" %}…{% else %}…{% endfor_group %}``: content for a group."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

register = template.Library()


class ForGroupNode(template.Node):
    """Shows one part to users of the groups named, the other to everybody else."""

    child_nodelists = ("shown", "otherwise")

    def __init__(
        self,
        user_info: FilterExpression,
        letters: list[FilterExpression],
        shown: NodeList,
        otherwise: NodeList,
    ) -> None:
        self.user_info = user_info
        self.letters = letters
        self.shown = shown
        self.otherwise = otherwise

    def render(self, context: Context) -> str:
        """Return the part for the user's group; nobody and no group get the other part."""
        user_info = self.user_info.resolve(context, ignore_failures=True)
        group = getattr(user_info, "cluster_1", None)
        letters = [letter.resolve(context, ignore_failures=True) for letter in self.letters]
        part = self.shown if group and group in letters else self.otherwise
        return part.render(context)


@register.tag("for_group")
def for_group(parser: Parser, token: Token) -> ForGroupNode:
    """Read the tag: a user and one or more letters, up to ``endfor_group``."""
    name, *arguments = token.split_contents()
    if len(arguments) < 2:
        raise template.TemplateSyntaxError(
            f"“{name}” takes a user and the letters of one or more groups: "
            f'{{% {name} user_info "A" %}}.'
        )
    user_info, *letters = (parser.compile_filter(argument) for argument in arguments)
    shown = parser.parse(("else", f"end{name}"))
    otherwise = NodeList()
    if parser.next_token().contents == "else":
        otherwise = parser.parse((f"end{name}",))
        parser.delete_first_token()
    return ForGroupNode(user_info, letters, shown, otherwise)
