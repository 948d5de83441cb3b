"""Answers that are sent while they are made, in bounded memory."""

from collections.abc import Iterator

from flask import Response, stream_with_context


def streamed(pieces: Iterator[bytes] | Iterator[str], content_type: str, *, name: str | None = None) -> Response:
    """An answer in pieces, to save under a name if it has one.

    The generator itself must ask for what it reads from (``reading_one_moment``): it runs after the request has ended,
    and so has the session of that, which would keep its connection and see another moment.
    """
    response = Response(stream_with_context(pieces), content_type=content_type)
    if name is not None:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
