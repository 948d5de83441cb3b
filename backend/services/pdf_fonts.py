"""The fonts of what is printed."""

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def fonts() -> tuple[Path, ...]:
    """The font, and those that letters are taken from which it does not have."""
    found = []
    for package, beginning in (("fontpkg_noto_sans", "NotoSans["), ("fontpkg_noto_sans_arabic", "NotoSansArabic[")):
        folder = Path(str(files(package))) / "files"
        found += [path for path in sorted(folder.iterdir()) if path.name.startswith(beginning)]
    return tuple(found)
