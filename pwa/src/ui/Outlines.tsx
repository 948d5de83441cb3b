import type { DecodedCode } from "../scan/decode-messages";
import type { Size } from "../scan/geometry";
import { isWantedCode } from "../scan/wanted";

interface Props {
  size: Size;
  codes: (DecodedCode & { isTaken?: boolean })[];
}

/** What is taken already, what the screen is looking for, and all the rest. */
function look(code: DecodedCode & { isTaken?: boolean }): string {
  if (code.isTaken) return "outline outline-taken";
  return isWantedCode(code) ? "outline outline-wanted" : "outline";
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
      {codes.map(code => (
        <polygon
          key={code.text}
          class={look(code)}
          points={code.corners.map(({ x, y }) => `${x},${y}`).join(" ")}
        />
      ))}
    </svg>
  );
}
