"""What a rule of alerts is asked for."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a rule: for which site and number, when (``today`` at the site), and at which events of the feed."""

    site_id: int
    threshold: int
    now: datetime
    today: date
    first: int
    last: int
