import "../styles/flash.css";
import type { Tone } from "./feedback";

let edge: HTMLElement | null = null;

/** Lights the edge of the screen up once, in the colour of the answer. */
export function flash(tone: Tone): void {
  edge?.remove();
  edge = document.createElement("div");
  edge.className = `flash flash-${tone}`;
  edge.addEventListener("animationend", () => edge?.remove());
  document.body.append(edge);
}
