import type { Permission, Unit } from "../api-types";
import type { TextKey } from "../i18n/t";
import type { IconName } from "../ui/Icon";

/** Something that may be done next with a unit, on a screen of its own. */
export interface UnitAction {
  to: string;
  text: TextKey;
  icon: IconName;
}

interface Rule {
  permission: Permission;
  states: string[];
  make: (unit: Unit) => UnitAction | null;
}

const RULES: Rule[] = [
  {
    permission: "override",
    states: ["returned"],
    make: unit =>
      unit.returned && { to: `/returns/${unit.returned.id}`, text: "inspect_unit", icon: "search" },
  },
  {
    permission: "service",
    states: ["in_repair"],
    make: unit =>
      unit.repair && { to: `/service/repairs/${unit.repair.id}`, text: "open_repair", icon: "forward" },
  },
  {
    permission: "service",
    states: ["sold", "in_repair"],
    make: unit => ({ to: `/service/visits/new?unit=${unit.id}`, text: "report_job", icon: "check" }),
  },
  {
    permission: "service",
    states: ["sold"],
    make: unit => ({ to: `/service/repairs/new?unit=${unit.id}`, text: "take_in", icon: "receive" }),
  },
  {
    permission: "service",
    states: ["sold", "in_repair"],
    make: unit =>
      unit.claim
        ? { to: `/claims/${unit.claim.id}`, text: "open_claim", icon: "shield" }
        : { to: `/claims/new?unit=${unit.id}`, text: "claim_for_unit", icon: "shield" },
  },
  {
    permission: "receive",
    states: ["sold"],
    make: () => ({ to: "/returns/new", text: "return_unit", icon: "undo" }),
  },
  {
    permission: "move",
    states: ["in_stock", "on_hold"],
    make: () => ({ to: "/transfers/new", text: "move_unit", icon: "switch" }),
  },
  {
    permission: "units.read",
    states: ["consumed"],
    make: unit => unit.part_of && { to: `/unit/${unit.part_of.unit_id}`, text: "open_parent", icon: "box" },
  },
];

/** What fits the state of a unit and the rights of the person, the likeliest first. */
export const actionsFor = (unit: Unit, may: (permission: Permission) => boolean): UnitAction[] =>
  RULES.filter(rule => rule.states.includes(unit.state) && may(rule.permission)).flatMap(
    rule => rule.make(unit) ?? [],
  );
