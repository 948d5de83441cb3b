import type { Destination } from "../moving/types";
import { site } from "../session";
import { ListNote } from "../ui/ListNote";
import { useRead } from "../ui/use-read";

interface Props {
  label: string;
  /** Which places of this site can be chosen. */
  fits: (place: Destination) => boolean;
}

/** The field `place` of a form: a place of this site. */
export function PlaceField({ label, fits }: Props) {
  const destinations = useRead<{ destinations: Destination[] }>(
    site.value ? `/api/transfer-destinations?site=${site.value.id}` : null,
  );
  return (
    <>
      <label>
        <span class="label">{label}</span>
        <select name="place" required>
          {destinations.value?.destinations
            .filter(place => place.is_here && fits(place))
            .map(place => (
              <option key={place.id} value={String(place.id)}>
                {place.path}
              </option>
            ))}
        </select>
      </label>
      <ListNote of={destinations} />
    </>
  );
}
