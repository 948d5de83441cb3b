import { useRef, useState } from "preact/hooks";
import { date, t, time } from "../i18n/t";
import { TextField } from "../masters/fields";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { useRead } from "../ui/use-read";
import { useSending } from "../ui/use-sending";
import { Choices } from "./Choices";
import { Secret } from "./Secret";
import type { Token } from "./types";

/** What programs come in with: what each may do, when it was used last, and an end to it. */
export function Tokens() {
  const siteId = site.value?.id;
  const { value, error, reload } = useRead<{ tokens: Token[] }>(siteId ? `/api/tokens?site=${siteId}` : null);
  const sending = useSending(reload);
  return (
    <section>
      <h2>{t("tokens")}</h2>
      <NewToken reload={reload} />
      {error !== null && <Failure error={error} retry={reload} />}
      {sending.error !== null && <Failure error={sending.error} />}
      {!value && error === null && <Busy />}
      {value?.tokens.length === 0 && <p class="empty">{t("tokens_none")}</p>}
      <ul class="cards" data-testid="tokens">
        {value?.tokens.map(token => (
          <li key={token.id} class={`card ${token.revoked_at ? "program-over" : ""}`}>
            <span class="card-title">{token.name}</span>
            <span class="card-text">{token.permissions.join(", ")}</span>
            <span class="card-text">
              {t("program_made", { by: token.made_by, at: time(token.made_at) })} ·{" "}
              {token.used_at ? t("token_used", { at: time(token.used_at) }) : t("token_unused")}
              {token.expires_at && ` · ${t("token_until", { on: date(token.expires_at) })}`}
            </span>
            {token.revoked_at ? (
              <span class="program-state">
                <Icon name="stop" />
                {t("token_revoked", { by: token.revoked_by ?? "", at: time(token.revoked_at) })}
              </span>
            ) : (
              <button
                type="button"
                class="button"
                aria-label={t("token_revoke_named", { name: token.name })}
                onClick={() => void sending.send(`/api/tokens/${token.id}/revoke`)}
              >
                <Icon name="stop" />
                {t("token_revoke")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewToken({ reload }: { reload: () => void }) {
  const [name, setName] = useState<string | null>(null);
  const [permissions, setPermissions] = useState<string[]>([]);
  const [lastDay, setLastDay] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const form = useRef<HTMLDetailsElement>(null);
  const { error, send } = useSending(reload);
  // A token never makes people or tokens.
  const grantable = site.value?.permissions.filter(each => each !== "users.manage").toSorted() ?? [];
  const close = () => {
    setSecret(null);
    if (form.current) form.current.open = false;
  };
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    // The last day counts, by the clock of the person who chose it.
    const expires_at = lastDay ? new Date(`${lastDay}T23:59:59`).toISOString() : null;
    const wanted = { site: site.value?.id, name, permissions, expires_at };
    const made = await send<{ token: string }>("/api/tokens", wanted);
    if (!made) return;
    setSecret(made.token);
    setName(null);
    setPermissions([]);
    setLastDay("");
  };
  return (
    <details ref={form} class="program-new">
      <summary>{t("token_new")}</summary>
      <form onSubmit={event => void onSubmit(event)}>
        <TextField
          label={t("token_name")}
          hint={t("token_name_hint")}
          value={name}
          most={50}
          isRequired
          onChange={setName}
        />
        <label class="field">
          <span class="label">{t("token_last_day")}</span>
          <input type="date" value={lastDay} onInput={event => setLastDay(event.currentTarget.value)} />
        </label>
        <Choices
          title={t("token_may")}
          values={grantable}
          chosen={permissions}
          onChange={setPermissions}
          prefix="permission"
        />
        <button type="submit" class="button button-primary" disabled={permissions.length === 0}>
          {t("token_make")}
        </button>
        {error !== null && <Failure error={error} />}
      </form>
      {secret !== null && <Secret title={t("token_is")} secret={secret} onClose={close} />}
    </details>
  );
}
