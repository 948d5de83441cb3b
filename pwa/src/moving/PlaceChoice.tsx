import type { Signal } from "@preact/signals";
import { t } from "../i18n/t";
import type { Destination } from "./types";

interface Props {
  label: string;
  value: Signal<string>;
  places: Destination[];
  onChange: () => void;
}

/** A place of the list; a scan of its code chooses it as well. */
export function PlaceChoice({ label, value, places, onChange }: Props) {
  return (
    <label>
      <span class="label">{label}</span>
      <select
        value={value.value}
        onChange={event => {
          value.value = event.currentTarget.value;
          onChange();
        }}
      >
        <option value="">{t("choose")}</option>
        {places.map(place => (
          <option key={place.id} value={String(place.id)}>
            {place.is_here ? place.path : `${place.site}: ${place.path}`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The place of this site that a scanned code names. */
export const placeOf = (places: Destination[], text: string): Destination | undefined =>
  places.find(each => each.is_here && each.code.toLowerCase() === text.toLowerCase());
