import "../styles/stock.css";
import { Drafts, type DraftsHere, useDrafts } from "../drafts/Drafts";
import { ADDRESSES, type DraftKind } from "../drafts/types";
import { t, tOr } from "../i18n/t";
import { navigate } from "../router";
import { site } from "../session";
import { filter, withFilters } from "../stock/filters";
import type { VoucherCard } from "../stock/types";
import { usePages } from "../stock/use-pages";
import { VoucherCards } from "../stock/VoucherCards";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";

const TYPES = [
  "purchase_order",
  "purchase_receipt",
  "sales_order",
  "pick_list",
  "delivery_note",
  "sales_invoice",
  "stock_transfer",
  "supplier_return",
  "stock_entry",
  "stock_count",
  "recall",
  "repair_order",
  "service_visit",
];
const STATUSES = ["draft", "submitted", "closed", "cancelled"];
const FILTERS = ["type", "status", "party", "q"];

/** All vouchers of the site, newest first, narrowed by filters that the link carries. */
export function Vouchers() {
  const drafts = useDraftsThatFit();
  const areDraftsAsked = filter("status") === "draft";
  return (
    <Screen title={t("vouchers")} class="stock">
      <form
        class="code-field"
        key={filter("q")}
        onSubmit={event => {
          event.preventDefault();
          navigate(withFilters({ q: String(new FormData(event.currentTarget).get("q")).trim() }));
        }}
      >
        <label>
          <span class="label">{t("voucher_number")}</span>
          <input type="search" name="q" maxLength={64} defaultValue={filter("q")} autocomplete="off" />
        </label>
        <button type="submit" class="button" aria-label={t("find")}>
          <Icon name="search" />
        </button>
      </form>
      <div class="stock-tools">
        <Choice name="type" any={t("any_type")} values={TYPES} prefix="type" />
        <Choice name="status" any={t("any_status")} values={STATUSES} prefix="voucher" />
        {filter("party") && (
          <Link to={withFilters({ party: "" })} class="button">
            <Icon name="close" />
            {filter("party")}
          </Link>
        )}
      </div>
      <Drafts drafts={drafts} isOpen={areDraftsAsked} />
      {site.value && <List siteId={site.value.id} hasMore={areDraftsAsked && drafts.list?.length !== 0} />}
    </Screen>
  );
}

/** Drafts that are no vouchers yet, where the filters leave room for them. */
function useDraftsThatFit(): DraftsHere {
  const type = filter("type");
  const hasDrafts = type === "" || type in ADDRESSES;
  const isNarrowed = filter("party") !== "" || filter("q") !== "";
  const isWanted = hasDrafts && !isNarrowed && ["", "draft"].includes(filter("status"));
  return useDrafts(isWanted && type ? (type as DraftKind) : null, isWanted);
}

interface ChoiceProps {
  name: string;
  any: string;
  values: string[];
  prefix: string;
}

function Choice({ name, any, values, prefix }: ChoiceProps) {
  return (
    <label class="stock-select">
      <span class="visually-hidden">{any}</span>
      <select
        value={filter(name)}
        onChange={event => navigate(withFilters({ [name]: event.currentTarget.value }))}
      >
        <option value="">{any}</option>
        {values.map(value => (
          <option key={value} value={value}>
            {tOr(`${prefix}_${value}`, value)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ListProps {
  siteId: number;
  /** Whether something else that fits stands above, or is still on its way. */
  hasMore: boolean;
}

function List({ siteId, hasMore }: ListProps) {
  const query = new URLSearchParams({ site: String(siteId) });
  for (const name of FILTERS) if (filter(name)) query.set(name, filter(name));
  const list = usePages<{ vouchers: VoucherCard[]; next_cursor: string | null }>(`/api/vouchers?${query}`);
  const vouchers = list.pages.flatMap(page => page.vouchers);
  return (
    <>
      {list.error !== null && <Failure error={list.error} retry={list.reload} />}
      {list.isRemembered && <Remembered at={list.askedAt} />}
      {list.pages.length === 0 && list.error === null && <Busy />}
      {list.pages.length > 0 && vouchers.length === 0 && !hasMore && <p class="empty">{t("no_vouchers")}</p>}
      <VoucherCards vouchers={vouchers} />
      {list.more && (
        <button type="button" class="button" disabled={list.isBusy} onClick={list.more}>
          {t("show_next")}
        </button>
      )}
    </>
  );
}
