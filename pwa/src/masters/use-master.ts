import { useState } from "preact/hooks";
import { post } from "../api";
import { useRead } from "../ui/use-read";

interface Editor<Master> {
  /** As the server has it; null until it was read. */
  master: Master | null;
  error: unknown;
  isBusy: boolean;
  /** Counts up with every state of the server: a form that is keyed by it shows that state. */
  state: number;
  take: (changed: Master) => void;
  reload: () => void;
  save: (body: object) => Promise<Master | null>;
}

/** A master that is made (`id` null) or edited; a change that somebody else made first is told as a refusal. */
export function useMaster<Master extends { version: number }>(
  list: string,
  id: string | null,
): Editor<Master> {
  const read = useRead<Master>(id === null ? null : `${list}/${id}`);
  const [changed, setChanged] = useState<Master | null>(null);
  const [state, setState] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const master = changed ?? read.value;
  const take = (now: Master) => {
    setChanged(now);
    setState(before => before + 1);
    setError(null);
  };
  return {
    master,
    error: error ?? read.error,
    isBusy,
    state,
    take,
    reload: () => {
      setChanged(null);
      setError(null);
      setState(before => before + 1);
      read.reload();
    },
    save: async body => {
      setBusy(true);
      setError(null);
      try {
        const address = id === null ? list : `${list}/${id}`;
        const saved = await post<Master>(address, master ? { ...body, version: master.version } : body);
        take(saved);
        return saved;
      } catch (caught) {
        setError(caught);
        return null;
      } finally {
        setBusy(false);
      }
    },
  };
}
