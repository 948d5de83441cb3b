import "../styles/reports.css";
import { t, tOr } from "../i18n/t";
import { EpcisOfDays } from "../reports/EpcisOfDays";
import type { ReportCard } from "../reports/types";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** Every report there is, with what it answers. */
export function Reports() {
  const { value, error, reload } = useRead<{ reports: ReportCard[] }>("/api/reports");
  return (
    <Screen title={t("reports")} class="reports">
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      <nav class="report-list" aria-label={t("reports")}>
        {value?.reports.map(({ key, title, about }) => (
          <Link key={key} to={`/reports/${key}`} class="card card-link">
            <Icon name="board" />
            <span class="report-name">
              <span class="card-title">{tOr(`report_${key}`, title)}</span>
              <small>{tOr(`report_about_${key}`, about)}</small>
            </span>
            <Icon name="forward" />
          </Link>
        ))}
      </nav>
      {value && <EpcisOfDays />}
    </Screen>
  );
}
