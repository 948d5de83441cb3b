"""A whole shift points its cameras at once: nobody waits without an answer, and those who scan notice nothing."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from tests.browser.conftest import As
from tests.browser.people import Person
from tests.browser.server import DemoServer

UPLOADS = 200
PEOPLE = ("ana", "ben", "sue", "kim", "tom")
"""Each of them may send 120 pictures a minute."""
MARK = "two-hundred-at-once"


def upload(server: DemoServer, person: Person, picture: bytes) -> tuple[int, str | None, str]:
    """Post a picture: the status, when to come back, and the code of a refusal."""
    part = f'--{MARK}\r\nContent-Disposition: form-data; name="frame"; filename="label.jpg"\r\n\r\n'
    headers = {
        "Cookie": person.cookie,
        "X-CSRF-Token": person.csrf_token,
        "Content-Type": f"multipart/form-data; boundary={MARK}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/api/frames", part.encode() + picture + f"\r\n--{MARK}--\r\n".encode(), headers)
    answer = connection.getresponse()
    told = json.load(answer)
    connection.close()
    return answer.status, answer.getheader("Retry-After"), told.get("code", "")


def test_two_hundred_pictures_at_once(server: DemoServer, known: As, ana: Person, receipt: str) -> None:
    noise = np.random.default_rng(200).integers(0, 255, (200, 300), np.uint8)
    picture = cv2.imencode(".jpg", cv2.blur(noise, (5, 5)))[1].tobytes()
    people = [known(name) for name in PEOPLE]
    with ThreadPoolExecutor(UPLOADS) as phones:
        sent = [phones.submit(upload, server, people[number % len(people)], picture) for number in range(UPLOADS)]
        outcomes = ana.scan(receipt, "NB25-0701", "NB25-0702")
        answers = [each.result() for each in sent]

    assert [outcome["code"] for outcome in outcomes] == ["ok", "ok"]
    read = [answer for answer in answers if answer[0] == 200]
    turned_away = [answer for answer in answers if answer[0] == 429]
    assert len(read) + len(turned_away) == UPLOADS, Counter(answers)
    # Two are read and twenty wait; what comes while they do is told when to come back.
    assert len(read) >= 22
    assert turned_away
    assert all(code == "decoder_busy" and int(after or 0) >= 1 for _, after, code in turned_away)
    assert upload(server, ana, picture)[0] == 200
