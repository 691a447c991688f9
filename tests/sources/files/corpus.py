"""Nasty files: what each holds, and what is to become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Case:
    """One file, as bytes, and what loading it under the detected reading gives."""

    name: str
    data: bytes
    loads: Mapping[str, list[Any]] | None = None
    """Column -> values, all columns in their order."""
    problems: tuple[str, ...] = ()
    """What the sentences of the first problems hold, in their order."""
    n_problems: int = 0
    refused: str = ""
    """What the sentence of a file that cannot be read holds."""
    file_name: str = "data.csv"
    notes: tuple[str, ...] = ()
    """What the notes hold, among others."""
    reading: Mapping[str, Any] = field(default_factory=dict)
    """What is found of the reading."""
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def rows(*lines: str, end: str = "\n", encoding: str = "utf-8") -> bytes:
    """Return the lines of a file."""
    return (end.join(lines) + end).encode(encoding)


PEOPLE = {"name": ["Ann", "Bob", "Cy"], "age": [30, 41, 52]}
AGES = ("name,age", "Ann,30", "Bob,41", "Cy,52")
CAFES = {"café": ["Zoë", "Jürgen", "Núria"], "größe": [1.5, 2.5, 3.5]}
CAFE_LINES = ("café;größe", "Zoë;1,5", "Jürgen;2,5", "Núria;3,5")
RUSSIAN = ("город;население", "Москва;12", "Казань;1", "Самара;2", "Нижний Новгород;3")
CITIES = {"город": ["Москва", "Казань", "Самара", "Нижний Новгород"], "население": [12, 1, 2, 3]}
GREEK = ("πόλη;αριθμός", "Αθήνα;12", "Θεσσαλονίκη;1", "Πάτρα;2", "Ηράκλειο;3")
LONG = "x" * 10_001

ENCODINGS = [
    Case("plain", rows(*AGES), PEOPLE, reading={"encoding": "utf-8", "delimiter": ","}),
    Case("utf-8", rows(*CAFE_LINES), CAFES, reading={"decimal": ",", "delimiter": ";"}),
    Case("utf-8 with a mark", b"\xef\xbb\xbf" + rows(*AGES), PEOPLE),
    Case(
        "utf-8 with a mark, first header in quotes",
        b"\xef\xbb\xbf" + rows('"name","age"', *AGES[1:]),
        PEOPLE,
    ),
    Case("utf-16 LE", rows(*CAFE_LINES, encoding="utf-16"), CAFES, reading={"encoding": "utf-16"}),
    Case(
        "utf-16 BE",
        b"\xfe\xff" + rows(*CAFE_LINES, encoding="utf-16-be"),
        CAFES,
        reading={"encoding": "utf-16"},
    ),
    Case(
        "utf-16 LE without a mark",
        rows(*AGES, encoding="utf-16-le"),
        PEOPLE,
        reading={"encoding": "utf-16-le"},
    ),
    Case(
        "utf-16 BE without a mark",
        rows(*AGES, encoding="utf-16-be"),
        PEOPLE,
        reading={"encoding": "utf-16-be"},
    ),
    Case(
        "windows-1252",
        rows(*CAFE_LINES, encoding="cp1252"),
        CAFES,
        reading={"encoding": "cp1252"},
    ),
    Case(
        "windows-1252 with quotes and the euro",
        rows("price;what", "€ 5;“a”", "€ 6;“b”", "€ 7;“b”", encoding="cp1252"),
        {"price": [5.0, 6.0, 7.0], "what": ["“a”", "“b”", "“b”"]},
    ),
    Case("windows-1251", rows(*RUSSIAN, encoding="cp1251"), CITIES, reading={"encoding": "cp1251"}),
    Case("koi8-r", rows(*RUSSIAN, encoding="koi8-r"), CITIES, reading={"encoding": "koi8-r"}),
    Case(
        "windows-1253",
        rows(*GREEK, encoding="cp1253"),
        {"πόλη": ["Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Ηράκλειο"], "αριθμός": [12, 1, 2, 3]},
        reading={"encoding": "cp1253"},
    ),
    Case(
        "shift jis",
        rows("名前,人口", "東京,12", "大阪,1", "名古屋,2", encoding="shift_jis"),
        {"名前": ["東京", "大阪", "名古屋"], "人口": [12, 1, 2]},
        reading={"encoding": "shift_jis"},
        notes=("The letters are taken for Shift JIS (Japanese)",),
    ),
    Case(
        "euc-kr",
        rows("도시,인구", "서울,12", "부산,1", "대구,2", encoding="euc_kr"),
        {"도시": ["서울", "부산", "대구"], "인구": [12, 1, 2]},
        reading={"encoding": "euc_kr"},
    ),
    Case(
        "one stray byte in UTF-8",
        rows("name,age", *(f"Zoë{n},{n}" for n in range(40))) + b"caf\xe9,3\n",
        refused="Line 42 of the file holds a byte (0xE9) that is not utf-8",
    ),
    Case("utf-32", rows(*AGES, encoding="utf-32"), refused="UTF-32"),
    Case(
        "emoji and right-to-left headers",
        rows("🎉 parties,שם,اسم", "1,דנה,سارة", "2,יוסי,علي", "3,יוסי,علي"),
        {
            "🎉 parties": [1, 2, 3],
            "שם": ["דנה", "יוסי", "יוסי"],
            "اسم": ["سارة", "علي", "علي"],
        },
    ),
    Case(
        "marks of direction around a header and a number",
        rows("\u200fשם\u200e,n", "א,\u200e1\u200e", "ב,2"),
        {"\u200fשם\u200e": ["א", "ב"], "n": [1, 2]},
    ),
]

SHAPES = [
    Case("tabs", rows(*(line.replace(",", "\t") for line in AGES)), PEOPLE, file_name="a.tsv"),
    Case("bars", rows(*(line.replace(",", "|") for line in AGES)), PEOPLE, file_name="a.txt"),
    Case(
        "spaces",
        rows("x y z", "1 2 a", "3 4 b", "5 6 b"),
        {"x": [1, 3, 5], "y": [2, 4, 6], "z": ["a", "b", "b"]},
        reading={"delimiter": " "},
    ),
    Case(
        "sentences are no columns",
        rows("what people said", "it was good", "it was bad"),
        refused="one column",
    ),
    Case("windows line ends", rows(*AGES, end="\r\n"), PEOPLE),
    Case("old line ends", rows(*AGES, end="\r"), PEOPLE),
    Case("no line end at the end", rows(*AGES).rstrip(), PEOPLE),
    Case(
        "stated delimiter",
        rows("sep=;", "name;age", "Ann;30", "Bob;41"),
        {"name": ["Ann", "Bob"], "age": [30, 41]},
        reading={"skip": 1},
    ),
    Case(
        "quoted delimiters, quotes and line breaks",
        rows("name,say,n", '"Doe, ""J""","two\nlines",1', 'B,"one",2', '"C","",3'),
        {"name": ['Doe, "J"', "B", "C"], "say": ["two\nlines", "one", None], "n": [1, 2, 3]},
    ),
    Case(
        "a space before the quote",
        rows("name, say", '"A", "x, y"', '"B", "z"', '"C", "z"'),
        {"name": ["A", "B", "C"], "say": ["x, y", "z", "z"]},
    ),
    Case(
        "single quotes",
        rows("name,say", "'A','x, y'", "'B','z'", "'C','it''s'"),
        {"name": ["A", "B", "C"], "say": ["x, y", "z", "it's"]},
        reading={"quote": "'"},
    ),
    Case(
        "quotes inside of a cell without quotes",
        rows("pipe,n", '5" wide,1', '6" wide,2', '7" wide,3'),
        {"pipe": ['5" wide', '6" wide', '7" wide'], "n": [1, 2, 3]},
    ),
    Case(
        "a quote that is not closed",
        rows("name,age", "Ann,30", '"Bob,41', "Cy,52"),
        problems=("A quote that is opened in line 3 is not closed",),
    ),
    Case(
        "text behind a closing quote",
        rows("name,age", '"Ann"x,30', "Bob,41", '"Cy" ,52'),
        problems=("Line 2 has text behind a closing quote", "Line 4 has text behind"),
    ),
    Case(
        "too few and too many cells",
        rows("a,b,c", "1,2,3", "4,5", "6,7,8", "9,10,11,12", "1,1,1"),
        problems=(
            "Line 3 has 2 cells where the first row has 3.",
            "Line 5 has 4 cells where the first row has 3.",
        ),
    ),
    Case(
        "ragged behind a line break in quotes",
        rows("a,b,c", '1,"x\ny\r\nz",3', "4,5", "6,w,7"),
        problems=("Line 5 has 2 cells",),
    ),
    Case(
        "the header lacks a cell",
        rows("b,c", "r1,1,2", "r2,3,4", "r3,5,6"),
        problems=("Line 2 has 3 cells where the first row has 2.",),
        n_problems=3,
    ),
    Case(
        "delimiters at the ends of lines",
        rows("a;b;", "1;2;", "3;4;", "5;6;"),
        {"a": [1, 3, 5], "b": [2, 4, 6]},
        notes=("1 column without a name and without cells left out.",),
    ),
    Case(
        "delimiters at the ends of rows only",
        rows("a;b", "1;2;", "3;4;;", "5;6"),
        {"a": [1, 3, 5], "b": [2, 4, 6]},
        notes=("Empty cells after the last column of 2 rows let go.",),
    ),
    Case(
        "titles above the table",
        rows("Quarterly report", "made on 2024-01-02", "", "name,age", "Ann,30", "Bob,41"),
        {"name": ["Ann", "Bob"], "age": [30, 41]},
        notes=("The first 3 lines are above the table and skipped.",),
        reading={"skip": 3},
    ),
    Case(
        "comments above the table",
        rows("# from the till, made by me", "# 2024", "name,age,x", "Ann,30,1", "Bob,41,2"),
        {"name": ["Ann", "Bob"], "age": [30, 41], "x": [1, 2]},
        reading={"skip": 2},
    ),
    Case(
        "more lines above the table than in it",
        rows("A report", "of ages", "by me", "in 2024", "at home", "name;age", "A;3", "B;x"),
        problems=("Line 8 of “age” holds “x”; a number is expected.",),
        overrides={"age": {"type": "number"}},
        reading={"skip": 5, "delimiter": ";"},
    ),
    Case(
        "empty cells behind the header, as spreadsheets write them",
        rows("a,b" + "," * 250, "1,2" + "," * 250, "3,4" + "," * 250),
        {"a": [1, 3], "b": [2, 4]},
    ),
    Case(
        "sentences with a few commas",
        rows("said", "it was good, really", "bad", "good", "well, well, well", "fine", "bad, so"),
        refused="one column",
    ),
    Case(
        "titles that a spreadsheet wrote",
        rows("Report,,", ",,", "name,age,x", "Ann,30,1", "Bob,41,2"),
        {"name": ["Ann", "Bob"], "age": [30, 41], "x": [1, 2]},
    ),
    Case(
        "blank lines within and at the end",
        rows("name,age", "Ann,30", "", "  ", "Bob,41", ",", "", ""),
        {"name": ["Ann", "Bob"], "age": [30, 41]},
        notes=("without any text left out.",),
    ),
    Case(
        "no header",
        rows("Ann,30", "Bob,41", "Cy,52"),
        {"Column 1": ["Ann", "Bob", "Cy"], "Column 2": [30, 41, 52]},
        notes=("The file has no header",),
        reading={"header": False},
    ),
    Case(
        "no header and only texts",
        rows("red,small", "blue,large", "red,large", "blue,small"),
        {
            "Column 1": ["red", "blue", "red", "blue"],
            "Column 2": ["small", "large", "large", "small"],
        },
    ),
    Case(
        "years as headers",
        rows("country,2019,2020", "A,1,2", "B,3,4"),
        {"country": ["A", "B"], "2019": [1, 3], "2020": [2, 4]},
    ),
    Case(
        "headers that come twice or are missing",
        rows("a,,a,a,Column 2", "1,2,3,4,5", "6,7,8,9,10"),
        {
            "a": [1, 6],
            "Column 2 (2)": [2, 7],
            "a (2)": [3, 8],
            "a (3)": [4, 9],
            "Column 2": [5, 10],
        },
        notes=("Columns 1 and 3 are both named “a”", "Column 2 has no name"),
    ),
    Case(
        "a header with a line break and blanks",
        rows('" first\n name ",age', "Ann,30", "Bob,41"),
        {"first name": ["Ann", "Bob"], "age": [30, 41]},
    ),
    Case(
        "a very long header",
        rows("h" * 300 + ",b", "1,2", "3,4"),
        {"h" * 94 + "…": [1, 3], "b": [2, 4]},
        notes=("was cut",),
    ),
    Case("empty", b"", refused="The file is empty."),
    Case("only blanks", b"  \n\n \t \n", refused="holds no text"),
    Case("only a mark", b"\xef\xbb\xbf", refused="holds no text"),
    Case("header only", rows("name,age"), refused="a header and no rows"),
    Case("one column", rows("age", "30", "41"), refused="one column"),
    Case(
        "200 columns",
        rows(",".join(f"c{n}" for n in range(200)), ",".join("1" * 200), ",".join("2" * 200)),
        {f"c{n}": [1, 2] for n in range(200)},
    ),
    Case(
        "300 columns",
        rows(",".join(f"c{n}" for n in range(300)), ",".join("1" * 300)),
        refused="300 columns; at most 200",
    ),
    Case(
        "a long cell",
        rows("a,b", f"{LONG},1", "y,2", "z,3"),
        problems=("has 10,001 characters; at most 10,000 are taken",),
    ),
    Case(
        "a cell of 200,000 characters",
        rows("a,b", "x" * 200_000 + ",1", "y,2", "z,3"),
        problems=("Line 2 begins a cell",),
    ),
    Case(
        "a quote that is opened early and not closed in a long file",
        rows("a,b", '"x,1', *(f"y{n},{n}" for n in range(30_000))),
        problems=("Line 2 begins a cell that is not at its end",),
    ),
    Case(
        "one line without an end",
        b"x" * 300_000,
        refused="Line 1 begins a cell that is not at its end in line 1",
    ),
    Case(
        "a header with a wrong quote",
        rows('"na"me,age', "Ann,30", "Bob,41", "Cy,52"),
        problems=("Line 1 has text behind a closing quote",),
    ),
    Case(
        "a header like the beginning of another format",
        rows("ORCID,RIFF", "a,1", "b,2"),
        {"ORCID": ["a", "b"], "RIFF": [1, 2]},
    ),
    Case(
        "thousands signs that come late",
        rows("a,b", *(f"{n},{n}" for n in range(999)), '"1,234.5",2', '"2,345.5",3'),
        {"a": [*map(float, range(999)), 1234.5, 2345.5], "b": [*range(999), 2, 3]},
    ),
    Case(
        "zero bytes",
        rows(*AGES, *(f"p{n},{n}" for n in range(9_000))) + b"a\0b,3\n",
        refused="Line 9,005 of the file holds a zero byte",
    ),
]

VALUES = [
    Case(
        "decimal commas",
        rows("a;b", "1,5;2", "2,25;3", "-3,125;4"),
        {"a": [1.5, 2.25, -3.125], "b": [2, 3, 4]},
        reading={"decimal": ",", "thousands": ""},
    ),
    Case(
        "points between thousands",
        rows("a;b", "1.234,50;1", "2.345.678,25;2", "7,1;3"),
        {"a": [1234.5, 2345678.25, 7.1], "b": [1, 2, 3]},
        reading={"decimal": ",", "thousands": "."},
    ),
    Case(
        "commas between thousands",
        rows("a,b", '"1,234.50",1', '"2,345,678",2', "7.1,3"),
        {"a": [1234.5, 2345678.0, 7.1], "b": [1, 2, 3]},
        reading={"decimal": ".", "thousands": ","},
    ),
    Case(
        "a comma that could be either",
        rows("a\tb", "1,234\t1", "5,678\t2"),
        {"a": [1234.0, 5678.0], "b": [1, 2]},
        notes=("“1,234” in “a” is read as 1234",),
        file_name="a.tsv",
    ),
    Case(
        "a comma that could be either, between semicolons",
        rows("a;b", "1,234;1", "5,678;2"),
        {"a": [1.234, 5.678], "b": [1, 2]},
        notes=("“1,234” could be 1234 or 1.234",),
    ),
    Case(
        "spaces between thousands, of three kinds",
        rows("a;b", "1 234,5;1", "2\u00a0345;2", "3\u202f456\u202f789,25;3"),
        {"a": [1234.5, 2345.0, 3456789.25], "b": [1, 2, 3]},
        reading={"decimal": ",", "thousands": " "},
    ),
    Case(
        "apostrophes between thousands",
        rows("a,b", "1'234.5,1", "2’345,2", "9,3"),
        {"a": [1234.5, 2345.0, 9.0], "b": [1, 2, 3]},
        reading={"thousands": "'"},
    ),
    Case(
        "groups of figures as in India",
        rows("a,b", '"1,20,000.5",1', '"2,000.5",2'),
        {"a": [120000.5, 2000.5], "b": [1, 2]},
    ),
    Case(
        "a thousands sign at a wrong place",
        rows(
            "a,b",
            '"1,234.5",1',
            '"12,34.5",2',
            '"1,5",3',
            '"2,000.0",4',
            "7,5",
            "8,6",
            "9,7",
            "1,8",
        ),
        problems=(
            "Line 3 of “a” holds “12,34.5”; a number is expected.",
            "Line 4 of “a” holds “1,5”",
        ),
        n_problems=2,
    ),
    Case(
        "money",
        rows("a,b", '"£1,200.50",1', "£3,2", "-£4,3", "(£5),4", "£ 6,5"),
        {"a": [1200.5, 3.0, -4.0, -5.0, 6.0], "b": [1, 2, 3, 4, 5]},
        notes=("Currency signs of “a” let go (£).", "Amounts in brackets of “a”"),
    ),
    Case(
        "money of two kinds",
        rows("a,b", "£1,1", "$2,2", "$3,3"),
        {"a": ["£1", "$2", "$3"], "b": [1, 2, 3]},
        notes=("several currencies ($, £)",),
    ),
    Case(
        "percentages",
        rows("a,b", "12 %,1", "3.5%,2", "0,3"),
        {"a": [12.0, 3.5, 0.0], "b": [1, 2, 3]},
        notes=("12 % is read as 12",),
    ),
    Case(
        "percentages beside shares",
        rows("a,b", "12 %,1", "0.5,2", "7%,3"),
        {"a": ["12 %", "0.5", "7%"], "b": [1, 2, 3]},
        notes=("some of its numbers are percentages and others are not",),
    ),
    Case(
        "powers, signs and points",
        rows("a,b", "1e3,+1", "2.5E-3,−2", ".5,3", "5.,-0"),
        {"a": [1000.0, 0.0025, 0.5, 5.0], "b": [1.0, -2.0, 3.0, 0.0]},
    ),
    Case(
        "spellings of missing",
        rows(
            "a,b", "1,x", "NA,y", "N/A,y", "NaN,x", "null,x", "-,x", "?,x", "#N/A,x", ",x", "\\N,x"
        ),
        {"a": [1] + [None] * 9, "b": ["x", "y", "y"] + ["x"] * 7},
        notes=("“NA” is read as missing in “a” (1 cell).",),
    ),
    Case(
        "all missing",
        rows("a,b,c", ",1,NA", ",2,NA"),
        {"a": [None, None], "b": [1, 2], "c": [None, None]},
    ),
    Case(
        "a word among numbers",
        rows("a,b", *(f"{n},{n}" for n in range(9)), "unknown,9"),
        problems=("Line 11 of “a” holds “unknown”; a number is expected.",),
    ),
    Case(
        "many words among numbers",
        rows("a,b", *(f"{n},{n}" for n in range(60)), *(f"word {n},1" for n in range(12))),
        problems=("Line 62", "Line 63", "Line 64", "Line 65", "Line 66"),
        n_problems=12,
    ),
    Case(
        "words among numbers in a column that is left out",
        rows("a,b", *(f"{n},{n}" for n in range(9)), "unknown,9"),
        {"a": [*map(str, range(9)), "unknown"], "b": [*range(10)]},
        overrides={"a": {"role": "out"}},
    ),
    Case(
        "half words, half numbers",
        rows("a,b", "1,1", "x,2", "2,3", "y,4"),
        {"a": ["1", "x", "2", "y"], "b": [1, 2, 3, 4]},
        notes=("“a” is read as text: 2 of its 4 cells are numbers.",),
    ),
    Case(
        "infinite and too large",
        rows("a,b", "inf,1", "1e400,2", "-Infinity,3", *(f"{n},{n}" for n in range(12))),
        problems=(
            "Line 2 of “a” holds “inf”; a number is expected, and a finite one.",
            "Line 3 of “a” holds “1e400”, which is too large for a number.",
            "Line 4 of “a” holds “-Infinity”",
        ),
    ),
    Case(
        "whole numbers that would lose digits",
        rows("a,b", "9007199254740993,1", "9007199254740995,2"),
        {"a": ["9007199254740993", "9007199254740995"], "b": [1, 2]},
        notes=("beyond 9,007,199,254,740,992",),
    ),
    Case(
        "whole numbers beyond 64 bits",
        rows("a,b", "123456789012345678901234567890,1", "5,2", "6,3"),
        {"a": ["123456789012345678901234567890", "5", "6"], "b": [1, 2, 3]},
        notes=("where digits would be lost",),
    ),
    Case(
        "figures that begin with 0",
        rows("zip,b", "01067,1", "80331,2"),
        {"zip": ["01067", "80331"], "b": [1, 2]},
        notes=("some of its figures begin with 0",),
    ),
    Case(
        "figures of other scripts are texts",
        rows("a,b", "１２,1", "٣,2"),
        {"a": ["１２", "٣"], "b": [1, 2]},
    ),
    Case(
        "yes and no, in words",
        rows("a,b,c,d", "yes,TRUE,ja,y", "No,false,nein,n", "NA,True,Ja,Y"),
        {
            "a": [True, False, None],
            "b": [True, False, True],
            "c": [True, False, True],
            "d": [True, False, True],
        },
    ),
    Case(
        "words of two pairs are texts",
        rows("a,b", "yes,1", "false,2", "no,3"),
        {"a": ["yes", "false", "no"], "b": [1, 2, 3]},
    ),
    Case(
        "blanks around texts",
        rows("a,b", " red ,1", "red,2", "\u00a0blue\u00a0,3"),
        {"a": ["red", "red", "blue"], "b": [1, 2, 3]},
        notes=("Blanks at the ends of texts of “a” taken off (2 cells).",),
    ),
    Case(
        "codes, some of figures",
        rows("code,b", "100,1", "200,2", "300,3", "400,4", "5A,5"),
        {"code": ["100", "200", "300", "400", "5A"], "b": [1, 2, 3, 4, 5]},
    ),
    Case(
        "formulas are texts",
        rows("a,b", "=1+1,1", "@SUM(A1),2", "+cmd|x,3"),
        {"a": ["=1+1", "@SUM(A1)", "+cmd|x"], "b": [1, 2, 3]},
    ),
    Case(
        "an id that comes twice",
        rows("id,b", "1,1", "2,2", "1,3"),
        problems=("Line 4 of “id” holds “1”, as line 2 does; ids differ.",),
        overrides={"id": {"role": "id"}},
    ),
    Case(
        "an id that is missing",
        rows("id,b", "1,1", ",2", "3,3"),
        problems=("Line 3 of “id” holds “”, but an id is missing in no row.",),
        overrides={"id": {"role": "id"}},
    ),
]

DATES = [
    Case(
        "ISO dates",
        rows("a,b", "2024-01-31,1", "2024-02-29,2", ",3"),
        {"a": [date(2024, 1, 31), date(2024, 2, 29), None], "b": [1, 2, 3]},
        reading={"date_order": "ymd"},
    ),
    Case(
        "day first",
        rows("a,b", "31/01/2024,1", "01/02/2024,2"),
        {"a": [date(2024, 1, 31), date(2024, 2, 1)], "b": [1, 2]},
        reading={"date_order": "dmy"},
    ),
    Case(
        "month first",
        rows("a,b", "01/31/2024,1", "02/01/2024,2"),
        {"a": [date(2024, 1, 31), date(2024, 2, 1)], "b": [1, 2]},
        reading={"date_order": "mdy"},
    ),
    Case(
        "day or month first",
        rows("a,b", "01/02/2024,1", "03/04/2024,2"),
        {"a": [date(2024, 2, 1), date(2024, 4, 3)], "b": [1, 2]},
        notes=("could be day/month or month/day; they are read as day, month, year.",),
    ),
    Case(
        "points, two figures of the year, times",
        rows("a;b", "31.12.99 23:59;1", "1.2.24 0:05;2"),
        {"a": [datetime(1999, 12, 31, 23, 59), datetime(2024, 2, 1, 0, 5)], "b": [1, 2]},
        notes=("Years of two figures in “a”",),
    ),
    Case(
        "zones",
        rows("a,b", "2024-03-04T10:11:12.5Z,1", "2024-03-04T10:11:12+02:00,2"),
        {
            "a": [datetime(2024, 3, 4, 10, 11, 12, 500000), datetime(2024, 3, 4, 8, 11, 12)],
            "b": [1, 2],
        },
        notes=("with a zone are read as UTC",),
    ),
    Case(
        "names of months and halves of the day",
        rows("a\tb", "4 March 2024\t1", "Mar 5, 2024 1:05 PM\t2", "06-mar-2024\t3"),
        {
            "a": [datetime(2024, 3, 4), datetime(2024, 3, 5, 13, 5), datetime(2024, 3, 6)],
            "b": [1, 2, 3],
        },
    ),
    Case(
        "a day that there is not",
        rows("a,b", "2024-02-28,1", "2024-02-30,2", "2024-03-01,3", "2024-03-02,4", "2024-03-03,5"),
        problems=(
            "Line 3 of “a” holds “2024-02-30”, which is no date; figures are read in the order",
        ),
    ),
    Case(
        "months",
        rows("a,b", "2024-02,1", "2023-12,2", "2024-02,3"),
        {"a": [date(2024, 2, 1), date(2023, 12, 1), date(2024, 2, 1)], "b": [1, 2, 3]},
    ),
    Case(
        "figures that are no months",
        rows("a,b", "2024-02,1", "2023-13,2", "2024-77,3"),
        {"a": ["2024-02", "2023-13", "2024-77"], "b": [1, 2, 3]},
    ),
    Case(
        "figures of a date stay numbers",
        rows("a,b", "20240131,1", "20240229,2"),
        {"a": [20240131, 20240229], "b": [1, 2]},
    ),
    Case(
        "figures of a date, asked for",
        rows("a,b", "20240131,1", "20240229,2"),
        {"a": [date(2024, 1, 31), date(2024, 2, 29)], "b": [1, 2]},
        overrides={"a": {"type": "date"}},
    ),
]

OTHERS = [
    Case("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), refused="a PNG picture"),
    Case("another picture", b"\xff\xd8\xff\xe0" + bytes(100), refused="a JPEG picture"),
    Case("a document", b"%PDF-1.7\n" + bytes(100), refused="a PDF document"),
    Case("packed", b"\x1f\x8b\x08" + bytes(100), refused="packed with gzip"),
    Case("noise", bytes(range(256)) * 20, refused="no text"),
    Case("a web page", b"<!DOCTYPE html><html><table>", file_name="a.xls", refused="a web page"),
    Case("JSON", b'[{"a": 1, "b": 2}]', refused="JSON"),
    Case("XML", b'<?xml version="1.0"?><a/>', refused="XML"),
    Case(
        "an old workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        file_name="a.xls",
        refused="old Excel format (.xls); save it as .xlsx",
    ),
    Case(
        "a workbook with a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        file_name="a.xlsx",
        refused="protected by a password",
    ),
    Case(
        "text under another name",
        rows(*AGES),
        PEOPLE,
        file_name="people.xlsx",
        notes=("The file is a text file, though its name ends in “.xlsx”.",),
    ),
    Case("a name without an extension", rows(*AGES), PEOPLE, file_name="people"),
]

CASES = [*ENCODINGS, *SHAPES, *VALUES, *DATES, *OTHERS]
