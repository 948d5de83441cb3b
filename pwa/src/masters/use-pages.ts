import { useEffect, useState } from "preact/hooks";
import { get } from "../api";

interface Pages<Line> {
  lines: Line[] | null;
  error: unknown;
  /** Gets the next page; null when all is there. */
  more: (() => void) | null;
  reload: () => void;
}

const TYPING_MS = 200;

/** A list by page: `address` without its cursor, `name` of the list in the answer. A new address begins anew. */
export function usePages<Line>(address: string, name: string): Pages<Line> {
  const [lines, setLines] = useState<Line[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [after, setAfter] = useState<string | null>(null);
  const [next, setNext] = useState<string | number | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => setAfter(null), [address]);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      const path = after === null ? address : `${address}&after=${encodeURIComponent(after)}`;
      try {
        const answer = await get<Record<string, unknown>>(path, { signal: stop.signal });
        const page = answer[name] as Line[];
        setLines(before => (after === null ? page : [...(before ?? []), ...page]));
        setNext(answer.next as string | number | null);
        setError(null);
      } catch (caught) {
        if (!stop.signal.aborted) setError(caught);
      }
    };
    const wait = setTimeout(() => void read(), after === null ? TYPING_MS : 0);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [address, after, turn]);
  return {
    lines,
    error,
    more: next === null ? null : () => setAfter(String(next)),
    reload: () => {
      setAfter(null);
      setTurn(before => before + 1);
    },
  };
}
