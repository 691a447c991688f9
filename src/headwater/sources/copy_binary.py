"""PostgreSQL's binary COPY, read into NumPy without a Python object per row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from headwater.sources.selection import KeyKind

SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
TRAILER = b"\xff\xff"
_HEADER = len(SIGNATURE) + 8  # the signature, four bytes of flags, four of the extension's length
_KEY_TYPES = {"integer": ">i8", "uuid": "S36"}


def speaks_psycopg3() -> bool:
    """Return whether Django reaches PostgreSQL by psycopg 3; psycopg 2 has no such COPY."""
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return bool(is_psycopg3)


def row_type(key: KeyKind, n_columns: int) -> np.dtype[Any]:
    """Return the layout of a row: each value stands behind the four bytes of its length."""
    parts: list[tuple[str, str]] = [("fields", ">i2"), ("key_length", ">i4")]
    parts.append(("key", _KEY_TYPES[key]))
    for position in range(n_columns):
        parts += [(f"length_{position}", ">i4"), (f"value_{position}", ">f8")]
    return np.dtype(parts)


def copy_rows(
    connection: BaseDatabaseWrapper,
    sql: str,
    params: tuple[Any, ...],
    row: np.dtype[Any],
    *,
    block_rows: int,
) -> Iterator[NDArray[Any]]:
    """Yield blocks of rows of the query, as structured arrays of type ``row``.

    The values of ``params`` are quoted by psycopg; nothing is pasted. Messages are taken from
    libpq directly: psycopg's own loop costs ten times as much for rows as small as these.
    """
    rest = b""
    is_first = True
    for messages in _messages(
        connection, f"COPY ({sql}) TO STDOUT (FORMAT BINARY)", params, at_a_time=block_rows
    ):
        rows, rest = _cut(b"".join([rest, *messages]), row, is_first=is_first)
        is_first = False
        yield rows
    if rest != TRAILER:
        raise ValueError(f"PostgreSQL's COPY ended with {len(rest)} bytes that are no row.")


def _cut(data: bytes, row: np.dtype[Any], *, is_first: bool) -> tuple[NDArray[Any], bytes]:
    start = 0
    if is_first:
        if not data.startswith(SIGNATURE):
            raise ValueError("PostgreSQL's COPY did not begin with its signature.")
        start = _HEADER + int.from_bytes(data[_HEADER - 4 : _HEADER], "big")
    count = (len(data) - start) // row.itemsize
    rows = np.frombuffer(data, row, count=count, offset=start)
    n_columns = (len(row.names or ()) - 3) // 2
    lengths_fit = bool((rows["key_length"] == row["key"].itemsize).all()) and all(
        bool((rows[f"length_{position}"] == 8).all()) for position in range(n_columns)
    )
    if not lengths_fit or not bool((rows["fields"] == n_columns + 1).all()):
        raise ValueError("PostgreSQL's COPY sent a row of an unexpected width.")
    return rows, data[start + count * row.itemsize :]


def _messages(
    connection: BaseDatabaseWrapper, statement: str, params: tuple[Any, ...], *, at_a_time: int
) -> Iterator[list[bytes]]:
    from psycopg import ClientCursor, errors, pq

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # connects, and begins the transaction that may be wanted
    raw = connection.connection
    with ClientCursor(raw) as quoting:
        text = quoting.mogrify(statement, params)
    link = raw.pgconn
    with connection.wrap_database_errors:
        result = link.exec_(text.encode(raw.info.encoding))
        if result.status != pq.ExecStatus.COPY_OUT:
            raise errors.error_from_result(result, raw.info.encoding)
        take = link.get_copy_data
        length = 0
        try:
            while length >= 0:
                messages: list[bytes] = []
                for _ in range(at_a_time):
                    length, data = take(0)
                    if length < 0:
                        break
                    messages.append(bytes(data))
                if messages:
                    yield messages
        finally:
            if length >= 0:  # stopped in the middle: what is still sent must be taken off
                link.get_cancel().cancel()
                while take(0)[0] >= 0:
                    pass
            failure = None
            while (last := link.get_result()) is not None:
                if last.status == pq.ExecStatus.FATAL_ERROR and length < 0:
                    failure = last
        if failure is not None:
            raise errors.error_from_result(failure, raw.info.encoding)
