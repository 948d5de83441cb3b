import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t, tOr } from "../i18n/t";
import { may } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import type { MasterKind } from "./types";
import { usePages } from "./use-pages";

interface Props<Line> {
  kind: MasterKind;
  /** What the list is asked for besides the search, such as `&site=1`. */
  query?: string;
  /** While nothing is searched for, such as `&parent_id=1`. */
  unsearched?: string;
  above?: ComponentChildren;
  newAt?: string;
  card: (line: Line) => ComponentChildren;
}

/** A list of masters: search, retired ones on demand, page by page, and the ways to a new one and to files. */
export function MasterList<Line extends { id: number }>(props: Props<Line>) {
  const { kind, query = "", unsearched = "", above, card } = props;
  const text = useSignal("");
  const isRetired = useSignal(false);
  const wanted = new URLSearchParams({ q: text.value.trim(), show: isRetired.value ? "retired" : "offered" });
  const where = text.value.trim() || isRetired.value ? "" : unsearched;
  const { lines, error, more, reload } = usePages<Line>(
    `/api/masters/${kind}?${wanted}${query}${where}`,
    kind,
  );
  return (
    <Screen
      title={tOr(`masters_${kind}`, kind)}
      over={<Link to="/masters">{t("masters")}</Link>}
      class="masters"
    >
      {above}
      <div class="masters-tools">
        <label class="field">
          <span class="label">{t("search")}</span>
          <input
            type="search"
            value={text.value}
            maxLength={100}
            onInput={event => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
        <button
          type="button"
          class="button"
          aria-pressed={isRetired.value}
          onClick={() => {
            isRetired.value = !isRetired.value;
          }}
        >
          {t("show_retired")}
        </button>
        {may("masters.manage") && (
          <Link to={`/masters/${kind}/import`} class="button">
            {t("files_in_and_out")}
          </Link>
        )}
      </div>
      {error !== null && <Failure error={error} retry={reload} />}
      {!lines && error === null && <Busy />}
      {lines?.length === 0 && <p class="empty">{t("nothing_found")}</p>}
      <ul class="cards">
        {lines?.map(line => (
          <li key={line.id}>{card(line)}</li>
        ))}
      </ul>
      {more && (
        <button type="button" class="button" onClick={more}>
          {t("show_next")}
        </button>
      )}
      {may("masters.manage") && (
        <div class="bottom-bar">
          <Link to={props.newAt ?? `/masters/${kind}/new`} class="button button-primary">
            {tOr(`new_${kind}`, "")}
          </Link>
        </div>
      )}
    </Screen>
  );
}
