import { useSignal } from "@preact/signals";
import { post } from "../api";
import type { Location, Receipt, ReceiptSummary } from "../api-types";
import { t } from "../i18n/t";
import { remember } from "../offline/snapshots";
import { navigate } from "../router";
import { site } from "../session";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** What is in a place before the first receipt: choose the place, then fill it like a receipt. */
export function OpeningStock() {
  const siteId = site.value?.id ?? 0;
  const places = useRead<{ locations: Location[] }>(`/api/locations?site=${siteId}`);
  const drafts = useRead<{ opening_stocks: ReceiptSummary[] }>(
    `/api/opening-stocks?site=${siteId}&status=draft`,
  );
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const id = useSignal(crypto.randomUUID());

  const begin = async (place: Location) => {
    isBusy.value = true;
    error.value = null;
    try {
      const body = { id: id.value, site: siteId, location_id: place.id };
      const opened = await post<Receipt>("/api/opening-stocks", body);
      await remember(`/api/opening-stocks/${opened.id}`, opened);
      navigate(`/opening/${opened.id}/add`, { replace: true });
    } catch (caught) {
      error.value = caught;
      id.value = crypto.randomUUID();
      isBusy.value = false;
    }
  };

  return (
    <Screen title={t("opening_stock")}>
      <p class="lead">{t("opening_stock_text")}</p>
      {drafts.value && drafts.value.opening_stocks.length > 0 && (
        <ul class="cards">
          {drafts.value.opening_stocks.map(draft => (
            <li key={draft.id}>
              <Link to={`/opening/${draft.id}`} class="card card-link">
                <Icon name="boxes" />
                <span class="card-title">{draft.number}</span>
                <span class="card-text">
                  {draft.location.path} · {t("on_voucher", { count: draft.counts.accepted })}
                </span>
                <Icon name="forward" />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <h2>{t("opening_where")}</h2>
      <ListNote of={places} />
      {error.value !== null && <Failure error={error.value} />}
      <fieldset class="choices" aria-label={t("opening_where")}>
        {places.value?.locations
          .filter(place => place.receivable)
          .map(place => (
            <button
              key={place.id}
              type="button"
              class="button place"
              disabled={isBusy.value}
              onClick={() => void begin(place)}
            >
              <strong>{place.code}</strong>
              <span>{place.name}</span>
            </button>
          ))}
      </fieldset>
    </Screen>
  );
}
