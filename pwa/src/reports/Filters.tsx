import { type TextKey, t } from "../i18n/t";
import { navigate } from "../router";
import { filter, withFilters } from "../stock/filters";
import type { FilterName } from "./types";

const LABELS: Record<FilterName, TextKey> = {
  from: "report_from",
  to: "report_to",
  item: "item",
  batch: "batch",
  place: "place",
  party: "party",
  serial: "serial_or_code",
  days: "report_days",
};

/** Narrows a report; what is set stands in the link, so that it can be sent to somebody. */
export function Filters({ names, isOpen }: { names: FilterName[]; isOpen: boolean }) {
  const set = names.filter(name => filter(name));
  return (
    <details class="report-filters" open={isOpen}>
      <summary>
        {t("report_filters")}
        {set.length > 0 && ` (${set.length})`}
      </summary>
      <form
        key={names.map(filter).join("|")}
        onSubmit={event => {
          event.preventDefault();
          const fields = new FormData(event.currentTarget);
          // What was asked for is what the person wants to see next, also on a small phone.
          event.currentTarget.closest("details")?.removeAttribute("open");
          navigate(
            withFilters(Object.fromEntries(names.map(name => [name, String(fields.get(name) ?? "").trim()]))),
          );
        }}
      >
        {names.map(name => (
          <Field key={name} name={name} />
        ))}
        <div class="report-buttons">
          <button type="submit" class="button button-primary">
            {t("report_show")}
          </button>
          {set.length > 0 && (
            <button
              type="button"
              class="button"
              onClick={() => navigate(withFilters(Object.fromEntries(names.map(name => [name, ""]))))}
            >
              {t("report_all")}
            </button>
          )}
        </div>
      </form>
    </details>
  );
}

function Field({ name }: { name: FilterName }) {
  const id = `filter-${name}`;
  const given = { id, name, defaultValue: filter(name) };
  return (
    <div>
      <label class="label" for={id}>
        {t(LABELS[name])}
      </label>
      {name === "from" || name === "to" ? (
        <input type="date" {...given} />
      ) : name === "days" ? (
        <input type="number" {...given} min={0} max={36500} />
      ) : (
        <input type="text" {...given} maxLength={64} autocomplete="off" />
      )}
    </div>
  );
}
