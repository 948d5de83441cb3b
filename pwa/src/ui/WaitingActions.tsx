import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dateTime } from "../i18n/t";
import { listen } from "../offline/channel";
import type { ActionEntry } from "../offline/db";
import { waitingActions } from "../offline/outbox";
import { titleOfEntry } from "../offline/said";
import { Icon } from "./Icon";
import { Link } from "./Link";

interface Props {
  kinds: string[];
  voucherId?: string;
  /** One of them waits no more: what the screen shows has changed. */
  onSent?: () => void;
}

/** What of these kinds waits on this device for its turn; nothing when nothing does. */
export function WaitingActions({ kinds, voucherId, onSent }: Props) {
  const waiting = useSignal<ActionEntry[]>([]);
  useEffect(() => {
    const read = async () => {
      const before = waiting.value.length;
      waiting.value = (await waitingActions()).filter(
        each => kinds.includes(each.kind) && (voucherId === undefined || each.voucher_id === voucherId),
      );
      if (waiting.value.length < before) onSent?.();
    };
    void read();
    return listen(() => void read());
  }, [voucherId]);
  if (waiting.value.length === 0) return null;
  return (
    <ul class="lines" data-testid="waiting-actions">
      {waiting.value.map(each => (
        <li key={each.id} class="line">
          <Link to="/outbox" class="state state-waiting">
            <Icon name="clock" />
            {titleOfEntry(each)} · {dateTime(each.done_at)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
