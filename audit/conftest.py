"""The server, the browser and the people of the browser tests."""

from tests.browser.conftest import (  # noqa: F401  (fixtures)
    ana,
    chromium,
    known,
    new_device,
    new_receipt,
    playwright,
    receipt,
    server,
    sue,
)
from tests.conftest import demo_of_today  # noqa: F401  (fixture)
