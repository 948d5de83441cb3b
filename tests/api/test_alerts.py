"""Alerts: each kind speaks once when it should and not before, is seen by a person, and is told by mail and webhook."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string, policy
from typing import Any

import pytest
from flask import Flask
from gevent.pool import Pool
from sqlalchemy import update

from backend.config import Config
from backend.domain.mail import Letter
from backend.models import Batch, Item, Location, Webhook
from backend.services import alert_mail
from backend.services.mail_delivery import deliver as deliver_mail
from backend.serving.alert_watch import look_once, send_due
from backend.unit_of_work import UnitOfWork, transact
from tests.api.test_claims import claim, warranty
from tests.api.test_integrations import Receiver
from tests.api.test_integrations import send_due as send_webhooks
from tests.api.test_purchase_orders import BATCH, an_order
from tests.api_client import Api, Clock, new_id
from tests.mail_server import MailServer, mail_server
from tests.selling import deliver, receive, receive_laptops, receive_pumps


def watch(person: Api, kind: str, threshold: int | None = None, **more: Any) -> dict[str, Any]:
    rule: dict[str, Any] = person.post(
        "/api/alert-rules", {"id": new_id(), "site": person.site, "kind": kind, "threshold": threshold, **more}
    )
    return rule


def look(app: Flask) -> int:
    with app.app_context():
        return look_once(app)


def said(person: Api, status: str = "open") -> list[str]:
    """What the open alerts say, the first one first."""
    found = person.get("/api/alerts", site=person.site, status=status)["alerts"]
    return [alert["message"] for alert in reversed(found)]


def an_alert_webhook(work: UnitOfWork, person: Api, receiver: Receiver) -> Webhook:
    return Webhook(
        site_id=person.site,
        url=f"http://{receiver.host}/in",
        secret="s" * 32,
        kinds=["alert"],
        next_seq=1,
        made_by_id=1,
        made_at=work.now,
    )


def test_receipts_with_too_much_and_too_little_are_told_once_they_are_posted(app: Flask, ana: Api, sue: Api) -> None:
    watch(sue, "over_receipt", 0)
    watch(sue, "over_receipt", 50)
    watch(sue, "under_receipt", 0)
    order = an_order(sue, 2)
    receipt = ana.open_receipt(order["number"])
    more = {"id": new_id(), "item_id": receipt["lines"][0]["item"]["id"], "qty": 1, "reason": "one for free"}
    sue.post(f"/api/purchase-receipts/{receipt['id']}/over-receipts", more)
    ana.send(*(ana.a_scan(receipt, f"O-{n}", batch_no=BATCH) for n in range(3)))
    assert look(app) == 0, "it is not posted yet"
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    receive(ana, ["NB25-0001", "NB25-0002"])
    assert look(app) == 2
    over, under = sorted(said(sue), key=lambda message: "short" in message)
    assert over == f"{receipt['number']} brought more than {order['number']} ordered: 3 of 2 LAP-15."
    assert under.endswith("leaves PO-1 short: 2 of 50 LAP-15.")
    assert look(app) == 0


def test_serial_numbers_that_nobody_announced_are_told_each_once(app: Flask, ana: Api, sue: Api) -> None:
    watch(sue, "serial_unlisted")
    receipt = ana.open_receipt(an_order(sue, 9, "S-1", "S-2")["number"])
    ana.send(*(ana.a_scan(receipt, text, batch_no=BATCH) for text in ("S-1", "S-9", "s-9")))
    taken = {"id": new_id(), "item_id": receipt["lines"][0]["item"]["id"], "batch_no": BATCH}
    ana.post(f"/api/purchase-receipts/{receipt['id']}/units", taken | {"serial_nos": ["S-8"], "takes_unexpected": True})
    assert look(app) == 2
    assert [message.split()[0] for message in said(sue)] == ["S-9", "S-8"]
    assert ana.scan(receipt, "S-9", batch_no=BATCH, takes_unexpected=True)["code"] == "ok"
    ana.scan(receipt, "S-9", batch_no=BATCH)
    assert look(app) == 0


def test_a_device_that_keeps_scans_and_is_silent_is_told_with_each_silence(
    app: Flask, ana: Api, sue: Api, clock: Clock
) -> None:
    watch(sue, "device_silent", 15)
    receipt = ana.open_receipt()
    ana.sync({"kind": "scan"} | ana.a_scan(receipt, "NB25-0001", batch_no="B-1"), holds=[[2, 4]])
    clock.forward(minutes=14)
    assert look(app) == 0
    clock.forward(minutes=1)
    assert look(app) == 1
    assert said(sue) == ["ana's phone is silent since 2026-01-05 10:00 UTC and keeps 3 unsent."]
    clock.forward(hours=1)
    assert look(app) == 0
    ana.sync({"kind": "scan"} | ana.a_scan(receipt, "NB25-0002", batch_no="B-1"), holds=[[3, 4]])
    clock.forward(minutes=15)
    assert look(app) == 1
    ana.sync({"kind": "scan"} | ana.a_scan(receipt, "NB25-0003", batch_no="B-1"), holds=[])
    clock.forward(hours=1)
    assert look(app) == 0, "it keeps nothing"


def test_a_device_that_lost_what_it_kept_is_told_by_mail_and_webhook(
    app: Flask, ana: Api, ben: Api, sue: Api, server: MailServer, receiver: Receiver, clock: Clock
) -> None:
    with app.app_context():
        transact(lambda work: work.session.add(an_alert_webhook(work, sue, receiver)))
    watch(sue, "entries_lost", 3, email="boss@example.com")
    receipt = ana.open_receipt()
    scans = [{"kind": "scan"} | ana.a_scan(receipt, f"NB25-{n:04}", batch_no="B-1") for n in range(1, 11)]
    ana.sync(scans[0], holds=[[2, 10]])
    ana.sync(scans[3], holds=[[3, 3], [5, 10]])
    clock.forward(minutes=1)
    assert look(app) == 0, "one is fewer than three"
    ana.sync(scans[7], holds=[[9, 10]])
    clock.forward(minutes=1)
    assert look(app) == 1
    assert said(sue) == ["ana's phone lost 5 entries: n 2-3, 5-7."]
    clock.forward(minutes=1)
    assert look(app) == 0

    # The browser throws away the rest, and is ben's by now.
    ben.client.set_cookie("serialtrail-device", ana.device_id)
    ana.sync(scans[4], scans[5], holds=[[9, 11]])
    clock.forward(minutes=1)
    ben.device_id = new_id()
    ben.post("/api/sync", ben.outbox() | {"holds": []})
    assert look(app) == 1
    assert said(sue)[1:] == [
        "ana's phone of ana lost its storage with 3 entries, and what was done on it since 2026-01-05 10:03 UTC."
    ]
    assert send_mails(app) == 1
    assert "lost its storage with 3 entries" in server.got[0][1]
    assert send_webhooks(app, receiver.host) == ["delivered", "delivered"]
    assert json.loads(receiver.got[-1][1])["alert"] == "entries_lost"
    settled = {"site": sue.site, "device_id": ana.device_id, "reason": "scanned again"}
    sue.post("/api/device-gaps/settle", settled, 204)
    watch(sue, "entries_lost", 0)
    assert look(app) == 0, "a person has settled it"


def test_batches_in_the_house_are_told_before_they_end(app: Flask, ana: Api, sue: Api, clock: Clock) -> None:
    receive_pumps(app, ana)  # P0 ends on 2026-01-31, P2 on 2026-06-30, P1 on 2026-09-30.
    watch(sue, "batch_expires", 25)
    assert look(app) == 0
    clock.set("2026-01-06")
    assert look(app) == 1
    assert said(sue) == ["Batch P0 of PUMP-1 ends on 2026-01-31; 1 in stock."]
    deliver(ana, serial_nos=["P2-01", "P2-02", "P2-03"])
    clock.set("2026-06-30")
    assert look(app) == 0, "none of P2 is left"
    with app.app_context():
        transact(
            lambda work: work.session.execute(
                update(Batch).where(Batch.batch_no == "P0").values(expires_on=clock.now.date())
            )
        )
    clock.forward(minutes=1)
    assert look(app) == 1, "it ends anew"


def test_warranties_are_told_together_before_they_end(app: Flask, ana: Api, sue: Api, clock: Clock) -> None:
    receive_laptops(ana, 4)
    clock.forward(days=100)  # What the demo data sold is over by then.
    deliver(ana, serial_nos=["NB25-0001", "NB25-0002"])
    end = warranty(sue, "NB25-0001")["end"]
    watch(sue, "warranty_ends", 30)
    clock.set(end)
    clock.forward(days=-31)
    assert look(app) == 0
    clock.forward(days=1)
    assert look(app) == 1
    assert said(sue) == [f"The warranty of 2 LAP-15 ends on {end}."]
    clock.forward(days=20)
    assert look(app) == 0


def test_a_claim_that_nobody_is_on_is_told(app: Flask, ana: Api, sue: Api, clock: Clock) -> None:
    receive_laptops(ana, 3)
    deliver(ana, serial_nos=["NB25-0001", "NB25-0002"])
    alone = claim(sue, "NB25-0001")
    claim(sue, "NB25-0002", technician="tom")
    watch(sue, "claim_unassigned", 24)
    clock.forward(hours=23)
    assert look(app) == 0
    clock.forward(hours=1)
    assert look(app) == 1
    (told,) = sue.get("/api/alerts", site=sue.site)["alerts"]
    assert told["voucher"] == {"id": alone["id"], "type": "warranty_claim", "number": alone["number"]}
    clock.forward(hours=5)
    assert look(app) == 0


def test_scans_that_are_understood_less_and_less_are_told_once_a_day(
    app: Flask, ana: Api, sue: Api, clock: Clock
) -> None:
    watch(sue, "scan_quality", 90)
    receipt = ana.open_receipt()

    def scan(good: int, bad: int) -> None:
        texts = [f"Q-{ana.counter}-{n}" for n in range(good)] + [""] * bad
        ana.send(*(ana.a_scan(receipt, text, batch_no="B-1") for text in texts))

    scan(16, 3)
    assert look(app) == 0, "too few to say"
    scan(1, 0)
    clock.forward(minutes=1)
    assert look(app) == 1
    assert said(sue) == ["ana's phone: 85 % of 20 scans in an hour were understood, fewer than 90 %."]
    scan(0, 20)
    clock.forward(minutes=1)
    assert look(app) == 0
    clock.forward(days=1)
    assert look(app) == 0, "they are old"


def test_an_alert_is_seen_by_one_person_and_the_screens_hear_of_it(app: Flask, ana: Api, sue: Api, kim: Api) -> None:
    rule = watch(sue, "under_receipt", 0)
    receive(ana, ["NB25-0001"])
    look(app)
    head = sue.get("/api/feed", site=sue.site, since=0, limit=500)["next"]
    (told,) = kim.get("/api/alerts", site=kim.site)["alerts"]
    assert kim.post(f"/api/alerts/{told['id']}/acknowledge", {}, 403)["code"] == "forbidden"
    ana.get("/api/alerts", 403, site=ana.site)
    seen = sue.post(f"/api/alerts/{told['id']}/acknowledge", {"remark": "the rest comes tomorrow"})
    assert (seen["acknowledged_by"], seen["remark"]) == ("sue", "the rest comes tomorrow")
    assert sue.post(f"/api/alerts/{told['id']}/acknowledge", {"remark": "again"}) == seen
    feed = sue.get("/api/feed", site=sue.site, since=head - 1)["events"]
    assert [event["kind"] for event in feed] == ["alert_raised", "alert_seen"]
    assert sue.get("/api/alerts", site=sue.site)["open"] == 0
    assert said(sue, "acknowledged") == [told["message"]]
    sue.post(f"/api/alert-rules/{rule['id']}/stop", {}, 204)
    receive(ana, ["NB25-0002"])
    assert look(app) == 0
    assert sue.get("/api/alert-rules", site=sue.site)["rules"] == []


def test_a_rule_is_set_once_and_within_its_bounds(app: Flask, sue: Api, kim: Api) -> None:
    wanted = {"id": new_id(), "site": sue.site, "kind": "batch_expires", "threshold": 30, "email": "dock@example.com"}
    rule = sue.post("/api/alert-rules", wanted)
    assert sue.post("/api/alert-rules", wanted) == rule
    assert sue.post("/api/alert-rules", wanted | {"threshold": 31}, 409)["code"] == "id_reused"
    kim.post("/api/alert-rules", wanted | {"id": new_id()}, 403)
    for threshold, kind in ((None, "batch_expires"), (3_651, "batch_expires"), (1, "serial_unlisted")):
        answer = sue.post("/api/alert-rules", wanted | {"id": new_id(), "kind": kind, "threshold": threshold}, 422)
        assert answer["code"] == "alert_threshold"
    for email in ("dock@example.com\nBcc: all@example.com", "a@b, c@d", "Dock <dock@example.com>", "dock", "a@b..c"):
        assert sue.post("/api/alert-rules", wanted | {"id": new_id(), "email": email}, 422)["code"] == "email_invalid"
    path = f"/api/alert-rules/{rule['id']}"
    assert sue.post(path, {"threshold": 10, "email": None})["threshold"] == 10
    assert sue.post(path, {"threshold": None}, 422)["code"] == "alert_threshold"
    sue.post(f"{path}/stop", {}, 204)
    for where, body in ((path, {"threshold": 10}), ("/api/alert-rules", wanted | {"threshold": 10, "email": None})):
        assert sue.post(where, body, 409)["code"] == "alert_rule_stopped"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that webhooks tell."""
    listening = Receiver()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    """A mail server that the application is told of."""
    with mail_server() as listening:
        tell_of_mail(app, listening.url)
        yield listening


def tell_of_mail(app: Flask, url: str) -> None:
    config: Config = app.extensions["serialtrail"]
    app.extensions["serialtrail"] = replace(
        config, smtp_url=url, mail_from="stock@example.com", public_url="https://stock.example.com"
    )


def send_mails(app: Flask) -> int:
    pool = Pool(4)
    with app.app_context():
        begun = send_due(app, pool)
    pool.join()
    return begun


def test_a_mail_tells_all_alerts_of_an_address_at_once_and_none_twice(
    app: Flask, ana: Api, sue: Api, server: MailServer, clock: Clock
) -> None:
    with app.app_context():
        hostile = "HQ\r\nBcc: all@example.com"
        transact(
            lambda work: work.session.execute(update(Location).where(Location.id == sue.site).values(name=hostile))
        )
        evil = "LAP\r\nBcc: all@example.com\r\n\r\nhello"
        transact(
            lambda work: work.session.execute(update(Item).where(Item.item_code == "LAP-15").values(item_code=evil))
        )
    watch(sue, "under_receipt", 0, email="dock@example.com")
    watch(sue, "under_receipt", 1, email="boss@example.com")
    watch(sue, "under_receipt", 2)
    receive(ana, ["NB25-0001"])
    receive(ana, ["NB25-0002"])
    assert look(app) == 6
    server.answers = "451 come later"
    assert send_mails(app) == 2
    assert send_mails(app) == 0, "it waits before it tries again"
    clock.forward(seconds=31)
    server.answers = "250 taken"
    assert send_mails(app) == 2
    clock.forward(hours=9)
    assert send_mails(app) == 0

    assert sorted(to for to, _ in server.got) == ["boss@example.com", "dock@example.com"]
    message = message_from_string(server.got[0][1], policy=policy.default)
    assert (message["Bcc"], message["From"], message["Subject"]) == (
        None,
        "stock@example.com",
        "Serialtrail: 2 alerts",
    )
    text = message.get_content()
    assert text.count("short: 2 of 50 LAP<U+000D><U+000A>Bcc") == 2
    assert "https://stock.example.com/alerts" in text
    states = [alert["mail_status"] for alert in sue.get("/api/alerts", site=sue.site)["alerts"]]
    assert sorted(states) == ["none", "none", "sent", "sent", "sent", "sent"]


def test_a_mail_server_that_hangs_holds_nothing_up(app: Flask, ana: Api, sue: Api) -> None:
    with mail_server(is_silent=True) as silent:
        tell_of_mail(app, silent.url)
        watch(sue, "under_receipt", 0, email="dock@example.com")
        receive(ana, ["NB25-0001"])
        assert look(app) == 1
        with app.app_context():
            (mail,) = transact(lambda work: alert_mail.claim_due(work, ""))
        outcome: list[tuple[bool, str]] = []
        sending = threading.Thread(
            target=lambda: outcome.append(
                deliver_mail(mail.letter, smtp_url=silent.url, sender="a@example.com", at=ana.clock.now, seconds=1)
            )
        )
        sending.start()
        # Meanwhile the goods go on, and so do the other alerts.
        receive(ana, ["NB25-0002"])
        assert look(app) == 1
        sending.join(timeout=30)
    ((is_sent, answer),) = outcome
    assert not is_sent
    with app.app_context():
        transact(lambda work: alert_mail.keep_outcome(work, alert_ids=mail.alert_ids, is_sent=is_sent, answer=answer))
    first = sue.get("/api/alerts", site=sue.site)["alerts"][-1]
    assert (first["mail_status"], first["mail_answer"]) == ("waiting", answer)


def test_a_mail_server_that_answers_a_byte_now_and_then_is_given_up(clock: Clock) -> None:
    letter = Letter("1", "dock@example.com", "x", "x")
    with mail_server(trickles=True) as slow:
        is_sent, _ = deliver_mail(letter, smtp_url=slow.url, sender="a@example.com", at=clock.now, seconds=1)
    assert not is_sent


def test_a_password_is_not_given_without_tls(server: MailServer, clock: Clock) -> None:
    letter = Letter("1", "dock@example.com", "x", "x")
    url = server.url.replace("//", "//dock:secret@")
    is_sent, answer = deliver_mail(letter, smtp_url=url, sender="a@example.com", at=clock.now)
    assert (is_sent, "no TLS" in answer, server.got) == (False, True, [])


def test_webhooks_are_told_signed_and_with_retries(
    app: Flask, ana: Api, sue: Api, receiver: Receiver, clock: Clock
) -> None:
    with app.app_context():
        transact(lambda work: work.session.add(an_alert_webhook(work, sue, receiver)))
    watch(sue, "under_receipt", 0)
    receive(ana, ["NB25-0001"])
    look(app)
    receiver.status = 500
    assert send_webhooks(app, receiver.host) == ["waiting"]
    clock.forward(seconds=31)
    receiver.status = 200
    assert send_webhooks(app, receiver.host) == ["delivered"]
    signature, body = receiver.got[-1]
    told = json.loads(body)
    assert (told["kind"], told["alert"], told["message"]) == ("alert", "under_receipt", said(sue)[0])
    assert signature.startswith("t=")
    receiver.server.server_close()
