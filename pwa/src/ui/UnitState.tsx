import { tOr } from "../i18n/t";
import { Icon, type IconName } from "./Icon";

const ICONS: Record<string, IconName> = {
  in_stock: "check",
  available: "check",
  released: "check",
  reserved: "user",
  on_hold: "pause",
  recalled: "stop",
  expired: "clock",
  sold: "user",
  returned: "undo",
  rejected: "damaged",
  in_transit: "forward",
  in_repair: "clock",
  lost: "warning",
};

/** A unit's state as icon and word, never by colour alone. */
export function UnitState({ state }: { state: string }) {
  return (
    <span class={`state state-${state}`}>
      <Icon name={ICONS[state] ?? "box"} />
      {tOr(`state_${state}`, state.replaceAll("_", " "))}
    </span>
  );
}
