import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { site } from "../session";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { useRead } from "../ui/use-read";
import type { Adding } from "./adding-types";

/** Units without a number on them: the system numbers them by the item's series. */
export function NumberMany({ path, item, details, onAdded }: Adding) {
  const count = useSignal(1);
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const drawn = useSignal<string[]>([]);
  const asked = useSignal<{ id: string; of: string }>({ id: crypto.randomUUID(), of: "" });
  const isCount = Number.isInteger(count.value) && count.value >= 1 && count.value <= 10_000;
  const at = site.value ? `&site=${site.value.id}` : "";
  const next = useRead<{ series: string; serial_no: string; last_serial_no: string }>(
    isCount ? `/api/items/${item.id}/next-serial?count=${count.value}${at}` : null,
  );
  const draw = async () => {
    isBusy.value = true;
    error.value = null;
    const body = { item_id: item.id, count: count.value, ...details };
    const of = JSON.stringify(body);
    if (asked.value.of !== of) asked.value = { id: crypto.randomUUID(), of };
    try {
      const answer = await post<{ serial_nos: string[] }>(
        `${path}/numbered-units`,
        { id: asked.value.id, ...body },
        { timeoutMs: 60_000 },
      );
      drawn.value = answer.serial_nos;
      // The same number of units again is another wish.
      asked.value = { id: crypto.randomUUID(), of: "" };
      onAdded(answer.serial_nos.length);
      next.reload();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault();
        void draw();
      }}
    >
      <label>
        <span class="label">{t("how_many_units")}</span>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={10_000}
          step={1}
          value={count.value}
          onInput={event => {
            count.value = event.currentTarget.valueAsNumber;
          }}
        />
      </label>
      {next.error !== null && <Failure error={next.error} />}
      {next.value && isCount && (
        <p class="notice" data-testid="next-numbers">
          <span>
            {t("numbers_will_be")}{" "}
            <strong class="key-data">
              {next.value.serial_no}
              {count.value > 1 && ` … ${next.value.last_serial_no}`}
            </strong>
          </span>
        </p>
      )}
      {error.value !== null && <Failure error={error.value} />}
      {drawn.value.length > 0 && (
        <p class="notice notice-accepted key-data">
          {drawn.value[0]}
          {drawn.value.length > 1 && ` … ${drawn.value[drawn.value.length - 1]}`}
        </p>
      )}
      <button type="submit" class="button button-primary" disabled={isBusy.value || !isCount || !next.value}>
        <Icon name="check" />
        {t("number_them", { count: isCount ? count.value : 0 })}
      </button>
    </form>
  );
}
