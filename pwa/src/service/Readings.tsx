import type { Signal } from "@preact/signals";
import { t } from "../i18n/t";
import { Icon } from "../ui/Icon";

export interface ReadingLine {
  name: string;
  value: string;
  unit: string;
}

const FIELDS = [
  ["name", "reading_name", 100],
  ["value", "reading_value", 100],
  ["unit", "reading_unit", 32],
] as const;

/** Values read off the unit, each with a name and a unit of measure. */
export function Readings({ readings }: { readings: Signal<ReadingLine[]> }) {
  const change = (index: number, changes: Partial<ReadingLine>) => {
    readings.value = readings.value.map((each, at) => (at === index ? { ...each, ...changes } : each));
  };
  return (
    <section>
      <h2>{t("readings")}</h2>
      {readings.value.map((reading, index) => (
        <fieldset key={index} class="reading" aria-label={t("reading_n", { n: index + 1 })}>
          {FIELDS.map(([field, text, most]) => (
            <label key={field}>
              <span class="label">{t(text)}</span>
              <input
                type="text"
                maxLength={most}
                required={field !== "unit"}
                autocomplete="off"
                value={reading[field]}
                onInput={event => change(index, { [field]: event.currentTarget.value })}
              />
            </label>
          ))}
          <button
            type="button"
            class="button"
            aria-label={t("remove_reading", { n: index + 1 })}
            onClick={() => {
              readings.value = readings.value.filter((_, at) => at !== index);
            }}
          >
            <Icon name="close" />
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        class="button"
        onClick={() => {
          readings.value = [...readings.value, { name: "", value: "", unit: "" }];
        }}
      >
        {t("add_reading")}
      </button>
    </section>
  );
}
