import { number, t } from "../i18n/t";
import { said } from "./cells";
import type { ReportColumn, ReportPage } from "./types";

interface Props {
  bars: ReportPage["chart"];
  /** The column that the bars are named by. */
  column: ReportColumn;
}

/** The sums of a report as bars. It is a table, so that who cannot see the bars reads the same. */
export function Bars({ bars, column }: Props) {
  const longest = Math.max(...bars.map(bar => bar.value), 1);
  return (
    <table class="report-bars">
      <caption class="visually-hidden">{t("report_chart")}</caption>
      <tbody>
        {bars.map(bar => (
          <tr key={bar.label}>
            <th scope="row">{said(bar.label, column)}</th>
            <td>
              <span class="report-bar" style={{ inlineSize: `${(bar.value / longest) * 100}%` }} />
              <span class="report-bar-value">{number(bar.value)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
