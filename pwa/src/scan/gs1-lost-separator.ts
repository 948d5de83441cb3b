/** Where a separator may have been lost. */
import { rowAt } from "./gs1-dictionary";
import { cut, type Element, isKnown, isSound } from "./gs1-elements";
import { MAX_GS1_SERIAL_LENGTH } from "./gs1-problems";

/**
 * Without separators the first field of variable length takes all that follows it, so only the last field can
 * hold another. A serial number is asked only where it is longer than GS1 allows: in one of lawful length "10"
 * or "17" is so common that a warning would be noise.
 */
export function waysToCut(host: Element, before: Element[]): Element[][] {
  if (host.ai === "21") return host.value.length > MAX_GS1_SERIAL_LENGTH ? behindSerial(host.value) : [];
  const isOpenEnded = isKnown(host) && !rowAt(host.ai)?.length;
  return !isOpenEnded || before.some(element => element.ai === "21") ? [] : beforeSerial(host);
}

const DATES_BETWEEN = ["11", "13", "15", "16", "17"];

/** Scanners that send Alt+029 to a page that swallows the Alt key leave the three digits behind. */
const withoutAltRemains = (value: string) => value.replace(/(.)029$/, "$1");

function beforeSerial({ ai, value }: Element): Element[][] {
  const ways: Element[][] = [];
  for (let at = 1; at < value.length - 2; at += 1) {
    const serial = { ai: "21", value: value.slice(at + 2) };
    if (value.slice(at, at + 2) !== "21" || !isSound(serial)) continue;
    const rest = withoutAltRemains(value.slice(0, at));
    const date = { ai: rest.slice(-8, -6), value: rest.slice(-6) };
    const dated = rest.length > 8 && DATES_BETWEEN.includes(date.ai) && isSound(date);
    const first = { ai, value: dated ? withoutAltRemains(rest.slice(0, -8)) : rest };
    if (isSound(first)) ways.push(dated ? [first, date, serial] : [first, serial]);
  }
  return ways;
}

function behindSerial(value: string): Element[][] {
  const ways: Element[][] = [];
  for (let at = 1; at < value.length - 2; at += 1) {
    if (!["10", ...DATES_BETWEEN].includes(value.slice(at, at + 2))) continue;
    const behind = cut(value.slice(at));
    if (!behind) continue;
    const fields = [{ ai: "21", value: withoutAltRemains(value.slice(0, at)) }, ...behind];
    const isLikely = ({ ai }: Element) => ["10", "21", ...DATES_BETWEEN].includes(ai);
    if (fields.every(field => isLikely(field) && isSound(field))) ways.push(fields);
  }
  return ways;
}
