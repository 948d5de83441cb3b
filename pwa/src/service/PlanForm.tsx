import { useSignal } from "@preact/signals";
import { post } from "../api";
import type { Unit } from "../api-types";
import type { UnitWarranty } from "../claims/types";
import { date, t } from "../i18n/t";
import { isTechnician, may, site, username } from "../session";
import { ReasonDialog } from "../stock/ReasonDialog";
import { Dialog } from "../ui/Dialog";
import { ListNote } from "../ui/ListNote";
import { NotSent } from "../ui/NotSent";
import { useForm } from "../ui/use-form";
import { useRead } from "../ui/use-read";
import { TechnicianChoice } from "./TechnicianChoice";
import type { Plan } from "./types";

interface Props {
  unit: Unit;
  plans: Plan[];
  onChange: () => void;
}

/** How a unit is looked after: its plans, and a new one. */
export function Plans({ unit, plans, onChange }: Props) {
  const isAsking = useSignal(false);
  const ending = useSignal<Plan | null>(null);
  const mayPlan = may("service") && ["sold", "in_repair"].includes(unit.state);
  if (plans.length === 0 && !mayPlan) return null;
  return (
    <section>
      <h2>{t("maintenance")}</h2>
      <ul class="lines">
        {plans.map(plan => (
          <li key={plan.id} class="line">
            <span>
              <strong>{plan.name}</strong>
              <small>
                {t(`every_${plan.period}`, { count: plan.every })} ·{" "}
                {t("due_on", { date: date(plan.next_due_on) })}
                {plan.contract && ` · ${t("contract_is", { number: plan.contract.number })}`}
              </small>
            </span>
            {may("service") && (
              <button
                type="button"
                class="button"
                aria-label={t("end_plan_of", { name: plan.name })}
                onClick={() => {
                  ending.value = plan;
                }}
              >
                {t("end_plan")}
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayPlan && (
        <button
          type="button"
          class="button"
          onClick={() => {
            isAsking.value = true;
          }}
        >
          {t("plan_maintenance")}
        </button>
      )}
      {ending.value && (
        <ReasonDialog
          title={t("end_plan_of", { name: ending.value.name })}
          button={t("end_plan")}
          act={async reason => {
            await post(`/api/maintenance-plans/${ending.value?.id}/end`, { reason });
            onChange();
          }}
          onClose={() => {
            ending.value = null;
          }}
        />
      )}
      {isAsking.value && (
        <PlanDialog
          unit={unit}
          onDone={() => {
            isAsking.value = false;
            onChange();
          }}
          onClose={() => {
            isAsking.value = false;
          }}
        />
      )}
    </section>
  );
}

function PlanDialog({ unit, onDone, onClose }: { unit: Unit; onDone: () => void; onClose: () => void }) {
  // The same for every try: one whose answer was lost counts once.
  const id = useSignal(crypto.randomUUID());
  const technician = useSignal(isTechnician() ? (username.value ?? "") : "");
  const coverage = useRead<UnitWarranty>(`/api/units/${unit.id}/warranty`);
  const form = useForm(async text => {
    await post("/api/maintenance-plans", {
      id: id.value,
      site: site.value?.id,
      serial_no: unit.serial_no,
      item_id: unit.item.id,
      name: text("name"),
      every: Number(text("every")),
      period: text("period"),
      starts_on: text("starts_on"),
      contract_id: text("contract_id"),
      technician: technician.value || null,
    });
    onDone();
  });
  return (
    <Dialog title={t("plan_maintenance")} onClose={onClose}>
      <form class="form" onSubmit={form.onSubmit}>
        <label>
          <span class="label">{t("plan_name")}</span>
          <input type="text" name="name" maxLength={200} required autocomplete="off" />
        </label>
        <div class="pair">
          <label>
            <span class="label">{t("plan_every")}</span>
            <input type="number" name="every" min={1} max={3650} required inputMode="numeric" />
          </label>
          <label>
            <span class="label">{t("plan_period")}</span>
            <select name="period">
              <option value="months">{t("months")}</option>
              <option value="days">{t("days")}</option>
            </select>
          </label>
        </div>
        <label>
          <span class="label">{t("plan_starts_on")}</span>
          <input type="date" name="starts_on" required />
        </label>
        {coverage.value && coverage.value.contracts.length > 0 && (
          <label>
            <span class="label">{t("plan_contract")}</span>
            <select name="contract_id">
              <option value="">{t("none")}</option>
              {coverage.value.contracts.map(contract => (
                <option key={contract.id} value={contract.id}>
                  {contract.number}
                </option>
              ))}
            </select>
          </label>
        )}
        <ListNote of={coverage} />
        <TechnicianChoice value={technician} />
        {form.error.value !== null && <NotSent error={form.error.value} />}
        <button type="submit" class="button button-primary" disabled={form.isBusy.value}>
          {t("plan_maintenance")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
