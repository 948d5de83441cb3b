import { t, tOr } from "../i18n/t";
import { CheckField, ChoiceField, FieldGroup, NumberField, TextField } from "./fields";
import type { ItemFields, Profile } from "./types";

/** An item of which nothing is said yet. */
export const BLANK: ItemFields = {
  name: "",
  tracking: "serial",
  profile: null,
  serial_no_series: null,
  batch_no_series: null,
  serial_length: null,
  serial_pattern: null,
  serial_standard: null,
  secondary_kinds: [],
  shelf_life_days: null,
  expiry_required: false,
  warranty_days: null,
  warranty_months: null,
  warranty_basis: "delivery",
  pick_rule: "fifo",
  over_receipt_percent: 0,
  reorder_level: null,
  verify_returns: false,
};

const TRACKINGS = ["none", "serial", "batch", "serial_batch"];
const KINDS = ["imei", "mac", "vin", "component"];

interface Props {
  code: string | null;
  onCode: (code: string | null) => void;
  fields: ItemFields;
  onFields: (fields: ItemFields) => void;
  profiles: Profile[];
  isNew: boolean;
  /** It has units, which are told apart as they are. */
  isFixed: boolean;
  isReadOnly: boolean;
}

/** The settings of an item. A profile fills in its own in one choice; each can be changed afterwards. */
export function ItemForm({ code, onCode, fields, onFields, profiles, isNew, isFixed, isReadOnly }: Props) {
  const set = (changes: Partial<ItemFields>) => onFields({ ...fields, ...changes });
  const profile = profiles.find(each => each.name === fields.profile);
  const choose = (name: string | null) => {
    const { tracking, ...defaults } = profiles.find(each => each.name === name)?.defaults ?? {};
    set({ ...defaults, ...(tracking && !isFixed ? { tracking } : {}), profile: name });
  };
  const hasSerials = fields.tracking.includes("serial");
  const hasBatches = fields.tracking.includes("batch");
  const track = (tracking: string) => {
    const serials = tracking.includes("serial")
      ? {}
      : {
          serial_no_series: null,
          serial_length: null,
          serial_pattern: null,
          serial_standard: null,
          secondary_kinds: [],
        };
    const batches = tracking.includes("batch")
      ? {}
      : {
          batch_no_series: null,
          expiry_required: false,
          shelf_life_days: null,
          pick_rule: fields.pick_rule === "fefo" ? "fifo" : fields.pick_rule,
        };
    set({ tracking, ...serials, ...batches });
  };
  return (
    <fieldset class="form" disabled={isReadOnly} aria-label={t("item")}>
      <FieldGroup title={t("group_item")}>
        <TextField
          label={t("item_code")}
          value={code}
          most={64}
          onChange={onCode}
          isRequired={!isNew}
          hint={isNew ? t("code_from_series") : undefined}
        />
        <TextField
          label={t("name")}
          value={fields.name}
          isRequired
          onChange={name => set({ name: name ?? "" })}
        />
        <ChoiceField
          label={t("profile")}
          value={fields.profile}
          values={profiles.map(each => each.name)}
          prefix="profile"
          none={t("none")}
          hint={profile?.rule ?? t("profile_hint")}
          onChange={choose}
        />
        <ChoiceField
          label={t("tracking")}
          value={fields.tracking}
          values={TRACKINGS}
          prefix="tracking"
          disabled={isFixed}
          hint={isFixed ? t("tracking_is_fixed") : undefined}
          onChange={tracking => track(tracking ?? "none")}
        />
      </FieldGroup>
      {hasSerials && (
        <FieldGroup title={t("group_serials")}>
          <TextField
            label={t("serial_no_series")}
            value={fields.serial_no_series}
            most={64}
            hint={t("series_hint")}
            onChange={serial_no_series => set({ serial_no_series })}
          />
          <ChoiceField
            label={t("serial_standard")}
            value={fields.serial_standard}
            values={["imei", "mac", "vin"]}
            prefix="secondary"
            none={t("none")}
            onChange={serial_standard => set({ serial_standard })}
          />
          <NumberField
            label={t("serial_length")}
            value={fields.serial_length}
            least={1}
            most={64}
            onChange={serial_length => set({ serial_length })}
          />
          <TextField
            label={t("serial_pattern")}
            value={fields.serial_pattern}
            most={64}
            hint={t("pattern_hint")}
            onChange={serial_pattern => set({ serial_pattern })}
          />
          <fieldset class="field checks">
            <legend class="label">{t("secondary_kinds")}</legend>
            {KINDS.map(kind => (
              <CheckField
                key={kind}
                label={tOr(`secondary_${kind}`, kind)}
                value={fields.secondary_kinds.includes(kind)}
                onChange={isOn =>
                  set({
                    secondary_kinds: KINDS.filter(each =>
                      each === kind ? isOn : fields.secondary_kinds.includes(each),
                    ),
                  })
                }
              />
            ))}
          </fieldset>
        </FieldGroup>
      )}
      {hasBatches && (
        <FieldGroup title={t("group_batches")}>
          <TextField
            label={t("batch_no_series")}
            value={fields.batch_no_series}
            most={64}
            onChange={batch_no_series => set({ batch_no_series })}
          />
          <NumberField
            label={t("shelf_life_days")}
            value={fields.shelf_life_days}
            least={1}
            hint={t("shelf_life_hint")}
            onChange={shelf_life_days => set({ shelf_life_days })}
          />
          <CheckField
            label={t("expiry_required")}
            value={fields.expiry_required}
            onChange={expiry_required => set({ expiry_required })}
          />
        </FieldGroup>
      )}
      <FieldGroup title={t("group_rules")}>
        <NumberField
          label={t("warranty_days")}
          value={fields.warranty_days}
          onChange={warranty_days =>
            set({ warranty_days, ...(warranty_days === null ? {} : { warranty_months: null }) })
          }
        />
        <NumberField
          label={t("warranty_months")}
          value={fields.warranty_months}
          most={1200}
          onChange={warranty_months =>
            set({ warranty_months, ...(warranty_months === null ? {} : { warranty_days: null }) })
          }
        />
        <ChoiceField
          label={t("warranty_basis")}
          value={fields.warranty_basis}
          values={["delivery", "installation", "registration"]}
          prefix="basis"
          onChange={basis => set({ warranty_basis: basis ?? "delivery" })}
        />
        <ChoiceField
          label={t("pick_rule")}
          value={fields.pick_rule}
          values={hasBatches ? ["fifo", "lifo", "fefo"] : ["fifo", "lifo"]}
          prefix="pick_rule"
          onChange={rule => set({ pick_rule: rule ?? "fifo" })}
        />
        <NumberField
          label={t("over_receipt_percent")}
          value={fields.over_receipt_percent}
          most={100}
          onChange={percent => set({ over_receipt_percent: percent ?? 0 })}
        />
        <NumberField
          label={t("reorder_level")}
          value={fields.reorder_level}
          most={1_000_000}
          onChange={reorder_level => set({ reorder_level })}
        />
        <CheckField
          label={t("verify_returns")}
          value={fields.verify_returns}
          onChange={verify_returns => set({ verify_returns })}
        />
      </FieldGroup>
    </fieldset>
  );
}
