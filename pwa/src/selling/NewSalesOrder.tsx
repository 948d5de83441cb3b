import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { navigate } from "../router";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { useRead } from "../ui/use-read";
import type { SalesOrder } from "./types";

interface Line {
  key: number;
  itemCode: string;
  qty: string;
}

/** Writes a sales order: who wants how much of what. */
export function NewSalesOrder({ siteId, onClose }: { siteId: number; onClose: () => void }) {
  const parties = useRead<{ parties: { code: string; name: string }[] }>(
    "/api/masters/parties?kind=customer&limit=200",
  );
  const items = useRead<{ items: { item_code: string; name: string }[] }>(`/api/items?site=${siteId}`);
  // Made once for this form: pressing twice, or again after a lost answer, writes one order.
  const id = useSignal(crypto.randomUUID());
  const lines = useSignal<Line[]>([{ key: 1, itemCode: "", qty: "1" }]);
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);

  const change = (key: number, part: Partial<Line>) => {
    lines.value = lines.value.map(line => (line.key === key ? { ...line, ...part } : line));
    id.value = crypto.randomUUID();
  };
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(fields.get(name) ?? "").trim() || null;
    isBusy.value = true;
    error.value = null;
    try {
      const order = await post<SalesOrder>("/api/sales-orders", {
        id: id.value,
        site: siteId,
        customer: text("customer"),
        number: text("number"),
        lines: lines.value.map(line => ({ item_code: line.itemCode, qty: Number(line.qty) })),
        submit: true,
      });
      navigate(`/sales-orders/${order.id}`);
    } catch (caught) {
      error.value = caught;
      isBusy.value = false;
      id.value = crypto.randomUUID();
    }
  };
  return (
    <Dialog title={t("new_sales_order")} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <label>
          <span class="label">{t("customer")}</span>
          <select name="customer" required>
            <option value="">{t("choose")}</option>
            {parties.value?.parties.map(party => (
              <option key={party.code} value={party.code}>
                {party.name}
              </option>
            ))}
          </select>
        </label>
        <div class="order-lines">
          {lines.value.map(line => (
            <div key={line.key} class="order-line">
              <label>
                <span class="label">{t("item")}</span>
                <select
                  required
                  value={line.itemCode}
                  onChange={event => change(line.key, { itemCode: event.currentTarget.value })}
                >
                  <option value="">{t("choose")}</option>
                  {items.value?.items.map(item => (
                    <option key={item.item_code} value={item.item_code}>
                      {item.item_code} · {item.name}
                    </option>
                  ))}
                </select>
              </label>
              <label>
                <span class="label">{t("quantity")}</span>
                <input
                  type="number"
                  inputMode="decimal"
                  min="0.000001"
                  step="any"
                  required
                  value={line.qty}
                  onInput={event => change(line.key, { qty: event.currentTarget.value })}
                />
              </label>
              <button
                type="button"
                class="button"
                aria-label={t("remove_line", { line: lines.value.indexOf(line) + 1 })}
                disabled={lines.value.length === 1}
                onClick={() => {
                  lines.value = lines.value.filter(each => each.key !== line.key);
                }}
              >
                <Icon name="close" />
              </button>
            </div>
          ))}
        </div>
        <button
          type="button"
          class="button"
          onClick={() => {
            const last = lines.value.at(-1)?.key ?? 0;
            lines.value = [...lines.value, { key: last + 1, itemCode: "", qty: "1" }];
          }}
        >
          {t("add_line")}
        </button>
        <label>
          <span class="label">{t("own_number")}</span>
          <input type="text" name="number" maxLength={64} autocomplete="off" />
        </label>
        {error.value !== null && <Failure error={error.value} />}
        <button type="submit" class="button button-primary" disabled={isBusy.value}>
          {t("write_order")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
