import { useEffect } from "preact/hooks";
import { t, time, tOr } from "../i18n/t";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon, type IconName } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { useSending } from "../ui/use-sending";
import type { Message, Webhook } from "./types";

const ICONS: Record<Message["status"], IconName> = { waiting: "clock", delivered: "check", dead: "stop" };
/** Sending goes on beside the requests and is no event of the site: as long as something waits, it is read again. */
const AGAIN_MS = 2000;

/** What an address was told, and what it answered. */
export function Deliveries({ id }: { id: number }) {
  const siteId = site.value?.id;
  const hooks = useRead<{ webhooks: Webhook[] }>(siteId ? `/api/webhooks?site=${siteId}` : null);
  const { value, error, reload } = useRead<{ messages: Message[] }>(`/api/webhooks/${id}/messages`);
  const sending = useSending(reload);
  const hook = hooks.value?.webhooks.find(each => each.id === id);
  const isWaiting = value?.messages.some(each => each.status === "waiting") ?? false;
  useEffect(() => {
    if (!isWaiting) return;
    const again = setInterval(reload, AGAIN_MS);
    return () => clearInterval(again);
  }, [isWaiting]);
  return (
    <Screen
      title={t("webhook_deliveries")}
      over={<Link to="/masters/programs">{t("programs")}</Link>}
      class="masters programs"
    >
      <p class="lead program-url">{hook?.url}</p>
      {hook && !hook.stopped_at && (
        <button
          type="button"
          class="button button-primary"
          onClick={() => void sending.send(`/api/webhooks/${id}/test`)}
        >
          {t("webhook_test")}
        </button>
      )}
      {sending.error !== null && <Failure error={sending.error} />}
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value?.messages.length === 0 && <p class="empty">{t("webhook_nothing_told")}</p>}
      <ul class="cards" data-testid="messages">
        {value?.messages.map(message => (
          <li key={message.id} class="card">
            <span class={`program-state program-state-${message.status}`}>
              <Icon name={ICONS[message.status]} />
              {t(`message_${message.status}`)}
              <time dateTime={message.queued_at}>{time(message.queued_at, "second")}</time>
            </span>
            <span class="card-title">{tOr(`event_${message.kind}`, message.kind)}</span>
            <span class="card-text">
              {t("message_attempts", { count: message.attempts })}
              {message.status === "waiting" &&
                ` · ${t("message_next", { at: time(message.due_at, "second") })}`}
            </span>
            {message.answer && <span class="key-data program-answer">{message.answer}</span>}
          </li>
        ))}
      </ul>
    </Screen>
  );
}
