import "../styles/moves.css";
import "../styles/service.css";
import type { ComponentChild } from "preact";
import { t } from "../i18n/t";
import { match, route } from "../router";
import { Screen } from "../ui/Screen";
import { KeptCustomers } from "./KeptCustomers";
import { DueList, Repairs } from "./Lists";
import { MyWork } from "./MyWork";
import { Repair } from "./Repair";
import { RepairIntake } from "./RepairIntake";
import { VisitForm } from "./VisitForm";
import { VisitPage } from "./VisitPage";

/** In one piece with the screens: the first load names every piece that it may get later. */
export { MyWork };

const SCREENS: readonly [pattern: string, show: (id: string) => ComponentChild][] = [
  ["/service", () => <Repairs />],
  ["/service/customers", () => <KeptCustomers />],
  ["/service/due", () => <DueList />],
  ["/service/repairs/new", () => <RepairIntake />],
  ["/service/repairs/:id", id => <Repair key={id} id={id} />],
  ["/service/visits/new", () => <VisitForm />],
  ["/service/visits/:id", id => <VisitPage key={id} id={id} />],
];

/** The screens of repair and service, by their addresses. */
export function Service() {
  for (const [pattern, show] of SCREENS) {
    const parts = match(pattern, route.value.path);
    if (parts) return show(parts.id ?? "");
  }
  return <Screen title={t("no_such_page")}>{null}</Screen>;
}
