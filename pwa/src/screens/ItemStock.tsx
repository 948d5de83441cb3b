import { date, number, t, tOr } from "../i18n/t";
import { LabelsLink } from "../labels/LabelsLink";
import { atSameSite, siteOfPage } from "../stock/filters";
import { StockList } from "../stock/StockList";
import type { ItemStock as ItemStockPage } from "../stock/types";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** An item at the site: its batches, the first to expire first, and where it is. */
export function ItemStock({ id }: { id: string }) {
  const siteId = siteOfPage();
  const path = siteId !== null ? `/api/stock/items/${id}?site=${siteId}` : null;
  const { value, error, reload } = useRead<ItemStockPage>(path);
  if (!value) {
    return (
      <Screen title={t("item")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen title={value.item.item_code} over={value.item.name} class="stock">
      <LabelsLink subject="item" id={value.item.id} name={value.item.item_code} />
      <Link
        to={`/labels/print?${new URLSearchParams({ item: String(value.item.id), name: value.item.item_code })}`}
        class="button"
      >
        <Icon name="outbox" />
        {t("labels_by_range")}
      </Link>
      <StockList fixed={{ item: value.item.id }} />
      {value.batches.length > 0 && (
        <section>
          <h2>{t("batches")}</h2>
          <ul class="lines">
            {value.batches.map(batch => (
              <li key={batch.id} class="stock-line">
                <Link to={atSameSite(`/batches/${batch.id}`)} class="stock-cell stock-main">
                  <strong>{batch.batch_no}</strong>
                  <small>
                    {batch.expires_on ? t("expires_on", { date: date(batch.expires_on) }) : t("no_expiry")}
                  </small>
                </Link>
                <p class="stock-qty">
                  <strong>{number(batch.qty)}</strong>
                  <span class={`state state-${batch.state}`}>{tOr(`state_${batch.state}`, batch.state)}</span>
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Screen>
  );
}
