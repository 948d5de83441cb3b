import { t, time } from "../i18n/t";
import { Icon } from "../ui/Icon";
import type { PickList, ReleasedUnit } from "./types";

/** What was taken off the list since it was made, why, and what goes in its place: said before anything is fetched. */
export function ReleasedUnits({ pickList }: { pickList: PickList }) {
  // A list that the device remembers from before a version knows nothing of holds.
  const released = pickList.released ?? [];
  if (released.length === 0) return null;
  return (
    <section class="notice notice-warning released" role="status" data-testid="released">
      <Icon name="warning" />
      <h2 class="notice-title">{t("released_by_hold", { count: released.length })}</h2>
      <ul class="released-list">
        {released.map(each => (
          <li key={each.serial_no ?? each.batch_no}>
            <p>
              <strong class="key-data">{nameOf(each)}</strong> {t(WHY[each.kind], { reason: each.reason })}
            </p>
            <p>
              {each.was_picked && <strong>{t("put_it_aside")} </strong>}
              {each.serial_no !== null && t(each.instead ? "proposed_instead" : "nothing_instead")}{" "}
              <strong>{each.instead}</strong>
            </p>
            <small>
              {each.by} · {time(each.at)}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

const WHY = {
  hold: "is_held_because",
  recall: "is_recalled_because",
  missing: "is_missing_in_count",
  misplaced: "is_elsewhere_in_count",
} as const;

const nameOf = ({ serial_no, item_code, batch_no }: ReleasedUnit) =>
  serial_no ?? `${item_code} ${t("batch_is", { batch: batch_no ?? "" })}`;
