"""Letters that are drawn like others, for words that imitate. Small tables, chosen by eye."""

from __future__ import annotations

_SMALL_CYRILLIC = ("аеорсухіјѕһԁԛԝӏьвкмнтгп", "aeopcyxijshdqwlbbkmhtrn")
_CAPITAL_CYRILLIC = ("АВЕЅІЈКМНОРСТХУԌԚԜҮӀ", "ABESIJKMHOPCTXYGQWYI")
_SMALL_GREEK = ("αβγεικνορτυχωη", "abyeikvoptuxwn")
_CAPITAL_GREEK = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
_ARMENIAN = ("աոսօցհ", "wnuogh")
_CHEROKEE = ("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ", "ABCDEHJKLMPRSTVWZ")


def _pairs(*tables: tuple[str, str]) -> dict[str, str]:
    return {a: b for letters, others in tables for a, b in zip(letters, others, strict=True)}


TO_LATIN = _pairs(
    _SMALL_CYRILLIC, _CAPITAL_CYRILLIC, _SMALL_GREEK, _CAPITAL_GREEK, _ARMENIAN, _CHEROKEE
)
"""Letter of another alphabet -> the Latin letter that it can stand for inside a word."""

TO_CYRILLIC = _pairs(("aeopcyxkmtABEKMHOPCTXY", "аеорсухкмтАВЕКМНОРСТХУ"))
TO_GREEK = _pairs(("abeikvoptuxnABEZHIKMNOPTYX", "αβεικνορτυχηΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"))
"""Latin letter -> the letter of another alphabet that it can stand for inside a word."""

ALWAYS = {
    **_pairs(("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")),
    **{
        chr(first + at): letter
        for first in (0x1F150, 0x1F170)
        for at, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
    },
    "ɑ": "a",
    "ɡ": "g",
}
"""Drawn variants of Latin letters that NFKC leaves as they are: small capitals, letters in discs
and squares, and single ones."""
