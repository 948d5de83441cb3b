import "../styles/claims.css";
import { t } from "../i18n/t";
import { navigate, route } from "../router";
import { may, site, username } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WaitingActions } from "../ui/WaitingActions";
import { ClaimCards } from "./ClaimCards";
import type { Claims as ClaimsRead } from "./types";

/** The queue: a technician's own claims, or all of the site for support; what is chosen stands in the link. */
export function Claims() {
  const { query } = route.value;
  const status = query.get("status") ?? "open";
  const technician = query.get("technician") ?? "";
  const q = query.get("q") ?? "";
  const asked = new URLSearchParams({ site: String(site.value?.id), status });
  if (technician) asked.set("technician", technician);
  if (q) asked.set("q", q);
  const { value, error, isRemembered, askedAt, reload } = useRead<ClaimsRead>(
    site.value ? `/api/warranty-claims?${asked}` : null,
  );
  const choose = (changed: Record<string, string>) => {
    const next = new URLSearchParams({ status, technician, q, ...changed });
    for (const [key, chosen] of [...next]) if (!chosen) next.delete(key);
    navigate(`/claims?${next}`);
  };
  const onSearch = (event: SubmitEvent) => {
    event.preventDefault();
    choose({ q: String(new FormData(event.currentTarget as HTMLFormElement).get("q")).trim() });
  };
  return (
    <Screen title={t("claims")} class="claims">
      <div class="claim-tools">
        {may("service") && (
          <Link to="/claims/new" class="button button-primary">
            {t("new_claim")}
          </Link>
        )}
        <Link to="/returns" class="button">
          {t("customer_returns")}
        </Link>
        <Link to="/contracts" class="button">
          {t("service_contracts")}
        </Link>
      </div>
      <form class="code-field" onSubmit={onSearch}>
        <label>
          <span class="label">{t("claim_or_serial")}</span>
          <input key={q} type="search" name="q" defaultValue={q} maxLength={100} autocomplete="off" />
        </label>
        <button type="submit" class="button">
          {t("find")}
        </button>
      </form>
      <div class="claim-filters">
        <label>
          <span class="label">{t("status")}</span>
          <select value={status} onChange={event => choose({ status: event.currentTarget.value })}>
            {(["open", "draft", "submitted", "closed"] as const).map(each => (
              <option key={each} value={each}>
                {t(`claims_${each}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="label">{t("technician")}</span>
          <select value={technician} onChange={event => choose({ technician: event.currentTarget.value })}>
            <option value="">{t("everybody")}</option>
            <option value="-">{t("nobody_yet")}</option>
            {value?.technicians.map(each => (
              <option key={each.username} value={each.username}>
                {each.username === username.value ? t("me_named", { name: each.name }) : each.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {isRemembered && <Remembered at={askedAt} />}
      <WaitingActions kinds={["warranty_claim"]} onSent={reload} />
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value?.claims.length === 0 && <p class="empty">{t("no_claims")}</p>}
      {value && <ClaimCards claims={value.claims} />}
    </Screen>
  );
}
