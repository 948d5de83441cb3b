import { useSignal } from "@preact/signals";
import { post } from "../api";
import { date, dateTime, t } from "../i18n/t";
import { navigate } from "../router";
import type { SoldGoods as Sold, SoldGoodsSummary } from "../selling/types";
import { may, site } from "../session";
import { CancelVoucher } from "../stock/CancelVoucher";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import "../styles/picking.css";

export type Kind = "delivery-notes" | "sales-invoices";

const TITLES = {
  "delivery-notes": "delivery_notes",
  "sales-invoices": "sales_invoices",
} as const;
const TITLE = { "delivery-notes": "delivery_note", "sales-invoices": "sales_invoice" } as const;

/** The deliveries or invoices of the site, newest first. */
export function SoldGoodsList({ kind }: { kind: Kind }) {
  const read = useRead<Partial<Record<string, SoldGoodsSummary[]>>>(
    site.value ? `/api/${kind}?site=${site.value.id}` : null,
  );
  const vouchers = read.value?.[TITLES[kind]];
  return (
    <Screen title={t(TITLES[kind])}>
      {kind === "delivery-notes" && may("deliver") && (
        <Link to="/delivery-notes/new" class="button button-primary">
          {t("new_delivery_note")}
        </Link>
      )}
      {kind === "sales-invoices" && may("orders.manage") && may("deliver") && (
        <Link to="/sales-invoices/new" class="button button-primary">
          {t("new_sales_invoice")}
        </Link>
      )}
      {read.error !== null && <Failure error={read.error} retry={read.reload} />}
      {!vouchers && read.error === null && <Busy />}
      {vouchers?.length === 0 && <p class="empty">{t("nothing_sold")}</p>}
      <ul class="cards">
        {vouchers?.map(each => (
          <li key={each.id}>
            <Link to={`/${kind}/${each.id}`} class="card">
              <span class="card-head">
                <span class="card-title">{each.number}</span>
                <span class="card-figure">{each.qty}</span>
              </span>
              <span class="card-text">
                {each.customer.name} · {date(each.dated_on)} · {t(`made_${each.status}`)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Screen>
  );
}

/** One delivery or invoice; every line names its serial numbers, each a tap from its unit. */
export function SoldGoods({ kind, id }: { kind: Kind; id: string }) {
  const read = useRead<Sold>(`/api/${kind}/${id}`);
  const sold = read.value;
  if (!sold) {
    return (
      <Screen title={t(TITLE[kind])}>
        {read.error !== null ? <Failure error={read.error} retry={read.reload} /> : <Busy />}
      </Screen>
    );
  }
  const from = sold.source;
  return (
    <Screen key={sold.id} title={sold.number} over={t(TITLE[kind])}>
      <p class="lead">
        {sold.customer.name} · {date(sold.dated_on)}
      </p>
      {sold.remark && <p>{sold.remark}</p>}
      {sold.status === "cancelled" ? (
        <p class="notice notice-warning">
          {t("sale_cancelled")} {sold.cancel_reason}
        </p>
      ) : (
        <div class="notice notice-accepted" role="status">
          <Icon name="check" />
          <div>
            <p class="notice-title">
              {t(kind === "delivery-notes" ? "delivered_by" : "invoiced_by", {
                name: sold.submitted_by ?? "",
                at: sold.submitted_at ? dateTime(sold.submitted_at) : "",
              })}
            </p>
          </div>
        </div>
      )}
      <ul class="lines">
        {sold.lines.map(line => (
          <li key={line.id} class="sale-line">
            <span>
              <strong>{line.item.item_code}</strong> {line.item.name}
              {line.batch_no && <small> {t("batch_is", { batch: line.batch_no })}</small>}
            </span>
            <span class="line-figure">{line.qty}</span>
            {line.units.length > 0 && (
              <ul class="serials" data-testid="serials">
                {line.units.map(unit => (
                  <li key={unit.id}>
                    <Link to={`/unit/${unit.id}`} class="button key-data">
                      {unit.serial_no}
                    </Link>
                    {unit.warranty_until && (
                      <small> {t("warranty_until", { date: date(unit.warranty_until) })}</small>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <ul class="cards">
        {sold.sales_orders.map(order => (
          <Way
            key={order.id}
            to={`/sales-orders/${order.id}`}
            what={t("sales_order")}
            number={order.number}
          />
        ))}
        {from && from.type === "pick_list" && (
          <Way to={`/pick/${from.id}`} what={t("pick_list")} number={from.number} />
        )}
        {from && from.type === "delivery_note" && (
          <Way to={`/delivery-notes/${from.id}`} what={t("delivery_note")} number={from.number} />
        )}
        {sold.sales_invoices.map(invoice => (
          <Way
            key={invoice.id}
            to={`/sales-invoices/${invoice.id}`}
            what={t("sales_invoice")}
            number={invoice.number}
          />
        ))}
      </ul>
      {kind === "delivery-notes" &&
        sold.status === "submitted" &&
        may("orders.manage") &&
        sold.sales_invoices.every(invoice => invoice.status === "cancelled") && <MakeInvoice note={sold} />}
      <CancelVoucher voucher={sold} onCancelled={read.reload} />
    </Screen>
  );
}

function Way({ to, what, number }: { to: string; what: string; number: string }) {
  return (
    <li>
      <Link to={to} class="card card-link">
        <span class="card-title">{number}</span>
        <span class="card-text">{what}</span>
        <Icon name="forward" />
      </Link>
    </li>
  );
}

function MakeInvoice({ note }: { note: Sold }) {
  const id = useSignal(crypto.randomUUID());
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const make = async () => {
    isBusy.value = true;
    error.value = null;
    try {
      const invoice = await post<Sold>("/api/sales-invoices", { id: id.value, delivery_note_id: note.id });
      navigate(`/sales-invoices/${invoice.id}`);
    } catch (caught) {
      error.value = caught;
      isBusy.value = false;
    }
  };
  return (
    <>
      {error.value !== null && <Failure error={error.value} />}
      <button type="button" class="button button-primary" disabled={isBusy.value} onClick={() => void make()}>
        {t("make_invoice")}
      </button>
    </>
  );
}
