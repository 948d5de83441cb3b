import type { Permission } from "../api-types";
import type { TextKey } from "../i18n/t";

export type TourName = "picker" | "technician" | "supervisor";

/** One thing to do. It is done when its screen shows, or, for a scan, when a code was read. */
export interface Step {
  text: TextKey;
  /** Leads there; absent where the person finds the way on the screen that shows. */
  to?: string;
  done: RegExp | "scan";
}

/** What each person does first, on the demo data; each tour ends with a real scan. */
export const TOURS: Record<TourName, { permission: Permission; steps: readonly Step[] }> = {
  picker: {
    permission: "receive",
    steps: [
      { text: "tour_picker_order", to: "/", done: /^\/orders\/./ },
      { text: "tour_picker_place", done: /^\/receive\// },
      { text: "tour_picker_scan", done: "scan" },
    ],
  },
  technician: {
    permission: "units.read",
    steps: [
      { text: "tour_technician_work", to: "/service", done: /^\/service/ },
      { text: "tour_technician_find", to: "/find", done: /^\/find/ },
      { text: "tour_technician_scan", to: "/find", done: "scan" },
    ],
  },
  supervisor: {
    permission: "boards.read",
    steps: [
      { text: "tour_supervisor_board", to: "/board/receiving", done: /^\/board\// },
      { text: "tour_supervisor_stock", to: "/stock", done: /^\/stock/ },
      { text: "tour_supervisor_scan", to: "/find", done: "scan" },
    ],
  },
};
