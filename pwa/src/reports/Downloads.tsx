import { useState } from "preact/hooks";
import { number, t } from "../i18n/t";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Progress } from "../ui/Progress";
import { download } from "./download";

interface Props {
  report: string;
  /** The filters of the screen. */
  query: URLSearchParams;
  total: number;
}

/** The whole report as a file, whichever part of it shows. */
export function Downloads({ report, query, total }: Props) {
  const [rows, setRows] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const get = async (ending: string) => {
    setRows(0);
    setError(null);
    const path = `/api/reports/${report}/file.${ending}?${query}`;
    const today = new Date().toISOString().slice(0, 10);
    try {
      await download(path, `${report}-${today}.${ending}`, setRows);
    } catch (caught) {
      setError(caught);
    } finally {
      setRows(null);
    }
  };
  return (
    <>
      <div class="report-buttons">
        {["csv", "xlsx", "pdf"].map(ending => (
          <button
            key={ending}
            type="button"
            class="button"
            disabled={rows !== null}
            onClick={() => void get(ending)}
          >
            <Icon name="download" />
            {ending.toUpperCase()}
          </button>
        ))}
      </div>
      {rows !== null && (
        <p class="report-progress" role="status">
          <Progress value={rows} max={total} label={t("report_coming")} />
          {t("report_rows_of", { rows: number(rows), count: total })}
        </p>
      )}
      {error !== null && <Failure error={error} />}
    </>
  );
}
