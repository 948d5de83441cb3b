import { useState } from "preact/hooks";
import { t } from "../i18n/t";
import { navigate } from "../router";
import { site } from "../session";
import "../styles/labels.css";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** Whose badges are printed: everybody of the site, or some of them. */
export function Badges() {
  const { value, error, reload } = useRead<{ people: { id: number; name: string; username: string }[] }>(
    `/api/badge-holders?site=${site.value?.id}`,
  );
  const [without, setWithout] = useState<ReadonlySet<number>>(new Set());
  if (error !== null)
    return (
      <Screen title={t("badges")} class="labels">
        <Failure error={error} retry={reload} />
      </Screen>
    );
  if (!value) return <Busy />;
  const ids = value.people.map(each => each.id).filter(id => !without.has(id));
  const toggle = (id: number) => {
    const next = new Set(without);
    if (!next.delete(id)) next.add(id);
    setWithout(next);
  };
  return (
    <Screen title={t("badges")} class="labels">
      <fieldset class="badge-holders">
        <legend class="label">{t("badges_whose")}</legend>
        {value.people.length > 1 && (
          <button
            type="button"
            class="button"
            onClick={() => setWithout(new Set(ids.length > 0 ? value.people.map(each => each.id) : []))}
          >
            {t(ids.length > 0 ? "badges_none" : "badges_all")}
          </button>
        )}
        {value.people.map(({ id, name, username }) => (
          <label key={id} class="check">
            <input type="checkbox" checked={!without.has(id)} onChange={() => toggle(id)} />
            <span>
              {name} <small>{username}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="bottom-bar">
        <button
          type="button"
          class="button button-primary"
          disabled={ids.length === 0}
          onClick={() =>
            navigate(
              `/labels/print?${new URLSearchParams({ subject: "badge", ids: ids.join(","), name: t("badges") })}`,
            )
          }
        >
          <Icon name="outbox" />
          {t("labels_print")}
        </button>
      </div>
    </Screen>
  );
}
