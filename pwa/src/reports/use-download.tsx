import { useState } from "preact/hooks";
import { language, locale } from "../i18n/language";
import { number, t } from "../i18n/t";
import { Failure } from "../ui/Failure";
import { Progress } from "../ui/Progress";
import { type Come, download } from "./download";

const kilobytes = new Intl.NumberFormat(locale ?? language, { style: "unit", unit: "kilobyte" });
const megabytes = new Intl.NumberFormat(locale ?? language, {
  style: "unit",
  unit: "megabyte",
  maximumFractionDigits: 1,
});
const size = (bytes: number): string =>
  bytes < 1_000_000 ? kilobytes.format(Math.ceil(bytes / 1000)) : megabytes.format(bytes / 1_000_000);

/** Gets one file at a time, and says under its buttons how much of it has come, or why it did not. */
export function useDownload(total?: number) {
  const [come, setCome] = useState<Come | null>(null);
  const [error, setError] = useState<unknown>(null);
  const get = async (path: string, name: string) => {
    setCome({ bytes: 0, rows: null });
    setError(null);
    try {
      await download(path, name, setCome);
    } catch (caught) {
      setError(caught);
    } finally {
      setCome(null);
    }
  };
  const progress = (
    <>
      {come && (
        <p class="report-progress" role="status">
          {come.rows !== null && total !== undefined ? (
            <>
              <Progress value={come.rows} max={total} label={t("report_coming")} />
              {t("report_rows_of", { rows: number(Math.min(come.rows, total)), count: total })}
            </>
          ) : (
            <>
              <progress class="progress" aria-label={t("file_coming")} />
              {come.bytes ? t("file_bytes_came", { size: size(come.bytes) }) : t("file_is_made")}
            </>
          )}
        </p>
      )}
      {error !== null && <Failure error={error} />}
    </>
  );
  return { get, isBusy: come !== null, progress };
}
