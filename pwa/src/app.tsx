import { useEffect } from "preact/hooks";
import { t } from "./i18n/t";
import { match, navigate, route } from "./router";
import { Find } from "./screens/Find";
import { Home } from "./screens/Home";
import { LogIn, LogInAgain } from "./screens/LogIn";
import { Order } from "./screens/Order";
import { Outbox } from "./screens/Outbox";
import { Receive } from "./screens/Receive";
import { sessionState } from "./session";
import { Busy } from "./ui/Busy";
import { Link } from "./ui/Link";
import { late } from "./ui/late";
import { Screen } from "./ui/Screen";
import { Shell } from "./ui/Shell";

const Unit = late(async () => (await import("./screens/Unit")).Unit);

/** The board brings its chart and its socket along; phones that never open it never load them. */
const Board = late(async () => (await import("./screens/Board")).Board);
const Pick = late(async () => (await import("./screens/Pick")).Pick);
const SalesOrder = late(async () => (await import("./screens/SalesOrder")).SalesOrder);
const SalesOrders = late(async () => (await import("./screens/SalesOrders")).SalesOrders);
const SoldGoods = late(async () => (await import("./screens/SoldGoods")).SoldGoods);
const SoldGoodsList = late(async () => (await import("./screens/SoldGoods")).SoldGoodsList);

/** Who looks after items, parties and places does it now and then. */
const Masters = late(async () => (await import("./screens/Masters")).Masters);

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
const Counts = late(async () => (await import("./screens/Counts")).Counts);
const Count = late(async () => (await import("./screens/Count")).Count);
const Transfers = late(async () => (await import("./screens/Transfers")).Transfers);
const NewTransfer = late(async () => (await import("./screens/NewTransfer")).NewTransfer);
const Transfer = late(async () => (await import("./screens/Transfer")).Transfer);

/** What shows: nothing yet, the log-in form, or the screen of the address. */
export function App() {
  switch (sessionState.value) {
    case "starting":
      return <Busy />;
    case "out":
      return <LogIn />;
    default:
      return (
        <Shell>
          {sessionState.value === "expired" && <LogInAgain />}
          <CurrentScreen />
        </Shell>
      );
  }
}

function CurrentScreen() {
  const { path } = route.value;
  let parts: Record<string, string> | null;
  if (match("/", path)) return <Home />;
  if (match("/login", path)) return <ToHome />;
  if (match("/orders", path)) return <Orders />;
  if (match("/orders/new", path)) return <EditOrder id={null} />;
  parts = match("/orders/:id/edit", path);
  if (parts) return <EditOrder key={parts.id} id={parts.id ?? ""} />;
  parts = match("/orders/:id/expected", path);
  if (parts) return <SupplierList key={parts.id} id={parts.id ?? ""} />;
  parts = match("/orders/:id", path);
  if (parts) return <Order key={parts.id} id={parts.id ?? ""} />;
  parts = match("/receive/:receiptId", path);
  if (parts) return <Receive key={parts.receiptId} receiptId={parts.receiptId ?? ""} />;
  parts = match("/receive/:receiptId/add", path);
  if (parts) return <AddMany key={parts.receiptId} id={parts.receiptId ?? ""} kind="purchase-receipts" />;
  if (match("/opening", path)) return <OpeningStock />;
  parts = match("/opening/:id", path);
  if (parts) return <Receive key={parts.id} receiptId={parts.id ?? ""} kind="opening-stocks" />;
  parts = match("/opening/:id/add", path);
  if (parts) return <AddMany key={parts.id} id={parts.id ?? ""} kind="opening-stocks" />;
  parts = match("/unit/:id", path);
  if (parts) return <Unit key={parts.id} id={parts.id ?? ""} />;
  if (match("/counts", path)) return <Counts />;
  parts = match("/counts/:id", path);
  if (parts) return <Count key={parts.id} id={parts.id ?? ""} />;
  if (match("/transfers", path)) return <Transfers />;
  if (match("/transfers/new", path)) return <NewTransfer />;
  parts = match("/transfers/:id", path);
  if (parts) return <Transfer key={parts.id} id={parts.id ?? ""} />;
  if (match("/sales-orders", path)) return <SalesOrders />;
  parts = match("/sales-orders/:id", path);
  if (parts) return <SalesOrder key={parts.id} id={parts.id ?? ""} />;
  parts = match("/pick/:id", path);
  if (parts) return <Pick key={parts.id} id={parts.id ?? ""} />;
  for (const kind of ["delivery-notes", "sales-invoices"] as const) {
    if (match(`/${kind}`, path)) return <SoldGoodsList key={kind} kind={kind} />;
    parts = match(`/${kind}/:id`, path);
    if (parts) return <SoldGoods key={parts.id} kind={kind} id={parts.id ?? ""} />;
  }
  if (match("/find", path)) return <Find />;
  if (match("/outbox", path)) return <Outbox />;
  if (path === "/masters" || path.startsWith("/masters/")) return <Masters />;
  if (match("/board/receiving", path)) return <Board />;
  if (match("/stock", path)) return <Stock />;
  parts = match("/items/:id", path);
  if (parts) return <ItemStock key={parts.id} id={parts.id ?? ""} />;
  parts = match("/places/:id", path);
  if (parts) return <PlaceStock key={parts.id} id={parts.id ?? ""} />;
  parts = match("/batches/:id", path);
  if (parts) return <BatchPage key={parts.id} id={parts.id ?? ""} />;
  if (match("/vouchers", path)) return <Vouchers />;
  parts = match("/vouchers/:id", path);
  if (parts) return <Voucher key={parts.id} id={parts.id ?? ""} />;
  return (
    <Screen title={t("no_such_page")}>
      <Link to="/" class="button button-primary">
        {t("to_home")}
      </Link>
    </Screen>
  );
}

function ToHome() {
  useEffect(() => navigate("/", { replace: true }), []);
  return <Busy />;
}
