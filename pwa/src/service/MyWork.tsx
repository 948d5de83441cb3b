import "../styles/service.css";
import "../styles/claims.css";
import { ClaimCards } from "../claims/ClaimCards";
import { t } from "../i18n/t";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { useRead } from "../ui/use-read";
import { DueCards, RepairCards } from "./JobCards";
import type { MyWork as Work } from "./types";

/** A technician's day: the repairs and claims that are theirs, and the visits that are due to them or to nobody. */
export function MyWork() {
  const { value, error, isRemembered, askedAt, reload } = useRead<Work>(
    site.value ? `/api/my-work?site=${site.value.id}` : null,
  );
  if (!value) return error !== null ? <Failure error={error} retry={reload} /> : <Busy />;
  return (
    <>
      {isRemembered && <Remembered at={askedAt} />}
      <section>
        <h2>{t("my_visits")}</h2>
        {value.due.length === 0 && <p class="empty">{t("no_visits_due")}</p>}
        <DueCards due={value.due} />
      </section>
      {value.claims.length > 0 && (
        <section>
          <h2>{t("my_claims")}</h2>
          <ClaimCards claims={value.claims} />
        </section>
      )}
      <section>
        <h2>{t("my_repairs")}</h2>
        {value.repairs.length === 0 && <p class="empty">{t("no_repairs")}</p>}
        <RepairCards repairs={value.repairs} />
      </section>
      <Link to="/service/customers" class="button">
        <Icon name="download" />
        {t("kept_customers")}
      </Link>
    </>
  );
}
