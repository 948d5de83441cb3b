import "../styles/stock.css";
import { date, dateTime, number, t, tOr } from "../i18n/t";
import { EpcisLink } from "../reports/EpcisLink";
import { may } from "../session";
import { CancelVoucher } from "../stock/CancelVoucher";
import { atSite } from "../stock/filters";
import type { BatchRef, ItemRef, PlaceRef, VoucherPage, VoucherUnit } from "../stock/types";
import { usePages } from "../stock/use-pages";
import { VoucherCards, VoucherStatus } from "../stock/VoucherCards";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** A voucher: what it says, what it moved, which units, where it came from and what followed. */
export function Voucher({ id }: { id: string }) {
  const {
    value: voucher,
    error,
    isRemembered,
    askedAt,
    reload,
  } = useRead<VoucherPage>(`/api/vouchers/${id}`);
  if (!voucher) {
    return (
      <Screen title={t("voucher")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen
      class="stock"
      over={tOr(`type_${voucher.type}`, voucher.type)}
      title={voucher.number}
      beside={<VoucherStatus status={voucher.status} />}
    >
      {isRemembered && <Remembered at={askedAt} />}
      {voucher.cancel_reason && (
        <p class="notice notice-warning">
          <Icon name="undo" />
          {t("cancelled_because", { reason: voucher.cancel_reason })}
        </p>
      )}
      <Header voucher={voucher} />
      <section>
        <h2>{t("voucher_lines")}</h2>
        <ul class="lines">
          {voucher.lines.map(line => (
            <li key={line.id} class="stock-line">
              <Goods
                item={line.item}
                batch={line.batch}
                place={line.place}
                qty={line.qty}
                siteId={voucher.site_id}
              />
            </li>
          ))}
        </ul>
      </section>
      {["purchase_receipt", "opening_stock"].includes(voucher.type) && may("reports.read") && (
        <Link to={`/trace?receipt=${id}`} class="button">
          <Icon name="forward" />
          {t("trace")}
        </Link>
      )}
      {voucher.movements.length > 0 && <EpcisLink subject="voucher" id={id} />}
      <Units id={id} key={voucher.status} />
      {voucher.movements.length > 0 && (
        <section>
          <h2>{t("movements")}</h2>
          <ul class="lines">
            {voucher.movements.map(({ item, batch, place, qty }) => (
              <li key={`${item.id} ${batch?.id} ${place.id} ${qty > 0}`} class="stock-line">
                <Goods item={item} batch={batch} place={place} qty={qty} siteId={voucher.site_id} isSigned />
              </li>
            ))}
          </ul>
        </section>
      )}
      {voucher.sources.length > 0 && (
        <section>
          <h2>{t("follows_from")}</h2>
          <VoucherCards vouchers={voucher.sources} />
        </section>
      )}
      {voucher.follow_ups.length > 0 && (
        <section>
          <h2>{t("led_to")}</h2>
          <VoucherCards vouchers={voucher.follow_ups} />
        </section>
      )}
      <CancelVoucher voucher={voucher} onCancelled={reload} />
    </Screen>
  );
}

function Header({ voucher }: { voucher: VoucherPage }) {
  return (
    <dl class="facts">
      {voucher.party && (
        <Fact term={t("party")}>
          <Link to={`/vouchers?party=${encodeURIComponent(voucher.party.code)}`} class="fact-link">
            {voucher.party.name}
          </Link>
        </Fact>
      )}
      <Fact term={t("dated")}>{date(voucher.dated_on)}</Fact>
      {voucher.place && (
        <Fact term={t("place")}>
          <PlaceLink place={voucher.place} />
        </Fact>
      )}
      {voucher.to_place && (
        <Fact term={t("to_place")}>
          <PlaceLink place={voucher.to_place} />
        </Fact>
      )}
      {voucher.acts.map(act => (
        <Fact key={act.what} term={t(`act_${act.what}`)}>
          {act.by}
          <small>{dateTime(act.at)}</small>
        </Fact>
      ))}
      {voucher.remark && <Fact term={t("remark")}>{voucher.remark}</Fact>}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: preact.ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A place is of one site, wherever it is asked about from: goods may go to another one. */
function PlaceLink({ place }: { place: PlaceRef }) {
  return (
    <Link to={`/places/${place.id}`} class="fact-link">
      {place.path}
    </Link>
  );
}

interface GoodsProps {
  item: ItemRef;
  batch: BatchRef | null;
  place: PlaceRef | null;
  qty: number;
  siteId: number;
  isSigned?: boolean;
}

function Goods({ item, batch, place, qty, siteId, isSigned = false }: GoodsProps) {
  return (
    <>
      <Link to={atSite(`/items/${item.id}`, siteId)} class="stock-cell stock-main">
        <strong>{item.item_code}</strong>
        <small>{item.name}</small>
      </Link>
      <p class="stock-qty">
        <strong>
          {isSigned && qty > 0 && "+"}
          {number(qty)}
        </strong>
      </p>
      {batch && (
        <Link to={atSite(`/batches/${batch.id}`, siteId)} class="stock-cell">
          <Icon name="boxes" />
          <span>{batch.batch_no}</span>
        </Link>
      )}
      {place && (
        <Link to={`/places/${place.id}`} class="stock-cell stock-place">
          <Icon name="place" />
          <span>{place.path}</span>
        </Link>
      )}
    </>
  );
}

function Units({ id }: { id: string }) {
  const list = usePages<{ units: VoucherUnit[]; next_cursor: string | null }>(`/api/vouchers/${id}/units`);
  const units = list.pages.flatMap(page => page.units);
  if (list.error !== null) return <Failure error={list.error} retry={list.reload} />;
  if (units.length === 0) return null;
  return (
    <section>
      <h2>{t("units")}</h2>
      <ul class="voucher-units">
        {units.map(unit => (
          <li key={`${unit.item.id} ${unit.serial_no} ${unit.what} ${unit.at}`}>
            {unit.unit_id ? (
              <Link to={`/unit/${unit.unit_id}`} class="button">
                {unit.serial_no}
              </Link>
            ) : (
              <span class="button voucher-unit-new">{unit.serial_no}</span>
            )}
          </li>
        ))}
      </ul>
      {list.more && (
        <button type="button" class="button" disabled={list.isBusy} onClick={list.more}>
          {t("show_next")}
        </button>
      )}
    </section>
  );
}
