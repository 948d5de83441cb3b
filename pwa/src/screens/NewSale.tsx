import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import type { Location } from "../api-types";
import { DraftHead } from "../drafts/DraftHead";
import { useDraft } from "../drafts/use-draft";
import { t } from "../i18n/t";
import type { Goods } from "../moving/GoodsForm";
import { PlaceChoice, placeOf } from "../moving/PlaceChoice";
import { ScannedList } from "../moving/ScannedList";
import { useScannedGoods } from "../moving/scanned-goods";
import { navigate } from "../router";
import { site } from "../session";
import { ListNote } from "../ui/ListNote";
import { PartyChoice } from "../ui/PartyChoice";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

const asLines = (goods: Goods[]) => ({
  lines: goods.map(({ item_code, batch_no, qty }) => ({ item_code, batch_no, qty })),
});

const TEXTS = {
  delivery_note: { title: "new_delivery_note", button: "deliver_now", path: "/delivery-notes" },
  sales_invoice: { title: "new_sales_invoice", button: "invoice_now", path: "/sales-invoices" },
} as const;

/** A delivery, or an invoice that moves the stock itself: to whom, from where, then scan what the customer gets. */
export function NewSale({ kind }: { kind: keyof typeof TEXTS }) {
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
  const draft = useDraft(kind, scanned, {
    places: { location_id: from },
    texts: { customer, remark },
  });
  const submit = async () => {
    const done = await draft.send({
      location_id: Number(from.value),
      customer: customer.value,
      remark: remark.value.trim() || null,
    });
    if (done)
      navigate(done.voucherId ? `${TEXTS[kind].path}/${done.voucherId}` : "/outbox", { replace: true });
  };
  return (
    <Screen title={t(TEXTS[kind].title)}>
      <DraftHead draft={draft} />
      {kind === "sales_invoice" && <p class="hint">{t("invoice_moves_stock")}</p>}
      <div class="move-way">
        <PartyChoice kind="customer" choice={customer} onChange={scanned.changed} />
        <PlaceChoice label={t("move_from")} value={from} places={here} onChange={scanned.changed} />
      </div>
      <ListNote of={places} />
      <ScannedList
        scanned={scanned}
        draft={draft}
        button={t(TEXTS[kind].button)}
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
