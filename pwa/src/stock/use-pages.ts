import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api";
import { useRead } from "../ui/use-read";

interface Page {
  next_cursor: string | null;
}

/** Reads the list at `path` page by page; `more` gets the next one and is null when there is none. */
export function usePages<T extends Page>(path: string) {
  const first = useRead<T>(path);
  const [later, setLater] = useState<T[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const shown = useRef(path);
  shown.current = path;
  // Read again with the same end, as when the phone is unlocked, the first page still has the later ones behind it.
  useEffect(() => {
    setLater([]);
    setError(null);
  }, [path, first.value?.next_cursor]);
  const pages = first.value ? [first.value, ...later] : [];
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const more = async () => {
    if (cursor === null || isBusy) return;
    setBusy(true);
    try {
      const page = await get<T>(
        `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`,
      );
      // Where other filters were chosen meanwhile, it belongs to a list that is not shown any more.
      if (shown.current !== path) return;
      setLater(before => [...before, page]);
      setError(null);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return {
    pages,
    error: first.error ?? error,
    isRemembered: first.isRemembered,
    askedAt: first.askedAt,
    reload: first.reload,
    more: cursor === null ? null : () => void more(),
    isBusy,
  };
}
