import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { post } from "../api";
import type { Location } from "../api-types";
import { t } from "../i18n/t";
import { remember } from "../offline/snapshots";
import type { PickList } from "../picking/types";
import { navigate } from "../router";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { ListNote } from "../ui/ListNote";
import { useForm } from "../ui/use-form";
import { useRead } from "../ui/use-read";

/** Makes one pick list for some orders: from which warehouse, and whether the system proposes what to take. */
export function StartPickList({ siteId, orderIds }: { siteId: number; orderIds: string[] }) {
  const places = useRead<{ locations: Location[] }>(`/api/locations?site=${siteId}`);
  const place = useSignal<string>("");
  const isManual = useSignal(false);
  const warehouses = places.value?.locations.filter(each => each.receivable) ?? [];
  const chosen = place.value || String(warehouses[0]?.id ?? "");
  // Made once for what is asked: pressing twice, or again after a lost answer, makes one list.
  const id = useSignal("");
  useEffect(() => {
    id.value = crypto.randomUUID();
  }, [chosen, isManual.value, orderIds.join()]);
  const form = useForm(async () => {
    const made = await post<PickList>("/api/pick-lists", {
      id: id.value,
      sales_order_ids: orderIds,
      location_id: Number(chosen),
      manual: isManual.value,
    });
    await remember(`/api/pick-lists/${made.id}`, made);
    navigate(`/pick/${made.id}`);
  });
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <label>
        <span class="label">{t("warehouse")}</span>
        <select value={chosen} onChange={event => (place.value = event.currentTarget.value)} required>
          {warehouses.map(each => (
            <option key={each.id} value={each.id}>
              {each.path} · {each.name}
            </option>
          ))}
        </select>
      </label>
      <ListNote of={places} />
      <div class="choices">
        <button
          type="button"
          class="button"
          aria-pressed={!isManual.value}
          onClick={() => (isManual.value = false)}
        >
          {t("propose_units")}
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={isManual.value}
          onClick={() => (isManual.value = true)}
        >
          {t("choose_myself")}
        </button>
      </div>
      {form.error.value !== null && <Failure error={form.error.value} />}
      <button type="submit" class="button button-primary" disabled={form.isBusy.value || chosen === ""}>
        <Icon name="outbox" />
        {t("start_picking")}
      </button>
    </form>
  );
}
