"""The floor: the rows that a scan or a receipt writes, by plain SQL on the driver, behind a bare route.

No validation, no rules, no session, no hash chain: what any implementation with these tables must at least do.
Same web server, same durability, one transaction a request.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import os  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import uuid  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask, request  # noqa: E402
from gevent import pywsgi  # noqa: E402

NOTHING = b"\0" * 32


class Rows:
    """The statements, for SQLite (``?``) or PostgreSQL (``%s``)."""

    def __init__(self, url: str) -> None:
        self._is_sqlite = url.startswith("sqlite")
        self._lock = threading.RLock()
        if self._is_sqlite:
            from pysqlite3 import dbapi2

            self._shared = dbapi2.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
                self._shared.execute(f"PRAGMA {pragma}")
        else:
            self._url = url.replace("postgresql+psycopg", "postgresql")
            self._local = threading.local()
        self._keys = self._read_keys()

    def guid(self, text: str) -> str:
        """A UUID as the database keeps it."""
        return text.replace("-", "") if self._is_sqlite else text

    def scans(self, receipt_id: str, texts: list[str]) -> None:
        """One transaction: the scans, their units, their events, the counts, the feed."""
        with self._lock if self._is_sqlite else _nothing():
            cursor = self._begin()
            cursor.execute(self._sql("SELECT head FROM feed WHERE site_id=? FOR UPDATE"), (self._keys["site"],))
            head = cursor.fetchone()[0]
            now = datetime.now(UTC)
            ids = [uuid.uuid4().hex for _ in texts]
            answer = json.dumps({"status": "accepted", "code": "ok", "message": "accepted", "unit": {}, "counts": {}})
            k = self._keys
            cursor.executemany(
                self._sql(
                    "INSERT INTO scan (id, digest, device_id, counter, user_id, site_id, voucher_id, purpose, raw,"
                    " symbology, source, scanned_at, recorded_at, status, code, answer, feed_seq)"
                    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                ),
                [
                    (
                        scan,
                        NOTHING,
                        k["device"],
                        1,
                        k["user"],
                        k["site"],
                        receipt_id,
                        "receive",
                        text.encode(),
                        "]C0",
                        "camera",
                        now,
                        now,
                        "accepted",
                        "ok",
                        answer,
                        head + index,
                    )
                    for index, (scan, text) in enumerate(zip(ids, texts, strict=True), 1)
                ],
            )
            cursor.executemany(
                self._sql(
                    "INSERT INTO voucher_unit (voucher_id, line_id, item_id, serial_no, serial_key, batch_id, condition,"
                    " qty, is_unexpected, status, scan_id, user_id, scanned_at, recorded_at)"
                    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                ),
                [
                    (
                        receipt_id,
                        k["line"],
                        k["item"],
                        text,
                        text.lower(),
                        k["batch"],
                        "accepted",
                        1,
                        False,
                        "open",
                        scan,
                        k["user"],
                        now,
                        now,
                    )
                    for scan, text in zip(ids, texts, strict=True)
                ],
            )
            cursor.executemany(
                self._sql("INSERT INTO event (site_id, seq, kind, voucher_id, scan_id, at) VALUES (?,?,?,?,?,?)"),
                [
                    (k["site"], head + index, "unit_accepted", receipt_id, scan, now)
                    for index, scan in enumerate(ids, 1)
                ],
            )
            count = len(texts)
            cursor.execute(self._sql("UPDATE voucher_line SET accepted=accepted+? WHERE id=?"), (count, k["line"]))
            cursor.execute(self._sql("UPDATE voucher_line SET scanned=scanned+? WHERE id=?"), (count, k["order_line"]))
            cursor.execute(self._sql("UPDATE voucher SET accepted=accepted+? WHERE id=?"), (count, receipt_id))
            cursor.execute(self._sql("UPDATE device SET last_seen_at=? WHERE id=?"), (now, k["device"]))
            cursor.execute(self._sql("UPDATE feed SET head=? WHERE site_id=?"), (head + count, k["site"]))
            cursor.execute("COMMIT")

    def receipt(self, receipt_id: str, texts: list[str]) -> None:
        """One transaction: the serial numbers and two ledger entries each, the counts, the balances."""
        with self._lock if self._is_sqlite else _nothing():
            cursor = self._begin()
            cursor.execute(self._sql("SELECT ledger_seq FROM feed WHERE site_id=? FOR UPDATE"), (self._keys["site"],))
            seq = cursor.fetchone()[0]
            cursor.execute("SELECT coalesce(max(id), 0) FROM serial_number")
            first = cursor.fetchone()[0] + 1
            now, k = datetime.now(UTC), self._keys
            cursor.executemany(
                self._sql(
                    "INSERT INTO voucher_unit (voucher_id, line_id, item_id, serial_no, serial_key, batch_id, condition,"
                    " qty, is_unexpected, status, user_id, recorded_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
                ),
                [
                    (
                        receipt_id,
                        k["line"],
                        k["item"],
                        text,
                        text.lower(),
                        k["batch"],
                        "accepted",
                        1,
                        False,
                        "posted",
                        k["user"],
                        now,
                    )
                    for text in texts
                ],
            )
            cursor.executemany(
                self._sql(
                    "INSERT INTO serial_number (id, item_id, serial_no, serial_key, batch_id, supplier_id, receipt_id,"
                    " created_at, location_id, last_site_id, last_seq) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
                ),
                [
                    (
                        first + index,
                        k["item"],
                        text,
                        text.lower(),
                        k["batch"],
                        k["party"],
                        receipt_id,
                        now,
                        k["main"],
                        k["site"],
                        seq + 2 * (index + 1),
                    )
                    for index, text in enumerate(texts)
                ],
            )
            cursor.executemany(
                self._sql(
                    "INSERT INTO stock_ledger_entry (site_id, seq, item_id, serial_id, batch_id, location_id, qty, party_id,"
                    " voucher_id, voucher_line_id, actor_id, posted_at, prev_hash, hash)"
                    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                ),
                [
                    (
                        k["site"],
                        seq + 2 * index + half,
                        k["item"],
                        first + index,
                        k["batch"],
                        place,
                        qty,
                        k["party"],
                        receipt_id,
                        k["line"],
                        k["user"],
                        now,
                        NOTHING,
                        NOTHING,
                    )
                    for index in range(len(texts))
                    for half, place, qty in ((1, k["supplier"], -1), (2, k["main"], 1))
                ],
            )
            cursor.execute(
                self._sql("UPDATE feed SET ledger_seq=?, head=head+1 WHERE site_id=?"),
                (seq + 2 * len(texts), k["site"]),
            )
            cursor.execute(self._sql("UPDATE voucher SET accepted=accepted+? WHERE id=?"), (len(texts), receipt_id))
            cursor.execute("COMMIT")

    def unit(self, text: str) -> dict[str, Any]:
        """The unit with that serial number and its entries, as rows."""
        cursor = self._connection().cursor()
        cursor.execute(
            self._sql(
                "SELECT s.id, s.serial_no, i.item_code, l.code FROM serial_number s JOIN item i ON i.id=s.item_id"
                " JOIN location l ON l.id=s.location_id WHERE s.serial_key=?"
            ),
            (text.lower(),),
        )
        unit = cursor.fetchone()
        cursor.execute(
            self._sql("SELECT seq, qty, location_id, voucher_id, actor_id FROM stock_ledger_entry WHERE serial_id=?"),
            (unit[0],),
        )
        entries = cursor.fetchall()
        return {"unit": list(unit), "entries": [[str(value) for value in row] for row in entries]}

    def _read_keys(self) -> dict[str, Any]:
        cursor = self._connection().cursor()

        def one(sql: str) -> Any:
            cursor.execute(sql)
            return cursor.fetchone()[0]

        return {
            "site": one("SELECT id FROM location WHERE code='HQ' AND kind='site'"),
            "main": one("SELECT id FROM location WHERE code='MAIN'"),
            "supplier": one("SELECT id FROM location WHERE code='SUPPLIER' ORDER BY id"),
            "party": one("SELECT id FROM party WHERE code='NorthStar'"),
            "item": one("SELECT id FROM item WHERE item_code='LAP-15'"),
            "user": one("SELECT id FROM app_user WHERE username='ana'"),
            "batch": one("SELECT id FROM batch WHERE batch_no='B-BENCH'"),
            "device": one("SELECT id FROM device WHERE name='bench'"),
            "line": one(
                "SELECT vl.id FROM voucher_line vl JOIN voucher v ON v.id=vl.voucher_id"
                " WHERE v.type='purchase_receipt' ORDER BY vl.id DESC"
            ),
            "order_line": one(
                "SELECT vl.id FROM voucher_line vl JOIN voucher v ON v.id=vl.voucher_id WHERE v.number='PO-BENCH'"
            ),
        }

    def _begin(self) -> Any:
        cursor = self._connection().cursor()
        cursor.execute("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
        return cursor

    def _connection(self) -> Any:
        if self._is_sqlite:
            return self._shared
        if not hasattr(self._local, "connection"):
            import psycopg

            self._local.connection = psycopg.connect(self._url, autocommit=True)
        return self._local.connection

    def _sql(self, text: str) -> str:
        return text.replace(" FOR UPDATE", "") if self._is_sqlite else text.replace("?", "%s")


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def main() -> None:
    """Serve the floor on loopback."""
    rows = Rows(os.environ["SERIALTRAIL_DATABASE_URL"])
    app = Flask("floor")

    @app.get("/")
    def alive() -> str:
        return "{}"

    @app.post("/scans")
    def scans() -> str:
        body = request.get_json()
        rows.scans(rows.guid(body["receipt"]), body["texts"])
        return "{}"

    @app.post("/receipts")
    def receipts() -> str:
        body = request.get_json()
        rows.receipt(rows.guid(body["receipt"]), body["texts"])
        return "{}"

    @app.get("/units/<text>")
    def unit(text: str) -> dict[str, Any]:
        return rows.unit(text)

    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=256)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pywsgi.WSGIServer(listener, app, log=None).serve_forever()


if __name__ == "__main__":
    main()
