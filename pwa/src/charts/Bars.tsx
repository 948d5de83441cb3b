import "../styles/charts.css";
import uPlot from "uplot";
import { language, locale } from "../i18n/language";
import { number, t } from "../i18n/t";
import { everyNth, nameInLines } from "./names";
import { axisOf, colourOf, useChart } from "./use-chart";

export interface Bar {
  label: string;
  value: number;
  /** What `value` is a part of, where it is one: drawn behind it. */
  of?: number;
  /** What went the other way: drawn below the line. */
  against?: number;
}

interface Props {
  title: string;
  bars: readonly Bar[];
  /** What the figures count, for the heads of the table. */
  valueHead: string;
  ofHead?: string | undefined;
  againstHead?: string | undefined;
  /** How a figure is said; as a number, if nothing else is given. */
  say?: ((value: number) => string) | undefined;
  /** Hours or months, one after the other: all are drawn, and some of them named. */
  isTimeline?: boolean;
}

const HEIGHT = 180;
/** More than these are no picture any more; the table has them all. */
const MOST = 12;
/** Room for the figures beside the bars, and for a letter and a line of the names under them. */
const SIDE = 48;
const LETTER = 8;
const LINE = 16;

const short = new Intl.NumberFormat(locale ?? language, { notation: "compact" });
const steps = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map(step => step * 10 ** power)).flat();

/** Figures side by side, and the same as a table for who cannot see them. */
export function Bars({
  title,
  bars,
  valueHead,
  ofHead,
  againstHead,
  say = number,
  isTimeline = false,
}: Props) {
  // A phone has room for half of them.
  const drawn = isTimeline ? bars : bars.slice(0, innerWidth < 700 ? MOST / 2 : MOST);
  const data: uPlot.AlignedData = [
    drawn.map((_, index) => index),
    drawn.map(bar => bar.of ?? bar.value),
    drawn.map(bar => bar.value),
    drawn.map(bar => -(bar.against ?? 0)),
  ];
  const box = useChart(element => options(element, drawn, isTimeline), data, [
    drawn.map(bar => bar.label).join("\n"),
  ]);
  if (bars.length === 0) return null;
  return (
    <section class="panel chart" aria-label={title}>
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
              {againstHead && <th scope="col">{againstHead}</th>}
            </tr>
          </thead>
          <tbody>
            {bars.map(bar => (
              <tr key={bar.label}>
                <th scope="row">{bar.label}</th>
                <td>{say(bar.value)}</td>
                {ofHead && <td>{say(bar.of ?? bar.value)}</td>}
                {againstHead && <td>{say(bar.against ?? 0)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function options(element: HTMLElement, bars: readonly Bar[], isTimeline: boolean): uPlot.Options {
  const axis = axisOf(element);
  const paths = uPlot.paths.bars?.({ size: [0.6, 72] });
  const highest = Math.max(1, ...bars.map(bar => bar.of ?? bar.value));
  const lowest = Math.min(0, ...bars.map(bar => -(bar.against ?? 0)));
  const width = element.clientWidth - SIDE;
  const nth = isTimeline ? everyNth(bars.length, width, 10 * LETTER) : 1;
  const room = Math.floor((nth * width) / bars.length / LETTER) - 1;
  const names = bars.map(({ label }, index) => (index % nth === 0 ? nameInLines(label, room) : ""));
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.6, bars.length - 0.4] },
      y: { range: (_chart, _min, max) => [lowest * 1.08, Math.max(highest, max, 1) * 1.08] },
    },
    axes: [
      {
        ...axis,
        size: LINE * (names.some(name => name.includes("\n")) ? 3 : 2),
        grid: { show: false },
        splits: () => bars.map((_, index) => index),
        values: () => names,
      },
      // Whole things are counted.
      {
        ...axis,
        size: SIDE,
        space: 34,
        incrs: steps,
        values: (_chart, splits) => splits.map(split => short.format(Math.abs(split))),
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
      { fill: colourOf(element, "--text-soft"), width: 0, ...(paths && { paths }), points: { show: false } },
    ],
  };
}
