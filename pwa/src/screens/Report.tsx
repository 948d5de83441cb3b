import "../styles/reports.css";
import { useEffect, useState } from "preact/hooks";
import { get } from "../api";
import { t, tOr } from "../i18n/t";
import { head, isRight, said } from "../reports/cells";
import { Downloads } from "../reports/Downloads";
import { Filters } from "../reports/Filters";
import type { Cell, FilterName, ReportPage } from "../reports/types";
import { site } from "../session";
import { filter } from "../stock/filters";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { late } from "../ui/late";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** It brings the library along that draws it. */
const Chart = late(async () => (await import("../reports/Chart")).Chart);

const FILTERS: FilterName[] = ["from", "to", "item", "batch", "place", "party", "serial", "days", "act"];

/** One report: its filters, a chart where there is one, the rows, and the files to take away. */
export function Report({ id }: { id: string }) {
  const query = new URLSearchParams({ site: String(site.value?.id ?? "") });
  for (const name of FILTERS) if (filter(name)) query.set(name, filter(name));
  const path = `/api/reports/${id}?${query}`;
  const { value: report, error, isRemembered, askedAt, reload } = useRead<ReportPage>(path);
  const title = tOr(`report_${id}`, report?.title ?? t("reports"));
  return (
    <Screen
      title={title}
      class="report"
      over={
        <Link to="/reports" class="fact-link">
          {t("reports")}
        </Link>
      }
    >
      {/* Also where the server refuses a filter, so that it can be mended. */}
      <Filters
        names={report?.filters ?? FILTERS.filter(name => filter(name))}
        acts={report?.acts ?? []}
        isOpen={!report && error !== null}
      />
      {error !== null && <Failure error={error} retry={reload} />}
      {!report && error === null && <Busy />}
      {isRemembered && <Remembered at={askedAt} />}
      {report && (
        <>
          <p class="report-about">
            {tOr(`report_about_${id}`, report.about)} {t("report_rows", { count: report.total })}
          </p>
          {report.total > 0 && <Downloads report={id} query={query} total={report.total} />}
          {report.chart && <Chart report={report} />}
          <Rows key={path} path={path} report={report} />
        </>
      )}
    </Screen>
  );
}

function Rows({ path, report: { rows: first, columns, total } }: { path: string; report: ReportPage }) {
  const [later, setLater] = useState<Cell[][]>([]);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => setLater([]), [first]);
  const rows = [...first, ...later];
  const more = async () => {
    setBusy(true);
    try {
      const page = await get<ReportPage>(`${path}&offset=${rows.length}`);
      setLater(before => [...before, ...page.rows]);
      setError(null);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  if (total === 0) return <p class="empty">{t("report_empty")}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="report-table" aria-label={t("report_table")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map(column => (
                <th key={column.key} scope="col" class={isRight(column) ? "report-number" : ""}>
                  {head(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.map((column, at) => (
                  <td
                    key={column.key}
                    class={isRight(column) ? "report-number" : ""}
                    data-title={head(column)}
                  >
                    {said(row[at] ?? null, column)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {error !== null && <Failure error={error} />}
      {rows.length < total && (
        <button type="button" class="button" disabled={isBusy} onClick={() => void more()}>
          {t("show_next")}
        </button>
      )}
    </>
  );
}
