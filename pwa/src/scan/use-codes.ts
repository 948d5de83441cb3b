import { useLayoutEffect } from "preact/hooks";
import { type Code, takeCodes } from "./codes";

/**
 * The screen takes the codes, from the moment it is seen: an ordinary effect begins after that, and loses the code that
 * is scanned at once. `take` is null while the screen wants none; it is renewed when one of `inputs` has changed, and
 * with every rendering without them.
 */
export function useCodes(take: ((code: Code) => void) | null, inputs?: readonly unknown[]): void {
  useLayoutEffect(() => (take ? takeCodes(take) : undefined), inputs);
}
