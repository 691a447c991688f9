"""What this room tells the books of stocks and flows, where a project keeps them."""

from headwater.learning.relabelled import relabelled

causes = [relabelled]
