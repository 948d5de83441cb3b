import { Import } from "../masters/Import";
import { ItemEditor } from "../masters/ItemEditor";
import { ItemList } from "../masters/ItemList";
import { PartyEditor, PartyList } from "../masters/Parties";
import { PlaceEditor, PlaceList } from "../masters/Places";
import { Settings } from "../masters/Settings";
import type { MasterKind } from "../masters/types";
import { Programs } from "../programs/Programs";
import "../styles/masters.css";
import { t } from "../i18n/t";
import { match, route } from "../router";
import { MenuLink } from "../ui/MenuLink";
import { Screen } from "../ui/Screen";

const KINDS = ["items", "parties", "places"] as const;

/** Items, parties, places and settings: lists, editors and files. */
export function Masters() {
  const { path } = route.value;
  if (match("/masters/items", path)) return <ItemList />;
  if (match("/masters/parties", path)) return <PartyList />;
  if (match("/masters/places", path)) return <PlaceList />;
  if (match("/masters/settings", path)) return <Settings />;
  if (/^\/masters\/programs(\/|$)/.test(path)) return <Programs />;
  const { kind, id } = match("/masters/:kind/:id", path) ?? {};
  if (id === "import" && (kind === "erpnext-serial-no" || kind === "erpnext-batch"))
    return <Import key={kind} kind={kind} />;
  if (id === "import" && isKind(kind)) return <Import key={kind} kind={kind} />;
  const key = id === "new" ? null : (id ?? null);
  if (id && kind === "items") return <ItemEditor key={id} id={key} />;
  if (id && kind === "parties") return <PartyEditor key={id} id={key} />;
  if (id && kind === "places") return <PlaceEditor key={id} id={key} />;
  return <Choice />;
}

const isKind = (text: string | undefined): text is MasterKind => KINDS.some(kind => kind === text);

function Choice() {
  return (
    <Screen title={t("masters")} class="masters">
      <MenuLink to="/masters/items" icon="box" text="masters_items" permission="units.read" />
      <MenuLink to="/masters/parties" icon="user" text="masters_parties" permission="orders.read" />
      <MenuLink to="/masters/places" icon="place" text="masters_places" permission="orders.read" />
      <MenuLink to="/masters/settings" icon="boxes" text="masters_settings" permission="orders.read" />
      <MenuLink to="/masters/programs" icon="switch" text="programs" permission="users.manage" />
      <MenuLink to="/labels/badges" icon="user" text="badges" permission="users.manage" />
      <MenuLink
        to="/masters/erpnext-serial-no/import"
        icon="download"
        text="masters_erpnext-serial-no"
        permission="masters.manage"
      />
      <MenuLink
        to="/masters/erpnext-batch/import"
        icon="download"
        text="masters_erpnext-batch"
        permission="masters.manage"
      />
    </Screen>
  );
}
