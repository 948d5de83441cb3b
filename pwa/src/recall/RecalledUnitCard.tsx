import { useSignal } from "@preact/signals";
import { date, dateTime, t } from "../i18n/t";
import { act } from "../offline/actions";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { UnitState } from "../ui/UnitState";
import { OUTCOMES, type Outcome, type RecalledUnit } from "./types";

interface Props {
  unit: RecalledUnit;
  recallId: string;
  isOpen: boolean;
  onChange: () => void;
}

/** A unit of a recall: where it is and with whom, where it came from, and what became of it. */
export function RecalledUnitCard({ unit, recallId, isOpen, onChange }: Props) {
  const isAsking = useSignal(false);
  const at = unit.unit;
  return (
    <article class={`card ${unit.is_accounted_for ? "" : "recall-lost"}`}>
      <p class="card-head">
        {at ? (
          <Link to={`/unit/${at.id}`} class="card-title fact-link">
            {unit.serial_no}
          </Link>
        ) : (
          <span class="card-title">{unit.serial_no}</span>
        )}
        {unit.outcome === "open" ? (
          <UnitState state={at?.state ?? "unknown"} />
        ) : (
          <span class="state state-available">
            <Icon name="check" />
            {t(`outcome_${unit.outcome}`)}
          </span>
        )}
      </p>
      {!unit.is_accounted_for && (
        <p class="recall-lost-word">
          <Icon name="warning" />
          {t("not_accounted_for")}
        </p>
      )}
      {at && <Where at={at} via={unit.via} />}
      {unit.steps.map(step => (
        <p key={step.done_at + step.outcome} class="card-text">
          {t(`outcome_${step.outcome}`)}: {t("by_at", { name: step.by, at: dateTime(step.done_at) })}
          {step.note && ` · ${step.note}`}
        </p>
      ))}
      {isOpen && (
        <button
          type="button"
          class="button"
          aria-label={t("resolve_unit", { serial: unit.serial_no })}
          onClick={() => {
            isAsking.value = true;
          }}
        >
          {t("resolve")}
        </button>
      )}
      {isAsking.value && (
        <Resolve
          unit={unit}
          recallId={recallId}
          onDone={onChange}
          onClose={() => {
            isAsking.value = false;
          }}
        />
      )}
    </article>
  );
}

function Where({ at, via }: { at: NonNullable<RecalledUnit["unit"]>; via: string | null }) {
  return (
    <>
      <p>
        {at.customer ? (
          <>
            <strong>{at.customer.name}</strong> {at.customer.contact}
          </>
        ) : (
          <strong>{at.place.path}</strong>
        )}{" "}
        ·{" "}
        <Link to={`/vouchers/${at.voucher.id}`} class="fact-link">
          {at.voucher.number}
        </Link>{" "}
        {date(at.since)}
      </p>
      {at.inside && <p class="card-text">{t("inside_of", { serial: at.inside.serial_no })}</p>}
      {via && <p class="card-text">{t("recalled_for", { serial: via })}</p>}
      <p class="card-text">
        {at.item.item_code}
        {at.batch && ` · ${at.batch.batch_no}`}
        {at.batch?.expires_on && ` · ${t("expiry")} ${date(at.batch.expires_on)}`}
        {at.supplier && ` · ${at.supplier.name}`}
        {at.receipt && ` · ${at.receipt.number} ${date(at.receipt.dated_on)}`}
        {at.receipt?.purchase_order && ` · ${at.receipt.purchase_order}`}
      </p>
    </>
  );
}

interface ResolveProps {
  unit: RecalledUnit;
  recallId: string;
  onDone: () => void;
  onClose: () => void;
}

/** The second tap says what became of it; a note goes along when there is one. */
function Resolve({ unit, recallId, onDone, onClose }: ResolveProps) {
  const note = useSignal("");
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const say = async (outcome: Outcome) => {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      await act("recall_step", {
        id: crypto.randomUUID(),
        recall_id: recallId,
        recall_unit_ids: [unit.recall_unit_id],
        outcome,
        note: note.value.trim() || null,
      });
      onClose();
      onDone();
    } catch (caught) {
      failed.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  const choices: readonly Outcome[] = unit.outcome === "open" ? OUTCOMES : [...OUTCOMES, "open"];
  return (
    <Dialog title={t("what_became_of", { serial: unit.serial_no })} onClose={onClose}>
      <div class="form">
        {choices.map(outcome => (
          <button
            key={outcome}
            type="button"
            class="button"
            disabled={isBusy.value}
            onClick={() => void say(outcome)}
          >
            {t(`outcome_${outcome}`)}
          </button>
        ))}
        <label>
          <span class="label">{t("note")}</span>
          <input
            type="text"
            maxLength={500}
            autocomplete="off"
            onInput={event => {
              note.value = event.currentTarget.value;
            }}
          />
        </label>
        {failed.value !== null && <Failure error={failed.value} />}
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </div>
    </Dialog>
  );
}
