import { useSignal } from "@preact/signals";
import { post, remove } from "../api";
import { t, tOr } from "../i18n/t";
import { may } from "../session";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import type { SecondarySerial } from "./types";

interface Props {
  unitId: number;
  kinds: string[];
  serials: SecondarySerial[];
  reload: () => void;
}

/** IMEI, MAC, VIN and components of a unit, with a field for each kind that its item has. */
export function SecondarySerials({ unitId, kinds, serials, reload }: Props) {
  const error = useSignal<unknown>(null);
  const address = `/api/units/${unitId}/secondary-serials`;
  const run = async (job: () => Promise<unknown>) => {
    error.value = null;
    try {
      await job();
      reload();
    } catch (caught) {
      error.value = caught;
    }
  };
  const onSubmit = (kind: string) => (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("text") as HTMLInputElement;
    const text = field.value.trim();
    if (text) void run(() => post(address, { kind, text }).then(() => (field.value = "")));
  };
  return (
    <section>
      <h2>{t("secondary_kinds")}</h2>
      <ul class="lines">
        {serials.map(each => (
          <li key={each.id} class="line">
            <span>
              <small>{tOr(`secondary_${each.kind}`, each.kind)}</small> <strong>{each.secondary_no}</strong>
            </span>
            {may("cancel") && (
              <button
                type="button"
                class="button"
                aria-label={t("remove_number", { number: each.secondary_no })}
                onClick={() => void run(() => remove(`${address}/${each.id}`))}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {error.value !== null && <Failure error={error.value} />}
      {may("receive") &&
        kinds.map(kind => (
          <form key={kind} class="code-field" onSubmit={onSubmit(kind)}>
            <label>
              <span class="label">{tOr(`secondary_${kind}`, kind)}</span>
              <input type="text" name="text" autocomplete="off" maxLength={64} />
            </label>
            <button type="submit" class="button">
              {t("add")}
            </button>
          </form>
        ))}
    </section>
  );
}
