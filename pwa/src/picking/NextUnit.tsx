import { useSignal } from "@preact/signals";
import { date, t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import type { OpenPickList } from "./open-pick-list";
import type { PickLine } from "./types";

/** Where to go now and what to take there, readable from arm's length with the list in one hand. */
export function NextUnit({ open }: { open: OpenPickList }) {
  const next = open.next.value;
  if (!next) {
    return (
      <section class="next next-done" data-testid="next">
        <Icon name="check" />
        <p class="next-place">{t(open.short.value > 0 ? "nothing_more_here" : "all_fetched")}</p>
      </section>
    );
  }
  const place = next.kind === "unit" ? next.unit.place : next.line.location?.path;
  const batch = next.kind === "unit" ? next.unit.batchNo : next.line.batch_no;
  const expires = next.kind === "unit" ? next.unit.expiresOn : next.line.expires_on;
  const forWhom = open.forWhom(next.kind === "unit" ? next.unit.order : next.line.sales_order);
  const facts = [
    next.kind === "unit" ? next.unit.itemCode : next.line.item.name,
    batch && t("batch_is", { batch }),
    expires && t("expires_on", { date: date(expires) }),
  ];
  return (
    <section class="next" data-testid="next" aria-label={t("fetch_next")}>
      <p class="next-place">
        <Icon name="place" />
        {place}
      </p>
      <p class="next-unit key-data">
        {next.kind === "unit"
          ? next.unit.serialNo
          : `${next.line.qty - next.line.picked} × ${next.line.item.item_code}`}
      </p>
      {forWhom && (
        <p class="next-order">
          <Icon name="outbox" />
          {forWhom}
        </p>
      )}
      <p class="next-facts">{facts.filter(Boolean).join(" · ")}</p>
      {next.kind === "goods" && <TakeGoods open={open} line={next.line} />}
    </section>
  );
}

/** Goods without serial numbers are taken by a tap, all that is asked for or another quantity. */
export function TakeGoods({ open, line }: { open: OpenPickList; line: PickLine }) {
  const isAsking = useSignal(false);
  const left = line.qty - line.picked;
  const isWaiting = open.waiting.value.some(row => row.item_id === line.item.id);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const qty = Number(new FormData(event.currentTarget as HTMLFormElement).get("qty"));
    isAsking.value = false;
    void open.takeGoods(line, qty);
  };
  const end = () => {
    isAsking.value = false;
  };
  return (
    <div class="next-goods">
      <button
        type="button"
        class="button button-primary"
        disabled={isWaiting}
        onClick={() => void open.takeGoods(line, left)}
      >
        <Icon name="check" />
        {t("take_goods", { qty: left, item: line.item.item_code })}
      </button>
      <button
        type="button"
        class="button"
        disabled={isWaiting}
        onClick={() => {
          isAsking.value = true;
        }}
      >
        {t("other_quantity")}
      </button>
      {isAsking.value && (
        <Dialog title={t("how_many", { item: line.item.item_code })} onClose={end}>
          <form class="form" onSubmit={onSubmit}>
            <label>
              <span class="label">{t("quantity")}</span>
              <input
                type="number"
                name="qty"
                inputMode="decimal"
                min="0.000001"
                max={left}
                step="any"
                defaultValue={String(left)}
                required
              />
            </label>
            <button type="submit" class="button button-primary">
              {t("take")}
            </button>
            <button type="button" class="button" onClick={end}>
              {t("cancel")}
            </button>
          </form>
        </Dialog>
      )}
    </div>
  );
}
