"""The example of the documentation, run as an ERP would run it: over HTTP with a token."""

import os
import subprocess
import sys
import threading

from flask import Flask
from werkzeug.serving import make_server

from tests.api_client import Api
from tests.conftest import LogIn
from tests.running import ROOT


def test_the_example_receives_an_order_and_reads_its_serial_numbers_back(app: Flask, log_in: LogIn, ana: Api) -> None:
    admin = log_in("admin")
    permissions = ["orders.manage", "orders.read", "receive", "units.read"]
    token = admin.post("/api/tokens", {"site": admin.site, "name": "ERP", "permissions": permissions})["token"]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        ran = subprocess.run(
            [sys.executable, str(ROOT / "examples/erp_client.py"), "LAP-15", "NorthStar", "ERP-1", "ERP-2"],
            env=os.environ | {"SERIALTRAIL_URL": f"http://127.0.0.1:{server.server_port}", "SERIALTRAIL_TOKEN": token},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert ran.stderr == ""
    assert ran.stdout.splitlines()[1:] == ["ERP-1", "ERP-2"]
    unit = ana.get("/api/units", site=ana.site, q="ERP-1")["matches"][0]
    assert ana.get(f"/api/units/{unit['id']}")["history"][0]["actor"] == "api:ERP"
