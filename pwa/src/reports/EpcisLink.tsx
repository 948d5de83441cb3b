import { t } from "../i18n/t";
import { may, site } from "../session";
import { Icon } from "../ui/Icon";

/** What happened to one thing, as an EPCIS document for another system. */
export function EpcisLink({ subject, id }: { subject: "unit" | "batch" | "voucher"; id: number | string }) {
  if (!site.value || !may("reports.read")) return null;
  const query = new URLSearchParams({ site: String(site.value.id), [subject]: String(id) });
  return (
    <a class="button" href={`/api/epcis/events?${query}`} download>
      <Icon name="download" />
      {t("epcis_take")}
    </a>
  );
}
