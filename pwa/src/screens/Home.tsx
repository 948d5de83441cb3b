import type { PurchaseOrder, ReceiptSummary } from "../api-types";
import { date, t } from "../i18n/t";
import { isInstallDue } from "../install/offer";
import { navigate } from "../router";
import { useCodes } from "../scan/codes";
import { findAddress } from "../scan/find-address";
import { chooseSite, isTechnician, logOut, may, session, site, username } from "../session";
import { nextTheme, theme } from "../theme";
import { Busy } from "../ui/Busy";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { LanguageChoice } from "../ui/LanguageChoice";
import { Link } from "../ui/Link";
import { late } from "../ui/late";
import { MenuLink } from "../ui/MenuLink";
import { Progress } from "../ui/Progress";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";

/** A technician starts with it; nobody else loads it. */
const MyWork = late(async () => (await import("../service/Service")).MyWork);

/** Once on each device. */
const InstallHint = late(async () => (await import("../install/InstallHint")).InstallHint);

/** A supervisor sees how many are open; nobody else loads it. */
const AlertsLink = late(async () => (await import("../alerts/Alerts")).AlertsLink);

/** What is to do now: own open receipts first, then orders to receive, and a look-up that always listens. */
export function Home() {
  useCodes(code => navigate(findAddress(code)), []);
  return (
    <Screen title={t("hello", { name: session.value?.user.name ?? "" })} class="home">
      <Sites />
      {may("units.read") && <CodeField label={t("find_unit")} button={t("find")} />}
      {isTechnician() && <MyWork />}
      {may("receive") && site.value && <Receiving siteId={site.value.id} />}
      {isInstallDue() && <InstallHint />}
      <nav class="menu" aria-label={t("menu")}>
        <MenuLink to="/sales-orders" icon="outbox" text="sell_and_pick" permission="orders.read" />
        <MenuLink to="/claims" icon="shield" text="claims" permission="units.read" />
        <MenuLink to="/service" icon="shield" text="service" permission="units.read" />
        <MenuLink to="/transfers" icon="switch" text="transfers" permission="move" />
        <MenuLink to="/stock-entries/new" icon="boxes" text="issue_and_build_in" permission="move" />
        <MenuLink to="/supplier-returns/new" icon="undo" text="return_to_supplier" permission="move" />
        <MenuLink to="/counts" icon="boxes" text="counts" permission="count" />
        <MenuLink to="/conflicts" icon="warning" text="conflicts" permission="pick" />
        <MenuLink to="/stock" icon="boxes" text="stock" permission="units.read" />
        <MenuLink to="/recalls" icon="stop" text="recalls" permission="reports.read" />
        <MenuLink to="/vouchers" icon="receive" text="vouchers" permission="orders.read" />
        <MenuLink to="/orders" icon="receive" text="purchase_orders" permission="orders.manage" />
        <MenuLink to="/opening" icon="boxes" text="opening_stock" permission="move" />
        <MenuLink
          to={`/board/receiving?site=${site.value?.id}`}
          icon="board"
          text="board_title"
          permission="boards.read"
        />
        {may("boards.read") && <AlertsLink />}
        <MenuLink to="/reports" icon="board" text="reports" permission="reports.read" />
        <MenuLink to="/masters" icon="boxes" text="masters" permission="masters.manage" />
        <MenuLink to="/scanner" icon="keyboard" text="scanner_test" permission="units.read" />
        <MenuLink to="/first-steps" icon="play" text="first_steps" permission="units.read" />
      </nav>
      <footer class="home-foot">
        <button type="button" class="button" onClick={nextTheme}>
          <Icon name="theme" />
          {t(`theme_${theme.value}`)}
        </button>
        <LanguageChoice />
        <button type="button" class="button" onClick={() => void logOut()}>
          <Icon name="logout" />
          {t("log_out")}
        </button>
      </footer>
      <WedgeSink />
    </Screen>
  );
}

/** Only for people who work at more than one site. */
function Sites() {
  const sites = session.value?.sites ?? [];
  if (sites.length < 2) return null;
  return (
    <fieldset class="choices" aria-label={t("site")}>
      {sites.map(each => (
        <button
          key={each.id}
          type="button"
          class="button"
          aria-pressed={each.id === site.value?.id}
          onClick={() => chooseSite(each.id)}
        >
          {each.name}
        </button>
      ))}
    </fieldset>
  );
}

function Receiving({ siteId }: { siteId: number }) {
  const orders = useRead<{ purchase_orders: PurchaseOrder[] }>(
    `/api/purchase-orders?site=${siteId}&status=open`,
  );
  const drafts = useRead<{ purchase_receipts: ReceiptSummary[] }>(
    `/api/purchase-receipts?site=${siteId}&status=draft`,
  );
  const own = drafts.value?.purchase_receipts.filter(receipt => receipt.opened_by === username.value) ?? [];
  return (
    <>
      {own.length > 0 && (
        <section>
          <h2>{t("continue_receipts")}</h2>
          <ul class="cards">
            {own.map(receipt => (
              <li key={receipt.id}>
                <OpenReceiptCard receipt={receipt} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t("open_orders")}</h2>
        {orders.error !== null && <Failure error={orders.error} retry={orders.reload} />}
        {orders.isRemembered && <Remembered at={orders.askedAt} />}
        {!orders.value && orders.error === null && <Busy />}
        {orders.value?.purchase_orders.length === 0 && <p class="empty">{t("no_orders")}</p>}
        <ul class="cards">
          {orders.value?.purchase_orders.map(order => (
            <li key={order.id}>
              <OrderCard order={order} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function OpenReceiptCard({ receipt }: { receipt: ReceiptSummary }) {
  const { accepted, expected } = receipt.counts;
  return (
    <Link to={`/receive/${receipt.id}`} class="card card-strong">
      <span class="card-head">
        <span class="card-title">{receipt.number}</span>
        <span class="card-figure">
          {accepted}
          <small>/{expected}</small>
        </span>
      </span>
      <span class="card-text">
        {receipt.purchase_order?.number} · {receipt.supplier?.name} · {receipt.location.path}
      </span>
      <Progress value={accepted} max={expected} label={t("received_of", { accepted, expected })} />
    </Link>
  );
}

function OrderCard({ order }: { order: PurchaseOrder }) {
  const qty = order.lines.reduce((sum, line) => sum + line.qty, 0);
  const received = order.lines.reduce((sum, line) => sum + line.received, 0);
  return (
    <Link to={`/orders/${order.id}`} class="card">
      <span class="card-head">
        <span class="card-title">{order.number}</span>
        <span class="card-figure">
          {received}
          <small>/{qty}</small>
        </span>
      </span>
      <span class="card-text">
        {order.supplier.name} · {date(order.ordered_on)}
      </span>
      {order.lines.map(line => (
        <span key={line.id} class="card-line">
          {line.qty} × {line.item.item_code} <small>{line.item.name}</small>
        </span>
      ))}
      <Progress value={received} max={qty} label={t("received_of", { accepted: received, expected: qty })} />
    </Link>
  );
}
