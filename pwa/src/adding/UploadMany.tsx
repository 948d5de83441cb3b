import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ApiError, post } from "../api";
import { t, tOr } from "../i18n/t";
import { Failure } from "../ui/Failure";
import { FileInput } from "../ui/FileInput";
import { Icon } from "../ui/Icon";
import type { Adding, UploadAnswer } from "./adding-types";
import { RowAnswers } from "./RowAnswers";

const PATIENCE_MS = 60_000;
const HARMLESS = new Set(["new", "already_scanned"]);

/** A CSV or Excel file: tried first, every row answered, then taken whole or its good rows only. */
export function UploadMany({ path, item, details, onAdded }: Adding) {
  const field = useRef<HTMLInputElement>(null);
  const file = useSignal<File | null>(null);
  const tried = useSignal<UploadAnswer | null>(null);
  const only = useSignal<"all" | "good" | "bad">("bad");
  const takesUnexpected = useSignal(false);
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const asked = useSignal<{ id: string; of: string }>({ id: crypto.randomUUID(), of: "" });

  const send = async (mode: "dry_run" | "commit", policy: "all_or_nothing" | "good_rows") => {
    const sent = file.value;
    if (!sent) return;
    isBusy.value = true;
    error.value = null;
    const of = [sent.name, sent.size, sent.lastModified, policy, JSON.stringify(details)].join(" ");
    if (asked.value.of !== of) asked.value = { id: crypto.randomUUID(), of };
    const form = new FormData();
    form.set("item_id", String(item.id));
    form.set("mode", mode);
    if (mode === "commit") form.set("id", asked.value.id);
    form.set("policy", policy);
    form.set("takes_unexpected", String(takesUnexpected.value));
    for (const [name, value] of Object.entries(details)) if (value) form.set(name, value);
    form.set("file", sent);
    try {
      const answer = await post<UploadAnswer>(`${path}/upload`, form, { timeoutMs: PATIENCE_MS });
      if (mode === "commit") {
        onAdded(answer.counts.new ?? 0);
        file.value = null;
        tried.value = null;
        if (field.current) field.current.value = "";
      } else if (file.value === sent) {
        tried.value = answer;
        only.value = answer.rows.some(row => !HARMLESS.has(row.outcome)) ? "bad" : "all";
      }
    } catch (caught) {
      error.value =
        caught instanceof ApiError && caught.failure === "network" ? new ApiError("network", 0) : caught;
    } finally {
      isBusy.value = false;
    }
  };

  const rows = tried.value?.rows ?? [];
  const good = rows.filter(row => row.outcome === "new").length;
  const bad = rows.filter(row => !HARMLESS.has(row.outcome)).length;
  const chosen = rows.filter(
    row => only.value === "all" || HARMLESS.has(row.outcome) === (only.value === "good"),
  );
  return (
    <div class="form">
      <p class="hint">{t("file_hint")}</p>
      <p class="button-row">
        <a class="button" href={`/api/serial-template.csv?item_id=${item.id}`} download>
          {t("template_csv")}
        </a>
        <a class="button" href={`/api/serial-template.xlsx?item_id=${item.id}`} download>
          {t("template_xlsx")}
        </a>
      </p>
      <label>
        <span class="label">{t("choose_file")}</span>
        <FileInput
          field={field}
          accept=".csv,.txt,.tsv,.xlsx"
          onChoose={chosen => {
            file.value = chosen;
            tried.value = null;
            void send("dry_run", "all_or_nothing");
          }}
        />
      </label>
      {isBusy.value && <progress class="progress" aria-label={t("loading")} />}
      {error.value !== null && <Failure error={error.value} />}
      {tried.value && (
        <section class="form" aria-live="polite">
          <dl class="sums" data-testid="upload-counts">
            {Object.entries(tried.value.counts)
              .filter(([, count]) => count > 0)
              .map(([outcome, count]) => (
                <div key={outcome}>
                  <dt>{tOr(`row_${outcome}`, outcome)}</dt>
                  <dd>{count}</dd>
                </div>
              ))}
          </dl>
          {tried.value.ignored_columns.length > 0 && (
            <p class="notice notice-warning">
              {t("ignored_columns", { names: tried.value.ignored_columns.join(", ") })}
            </p>
          )}
          <fieldset class="choices" aria-label={t("show_rows")}>
            {(["bad", "good", "all"] as const).map(each => (
              <button
                key={each}
                type="button"
                class="button"
                aria-pressed={only.value === each}
                onClick={() => {
                  only.value = each;
                }}
              >
                {t(`rows_${each}`)}
              </button>
            ))}
          </fieldset>
          <RowAnswers rows={chosen} named={row => row.serial_no || (row.qty ?? "")} />
          {rows.some(row => row.code === "serial_not_expected") && (
            <label class="check">
              <input
                type="checkbox"
                checked={takesUnexpected.value}
                onChange={event => {
                  takesUnexpected.value = event.currentTarget.checked;
                  void send("dry_run", "all_or_nothing");
                }}
              />
              {t("take_unexpected_all")}
            </label>
          )}
          <button
            type="button"
            class="button button-primary"
            disabled={isBusy.value || bad > 0 || good === 0}
            onClick={() => void send("commit", "all_or_nothing")}
          >
            <Icon name="check" />
            {t("put_on", { count: good })}
          </button>
          {bad > 0 && good > 0 && (
            <button
              type="button"
              class="button"
              disabled={isBusy.value}
              onClick={() => void send("commit", "good_rows")}
            >
              {t("put_on_without", { count: good })}
            </button>
          )}
        </section>
      )}
    </div>
  );
}
