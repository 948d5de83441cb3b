import { type TextKey, t, tOr } from "../i18n/t";
import { navigate } from "../router";
import { filter, withFilters } from "../stock/filters";
import { Clock } from "./Clock";
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
  act: "report_column_what",
};

interface Props {
  names: FilterName[];
  /** The kinds of acts that can be chosen. */
  acts: readonly string[];
  isOpen: boolean;
}

/** Narrows a report; what is set stands in the link, so that it can be sent to somebody. */
export function Filters({ names, acts, isOpen }: Props) {
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
          <Field key={name} name={name} acts={acts} />
        ))}
        {(names.includes("from") || names.includes("to")) && <Clock />}
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

function Field({ name, acts }: { name: FilterName; acts: readonly string[] }) {
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
      ) : name === "act" ? (
        <select id={id} name={name}>
          <option value="">{t("report_acts_all")}</option>
          {acts.map(act => (
            <option key={act} value={act} selected={act === filter(name)}>
              {tOr(`act_${act}`, act.replaceAll("_", " "))}
            </option>
          ))}
        </select>
      ) : (
        <input type="text" {...given} maxLength={64} autocomplete="off" />
      )}
    </div>
  );
}
