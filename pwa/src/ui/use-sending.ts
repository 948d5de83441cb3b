import { useState } from "preact/hooks";
import { post } from "../api";

/** Sends what a person asked for, reads the list again, and keeps the refusal for them to see. */
export function useSending(reload: () => void) {
  const [error, setError] = useState<unknown>(null);
  async function send<T>(path: string, body: unknown = {}): Promise<T | null> {
    setError(null);
    try {
      const answer = await post<T>(path, body);
      reload();
      return answer;
    } catch (caught) {
      setError(caught);
      return null;
    }
  }
  return { error, send };
}
