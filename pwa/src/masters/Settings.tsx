import { useState } from "preact/hooks";
import { post } from "../api";
import { t, tOr } from "../i18n/t";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { TextField } from "./fields";
import { SiteDays } from "./SiteDays";
import type { Series } from "./types";

/** How the site numbers its vouchers, and its new items and parties. */
export function Settings() {
  const siteId = site.value?.id ?? 0;
  const { value, error, reload } = useRead<{ series: Series[] }>(`/api/masters/series?site=${siteId}`);
  return (
    <Screen title={t("masters_settings")} over={<Link to="/masters">{t("masters")}</Link>} class="masters">
      <SiteDays siteId={siteId} />
      <p class="lead">{t("series_lead", { site: site.value?.name ?? "" })}</p>
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      <ul class="cards">
        {value?.series.map(each => (
          <li key={`${each.kind} ${each.own}`} class="card">
            <SeriesForm series={each} siteId={siteId} reload={reload} />
          </li>
        ))}
      </ul>
    </Screen>
  );
}

function SeriesForm({ series, siteId, reload }: { series: Series; siteId: number; reload: () => void }) {
  const [pattern, setPattern] = useState<string | null>(series.own);
  const [error, setError] = useState<unknown>(null);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    setError(null);
    try {
      await post("/api/masters/series", { site: siteId, kind: series.kind, pattern, seen: series.own });
      reload();
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <form class="series-form" onSubmit={event => void onSubmit(event)}>
      <TextField
        label={tOr(`numbered_${series.kind}`, series.kind.replaceAll("_", " "))}
        value={pattern}
        most={64}
        disabled={!may("masters.manage")}
        hint={`${t("next_number", { number: series.next })} · ${t("usual_series", { series: series.usual })}`}
        onChange={setPattern}
      />
      {pattern !== series.own && (
        <button type="submit" class="button">
          {t("master_save")}
        </button>
      )}
      {error !== null && <Failure error={error} />}
    </form>
  );
}
