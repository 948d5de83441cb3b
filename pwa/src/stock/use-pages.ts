import { useEffect, useState } from "preact/hooks";
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
  useEffect(() => {
    setLater([]);
    setError(null);
  }, [first.value]);
  const pages = first.value ? [first.value, ...later] : [];
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const more = async () => {
    if (cursor === null || isBusy) return;
    setBusy(true);
    try {
      const page = await get<T>(
        `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`,
      );
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
