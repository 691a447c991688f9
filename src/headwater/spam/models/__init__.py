"""Filters, verdicts, and what people decided."""

from headwater.spam.models.moderation import Claim, Decision, Note, Verb
from headwater.spam.models.pretraining import SpamFilterPreTraining
from headwater.spam.models.spam_filter import SpamFilter
from headwater.spam.models.verdict import IsSpammable, Verdict, VerdictFields

__all__ = [
    "Claim",
    "Decision",
    "IsSpammable",
    "Note",
    "SpamFilter",
    "SpamFilterPreTraining",
    "Verb",
    "Verdict",
    "VerdictFields",
]
