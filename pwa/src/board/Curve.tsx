import "../styles/charts.css";
import uPlot from "uplot";
import type { BoardRow } from "../api-types";
import { axisOf, colourOf, useChart } from "../charts/use-chart";
import { locale } from "../i18n/language";
import { t, time } from "../i18n/t";

interface Props {
  row: BoardRow;
  /** Seconds since 1970: how far to the right an open receipt's curve goes. */
  now: number;
}

const HEIGHT = 150;
/** The table beside the chart has a line for each of the last changes. */
const TABLE_ROWS = 20;

/** Accepted units over time, as steps, against what is expected; the same as a table for who cannot see it. */
export function Curve({ row, now }: Props) {
  const box = useChart(element => options(element, row.expected), dataOf(row, now), [row.id, row.expected]);
  const points = row.curve.slice(-TABLE_ROWS).toReversed();
  return (
    <>
      <div
        ref={box}
        class="curve"
        role="img"
        aria-label={t("curve_label", { number: row.number, accepted: row.accepted, expected: row.expected })}
      />
      <details class="curve-table">
        <summary>{t("curve_table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("time")}</th>
              <th scope="col">{t("accepted")}</th>
            </tr>
          </thead>
          <tbody>
            {points.map(([at, accepted]) => (
              <tr key={at}>
                <td>{time(new Date(at * 1000).toISOString(), "second")}</td>
                <td>{accepted}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

function dataOf({ curve, expected, accepted, opened_at, status }: BoardRow, now: number): uPlot.AlignedData {
  const start = Math.floor(Date.parse(opened_at) / 1000);
  const times = [Math.min(start, curve[0]?.[0] ?? start), ...curve.map(point => point[0])];
  const values = [0, ...curve.map(point => point[1])];
  if (status === "draft") {
    times.push(Math.max(now, times.at(-1) ?? now));
    values.push(accepted);
  }
  return [times, values, times.map(() => expected)];
}

const clocks = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", second: "2-digit" });
const clock = (seconds: number): string => clocks.format(new Date(seconds * 1000));

function options(element: HTMLElement, expected: number): uPlot.Options {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const axis = axisOf(element);
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    // Room for the half of the last time that lies right of its line.
    padding: [null, 34, null, null],
    scales: { y: { range: (_chart, _min, max) => [0, Math.max(expected, max, 1) * 1.08] } },
    axes: [
      { ...axis, size: 30, space: 90, values: (_chart, splits) => splits.map(clock) },
      { ...axis, size: 48, space: 34 },
    ],
    series: [
      {},
      {
        stroke: colourOf(element, "--accent"),
        fill: colourOf(element, "--accent-soft"),
        width: 3,
        ...(stepped && { paths: stepped }),
        points: { show: false },
      },
      { stroke: colourOf(element, "--text-soft"), width: 1.5, dash: [6, 6], points: { show: false } },
    ],
  };
}
