"""Texts, numbers and moments that no database keeps: each is refused, none is a fault of the server."""

import uuid
from typing import Any

import pytest
from flask import Flask

from tests.api_client import Api

UNKEEPABLE = ("A\u0000B", "A\ud800B")


def test_a_device_that_has_counted_far(ana: Api) -> None:
    receipt = ana.open_receipt()
    for n in (2**31, 2**53):
        assert ana.scan(receipt, f"NB25-{n}", batch_no="B-1", n=n)["code"] == "ok"
