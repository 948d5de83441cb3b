import type { Signal } from "@preact/signals";
import type { Location, Unit } from "../api-types";
import { t } from "../i18n/t";
import { Icon } from "../ui/Icon";

/** A part that was scanned: it goes in, it comes out, or it came out and was never ours. */
export interface PartLine {
  serial_no: string;
  way: "in" | "out" | "noted";
}

interface Props {
  unit: Unit;
  parts: Signal<PartLine[]>;
  places: Location[];
  from: Signal<string>;
  to: Signal<string>;
}

const inside = (unit: Unit) =>
  unit.components.filter(each => each.removed_at === null && each.serial_no !== null);

/** What a scanned code is: a part that is inside comes out, any other goes in. */
export function partOf(unit: Unit, text: string): PartLine {
  const is = (serial_no: string | null) => serial_no?.toLowerCase() === text.toLowerCase();
  return { serial_no: text, way: inside(unit).some(each => is(each.serial_no)) ? "out" : "in" };
}

/** Parts out and in: scanned anywhere on the form, or tapped in the list of what is inside. */
export function VisitParts({ unit, parts, places, from, to }: Props) {
  const remaining = inside(unit).filter(
    each => !parts.value.some(part => part.serial_no.toLowerCase() === each.serial_no?.toLowerCase()),
  );
  const shelves = places.filter(place => ["warehouse", "bin", "reject"].includes(place.kind));
  const set = (index: number, way: PartLine["way"] | null) => {
    parts.value = parts.value.flatMap((part, at) =>
      at !== index ? [part] : way === null ? [] : [{ ...part, way }],
    );
  };
  return (
    <>
      <ul class="lines" data-testid="parts">
        {parts.value.map((part, index) => (
          <li key={part.serial_no} class="line line-tall">
            <strong class="key-data">{part.serial_no}</strong>
            <span class="line-tools">
              <select
                aria-label={t("part_way", { serial: part.serial_no })}
                value={part.way}
                onChange={event => set(index, event.currentTarget.value as PartLine["way"])}
              >
                <option value="in">{t("part_in")}</option>
                <option value="out">{t("part_out")}</option>
                <option value="noted">{t("part_noted")}</option>
              </select>
              <button
                type="button"
                class="button"
                aria-label={t("undo_of", { serial: part.serial_no })}
                onClick={() => set(index, null)}
              >
                <Icon name="undo" />
              </button>
            </span>
          </li>
        ))}
      </ul>
      {remaining.length > 0 && (
        <div class="inside">
          <p class="label">{t("inside_now")}</p>
          {remaining.map(each => (
            <button
              key={each.serial_no}
              type="button"
              class="button"
              onClick={() => {
                parts.value = [...parts.value, { serial_no: each.serial_no ?? "", way: "out" }];
              }}
            >
              <Icon name="outbox" />
              {t("take_out", { serial: each.serial_no ?? "", item: each.item_code })}
            </button>
          ))}
        </div>
      )}
      {parts.value.some(part => part.way === "in") && (
        <PlaceChoice label={t("parts_from")} value={from} places={shelves.filter(p => p.kind !== "reject")} />
      )}
      {parts.value.some(part => part.way === "out") && (
        <PlaceChoice label={t("parts_to")} value={to} places={shelves} />
      )}
    </>
  );
}

function PlaceChoice({ label, value, places }: { label: string; value: Signal<string>; places: Location[] }) {
  return (
    <label>
      <span class="label">{label}</span>
      <select
        required
        value={value.value}
        onChange={event => {
          value.value = event.currentTarget.value;
        }}
      >
        <option value="">{t("choose")}</option>
        {places.map(place => (
          <option key={place.id} value={String(place.id)}>
            {place.path}
          </option>
        ))}
      </select>
    </label>
  );
}
