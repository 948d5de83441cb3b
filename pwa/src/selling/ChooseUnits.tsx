import { useSignal } from "@preact/signals";
import { post } from "../api";
import type { Location } from "../api-types";
import { date, t, tOr } from "../i18n/t";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { ListNote } from "../ui/ListNote";
import { useRead } from "../ui/use-read";
import type { SalesOrder, SalesOrderLine } from "./types";

interface StockUnit {
  id: number;
  serial_no: string;
  availability: string;
  location: { path: string };
  batch_no: string | null;
  expires_on: string | null;
  received_at: string;
  reserved_for: string | null;
}

interface Props {
  order: SalesOrder;
  line: SalesOrderLine;
  onChosen: (order: SalesOrder) => void;
}

/** The exact units for an order, found by batch, warehouse, availability and age. */
export function ChooseUnits({ order, line, onChosen }: Props) {
  const [place, batch] = [useSignal(""), useSignal("")];
  const state = useSignal("available");
  const age = useSignal("");
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const places = useRead<{ locations: Location[] }>(`/api/locations?site=${order.site_id}`);
  const stock = useRead<{ batches: { id: number; batch_no: string }[] }>(
    `/api/stock/items/${line.item.id}?site=${order.site_id}`,
  );
  const filters = [
    ["place", place.value],
    ["batch", batch.value],
    ["state", state.value],
    ["older_than", age.value],
  ].filter(([, value]) => value !== "");
  const query = filters.map(([name, value]) => `&${name}=${value}`).join("");
  const units = useRead<{ units: StockUnit[] }>(
    `/api/stock/units?site=${order.site_id}&item=${line.item.id}&limit=200${query}`,
  );
  const choose = async (serialNo: string) => {
    isBusy.value = true;
    error.value = null;
    try {
      onChosen(await post<SalesOrder>(`/api/sales-orders/${order.id}/reserve`, { serial_nos: [serialNo] }));
      units.reload();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <section class="choose-units">
      <h2>{t("choose_units_of", { item: line.item.item_code })}</h2>
      <div class="filters">
        <label>
          <span class="label">{t("warehouse")}</span>
          <select value={place.value} onChange={event => (place.value = event.currentTarget.value)}>
            <option value="">{t("everywhere")}</option>
            {places.value?.locations
              .filter(each => each.receivable)
              .map(each => (
                <option key={each.id} value={each.id}>
                  {each.path}
                </option>
              ))}
          </select>
        </label>
        <label>
          <span class="label">{t("batch")}</span>
          <select value={batch.value} onChange={event => (batch.value = event.currentTarget.value)}>
            <option value="">{t("every_batch")}</option>
            {stock.value?.batches.map(each => (
              <option key={each.id} value={each.id}>
                {each.batch_no}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="label">{t("availability")}</span>
          <select value={state.value} onChange={event => (state.value = event.currentTarget.value)}>
            {["available", "reserved", "on_hold", "recalled", "expired", ""].map(each => (
              <option key={each} value={each}>
                {each === "" ? t("all_states") : tOr(`availability_${each}`, each.replace("_", " "))}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="label">{t("older_than_days")}</span>
          <input
            type="number"
            min="0"
            max="36500"
            value={age.value}
            onChange={event => (age.value = event.currentTarget.value)}
          />
        </label>
      </div>
      <ListNote of={places} />
      {places.error === null && <ListNote of={stock} />}
      {error.value !== null && <Failure error={error.value} />}
      {units.error !== null && <Failure error={units.error} retry={units.reload} />}
      {!units.value && units.error === null && <Busy />}
      {units.value?.units.length === 0 && <p class="empty">{t("no_units_here")}</p>}
      <ul class="lines" data-testid="units-to-choose">
        {units.value?.units.map(unit => (
          <li key={unit.id} class="line line-tall">
            <span>
              <strong class="key-data">{unit.serial_no}</strong>
              <small>
                {[
                  unit.location.path,
                  unit.batch_no && t("batch_is", { batch: unit.batch_no }),
                  unit.expires_on && t("expires_on", { date: date(unit.expires_on) }),
                  unit.reserved_for && t("reserved_for", { number: unit.reserved_for }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </small>
            </span>
            <button
              type="button"
              class="button"
              disabled={isBusy.value || unit.availability !== "available"}
              aria-label={t("choose_unit", { serial: unit.serial_no })}
              onClick={() => void choose(unit.serial_no)}
            >
              <Icon name="check" />
              {t("choose_this")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
