"""The words of the screens, for what the server writes for people to read: files of their own language.

They are kept once, with the screens (``pwa/src/i18n``), and come with the wheel.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})

_PACKAGE = Path(__file__).parents[1]


@cache
def texts(language: str) -> Mapping[str, str]:
    """Every text of a language by its key.

    >>> texts("en")["report_ledger"]
    'Serial number ledger'
    """
    packed = _PACKAGE / "_texts"
    folder = (packed if packed.is_dir() else _PACKAGE.parent / "pwa" / "src" / "i18n") / language
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found
