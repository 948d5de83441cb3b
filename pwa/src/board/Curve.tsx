import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { BoardRow } from "../api-types";
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
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const data = dataOf(row, now);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const draw = () => {
      chart.current?.destroy();
      chart.current = new uPlot(options(element, row.expected), latest.current, element);
    };
    draw();
    const resized = new ResizeObserver(() =>
      chart.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    // The canvas does not follow the style sheet by itself.
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", draw);
    return () => {
      resized.disconnect();
      scheme.removeEventListener("change", draw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, [row.id, row.expected]);
  useEffect(() => chart.current?.setData(data), [row.accepted, row.curve.length, now]);

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
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const font = `14px ${style.fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: colour("--text-soft"),
    font,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
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
        stroke: colour("--accent"),
        fill: colour("--accent-soft"),
        width: 3,
        ...(stepped && { paths: stepped }),
        points: { show: false },
      },
      { stroke: colour("--text-soft"), width: 1.5, dash: [6, 6], points: { show: false } },
    ],
  };
}
