import "../styles/recall.css";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { post } from "../api";
import { number, t } from "../i18n/t";
import { navigate } from "../router";
import { site } from "../session";
import type { ItemRef } from "../stock/types";
import { ListNote } from "../ui/ListNote";
import { NotSent } from "../ui/NotSent";
import { Screen } from "../ui/Screen";
import { UnitState } from "../ui/UnitState";
import { useRead } from "../ui/use-read";
import type { Preview, Recall, Scope } from "./types";

const TYPED = ["serials", "component", "dates"] as const;

/** Says what is recalled, shows what that would take in, and starts it. A batch or receipt comes with the address. */
export function NewRecall() {
  const given = useMemo(() => scopeOf(new URLSearchParams(location.search)), []);
  const origin = useSignal<Scope["origin"]>(given?.origin ?? "serials");
  const preview = useSignal<Preview | null>(null);
  const asked = useSignal<Scope | null>(null);
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const id = useMemo(() => crypto.randomUUID(), []);

  const attempt = async (job: () => Promise<void>) => {
    if (isBusy.value) return;
    isBusy.value = true;
    error.value = null;
    try {
      await job();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  const look = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const scope = given ?? typed(origin.value, form);
    void attempt(async () => {
      preview.value = await post<Preview>("/api/recalls/preview", { site: site.value?.id, scope });
      asked.value = scope;
    });
  };
  const start = (event: SubmitEvent) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason")).trim();
    void attempt(async () => {
      const wanted = {
        id,
        site: site.value?.id,
        scope: asked.value,
        reason,
        done_at: new Date().toISOString(),
      };
      const recall = await post<Recall>("/api/recalls", wanted, { timeoutMs: 60_000 });
      navigate(`/recalls/${recall.id}`, { replace: true });
    });
  };
  const forget = () => {
    preview.value = null;
  };
  return (
    <Screen title={t("new_recall")}>
      <form class="form" onSubmit={look} onInput={forget}>
        {!given && (
          <fieldset class="choices" aria-label={t("recall_from")}>
            {TYPED.map(each => (
              <button
                key={each}
                type="button"
                class="button"
                aria-pressed={each === origin.value}
                onClick={() => {
                  origin.value = each;
                  forget();
                }}
              >
                {t(`recall_from_${each}`)}
              </button>
            ))}
          </fieldset>
        )}
        {!given && <Fields origin={origin.value} />}
        <button type="submit" class="button" disabled={isBusy.value}>
          {t("look_first")}
        </button>
      </form>
      {error.value !== null && <NotSent error={error.value} />}
      {preview.value && (
        <section>
          <h2>{t("would_recall", { count: preview.value.total })}</h2>
          <p>{preview.value.scope}</p>
          <ul class="lines">
            {Object.entries(preview.value.by_state).map(([state, count]) => (
              <li key={state} class="line">
                <UnitState state={state} />
                <span class="line-figure">{number(count)}</span>
              </li>
            ))}
          </ul>
          {preview.value.unknown_serial_nos.length > 0 && (
            <p class="notice notice-warning">
              {t("recall_unknown", { list: preview.value.unknown_serial_nos.join(", ") })}
            </p>
          )}
          {preview.value.elsewhere > 0 && (
            <p class="notice notice-warning">{t("recall_elsewhere", { count: preview.value.elsewhere })}</p>
          )}
          {preview.value.total + preview.value.elsewhere === 0 && <p class="hint">{t("recall_nothing")}</p>}
          {preview.value.total > 0 && (
            <form class="form" onSubmit={start}>
              <label>
                <span class="label">{t("recall_reason")}</span>
                <input type="text" name="reason" maxLength={400} required autocomplete="off" />
              </label>
              <button type="submit" class="button button-danger" disabled={isBusy.value}>
                {t("start_recall", { count: preview.value.total })}
              </button>
            </form>
          )}
        </section>
      )}
    </Screen>
  );
}

function Fields({ origin }: { origin: Scope["origin"] }) {
  if (origin === "serials") {
    return (
      <label>
        <span class="label">{t("recall_serials")}</span>
        <textarea name="serial_nos" rows={6} required spellcheck={false} />
      </label>
    );
  }
  if (origin === "component") {
    return (
      <label>
        <span class="label">{t("recall_component")}</span>
        <input type="text" name="component" maxLength={200} required autocomplete="off" spellcheck={false} />
      </label>
    );
  }
  return <Dates />;
}

/** What came from a supplier in some days, of all items or of one. */
function Dates() {
  const items = useRead<{ items: ItemRef[] }>(site.value ? `/api/items?site=${site.value.id}` : null);
  return (
    <>
      <label>
        <span class="label">{t("supplier_code")}</span>
        <input type="text" name="supplier" maxLength={64} autocomplete="off" />
      </label>
      <label>
        <span class="label">{t("received_from")}</span>
        <input type="date" name="from_on" required />
      </label>
      <label>
        <span class="label">{t("received_to")}</span>
        <input type="date" name="to_on" required />
      </label>
      <label>
        <span class="label">{t("item")}</span>
        <select name="item_id">
          <option value="">{t("all_items")}</option>
          {items.value?.items.map(item => (
            <option key={item.id} value={String(item.id)}>
              {item.item_code} {item.name}
            </option>
          ))}
        </select>
      </label>
      <ListNote of={items} />
    </>
  );
}

function scopeOf(query: URLSearchParams): Scope | null {
  const batch = Number(query.get("batch"));
  if (batch > 0) return { origin: "batch", batch_id: batch };
  const receipt = query.get("receipt");
  return receipt ? { origin: "receipt", receipt_id: receipt } : null;
}

function typed(origin: Scope["origin"], form: FormData): Scope {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  if (origin === "serials") {
    return {
      origin,
      serial_nos: text("serial_nos")
        .split(/[\n,;\t]+/)
        .map(each => each.trim())
        .filter(Boolean),
    };
  }
  if (origin === "component") return { origin, component: text("component") };
  const item_id = Number(text("item_id")) || undefined;
  return {
    origin,
    supplier: text("supplier") || undefined,
    from_on: text("from_on"),
    to_on: text("to_on"),
    item_id,
  };
}
