"""Texts that try to be something else where they are shown: markup, scripts, formulas, unseen characters."""

import itertools
import random
from collections.abc import Iterator

MARKUP = 500
ODD = 5_000

_RUN = ("window.ran=1", "alert(1)", "top['ran']=1", "ran=1//", "import('/x')")
_TAGS = ("img", "svg", "video", "body", "input", "details", "math", "a", "iframe", "p")
_EVENTS = ("onerror", "onload", "onfocus", "ontoggle", "onmouseover")
_SHAPES = (
    "<{tag} src=x {event}={run}>",
    "'\"><{tag}/{event}={run}>",
    "<ScRiPt>{run}</sCrIpT>{tag}",
    "</{tag}><script>{run}</script>",
    "{tag}' {event}='{run}",
    '{tag}" {event}="{run}',
    "javascript:{run}//{tag}",
    "&lt;{tag} {event}={run}&gt;",
    "${{{run}}}{{{{{run}}}}}{tag}",
    "`;{run};`{tag}",
    "]]><{tag}><!--{run}-->",
    "\\u003c{tag} {event}={run}\\u003e",
)
_BLOCKS = (
    "NB25-0017 sn/_.#",
    "<>&\"'`{}$%\\",
    "=+-@",
    "".join(map(chr, range(0x20))),
    "".join(map(chr, range(0x7F, 0xA0))),
    "\u200b\u200c\u200d\u2060\ufeff\u00ad",
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f",
    "\ud800\udbff\udc00\udfff",
    "\ue000\uf8ff\U000f0000\U0010fffd",
    "\ufdd0\ufffe\uffff\U0001ffff\u0378",
    "e\u0301a\u0308\u0327\u1100\u1161\u11a8",
    "שלום مرحبا १२३",
    "ﷺﬁ０１Ａ①ⅷ",
    "漢字かな😀👨\u200d👩\u200d👧🇩🇪",
    "\u2028\u2029\u00a0\u3000\u1680",
    "İıſßẞ",
    "\x1d]d2]C1",
)


def markup() -> list[str]:
    """So many texts that run in a browser wherever one is taken for markup; each fits into a serial number."""
    made = {
        shape.format(tag=tag, event=event, run=run)
        for shape, tag, event, run in itertools.product(_SHAPES, _TAGS, _EVENTS, _RUN)
    }
    return random.Random(3).sample(sorted(text for text in made if len(text) <= 64), MARKUP)


def odd() -> Iterator[str]:
    """So many texts of one to three kinds of characters, some far too long."""
    draw = random.Random(4)
    for _ in range(ODD):
        characters = "".join(draw.sample(_BLOCKS, draw.randint(1, 3)))
        length = draw.choice((1, 3, 8, 20, 63, 64, 65, 200)) if draw.random() < 0.98 else 5_000
        yield "".join(draw.choices(characters, k=length))
