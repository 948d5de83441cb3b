"""What our figures are compared with must do its work: a floor that fails is the fastest of all."""

from contextlib import closing
from pathlib import Path

import pytest

from bench import servers
from bench.clients import Client, together


def test_the_floor_writes_scans_and_a_receipt(tmp_path: Path) -> None:
    database = servers.prepared(None, tmp_path)
    with servers.serialtrail(database) as server, closing(Client(server.port)) as ana:
        receipt = ana.open_receipt(database.order_id)
        ana.post("/api/scans", ana.scans(receipt, ["OURS-1"]))
    with servers.floor(database) as server, closing(Client(server.port, None)) as plain:
        asked = [("/scans", ["FLOOR-1", "FLOOR-2"]), ("/receipts", ["FLOOR-3", "FLOOR-4"])]
        made = [plain.made("POST", path, {"receipt": receipt, "texts": texts}) for path, texts in asked]
        assert len(together([plain], lambda client, index: made[index], 2).latencies) == 2
        unit = plain.get("/units/FLOOR-4")
        assert [entry[1] for entry in unit["entries"]] == ["-1", "1"]
        with pytest.raises(SystemExit):
            together([plain], lambda client, index: client.made("POST", "/scans", {}), 1)
