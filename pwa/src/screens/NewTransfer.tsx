import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import { DraftHead } from "../drafts/DraftHead";
import { useDraft } from "../drafts/use-draft";
import { t } from "../i18n/t";
import { PlaceChoice, placeOf } from "../moving/PlaceChoice";
import { ScannedList } from "../moving/ScannedList";
import { useScannedGoods } from "../moving/scanned-goods";
import type { Destination } from "../moving/types";
import { navigate } from "../router";
import { site } from "../session";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** From where, to where, then scan: a code of a place sets it, every other code is a unit that moves. */
export function NewTransfer() {
  const destinations = useRead<{ destinations: Destination[] }>(
    site.value ? `/api/transfer-destinations?site=${site.value.id}` : null,
  );
  const places = destinations.value?.destinations ?? [];
  const from = useSignal("");
  const to = useSignal("");
  const overTransit = useSignal(false);
  const scanned = useScannedGoods(destinations.value !== null, text => {
    const place = placeOf(places, text);
    if (!place) return false;
    const end = from.value === "" ? from : to;
    end.value = String(place.id);
    return true;
  });

  const target = places.find(each => String(each.id) === to.value);
  const isElsewhere = target !== undefined && !target.is_here;
  const draft = useDraft("stock_transfer", scanned, {
    places: { location_id: from, to_location_id: to },
    flags: { over_transit: overTransit },
  });
  const submit = async () => {
    const done = await draft.send({
      location_id: Number(from.value),
      to_location_id: Number(to.value),
      over_transit: overTransit.value || isElsewhere,
    });
    if (done) navigate(done.voucherId ? `/transfers/${done.voucherId}` : "/outbox", { replace: true });
  };

  return (
    <Screen title={t("new_transfer")}>
      <DraftHead draft={draft} />
      <div class="move-way">
        <PlaceChoice
          label={t("move_from")}
          value={from}
          places={places.filter(each => each.is_here)}
          onChange={scanned.changed}
        />
        <PlaceChoice label={t("move_to")} value={to} places={places} onChange={scanned.changed} />
      </div>
      <ListNote of={destinations} />
      <label class="check">
        <input
          type="checkbox"
          checked={overTransit.value || isElsewhere}
          disabled={isElsewhere}
          onChange={event => {
            overTransit.value = event.currentTarget.checked;
            scanned.changed();
          }}
        />
        {t("over_transit")}
      </label>
      <ScannedList
        scanned={scanned}
        draft={draft}
        button={t("move_now")}
        isReady={from.value !== "" && to.value !== ""}
        onFinish={() => void submit()}
      />
    </Screen>
  );
}
