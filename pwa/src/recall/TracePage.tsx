import "../styles/recall.css";
import { useSignal } from "@preact/signals";
import { date, number, t } from "../i18n/t";
import { may } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { UnitState } from "../ui/UnitState";
import { useRead } from "../ui/use-read";
import type { TracedUnit } from "./types";

const DIRECTIONS = ["forward", "backward"] as const;
/** More would only be scrolled past; the file has all. */
const MOST_SHOWN = 200;

/** Where a unit, batch, receipt or recall came from, what it was built into, and who has it. */
export function TracePage() {
  const direction = useSignal<(typeof DIRECTIONS)[number]>("forward");
  const query = new URLSearchParams(location.search);
  const [what = ""] = [...query.keys()];
  const asked = `${encodeURIComponent(what)}=${encodeURIComponent(query.get(what) ?? "")}&direction=${direction.value}`;
  const { value, error, reload } = useRead<{ total: number; units: TracedUnit[] }>(
    `/api/traces?${asked}&limit=${MOST_SHOWN}`,
  );
  return (
    <Screen class="recall" title={t("trace")}>
      <fieldset class="choices" aria-label={t("direction")}>
        {DIRECTIONS.map(each => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={each === direction.value}
            onClick={() => {
              direction.value = each;
            }}
          >
            {t(`trace_${each}`)}
          </button>
        ))}
      </fieldset>
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value && (
        <>
          <p>{t("traced_units", { count: value.total })}</p>
          <ul class="cards recall-units">
            {value.units.map(unit => (
              <li key={unit.id}>
                <Traced unit={unit} />
              </li>
            ))}
          </ul>
          {value.total > MOST_SHOWN && (
            <p class="empty">{t("first_of_trace", { shown: number(MOST_SHOWN) })}</p>
          )}
        </>
      )}
      <nav class="recall-tools">
        <a class="button" href={`/api/traces.csv?${asked}`} download>
          <Icon name="download" />
          {t("as_csv")}
        </a>
        {may("hold") && (what === "batch" || what === "receipt") && (
          <Link to={`/recalls/new?${what}=${encodeURIComponent(query.get(what) ?? "")}`} class="button">
            <Icon name="stop" />
            {t("new_recall")}
          </Link>
        )}
      </nav>
    </Screen>
  );
}

function Traced({ unit }: { unit: TracedUnit }) {
  const links = [
    ...unit.built_into.map(link => ({ ...link, word: t("built_into", { serial: link.serial_no }) })),
    ...unit.parts.map(link => ({ ...link, word: t("has_part", { serial: link.serial_no }) })),
  ];
  return (
    <article class={`card ${unit.is_asked_for ? "" : "trace-found"}`}>
      <p class="card-head">
        <Link to={`/unit/${unit.id}`} class="card-title fact-link">
          {unit.serial_no}
        </Link>
        <UnitState state={unit.state} />
      </p>
      <p>
        <strong>{unit.customer?.name ?? unit.place.path}</strong> {unit.customer?.contact} ·{" "}
        {unit.voucher.number} {date(unit.since)}
      </p>
      <p class="card-text">
        {unit.item.item_code}
        {unit.batch && ` · ${unit.batch.batch_no}`}
        {unit.supplier && ` · ${unit.supplier.name}`}
        {unit.receipt && ` · ${unit.receipt.number} ${date(unit.receipt.dated_on)}`}
        {unit.receipt?.purchase_order && ` · ${unit.receipt.purchase_order}`}
      </p>
      {links.map(link => (
        <p key={link.word} class="card-text">
          <Link to={`/unit/${link.unit_id}`} class="fact-link">
            {link.word}
          </Link>
          {link.removed_at && ` · ${t("was_taken_out", { date: date(link.removed_at) })}`}
        </p>
      ))}
    </article>
  );
}
