import { useCallback, useEffect, useState } from "preact/hooks";
import { type Read, read } from "../offline/snapshots";

interface State<T> extends Omit<Read<T>, "value"> {
  value: T | null;
  error: unknown;
}

export interface Reading<T> extends State<T> {
  /** Asked for, and nothing has come yet. */
  isBusy: boolean;
  reload: () => void;
}

/** Reads `path` from the server, or what it said last time; again when the page is looked at again. */
export function useRead<T>(path: string | null): Reading<T> {
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
  const isBusy = path !== null && state.value === null && state.error === null;
  return { ...state, isBusy, reload };
}
