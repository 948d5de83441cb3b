import { number, tOr } from "../i18n/t";
import { Link } from "../ui/Link";
import { filter, STATES, withFilters } from "./filters";
import type { States } from "./types";

/** How much there is of each state, each a filter of the list below it; a second tap takes it off again. */
export function StateCounts({ totals }: { totals: States | undefined }) {
  const chosen = filter("state");
  const shown = STATES.filter(state => state === chosen || state === "available" || totals?.[state]);
  return (
    <ul class="state-counts">
      {shown.map(state => (
        <li key={state}>
          <Link
            to={withFilters({ state: state === chosen ? "" : state })}
            class={`button state-count ${state === chosen ? "state-count-chosen" : ""}`}
            isCurrent={state === chosen}
          >
            <strong>{totals ? number(totals[state] ?? 0) : "–"}</strong>
            <span class={`state state-${state}`}>{tOr(`state_${state}`, state)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
