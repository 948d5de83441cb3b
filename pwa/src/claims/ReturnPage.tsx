import "../styles/claims.css";
import { useSignal } from "@preact/signals";
import { ApiError, post } from "../api";
import { date, number, t } from "../i18n/t";
import { may } from "../session";
import { Busy } from "../ui/Busy";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useForm } from "../ui/use-form";
import { useRead } from "../ui/use-read";
import { PlaceField } from "./PlaceField";
import type { CustomerReturn, InspectionOutcome, ReturnedUnit } from "./types";

const OUTCOMES: InspectionOutcome[] = ["restock", "repair", "replace", "scrap"];

/** A return and its units; a supervisor inspects each and says what becomes of it. */
export function ReturnPage({ id }: { id: string }) {
  const { value, error, isRemembered, askedAt, reload } = useRead<CustomerReturn>(
    `/api/customer-returns/${id}`,
  );
  const inspected = useSignal<ReturnedUnit | null>(null);
  if (!value) {
    return (
      <Screen title={t("customer_return")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  const isOpen = value.status === "submitted";
  return (
    <Screen class="claims" over={t("customer_return")} title={value.number}>
      {isRemembered && <Remembered at={askedAt} />}
      <p>
        {value.customer.name} · {date(value.returned_on)} · {value.place}
      </p>
      <p class="card">{value.reason}</p>
      <ul class="cards">
        {value.units.map(unit => (
          <li key={unit.id} class="card">
            <span class="card-head">
              <Link to={`/unit/${unit.id}`} class="fact-link key-data">
                {unit.serial_no}
              </Link>
              <span>{t(unit.outcome ? `inspected_${unit.outcome}` : "to_inspect")}</span>
            </span>
            <span class="card-text">
              {unit.item_name}
              {unit.warranty_left !== null && ` · ${t("warranty_left", { count: unit.warranty_left })}`}
            </span>
            {unit.replacement && (
              <Link to={`/unit/${unit.replacement.id}`} class="fact-link">
                {t("replaced_by", { serial: unit.replacement.serial_no })}
              </Link>
            )}
            {unit.outcome === "repair" && unit.outcome_voucher && (
              <Link to={`/service/repairs/${unit.outcome_voucher.id}`} class="fact-link">
                {t("repaired_on", { number: unit.outcome_voucher.number })}
              </Link>
            )}
            {unit.remark && <span>{unit.remark}</span>}
            {isOpen && unit.outcome === null && may("override") && (
              <button
                type="button"
                class="button button-primary"
                onClick={() => {
                  inspected.value = unit;
                }}
              >
                {t("inspect")}
              </button>
            )}
          </li>
        ))}
      </ul>
      {value.goods.length > 0 && (
        <ul class="lines">
          {value.goods.map(each => (
            <li key={`${each.item_code} ${each.batch_no}`} class="line">
              <span>
                <strong>{each.item_code}</strong> {each.batch_no && t("batch_is", { batch: each.batch_no })}
                <small>{each.item_name}</small>
              </span>
              <span class="line-figure">{number(each.qty)}</span>
            </li>
          ))}
        </ul>
      )}
      <Link to={`/vouchers/${value.id}`} class="button">
        {t("voucher_and_cancel")}
      </Link>
      {inspected.value && (
        <Inspect
          returnId={value.id}
          unit={inspected.value}
          onDone={reload}
          onClose={() => {
            inspected.value = null;
          }}
        />
      )}
    </Screen>
  );
}

interface InspectProps {
  returnId: string;
  unit: ReturnedUnit;
  onDone: () => void;
  onClose: () => void;
}

function Inspect({ returnId, unit, onDone, onClose }: InspectProps) {
  const outcome = useSignal<InspectionOutcome>("restock");
  // One delivery for one replacement, however often the button is pressed.
  const voucherId = useSignal(crypto.randomUUID());
  /** Medicines are sold again only when their code says what was recorded; the server knows which. */
  const mustBeVerified = useSignal(false);
  const isReplaced = outcome.value === "replace";
  const needsPlace = isReplaced || outcome.value === "restock";
  const form = useForm(async (text, fields) => {
    try {
      await post(`/api/customer-returns/${returnId}/inspections`, {
        unit_id: unit.id,
        outcome: outcome.value,
        remark: text("remark"),
        code: text("code"),
        location_id: needsPlace ? Number(fields.get("place")) : null,
        replacement: isReplaced ? text("replacement") : null,
        voucher_id: isReplaced ? voucherId.value : null,
      });
    } catch (refusal) {
      if (refusal instanceof ApiError && refusal.code === "return_not_verified") mustBeVerified.value = true;
      voucherId.value = crypto.randomUUID();
      throw refusal;
    }
    onDone();
    onClose();
  });
  return (
    <Dialog title={t("inspect_question", { serial: unit.serial_no })} onClose={onClose}>
      <form class="form claims" onSubmit={form.onSubmit}>
        <fieldset class="claim-outcomes" aria-label={t("inspect")}>
          {OUTCOMES.map(each => (
            <button
              key={each}
              type="button"
              class="button"
              aria-pressed={outcome.value === each}
              onClick={() => {
                outcome.value = each;
              }}
            >
              {t(`inspect_${each}`)}
            </button>
          ))}
        </fieldset>
        {isReplaced && (
          <label>
            <span class="label">{t("replacement_serial")}</span>
            <input type="text" name="replacement" required maxLength={300} autocapitalize="characters" />
          </label>
        )}
        {needsPlace && (
          <PlaceField
            label={t(isReplaced ? "taken_from" : "put_into")}
            fits={place => place.kind !== "reject"}
          />
        )}
        {outcome.value === "restock" && mustBeVerified.value && (
          <label>
            <span class="label">{t("package_code")}</span>
            <input type="text" name="code" maxLength={300} required autocomplete="off" spellcheck={false} />
          </label>
        )}
        <label>
          <span class="label">{t("remark")}</span>
          <input type="text" name="remark" maxLength={500} autocomplete="off" />
        </label>
        {form.error.value !== null && <Failure error={form.error.value} />}
        <button type="submit" class="button button-primary" disabled={form.isBusy.value}>
          {t(`inspect_${outcome.value}`)}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
