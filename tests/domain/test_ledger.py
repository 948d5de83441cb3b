"""Every movement adds to zero, and no entry can be changed, removed or moved without breaking the chain."""

from collections import Counter
from dataclasses import astuple, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from backend.domain.ledger import GENESIS, Entry, Move, Posting, chained, post
from backend.models.base import QuantityType

keys = st.integers(1, 50)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
quantities = st.integers(1, 10**6) | st.decimals("0.000001", "999999", places=6)


@st.composite
def moves(draw) -> Move:
    """Any movement that is one: a positive quantity between two places."""
    start, end = draw(st.tuples(keys, keys).filter(lambda places: places[0] != places[1]))
    return Move(
        item_id=draw(keys),
        serial_id=draw(st.none() | keys),
        batch_id=draw(st.none() | keys),
        from_location_id=start,
        to_location_id=end,
        qty=draw(quantities),
        voucher_line_id=draw(st.none() | keys),
        scan_id=draw(st.none() | st.uuids().map(str)),
        scanned_at=draw(st.none() | moments),
    )


@st.composite
def postings(draw) -> Posting:
    """Any place in any site's chain."""
    return Posting(
        site_id=draw(keys),
        after_seq=draw(st.integers(0, 10**6)),
        after_hash=draw(st.binary(min_size=32, max_size=32)),
        voucher_id=str(draw(st.uuids())),
        actor_id=draw(keys),
        party_id=draw(st.none() | keys),
        posted_at=draw(moments),
    )


def is_chained(entries: list[Entry], posting: Posting) -> bool:
    """Whether somebody who knows only the start of the chain believes these entries."""
    seq, previous = posting.after_seq, posting.after_hash
    for entry in entries:
        seq += 1
        *content, prev_hash, digest = astuple(entry)
        if entry.seq != seq or prev_hash != previous or digest != chained(previous, tuple(content)):
            return False
        previous = digest
    return True


A_POSTING = Posting(
    site_id=1,
    after_seq=0,
    after_hash=GENESIS,
    voucher_id="5f0e4b1e-5a8e-4d57-9e8b-111111111111",
    actor_id=3,
    party_id=None,
    posted_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
)
A_MOVE = Move(item_id=1, serial_id=17, batch_id=4, from_location_id=8, to_location_id=9, qty=1, voucher_line_id=2)


@given(st.lists(moves(), max_size=8), postings())
def test_entries_add_to_zero(moved, posting):
    total: Counter[tuple[int, int | None, int | None]] = Counter()
    for entry in post(moved, posting):
        total[entry.item_id, entry.serial_id, entry.batch_id] += entry.qty
    assert not any(total.values())


@given(moves(), postings())
def test_a_movement_leaves_one_place_and_enters_the_other(move, posting):
    left, arrived = post([move], posting)
    assert (left.location_id, left.qty) == (move.from_location_id, -move.qty)
    assert (arrived.location_id, arrived.qty) == (move.to_location_id, move.qty)
    assert {left.voucher_id, arrived.voucher_id} == {posting.voucher_id}


@given(st.lists(moves(), max_size=8), postings())
def test_entries_are_numbered_and_chained_in_the_order_of_the_movements(moved, posting):
    entries = list(post(moved, posting))
    assert is_chained(entries, posting)
    assert [entry.item_id for entry in entries[::2]] == [move.item_id for move in moved]


@given(st.lists(moves(), min_size=2, max_size=6), postings(), st.integers(0, 5))
def test_two_postings_one_after_the_other_are_one_chain(moved, posting, cut):
    first, second = moved[:cut], moved[cut:]
    entries = list(post(first, posting))
    end = {"after_seq": entries[-1].seq, "after_hash": entries[-1].hash} if entries else {}
    entries += post(second, replace(posting, **end))
    assert entries == list(post(moved, posting))


@given(st.lists(moves(), min_size=1, max_size=4), postings())
def test_every_hash_vouches_for_all_that_was_before(moved, posting):
    elsewhere = replace(posting, after_hash=nearly(posting.after_hash))
    pairs = zip(post(moved, posting), post(moved, elsewhere), strict=True)
    assert all(one.hash != other.hash for one, other in pairs)


def nearly(value: object) -> object:
    """The smallest change of a field."""
    match value:
        case None:
            return 1
        case int() | Decimal():
            return value + 1
        case datetime():
            return value + timedelta(microseconds=1)
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case str():
            return ("1" if value[0] == "0" else "0") + value[1:]
    raise AssertionError(f"a field of a new kind: {value!r}")


@given(st.lists(moves(), min_size=1, max_size=4), postings(), st.data())
def test_the_smallest_change_of_any_field_breaks_the_chain(moved, posting, data):
    entries = list(post(moved, posting))
    at = data.draw(st.integers(0, len(entries) - 1))
    for name in (field.name for field in fields(Entry)):
        changed = replace(entries[at], **{name: nearly(getattr(entries[at], name))})
        assert not is_chained([*entries[:at], changed, *entries[at + 1 :]], posting), name


@given(st.lists(moves(), min_size=1, max_size=4), postings(), st.data())
def test_a_removed_entry_breaks_the_chain(moved, posting, data):
    entries = list(post(moved, posting))
    # The last one is missed only by who knows where the chain ends: the feed of the site.
    del entries[data.draw(st.integers(0, len(entries) - 2))]
    assert not is_chained(entries, posting)


@given(st.lists(moves(), min_size=1, max_size=4), postings(), st.data())
def test_two_swapped_entries_break_the_chain(moved, posting, data):
    entries = list(post(moved, posting))
    one, other = data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True))
    entries[one], entries[other] = entries[other], entries[one]
    assert not is_chained(entries, posting)


@given(st.lists(moves(), min_size=2, max_size=4), postings(), st.data())
def test_an_entry_put_in_from_elsewhere_breaks_the_chain(moved, posting, data):
    entries = list(post(moved, posting))
    stranger = next(iter(post([data.draw(moves())], data.draw(postings()))))
    entries.insert(data.draw(st.integers(0, len(entries))), stranger)
    assert not is_chained(entries, posting)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda dialect: dialect.name)
@given(quantities)
def test_a_quantity_hashes_the_same_when_it_is_read_back(dialect, qty):
    entry = list(post([replace(A_MOVE, serial_id=None, qty=qty)], A_POSTING))[1]
    column = QuantityType()
    stored = column.process_bind_param(entry.qty, dialect)
    *content, prev_hash, digest = astuple(replace(entry, qty=column.process_result_value(stored, dialect)))
    assert chained(prev_hash, tuple(content)) == digest


def test_a_moment_hashes_the_same_in_every_time_zone():
    there = A_POSTING.posted_at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert list(post([A_MOVE], A_POSTING)) == list(post([A_MOVE], replace(A_POSTING, posted_at=there)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"qty": 0},
        {"qty": -1},
        {"qty": Decimal("-0.5")},
        {"qty": Decimal("0.0000001")},
        {"to_location_id": A_MOVE.from_location_id},
    ],
    ids=str,
)
def test_what_is_no_movement_is_a_fault_of_the_caller(wrong):
    with pytest.raises(ValueError, match="not a movement"):
        list(post([replace(A_MOVE, **wrong)], A_POSTING))
