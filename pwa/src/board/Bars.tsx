import uPlot from "uplot";
import { number, t } from "../i18n/t";
import { axisOf, colourOf, useChart } from "./use-chart";

export interface Bar {
  label: string;
  value: number;
  /** What `value` is a part of, where it is one: drawn behind it. */
  of?: number;
}

interface Props {
  title: string;
  bars: readonly Bar[];
  /** What the figures count, for the heads of the table. */
  valueHead: string;
  ofHead?: string;
}

const HEIGHT = 180;
/** More than these are no picture any more; the table has them all. */
const MOST = 12;

/** Figures side by side, and the same as a table for who cannot see them. */
export function Bars({ title, bars, valueHead, ofHead }: Props) {
  const drawn = bars.slice(0, MOST);
  const data: uPlot.AlignedData = [
    drawn.map((_, index) => index),
    drawn.map(bar => bar.of ?? bar.value),
    drawn.map(bar => bar.value),
  ];
  const box = useChart(element => options(element, drawn), data, [drawn.map(bar => bar.label).join("\n")]);
  if (bars.length === 0) return null;
  return (
    <section class="panel board-bars" aria-label={title}>
      <h2>{title}</h2>
      <div ref={box} class="curve" role="img" aria-label={title} />
      <details class="curve-table">
        <summary>{t("chart_table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("chart_what")}</th>
              <th scope="col">{valueHead}</th>
              {ofHead && <th scope="col">{ofHead}</th>}
            </tr>
          </thead>
          <tbody>
            {bars.map(bar => (
              <tr key={bar.label}>
                <th scope="row">{bar.label}</th>
                <td>{number(bar.value)}</td>
                {ofHead && <td>{number(bar.of ?? bar.value)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function options(element: HTMLElement, bars: readonly Bar[]): uPlot.Options {
  const axis = axisOf(element);
  const paths = uPlot.paths.bars?.({ size: [0.6, 72] });
  const highest = Math.max(1, ...bars.map(bar => bar.of ?? bar.value));
  const name = (index: number) => {
    const label = bars[index]?.label ?? "";
    const room = Math.max(3, Math.floor((element.clientWidth - 60) / bars.length / 9));
    return label.length > room ? `${label.slice(0, room - 1)}…` : label;
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.6, bars.length - 0.4] },
      y: { range: (_chart, _min, max) => [0, Math.max(highest, max, 1) * 1.08] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        splits: () => bars.map((_, index) => index),
        values: (_chart, splits) => splits.map(name),
      },
      // Whole things are counted.
      {
        ...axis,
        size: 48,
        space: 34,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000, 100_000],
      },
    ],
    series: [
      {},
      {
        fill: colourOf(element, "--line-strong"),
        width: 0,
        ...(paths && { paths }),
        points: { show: false },
      },
      { fill: colourOf(element, "--accent"), width: 0, ...(paths && { paths }), points: { show: false } },
    ],
  };
}
