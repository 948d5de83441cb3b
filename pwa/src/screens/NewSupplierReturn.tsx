import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import { DraftHead } from "../drafts/DraftHead";
import { useDraft } from "../drafts/use-draft";
import { t } from "../i18n/t";
import { PlaceChoice, placeOf } from "../moving/PlaceChoice";
import { ReasonField } from "../moving/ReasonField";
import { ScannedList } from "../moving/ScannedList";
import { useScannedGoods } from "../moving/scanned-goods";
import type { Destination } from "../moving/types";
import { navigate } from "../router";
import { site } from "../session";
import { ListNote } from "../ui/ListNote";
import { PartyChoice } from "../ui/PartyChoice";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** Who gets it, from where and why, then scan what goes back. */
export function NewSupplierReturn() {
  const places = useRead<{ destinations: Destination[] }>(
    site.value ? `/api/transfer-destinations?site=${site.value.id}` : null,
  );
  const here = places.value?.destinations.filter(each => each.is_here) ?? [];
  const from = useSignal("");
  const supplier = useSignal("");
  const reason = useSignal("");
  const scanned = useScannedGoods(places.value !== null, text => {
    const place = placeOf(here, text);
    if (place) from.value = String(place.id);
    return place !== undefined;
  });
  const draft = useDraft("supplier_return", scanned, {
    places: { location_id: from },
    texts: { supplier, remark: reason },
  });
  const submit = async () => {
    const done = await draft.send({
      location_id: Number(from.value),
      supplier: supplier.value,
      remark: reason.value.trim(),
    });
    if (done) navigate(done.voucherId ? `/vouchers/${done.voucherId}` : "/outbox", { replace: true });
  };
  return (
    <Screen title={t("new_supplier_return")}>
      <DraftHead draft={draft} />
      <div class="move-way">
        <PlaceChoice label={t("move_from")} value={from} places={here} onChange={scanned.changed} />
        <PartyChoice kind="supplier" choice={supplier} onChange={scanned.changed} />
      </div>
      <ListNote of={places} />
      <ReasonField
        reason={reason}
        common={[t("return_defective"), t("return_wrong_goods"), t("return_too_many"), t("return_recalled")]}
        onChange={scanned.changed}
      />
      <ScannedList
        scanned={scanned}
        draft={draft}
        button={t("return_now")}
        isReady={from.value !== "" && supplier.value !== "" && reason.value.trim() !== ""}
        onFinish={() => void submit()}
      />
    </Screen>
  );
}
