import { Bars } from "../charts/Bars";
import { number, t } from "../i18n/t";
import { head, nameOf, said } from "./cells";
import type { ReportPage } from "./types";

/** The sums of a report as bars; nothing where there is nothing to compare. */
export function Chart({ report: { bars, chart, columns } }: { report: ReportPage }) {
  if (!chart || bars.length < 2) return null;
  const column = (key: string | null) => columns.find(each => each.key === key);
  const by = column(chart.by);
  const value = column(chart.value);
  const of = column(chart.of);
  // What days show of a movement is no column of the table.
  const named = (key: string) => head(column(key) ?? { key, title: key });
  const against = chart.against ? named(chart.against) : undefined;
  const what = chart.value ? named(chart.value) : t("report_chart_rows");
  const isByDay = chart.order === "days";
  return (
    <Bars
      title={
        isByDay
          ? t("report_chart_days", { what: against ? `${what} / ${against}` : what })
          : by
            ? t("report_chart_by", { what, by: head(by) })
            : what
      }
      bars={bars.map(bar => ({
        label: nameOf(bar.label, by, chart.order, columns),
        value: bar.value,
        ...(bar.of !== null && { of: bar.of }),
        ...(bar.against !== null && { against: bar.against }),
      }))}
      valueHead={what}
      ofHead={of && head(of)}
      againstHead={against}
      say={value?.kind === "percent" ? figure => said(figure, value) : number}
      isTimeline={chart.order !== "longest"}
    />
  );
}
