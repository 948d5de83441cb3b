import { useCallback, useEffect, useState } from "preact/hooks";
import { type Read, read } from "../offline/snapshots";

interface State<T> extends Omit<Read<T>, "value"> {
  value: T | null;
  error: unknown;
}

/** Reads `path` from the server, or what it said last time; again when the page is looked at again. */
export function useRead<T>(path: string | null): State<T> & { reload: () => void } {
  const empty: State<T> = { value: null, askedAt: "", isRemembered: false, error: null };
  const [state, setState] = useState(empty);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn(before => before + 1), []);

  useEffect(() => setState(empty), [path]);
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    const show = (read: Read<T>) => !stop.signal.aborted && setState({ ...read, error: null });
    read<T>(path, show, stop.signal).then(
      show,
      error => !stop.signal.aborted && setState(before => ({ ...before, error })),
    );
    return () => stop.abort();
  }, [path, turn]);
  useEffect(() => {
    const again = () => document.visibilityState === "visible" && reload();
    document.addEventListener("visibilitychange", again);
    addEventListener("online", again);
    return () => {
      document.removeEventListener("visibilitychange", again);
      removeEventListener("online", again);
    };
  }, []);
  return { ...state, reload };
}
