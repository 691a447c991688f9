"""NodeType: one kind of node of a network, and what it takes. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.engines.network.definition import NodeKind


@dataclass(frozen=True, slots=True)
class Argument:
    """One thing that a node takes."""

    name: str
    meaning: str
    optional: bool = False
    repeated: bool = False
    """True: any number of them, at least one."""


@dataclass(frozen=True, slots=True)
class NodeType:
    """One kind of node: what it says about the world, and what it takes."""

    key: str
    kind: NodeKind
    label: str
    summary: str
    arguments: tuple[Argument, ...]
    """By position, in order."""
    keywords: tuple[Argument, ...]
    """By name only; none of them has to be given."""
    observable: bool
    """True: columns of a table may be given to it."""
    support: str
    """The values that it takes."""
    example: str
    """Parameters as one may write them; names in it are other nodes."""
    limitation: str = ""
    """What is to be known before it is used; a sentence."""
    buildable: bool = True
    """False: it can be stated and drawn, and BayesPy cannot infer it."""

    @property
    def least(self) -> int:
        """How many arguments must be given, by position."""
        return sum(not argument.optional for argument in self.arguments)

    @property
    def most(self) -> int | None:
        """How many arguments may be given by position; None: any number."""
        if any(argument.repeated for argument in self.arguments):
            return None
        return len(self.arguments)

    @property
    def signature(self) -> str:
        """As in a manual: “GaussianARD(mu, alpha, plates=…)”; what is optional in brackets."""
        parts = []
        for argument in self.arguments:
            name = f"{argument.name}, …" if argument.repeated else argument.name
            parts.append(f"[{name}]" if argument.optional else name)
        parts += [f"[{keyword.name}=…]" for keyword in self.keywords]
        return f"{self.key}({', '.join(parts)})"
