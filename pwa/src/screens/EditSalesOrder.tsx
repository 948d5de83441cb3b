import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import { SalesOrderForm } from "../selling/SalesOrderForm";
import type { SalesOrder } from "../selling/types";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** A sales order to write, or a draft to change. */
export function EditSalesOrder({ id }: { id: string | null }) {
  const siteId = site.value?.id ?? 0;
  const items = useRead<{ items: { item_code: string; name: string }[] }>(`/api/items?site=${siteId}`);
  const known = useRead<SalesOrder>(id ? `/api/sales-orders/${id}` : null);
  const turn = useSignal(0);
  const isThere = items.value && (id === null || known.value);
  const isFinal = known.value !== null && known.value.status !== "draft";
  return (
    <Screen title={known.value?.number ?? t("new_sales_order")} over={t("sales_order")}>
      {known.error !== null && <Failure error={known.error} retry={known.reload} />}
      {known.isBusy && <Busy />}
      <ListNote of={items} />
      {isFinal && (
        <>
          <p class="notice notice-warning">{t("order_is_no_draft")}</p>
          <Link to={`/sales-orders/${id}`} class="button">
            {t("sales_order")}
          </Link>
        </>
      )}
      {isThere && items.value && !isFinal && (
        <SalesOrderForm
          key={turn.value}
          siteId={siteId}
          items={items.value.items}
          known={known.value}
          onAnew={() => turn.value++}
        />
      )}
    </Screen>
  );
}
