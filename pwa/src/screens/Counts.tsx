import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import { post } from "../api";
import type { Location } from "../api-types";
import type { Count, CountCard } from "../counting/types";
import { t, time } from "../i18n/t";
import { navigate } from "../router";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

const SHELVES = ["warehouse", "bin", "reject"];

/** The counts of a site that are not posted, and a new one. */
export function Counts() {
  const siteId = site.value?.id;
  const counts = useRead<{ counts: CountCard[] }>(siteId ? `/api/stock-counts?site=${siteId}` : null);
  return (
    <Screen title={t("counts")} class="counts">
      {counts.error !== null && <Failure error={counts.error} retry={counts.reload} />}
      {!counts.value && counts.error === null && <Busy />}
      {counts.value?.counts.length === 0 && <p class="empty">{t("no_counts")}</p>}
      <ul class="cards">
        {counts.value?.counts.map(count => (
          <li key={count.id}>
            <Link to={`/counts/${count.id}`} class={`card ${count.status === "draft" ? "card-strong" : ""}`}>
              <span class="card-head">
                <span class="card-title">{count.number}</span>
                <span class="chip">{t(`count_status_${count.status}`)}</span>
              </span>
              <span class="card-text">
                {count.place.path} · {count.rounds.map(round => round.by).join(", ")} ·{" "}
                {time(count.opened_at)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {may("count") && siteId && <NewCount siteId={siteId} />}
    </Screen>
  );
}

function NewCount({ siteId }: { siteId: number }) {
  const places = useRead<{ locations: Location[] }>(`/api/locations?site=${siteId}`);
  const isBlind = useSignal(true);
  const chosen = useSignal<number | null>(null);
  const error = useSignal<unknown>(null);
  const id = useSignal(crypto.randomUUID());
  const begin = async () => {
    error.value = null;
    try {
      const body = { id: id.value, location_id: chosen.value, is_blind: isBlind.value };
      navigate(`/counts/${(await post<Count>("/api/stock-counts", body)).id}`);
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <section class="form">
      <h2>{t("new_count")}</h2>
      <ListNote of={places} />
      <fieldset class="choices" aria-label={t("place")}>
        {places.value?.locations
          .filter(place => SHELVES.includes(place.kind))
          .map(place => (
            <button
              key={place.id}
              type="button"
              class="button place"
              aria-pressed={place.id === chosen.value}
              onClick={() => {
                chosen.value = place.id;
                id.value = crypto.randomUUID();
              }}
            >
              <strong>{place.code}</strong>
              <span>{place.name}</span>
            </button>
          ))}
      </fieldset>
      <fieldset class="choices" aria-label={t("count_how")}>
        {[true, false].map(blind => (
          <button
            key={String(blind)}
            type="button"
            class="button"
            aria-pressed={isBlind.value === blind}
            onClick={() => {
              isBlind.value = blind;
              id.value = crypto.randomUUID();
            }}
          >
            {t(blind ? "count_blind" : "count_guided")}
          </button>
        ))}
      </fieldset>
      {error.value !== null && <Failure error={error.value} />}
      <button
        type="button"
        class="button button-primary"
        disabled={chosen.value === null}
        onClick={() => void begin()}
      >
        <Icon name="play" />
        {t("begin_count")}
      </button>
    </section>
  );
}
