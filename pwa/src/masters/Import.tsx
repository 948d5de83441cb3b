import { useState } from "preact/hooks";
import { post } from "../api";
import { t, tOr } from "../i18n/t";
import { site } from "../session";
import { Failure } from "../ui/Failure";
import { FileInput } from "../ui/FileInput";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import type { MasterKind, RowAnswer, UploadAnswer } from "./types";

const SHOWN = 200;
const OUTCOMES: RowAnswer["outcome"][] = ["new", "changed", "same", "duplicate_in_file", "refused"];

/** Files that can be taken in: masters, and ERPNext's own, which go out as reports in the columns they come in. */
export type FileKind = MasterKind | "erpnext-serial-no" | "erpnext-batch";

const isErpnext = (kind: FileKind): boolean => kind.startsWith("erpnext-");
const uploadOf = (kind: FileKind): string =>
  isErpnext(kind) ? `/api/erpnext/${kind.slice("erpnext-".length)}/upload` : `/api/masters/${kind}/upload`;
const fileOf = (kind: FileKind, ending: string): string =>
  `/api/${isErpnext(kind) ? "reports" : "masters"}/${kind}/file.${ending}`;

/** Files of a kind: the template and all that is there to download; an upload is judged before it is taken. */
export function Import({ kind }: { kind: FileKind }) {
  const [file, setFile] = useState<File | null>(null);
  const [answer, setAnswer] = useState<UploadAnswer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const siteId = site.value?.id ?? 0;
  const send = async (chosen: File, mode: "dry_run" | "commit", policy = "all_or_nothing") => {
    setBusy(true);
    setError(null);
    const form = new FormData();
    for (const [name, value] of Object.entries({ site: String(siteId), mode, policy }))
      form.append(name, value);
    form.append("file", chosen);
    try {
      setAnswer(await post<UploadAnswer>(uploadOf(kind), form));
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  const choose = (chosen: File) => {
    setFile(chosen);
    setAnswer(null);
    void send(chosen, "dry_run");
  };
  return (
    <Screen
      title={t("files_in_and_out")}
      over={
        <Link to={isErpnext(kind) ? "/masters" : `/masters/${kind}`}>{tOr(`masters_${kind}`, kind)}</Link>
      }
      class="masters"
    >
      <section>
        <h2>{t("files_out")}</h2>
        <div class="masters-tools">
          {["csv", "xlsx"].map(ending => (
            <a key={ending} class="button" href={`${fileOf(kind, ending)}?site=${siteId}`} download>
              <Icon name="download" />
              {t("download_all", { ending: ending.toUpperCase() })}
            </a>
          ))}
          {(isErpnext(kind) ? [] : ["csv", "xlsx"]).map(ending => (
            <a key={ending} class="button" href={`${fileOf(kind, ending)}?site=${siteId}&rows=none`} download>
              <Icon name="download" />
              {t("download_template", { ending: ending.toUpperCase() })}
            </a>
          ))}
        </div>
      </section>
      <section>
        <h2>{t("files_in")}</h2>
        {isErpnext(kind) && (
          <p>{t(kind === "erpnext-batch" ? "erpnext_batch_hint" : "erpnext_serial_no_hint")}</p>
        )}
        <p>{t("files_in_hint")}</p>
        <label class="button button-primary">
          {file ? t("other_file") : t("choose_file")}
          <FileInput isHidden accept=".csv,.xlsx,text/csv" disabled={isBusy} onChoose={choose} />
        </label>
        {error !== null && <Failure error={error} />}
        {isBusy && <p role="status">{t("loading")}</p>}
      </section>
      {answer && file && (
        <Answer
          answer={answer}
          isBusy={isBusy}
          name={file.name}
          commit={policy => void send(file, "commit", policy)}
        />
      )}
    </Screen>
  );
}

interface AnswerProps {
  answer: UploadAnswer;
  name: string;
  isBusy: boolean;
  commit: (policy: string) => void;
}

function Answer({ answer, name, isBusy, commit }: AnswerProps) {
  const { counts, rows, committed } = answer;
  const isRefused = counts.refused + counts.duplicate_in_file > 0;
  const isNothing = counts.new + counts.changed === 0;
  const looked = [...rows].sort(
    (one, other) => OUTCOMES.indexOf(other.outcome) - OUTCOMES.indexOf(one.outcome),
  );
  return (
    <section aria-live="polite">
      <h2>{committed ? t("file_taken", { name }) : t("file_would", { name })}</h2>
      <p class="outcomes">
        {OUTCOMES.filter(outcome => counts[outcome] > 0).map(outcome => (
          <span key={outcome} class={`chip chip-${outcome}`}>
            {counts[outcome]} {t(`outcome_${outcome}`)}
          </span>
        ))}
      </p>
      {answer.ignored_columns.length > 0 && (
        <p class="notice notice-warning">
          {t("ignored_columns", { names: answer.ignored_columns.join(", ") })}
        </p>
      )}
      <ul class="lines">
        {looked.slice(0, SHOWN).map(row => (
          <li key={row.row} class="line line-tall" data-outcome={row.outcome}>
            <span>
              <strong>
                {t("row_is", { row: row.row })} {row.key}
              </strong>
              <span>
                {row.message} {row.next_step}
              </span>
            </span>
            <span class={`chip chip-${row.outcome}`}>{t(`outcome_${row.outcome}`)}</span>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && <p>{t("more_rows", { count: rows.length - SHOWN })}</p>}
      {!committed && isNothing && <p class="notice">{t("file_changes_nothing")}</p>}
      {!committed && !isNothing && (
        <div class="bottom-bar">
          <button
            type="button"
            class="button button-primary"
            disabled={isBusy}
            onClick={() => commit(isRefused ? "good_rows" : "all_or_nothing")}
          >
            {isRefused
              ? t("take_good_rows", { count: counts.new + counts.changed })
              : t("take_file", { count: counts.new + counts.changed })}
          </button>
        </div>
      )}
    </section>
  );
}
