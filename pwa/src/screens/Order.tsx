import { useSignal } from "@preact/signals";
import type { Location, PurchaseOrder } from "../api-types";
import { date, t } from "../i18n/t";
import { act } from "../offline/actions";
import { remember } from "../offline/snapshots";
import { openedHere } from "../receiving/opened-here";
import { navigate } from "../router";
import { type Code, useCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { may } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { late } from "../ui/late";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";

/** Only supervisors load what they do with orders. */
const Actions = late(async () => (await import("../ordering/OrderActions")).OrderActions);

const LAST_PLACE = "serialtrail.place";

/** One purchase order: what is still to come, and where the goods shall go. */
export function Order({ id }: { id: string }) {
  const order = useRead<PurchaseOrder>(`/api/purchase-orders/${id}`);
  if (order.error !== null && !order.value) {
    return (
      <Screen title={t("order")}>
        <Failure error={order.error} retry={order.reload} />
      </Screen>
    );
  }
  if (!order.value) {
    return (
      <Screen title={t("order")}>
        <Busy />
      </Screen>
    );
  }
  const { number, supplier, ordered_on, lines, open_receipts, status } = order.value;
  return (
    <Screen key={number} title={number} over={t("order")} class="order">
      {order.isRemembered && <Remembered at={order.askedAt} />}
      <p class="lead">
        {supplier.name} · {date(ordered_on)}
      </p>
      <ul class="lines">
        {lines.map(line => (
          <li key={line.id} class="line">
            <span>
              <strong>{line.item.item_code}</strong> {line.item.name}
            </span>
            <span class="line-figure">
              {line.received}
              <small>/{line.qty}</small>
            </span>
          </li>
        ))}
      </ul>
      {open_receipts.length > 0 && (
        <section>
          <h2>{t("open_receipts")}</h2>
          <ul class="cards">
            {open_receipts.map(receipt => (
              <li key={receipt.id}>
                <Link to={`/receive/${receipt.id}`} class="card card-link">
                  <Icon name="receive" />
                  <span class="card-title">{receipt.number}</span>
                  <span class="card-text">{t("opened_by", { name: receipt.opened_by })}</span>
                  <Icon name="forward" />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {may("orders.manage") && <Actions order={order.value} onChanged={order.reload} />}
      {status === "submitted" ? (
        <Places order={order.value} />
      ) : (
        <p class="notice notice-warning">{t(`order_is_${status}`, { number })}</p>
      )}
      <WedgeSink />
    </Screen>
  );
}

/** Where to: a list to tap, or the code on the shelf to scan. */
function Places({ order }: { order: PurchaseOrder }) {
  const answer = useRead<{ locations: Location[] }>(`/api/locations?site=${order.site_id}`);
  const chosen = useSignal<number | null>(Number(localStorage.getItem(LAST_PLACE)) || null);
  const error = useSignal<unknown>(null);
  const unknownCode = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  // Made once for this screen: pressing twice, or again after a lost answer, opens one receipt.
  const receiptId = useSignal(crypto.randomUUID());
  const places = answer.value?.locations.filter(place => place.receivable) ?? [];
  const place = places.find(each => each.id === chosen.value);

  const choose = (location: Location) => {
    // Another place is another receipt.
    if (chosen.value !== location.id) receiptId.value = crypto.randomUUID();
    chosen.value = location.id;
  };

  const start = async (location: Location) => {
    if (isBusy.value) return;
    isBusy.value = true;
    error.value = null;
    localStorage.setItem(LAST_PLACE, String(location.id));
    try {
      const id = receiptId.value;
      const body = { id, purchase_order_id: order.id, location_id: location.id };
      // Without a network it waits in the outbox, and what is scanned into it waits behind it.
      if (!(await act("purchase_receipt", body))) {
        await remember(`/api/purchase-receipts/${id}`, openedHere(id, order, location));
      }
      navigate(`/receive/${id}`, { replace: true });
    } catch (caught) {
      error.value = caught;
      // A refused one is kept by the server as refused: the next try is another one.
      receiptId.value = crypto.randomUUID();
      isBusy.value = false;
    }
  };

  const onPlaceCode = ({ text }: Code) => {
    const wanted = text.trim().toUpperCase();
    const found = places.find(each => each.code.toUpperCase() === wanted);
    unknownCode.value = found ? null : text;
    feedback(found ? "kept" : "refused");
    if (!found) return;
    choose(found);
    void start(found);
  };
  useCodes(onPlaceCode, [places]);

  return (
    <section>
      <h2>{t("where_to")}</h2>
      <p>{t("where_to_hint")}</p>
      <ListNote of={answer} />
      <fieldset class="choices" aria-label={t("where_to")}>
        {places.map(each => (
          <button
            key={each.id}
            type="button"
            class="button place"
            aria-pressed={each.id === chosen.value}
            onClick={() => choose(each)}
          >
            <strong>{each.code}</strong>
            {each.name !== each.code && <span>{each.name}</span>}
          </button>
        ))}
      </fieldset>
      {unknownCode.value !== null && (
        <p class="notice notice-refused" role="alert">
          {t("place_unknown", { code: unknownCode.value })}
        </p>
      )}
      {error.value !== null && <Failure error={error.value} />}
      <div class="bottom-bar">
        <button
          type="button"
          class="button button-primary"
          disabled={!place || isBusy.value}
          onClick={() => place && void start(place)}
        >
          <Icon name="receive" />
          {place ? t("start_receiving_into", { place: place.code }) : t("choose_place")}
        </button>
      </div>
    </section>
  );
}
