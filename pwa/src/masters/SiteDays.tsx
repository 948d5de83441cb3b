import { useState } from "preact/hooks";
import { post } from "../api";
import { date, t } from "../i18n/t";
import { may } from "../session";
import { Failure } from "../ui/Failure";
import { useForm } from "../ui/use-form";
import { useRead } from "../ui/use-read";

interface Days {
  time_zone: string;
  fiscal_month: number;
  version: number;
  today: string;
  fiscal_year: string;
}

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

/** In which time zone the site is and when its fiscal year begins: what "today" means in every rule. */
export function SiteDays({ siteId }: { siteId: number }) {
  const { value, error, reload } = useRead<Days>(`/api/masters/site-days?site=${siteId}`);
  if (error !== null) return <Failure error={error} retry={reload} />;
  return value && <DaysForm key={value.version} siteId={siteId} days={value} reload={reload} />;
}

function DaysForm({ siteId, days, reload }: { siteId: number; days: Days; reload: () => void }) {
  const [zone, setZone] = useState(days.time_zone);
  const [month, setMonth] = useState(days.fiscal_month);
  const isFixed = !may("masters.manage");
  const form = useForm(async () => {
    const wanted = { time_zone: zone.trim(), fiscal_month: month, version: days.version };
    await post("/api/masters/site-days", { site: siteId, ...wanted });
    reload();
  });
  const name = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", timeZone: "UTC" });
  return (
    <form class="card form" onSubmit={form.onSubmit}>
      <h2>{t("site_days")}</h2>
      <label>
        <span class="label">{t("time_zone")}</span>
        <input
          type="text"
          list="time-zones"
          value={zone}
          maxLength={64}
          required
          disabled={isFixed}
          autocomplete="off"
          onInput={event => setZone(event.currentTarget.value)}
        />
        <datalist id="time-zones">
          {Intl.supportedValuesOf("timeZone").map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </label>
      <label>
        <span class="label">{t("fiscal_month")}</span>
        <select
          value={String(month)}
          disabled={isFixed}
          onChange={event => setMonth(Number(event.currentTarget.value))}
        >
          {MONTHS.map(each => (
            <option key={each} value={String(each)}>
              {name.format(Date.UTC(2024, each - 1, 1))}
            </option>
          ))}
        </select>
      </label>
      <p class="hint">{t("site_today", { day: date(days.today), year: days.fiscal_year })}</p>
      {(zone.trim() !== days.time_zone || month !== days.fiscal_month) && (
        <button type="submit" class="button">
          {t("master_save")}
        </button>
      )}
      {form.error.value !== null && <Failure error={form.error.value} />}
    </form>
  );
}
