import { useState } from "preact/hooks";
import { t } from "../i18n/t";
import { site } from "../session";
import { Icon } from "../ui/Icon";
import { Clock } from "./Clock";
import { useDownload } from "./use-download";

/** Everything that happened at the site in some days, for a partner's or an authority's own system. */
export function EpcisOfDays() {
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const { get, isBusy, progress } = useDownload();
  return (
    <section class="report-epcis">
      <h2>{t("epcis_events")}</h2>
      <p class="report-about">{t("epcis_about")}</p>
      <form
        onSubmit={event => {
          event.preventDefault();
          const query = new URLSearchParams({
            site: String(site.value?.id ?? ""),
            first_day: first,
            last_day: last,
          });
          void get(`/api/epcis/events?${query}`, `epcis-${first}-${last}.jsonld`);
        }}
      >
        <label>
          <span class="label">{t("report_from")}</span>
          <input type="date" required value={first} onInput={event => setFirst(event.currentTarget.value)} />
        </label>
        <label>
          <span class="label">{t("report_to")}</span>
          <input
            type="date"
            required
            min={first}
            value={last}
            onInput={event => setLast(event.currentTarget.value)}
          />
        </label>
        <Clock />
        <button type="submit" class="button" disabled={isBusy}>
          <Icon name="download" />
          {t("epcis_take")}
        </button>
      </form>
      {progress}
    </section>
  );
}
