import { date, t, tOr } from "../i18n/t";
import { Link } from "../ui/Link";
import type { VoucherCard } from "./types";

/** Vouchers, each a way to its page. */
export function VoucherCards({ vouchers }: { vouchers: VoucherCard[] }) {
  return (
    <ul class="cards">
      {vouchers.map(voucher => (
        <li key={voucher.id}>
          <Link to={`/vouchers/${voucher.id}`} class="card">
            <span class="card-head">
              <span class="card-title">{voucher.number}</span>
              <VoucherStatus status={voucher.status} />
            </span>
            <span class="card-text">
              {tOr(`type_${voucher.type}`, voucher.type)}
              {voucher.party && ` · ${voucher.party.name}`} · {date(voucher.dated_on)} ·{" "}
              {t("opened_by", { name: voucher.opened_by })}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function VoucherStatus({ status }: { status: string }) {
  return <span class={`chip voucher-${status}`}>{tOr(`voucher_${status}`, status)}</span>;
}
