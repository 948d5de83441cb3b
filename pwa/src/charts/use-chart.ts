import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

type Make = (element: HTMLElement) => uPlot.Options;

/**
 * Draws a chart into an element, again when `parts` change, the window or the colours of the device do; new figures
 * alone are put into the chart that is there.
 */
export function useChart(
  make: Make,
  data: uPlot.AlignedData,
  parts: unknown[],
): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef({ make, data });
  latest.current = { make, data };

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const draw = () => {
      chart.current?.destroy();
      chart.current = new uPlot(latest.current.make(element), latest.current.data, element);
    };
    draw();
    const resized = new ResizeObserver(() =>
      chart.current?.setSize({ width: element.clientWidth, height: chart.current.height }),
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
  }, parts);
  useEffect(() => chart.current?.setData(data), [JSON.stringify(data)]);
  return box;
}

/** A colour of the style sheet, for the canvas. */
export const colourOf = (element: HTMLElement, name: string): string =>
  getComputedStyle(element).getPropertyValue(name).trim();

/** What the axes of all charts share. */
export function axisOf(element: HTMLElement): uPlot.Axis {
  return {
    stroke: colourOf(element, "--text-soft"),
    font: `14px ${getComputedStyle(element).fontFamily}`,
    grid: { stroke: colourOf(element, "--line"), width: 1 },
    ticks: { show: false },
  };
}
