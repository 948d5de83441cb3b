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
import { Icon } from "../ui/Icon";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

const PURPOSES = ["issue", "consume", "take_out", "scrap"] as const;
type Purpose = (typeof PURPOSES)[number];

/** What is used up, scrapped, built into a unit or taken out of it; there the first code is that unit. */
export function NewStockEntry() {
  const destinations = useRead<{ destinations: Destination[] }>(
    site.value ? `/api/transfer-destinations?site=${site.value.id}` : null,
  );
  const here = destinations.value?.destinations.filter(each => each.is_here) ?? [];
  const chosen = useSignal<string>("issue");
  const place = useSignal("");
  const parent = useSignal("");
  const reason = useSignal("");
  const purpose: Purpose = PURPOSES.find(each => each === chosen.value) ?? "issue";
  const hasParent = purpose === "consume" || purpose === "take_out";
  const scanned = useScannedGoods(destinations.value !== null, text => {
    const known = placeOf(here, text);
    if (known) place.value = String(known.id);
    else if (hasParent && parent.value === "") parent.value = text;
    else return false;
    return true;
  });
  const draft = useDraft("stock_entry", scanned, {
    places: { location_id: place },
    texts: { purpose: chosen, parent_serial_no: parent, remark: reason },
  });
  const submit = async () => {
    const done = await draft.send({
      location_id: Number(place.value),
      purpose,
      parent_serial_no: hasParent ? parent.value : null,
      remark: reason.value.trim(),
    });
    if (done) navigate(done.voucherId ? `/vouchers/${done.voucherId}` : "/outbox", { replace: true });
  };
  const isReady = place.value !== "" && reason.value.trim() !== "" && (!hasParent || parent.value !== "");
  return (
    <Screen title={t("new_stock_entry")}>
      <DraftHead draft={draft} />
      <fieldset class="choices" aria-label={t("entry_purpose")}>
        {PURPOSES.map(each => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={purpose === each}
            onClick={() => {
              chosen.value = each;
              scanned.changed();
            }}
          >
            {t(`entry_${each}`)}
          </button>
        ))}
      </fieldset>
      <PlaceChoice
        label={t(purpose === "take_out" ? "move_to" : "move_from")}
        value={place}
        places={here}
        onChange={scanned.changed}
      />
      <ListNote of={destinations} />
      {hasParent && (
        <div class="line parent-unit" data-testid="parent">
          <span>
            <span class="label">{t(purpose === "consume" ? "built_into" : "taken_out_of")}</span>
            <strong class="key-data">{parent.value || t("scan_it_first")}</strong>
          </span>
          {parent.value && (
            <button
              type="button"
              class="button"
              aria-label={t("undo_of", { serial: parent.value })}
              onClick={() => {
                parent.value = "";
                scanned.changed();
              }}
            >
              <Icon name="undo" />
            </button>
          )}
        </div>
      )}
      <ReasonField
        reason={reason}
        common={REASONS[purpose].map(each => t(each))}
        onChange={scanned.changed}
      />
      <ScannedList
        scanned={scanned}
        draft={draft}
        button={t(`entry_now_${purpose}`)}
        isReady={isReady}
        onFinish={() => void submit()}
      />
    </Screen>
  );
}

const REASONS = {
  issue: ["issue_own_use", "issue_sample", "issue_consumable"],
  consume: ["consume_assembly", "consume_repair"],
  take_out: ["take_out_repair", "take_out_reuse"],
  scrap: ["scrap_damaged", "scrap_expired"],
} as const;
