import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { post } from "../api";
import { date, t, time } from "../i18n/t";
import { ChooseUnits } from "../selling/ChooseUnits";
import { StartPickList } from "../selling/StartPickList";
import type { SalesOrder as Order, ReservedUnit, SalesOrderLine } from "../selling/types";
import { may } from "../session";
import { Busy } from "../ui/Busy";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import "../styles/picking.css";

/** One sales order: how far each line is, which units were chosen for it, and the way to fetch them. */
export function SalesOrder({ id }: { id: string }) {
  const read = useRead<Order>(`/api/sales-orders/${id}`);
  const changed = useSignal<Order | null>(null);
  useEffect(() => {
    changed.value = null;
  }, [read.value]);
  const order = changed.value ?? read.value;
  if (!order) {
    return (
      <Screen title={t("sales_order")}>
        {read.error !== null ? <Failure error={read.error} retry={read.reload} /> : <Busy />}
      </Screen>
    );
  }
  const onChanged = (next: Order) => {
    changed.value = next;
  };
  return (
    <Screen key={order.id} title={order.number} over={t("sales_order")} class="sale">
      <p class="lead">
        {order.customer.name} · {date(order.ordered_on)} · {t(`order_${order.status}`)}
      </p>
      {order.remark && <p>{order.remark}</p>}
      {order.cancel_reason && <p class="notice notice-warning">{order.cancel_reason}</p>}
      <Lines order={order} onChanged={onChanged} />
      <Reserved order={order} onChanged={onChanged} />
      <Made title={t("pick_lists")} to="/pick" vouchers={order.pick_lists} />
      <Made title={t("delivery_notes")} to="/delivery-notes" vouchers={order.delivery_notes} />
      {order.status === "submitted" && may("pick") && order.lines.some(line => line.to_fetch > 0) && (
        <section>
          <h2>{t("fetch_from")}</h2>
          <StartPickList siteId={order.site_id} orderIds={[order.id]} />
        </section>
      )}
      {order.status === "draft" && may("orders.manage") && <Draft order={order} onChanged={onChanged} />}
      {["draft", "submitted"].includes(order.status) && may("orders.manage") && (
        <CancelOrder order={order} onChanged={onChanged} />
      )}
    </Screen>
  );
}

function Lines({ order, onChanged }: { order: Order; onChanged: (order: Order) => void }) {
  const choosing = useSignal<number | null>(null);
  const isChoosable = (line: SalesOrderLine) =>
    order.status === "submitted" &&
    may("orders.manage") &&
    line.to_fetch > 0 &&
    line.item.tracking.includes("serial");
  const chosenLine = order.lines.find(line => line.id === choosing.value);
  return (
    <>
      <ul class="lines">
        {order.lines.map(line => (
          <li key={line.id} class="line line-tall">
            <span>
              <span>
                <strong>{line.item.item_code}</strong> {line.item.name}
              </span>
              <small>
                {[
                  t("line_to_fetch", { qty: line.to_fetch }),
                  t("line_on_lists", { qty: line.on_pick_lists }),
                  t("line_delivered", { qty: line.delivered }),
                ].join(" · ")}
              </small>
            </span>
            <span class="line-tools">
              {isChoosable(line) && (
                <button
                  type="button"
                  class="button"
                  aria-expanded={choosing.value === line.id}
                  onClick={() => {
                    choosing.value = choosing.value === line.id ? null : line.id;
                  }}
                >
                  <Icon name="search" />
                  {t("choose_units")}
                </button>
              )}
              <span class="line-figure">
                {line.delivered}
                <small>/{line.qty}</small>
              </span>
            </span>
          </li>
        ))}
      </ul>
      {chosenLine && <ChooseUnits order={order} line={chosenLine} onChosen={onChanged} />}
    </>
  );
}

/** Units that somebody chose for the order, also those that were taken from it again, with the reason. */
function Reserved({ order, onChanged }: { order: Order; onChanged: (order: Order) => void }) {
  const error = useSignal<unknown>(null);
  const shown = order.reserved.filter(unit => unit.status !== "posted");
  if (shown.length === 0) return null;
  const release = async (unit: ReservedUnit) => {
    error.value = null;
    try {
      onChanged(await post<Order>(`/api/sales-orders/${order.id}/release`, { serial_nos: [unit.serial_no] }));
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <section>
      <h2>{t("reserved_units")}</h2>
      {error.value !== null && <Failure error={error.value} />}
      <ul class="lines" data-testid="reserved">
        {shown.map(unit => (
          <li key={`${unit.serial_no} ${unit.at}`} class="line line-tall">
            <span>
              <strong class="key-data">{unit.serial_no}</strong>
              <small>
                {unit.place} · {unit.by} · {time(unit.at)}
              </small>
              {unit.status === "released" && (
                <small class="why">
                  <Icon name="warning" />
                  {unit.reason}
                </small>
              )}
            </span>
            {unit.status === "chosen" && may("orders.manage") && (
              <button type="button" class="button" onClick={() => void release(unit)}>
                <Icon name="undo" />
                {t("give_free")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Made({ title, to, vouchers }: { title: string; to: string; vouchers: Order["pick_lists"] }) {
  if (vouchers.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="cards">
        {vouchers.map(voucher => (
          <li key={voucher.id}>
            <Link to={`${to}/${voucher.id}`} class="card card-link">
              <span class="card-title">{voucher.number}</span>
              <span class="card-text">{t(`made_${voucher.status as "draft"}`)}</span>
              <Icon name="forward" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a draft still needs: it is changed, or submitted so that it can be fetched. */
function Draft({ order, onChanged }: { order: Order; onChanged: (order: Order) => void }) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const submit = async () => {
    isBusy.value = true;
    error.value = null;
    try {
      onChanged(await post<Order>(`/api/sales-orders/${order.id}/submit`, {}));
    } catch (caught) {
      error.value = caught;
    }
    isBusy.value = false;
  };
  return (
    <section class="form">
      {error.value !== null && <Failure error={error.value} />}
      <button
        type="button"
        class="button button-primary"
        disabled={isBusy.value}
        onClick={() => void submit()}
      >
        <Icon name="check" />
        {t("submit_order")}
      </button>
      <Link to={`/sales-orders/${order.id}/edit`} class="button">
        {t("edit_order")}
      </Link>
    </section>
  );
}

function CancelOrder({ order, onChanged }: { order: Order; onChanged: (order: Order) => void }) {
  const what = order.status === "draft" ? "discard_draft" : "cancel_order";
  const isAsking = useSignal(false);
  const error = useSignal<unknown>(null);
  const end = () => {
    isAsking.value = false;
  };
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason")).trim();
    try {
      onChanged(await post<Order>(`/api/sales-orders/${order.id}/cancel`, { reason }));
      end();
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <>
      <button
        type="button"
        class="button button-quiet"
        onClick={() => {
          error.value = null;
          isAsking.value = true;
        }}
      >
        {t(what)}
      </button>
      {isAsking.value && (
        <Dialog title={t(`${what}_question`, { number: order.number })} onClose={end}>
          <form class="form" onSubmit={onSubmit}>
            <label>
              <span class="label">{t("reason")}</span>
              <input type="text" name="reason" required maxLength={500} autocomplete="off" />
            </label>
            {error.value !== null && <Failure error={error.value} />}
            <button type="submit" class="button button-danger">
              {t(what)}
            </button>
            <button type="button" class="button" onClick={end}>
              {t("keep_order")}
            </button>
          </form>
        </Dialog>
      )}
    </>
  );
}
