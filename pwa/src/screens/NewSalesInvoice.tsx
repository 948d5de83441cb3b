import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import type { Location } from "../api-types";
import { t } from "../i18n/t";
import type { Goods } from "../moving/GoodsForm";
import { PlaceChoice, placeOf } from "../moving/PlaceChoice";
import { ScannedList } from "../moving/ScannedList";
import { useScannedGoods } from "../moving/scanned-goods";
import { navigate } from "../router";
import { site } from "../session";
import { Failure } from "../ui/Failure";
import { PartyChoice } from "../ui/PartyChoice";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

const asLines = (goods: Goods[]) => ({
  lines: goods.map(({ item_code, batch_no, qty }) => ({ item_code, batch_no, qty })),
});

/** An invoice that moves the stock itself: who buys, from where, then scan what the customer takes along. */
export function NewSalesInvoice() {
  const places = useRead<{ locations: Location[] }>(
    site.value ? `/api/locations?site=${site.value.id}` : null,
  );
  const here = (places.value?.locations ?? [])
    .filter(each => each.receivable)
    .map(each => ({ ...each, site: site.value?.code ?? "", is_here: true }));
  const from = useSignal("");
  const customer = useSignal("");
  const remark = useSignal("");
  const scanned = useScannedGoods(
    places.value !== null,
    text => {
      const place = placeOf(here, text);
      if (place) from.value = String(place.id);
      return place !== undefined;
    },
    asLines,
  );
  const submit = async () => {
    const done = await scanned.send("sales_invoice", {
      location_id: Number(from.value),
      customer: customer.value,
      remark: remark.value.trim() || null,
    });
    if (done) navigate(done.voucherId ? `/sales-invoices/${done.voucherId}` : "/outbox", { replace: true });
  };
  return (
    <Screen title={t("new_sales_invoice")}>
      {places.error !== null && <Failure error={places.error} retry={places.reload} />}
      <p class="hint">{t("invoice_moves_stock")}</p>
      <div class="move-way">
        <PartyChoice kind="customer" choice={customer} onChange={scanned.changed} />
        <PlaceChoice label={t("move_from")} value={from} places={here} onChange={scanned.changed} />
      </div>
      <ScannedList
        scanned={scanned}
        button={t("invoice_now")}
        isReady={from.value !== "" && customer.value !== ""}
        onFinish={() => void submit()}
      />
      <label>
        <span class="label">{t("remark")}</span>
        <input
          type="text"
          maxLength={500}
          autocomplete="off"
          value={remark.value}
          onInput={event => {
            remark.value = event.currentTarget.value;
            scanned.changed();
          }}
        />
      </label>
    </Screen>
  );
}
