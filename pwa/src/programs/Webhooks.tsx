import { useRef, useState } from "preact/hooks";
import { number, t, time } from "../i18n/t";
import { TextField } from "../masters/fields";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { useRead } from "../ui/use-read";
import { useSending } from "../ui/use-sending";
import { Choices } from "./Choices";
import { Secret } from "./Secret";
import type { Webhook } from "./types";

/** Addresses that are told what happens, with how their messages fare. */
export function Webhooks() {
  const siteId = site.value?.id;
  const { value, error, reload } = useRead<{ webhooks: Webhook[]; kinds: string[] }>(
    siteId ? `/api/webhooks?site=${siteId}` : null,
  );
  const sending = useSending(reload);
  return (
    <section>
      <h2>{t("webhooks")}</h2>
      {value && <NewWebhook kinds={value.kinds} reload={reload} />}
      {error !== null && <Failure error={error} retry={reload} />}
      {sending.error !== null && <Failure error={sending.error} />}
      {!value && error === null && <Busy />}
      {value?.webhooks.length === 0 && <p class="empty">{t("webhooks_none")}</p>}
      <ul class="cards" data-testid="webhooks">
        {value?.webhooks.map(hook => (
          <li key={hook.id} class={`card ${hook.stopped_at ? "program-over" : ""}`}>
            <span class="card-title program-url">{hook.url}</span>
            <span class="card-text">{hook.kinds.join(", ")}</span>
            <span class="card-text">
              {t("program_made", { by: hook.made_by, at: time(hook.made_at) })}
              {hook.stopped_at && ` · ${t("webhook_stopped_at", { at: time(hook.stopped_at) })}`}
            </span>
            <dl class="program-counts">
              {(["delivered", "waiting", "dead"] as const).map(status => (
                <div key={status} class={status === "dead" && hook.dead > 0 ? "program-bad" : ""}>
                  <dt>{t(`message_${status}`)}</dt>
                  <dd>{number(hook[status])}</dd>
                </div>
              ))}
            </dl>
            <span class="program-tools">
              <Link to={`/masters/programs/${hook.id}`} class="button">
                {t("webhook_deliveries")}
              </Link>
              {!hook.stopped_at && (
                <>
                  <button
                    type="button"
                    class="button"
                    onClick={() => void sending.send(`/api/webhooks/${hook.id}/test`)}
                  >
                    {t("webhook_test")}
                  </button>
                  <button
                    type="button"
                    class="button"
                    onClick={() => void sending.send(`/api/webhooks/${hook.id}/stop`)}
                  >
                    <Icon name="stop" />
                    {t("webhook_stop")}
                  </button>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewWebhook({ kinds, reload }: { kinds: string[]; reload: () => void }) {
  const [url, setUrl] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string[]>([]);
  const [secret, setSecret] = useState<string | null>(null);
  const form = useRef<HTMLDetailsElement>(null);
  const { error, send } = useSending(reload);
  const close = () => {
    setSecret(null);
    if (form.current) form.current.open = false;
  };
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    const body = { site: site.value?.id, url, kinds: wanted };
    const made = await send<{ secret: string }>("/api/webhooks", body);
    if (!made) return;
    setSecret(made.secret);
    setUrl(null);
    setWanted([]);
  };
  return (
    <details ref={form} class="program-new">
      <summary>{t("webhook_new")}</summary>
      <form onSubmit={event => void onSubmit(event)}>
        <TextField
          label={t("webhook_url")}
          hint={t("webhook_url_hint")}
          value={url}
          most={500}
          isRequired
          onChange={setUrl}
        />
        <Choices
          title={t("webhook_kinds")}
          values={kinds}
          chosen={wanted}
          onChange={setWanted}
          prefix="event"
        />
        <button type="submit" class="button button-primary" disabled={wanted.length === 0}>
          {t("webhook_add")}
        </button>
        {error !== null && <Failure error={error} />}
      </form>
      {secret !== null && <Secret title={t("webhook_secret_is")} secret={secret} onClose={close} />}
    </details>
  );
}
