"""A fixed part of the photographs: a change that loses reads, or misreads, fails here."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from bench.judging import Photograph, judge, photographs
from scanner import symbology
from scanner.decode import decode_bytes
from scanner.options import DecodeOptions

CORPUS = Path(__file__).parents[1] / "data" / "barcodes"
OPTIONS = DecodeOptions(formats=symbology.WAREHOUSE)

LEAST_READ = {
    "qr": 15,
    "data_matrix": 10,
    "data_matrix_crowd": 50,
    "retail": 26,
    "code_128": 10,
    "code_39": 8,
    "itf": 8,
    "no_code": 0,
}


@cache
def sets() -> dict[str, list[Photograph]]:
    grouped: dict[str, list[Photograph]] = defaultdict(list)
    for picture in photographs(CORPUS):
        grouped[picture.path.parent.name].append(picture)
    return dict(grouped)


def test_every_set_has_its_minimum() -> None:
    assert set(sets()) == set(LEAST_READ)


@pytest.mark.parametrize("name", LEAST_READ)
def test_photographs_are_read_and_never_misread(name: str) -> None:
    read, misread = 0, []
    for picture in sets()[name]:
        result = decode_bytes(picture.path.read_bytes(), OPTIONS)
        hits, wrong = judge(picture, [code.text for code in result.codes])
        read += sum(hits)
        misread += [(picture.path.name, text) for text in wrong]
        assert (result.reason is None) == bool(result.codes)

    assert misread == []
    assert read >= LEAST_READ[name]
