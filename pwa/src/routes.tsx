import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { match, navigate } from "./router";
import { Home } from "./screens/Home";
import { Receive } from "./screens/Receive";
import { Busy } from "./ui/Busy";
import { late } from "./ui/late";

const Find = late(async () => (await import("./screens/Find")).Find);
const Order = late(async () => (await import("./screens/Order")).Order);
const Outbox = late(async () => (await import("./screens/Outbox")).Outbox);
const Unit = late(async () => (await import("./screens/Unit")).Unit);

/** The board, its charts and its socket: phones that never open it never load them. */
const Board = late(async () => (await import("./screens/Board")).Board);
const Pick = late(async () => (await import("./screens/Pick")).Pick);
const SalesOrder = late(async () => (await import("./screens/SalesOrder")).SalesOrder);
const EditSalesOrder = late(async () => (await import("./screens/EditSalesOrder")).EditSalesOrder);
const SalesOrders = late(async () => (await import("./screens/SalesOrders")).SalesOrders);
const NewSale = late(async () => (await import("./screens/NewSale")).NewSale);
const SoldGoods = late(async () => (await import("./screens/SoldGoods")).SoldGoods);
const SoldGoodsList = late(async () => (await import("./screens/SoldGoods")).SoldGoodsList);

/** Claims, customer returns and service contracts. */
const AfterSale = late(async () => (await import("./claims/AfterSale")).AfterSale);

/** Who looks after items, parties and places does it now and then. */
const Masters = late(async () => (await import("./screens/Masters")).Masters);

/** Repairs, visits and maintenance: for technicians and who gives them work. */
const Service = late(async () => (await import("./service/Service")).Service);

const AddMany = late(async () => (await import("./screens/AddMany")).AddMany);
const OpeningStock = late(async () => (await import("./screens/OpeningStock")).OpeningStock);
const Orders = late(async () => (await import("./screens/Orders")).Orders);
const EditOrder = late(async () => (await import("./screens/EditOrder")).EditOrder);
const SupplierList = late(async () => (await import("./screens/SupplierList")).SupplierList);

const Stock = late(async () => (await import("./screens/Stock")).Stock);
const ItemStock = late(async () => (await import("./screens/ItemStock")).ItemStock);
const PlaceStock = late(async () => (await import("./screens/PlaceStock")).PlaceStock);
const BatchPage = late(async () => (await import("./screens/BatchPage")).BatchPage);
const Vouchers = late(async () => (await import("./screens/Vouchers")).Vouchers);
const Voucher = late(async () => (await import("./screens/Voucher")).Voucher);
const Reports = late(async () => (await import("./screens/Reports")).Reports);
const Report = late(async () => (await import("./screens/Report")).Report);
const FirstSteps = late(async () => (await import("./tour/FirstSteps")).FirstSteps);
const Badges = late(async () => (await import("./labels/Badges")).Badges);
const PrintLabels = late(async () => (await import("./labels/PrintLabels")).PrintLabels);
const Counts = late(async () => (await import("./screens/Counts")).Counts);
const Count = late(async () => (await import("./screens/Count")).Count);
const Conflicts = late(async () => (await import("./screens/Conflicts")).Conflicts);
const Transfers = late(async () => (await import("./screens/Transfers")).Transfers);
const NewTransfer = late(async () => (await import("./screens/NewTransfer")).NewTransfer);
const NewSupplierReturn = late(async () => (await import("./screens/NewSupplierReturn")).NewSupplierReturn);
const NewStockEntry = late(async () => (await import("./screens/NewStockEntry")).NewStockEntry);
const Transfer = late(async () => (await import("./screens/Transfer")).Transfer);

/** What the rules of a site found, and the rules. */
const Alerts = late(async () => (await import("./alerts/Alerts")).Alerts);

const ScannerTest = late(async () => (await import("./scanner-test/ScannerTest")).ScannerTest);

const Recalls = late(async () => (await import("./recall/Recalls")).Recalls);
const NewRecall = late(async () => (await import("./recall/Recalls")).NewRecall);
const RecallPage = late(async () => (await import("./recall/RecallPage")).RecallPage);
const TracePage = late(async () => (await import("./recall/Recalls")).TracePage);

/** Shows a screen; gets the named part of the address, as in "/unit/:id". A screen with another key starts anew. */
type Show = (id: string) => VNode;

/** Every address and its screen; the first that fits is shown. */
const ROUTES: readonly [pattern: string, show: Show][] = [
  ["/", () => <Home />],
  ["/login", () => <ToHome />],
  ["/find", () => <Find />],
  ["/outbox", () => <Outbox />],

  ["/orders", () => <Orders />],
  ["/orders/new", () => <EditOrder id={null} />],
  ["/orders/:id/edit", id => <EditOrder key={id} id={id} />],
  ["/orders/:id/expected", id => <SupplierList key={id} id={id} />],
  ["/orders/:id", id => <Order key={id} id={id} />],
  ["/receive/:id", id => <Receive key={id} receiptId={id} />],
  ["/receive/:id/add", id => <AddMany key={id} id={id} kind="purchase-receipts" />],
  ["/opening", () => <OpeningStock />],
  ["/opening/:id", id => <Receive key={id} receiptId={id} kind="opening-stocks" />],
  ["/opening/:id/add", id => <AddMany key={id} id={id} kind="opening-stocks" />],

  ["/unit/:id", id => <Unit key={id} id={id} />],
  ["/stock", () => <Stock />],
  ["/items/:id", id => <ItemStock key={id} id={id} />],
  ["/places/:id", id => <PlaceStock key={id} id={id} />],
  ["/batches/:id", id => <BatchPage key={id} id={id} />],
  ["/vouchers", () => <Vouchers />],
  ["/vouchers/:id", id => <Voucher key={id} id={id} />],

  ["/counts", () => <Counts />],
  ["/counts/:id", id => <Count key={id} id={id} />],
  ["/conflicts", () => <Conflicts />],
  ["/alerts", () => <Alerts />],
  ["/alerts/rules", () => <Alerts />],
  ["/recalls", () => <Recalls />],
  ["/recalls/new", () => <NewRecall />],
  ["/recalls/:id", id => <RecallPage key={id} id={id} />],
  ["/trace", () => <TracePage key={location.search} />],
  ["/transfers", () => <Transfers />],
  ["/transfers/new", () => <NewTransfer />],
  ["/supplier-returns/new", () => <NewSupplierReturn />],
  ["/stock-entries/new", () => <NewStockEntry />],
  ["/transfers/:id", id => <Transfer key={id} id={id} />],

  ["/sales-orders", () => <SalesOrders />],
  ["/sales-orders/new", () => <EditSalesOrder id={null} />],
  ["/sales-orders/:id/edit", id => <EditSalesOrder key={id} id={id} />],
  ["/sales-orders/:id", id => <SalesOrder key={id} id={id} />],
  ["/pick/:id", id => <Pick key={id} id={id} />],
  ["/delivery-notes", () => <SoldGoodsList key="delivery-notes" kind="delivery-notes" />],
  ["/delivery-notes/new", () => <NewSale key="delivery" kind="delivery_note" />],
  ["/delivery-notes/:id", id => <SoldGoods key={id} kind="delivery-notes" id={id} />],
  ["/sales-invoices", () => <SoldGoodsList key="sales-invoices" kind="sales-invoices" />],
  ["/sales-invoices/new", () => <NewSale key="invoice" kind="sales_invoice" />],
  ["/sales-invoices/:id", id => <SoldGoods key={id} kind="sales-invoices" id={id} />],

  ["/scanner", () => <ScannerTest />],
  ["/first-steps", () => <FirstSteps />],
  ["/labels/badges", () => <Badges />],
  ["/labels/print", () => <PrintLabels />],

  ["/reports", () => <Reports />],
  ["/reports/:id", id => <Report key={id} id={id} />],

  ["/board/:id", id => <Board kind={id} />],
];

/** Has the code of a screen come before it is drawn. */
export function bringAhead(path: string): void {
  (screenAt(path)?.type as { ahead?: () => void } | undefined)?.ahead?.();
}

/** The screen of an address; null when there is none. */
export function screenAt(path: string): VNode | null {
  if (/^\/service(\/|$)/.test(path)) return <Service />;
  if (path === "/masters" || path.startsWith("/masters/")) return <Masters />;
  // A Digital Link of one of our own labels, which any phone's camera opens.
  if (/^\/01\/\d/.test(path)) return <ToUnit />;
  if (/^\/(claims|returns|contracts)(\/|$)/.test(path)) return <AfterSale />;
  for (const [pattern, show] of ROUTES) {
    const parts = match(pattern, path);
    if (parts) return show(parts.id ?? "");
  }
  return null;
}

function ToUnit() {
  useEffect(() => navigate(`/find?q=${encodeURIComponent(location.href)}`, { replace: true }), []);
  return <Busy />;
}

function ToHome() {
  useEffect(() => navigate("/", { replace: true }), []);
  return <Busy />;
}
