import { late } from "../ui/late";

/** The tables of a board are read without its chart. */
export const Bars = late(async () => (await import("../charts/Bars")).Bars, true);
