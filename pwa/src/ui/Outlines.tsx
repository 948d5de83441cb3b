import type { DecodedCode } from "../scan/decode-messages";
import type { Size } from "../scan/geometry";

interface Props {
  size: Size;
  codes: (DecodedCode & { isTaken?: boolean })[];
}

/** The outline of every code in a picture, by its corners; laid over the picture, as large as it. */
export function Outlines({ size, codes }: Props) {
  return (
    <svg
      class="outlines"
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {codes.map(({ text, corners, isTaken }) => (
        <polygon
          key={text}
          class={isTaken ? "outline outline-taken" : "outline"}
          points={corners.map(({ x, y }) => `${x},${y}`).join(" ")}
        />
      ))}
    </svg>
  );
}
