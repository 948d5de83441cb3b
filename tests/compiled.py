"""What each test's application would compile anew, compiled once and kept for the next test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_STATEMENTS = 5_000
_first: dict[str, Engine] = {}


def share_statements(engine: Engine) -> None:
    """Let an engine use the compiled statements of the first of its kind, which can reach its database.

    They are kept by the statement and by the dialect as an object, so it is given the other's dialect, too.
    """
    kind = f"{engine.dialect.name}+{engine.dialect.driver}"
    if kind not in _first:
        # A dialect asks the first server that it meets what it can.
        engine.connect().close()
        _first[kind] = engine
        _cache(engine, LRUCache(_STATEMENTS))
        return
    engine.dialect = _first[kind].dialect
    _cache(engine, _first[kind]._compiled_cache)


def _cache(engine: Any, statements: Any) -> None:
    engine._compiled_cache = statements


@contextmanager
def compile_addresses_once() -> Iterator[None]:
    """Werkzeug writes a function for each route, which makes its addresses: two thirds of making an application.

    It is bound to its rule only when it has been written, so that rules of the same text may share it.
    """
    write = Rule._compile_builder
    written: dict[tuple[Any, ...], Any] = {}

    def written_once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (append_unknown, tuple(rule._trace), repr(rule.defaults))
        if key not in written:
            written[key] = write(rule, append_unknown)
        return written[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", written_once)
        yield
