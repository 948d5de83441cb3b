import "../styles/claims.css";
import "../styles/service.css";
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { post } from "../api";
import { date, dateTime, t } from "../i18n/t";
import { useCodes } from "../scan/codes";
import { Attachments } from "../service/Photos";
import { TechnicianOptions } from "../service/TechnicianChoice";
import { may } from "../session";
import { Busy } from "../ui/Busy";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { ClaimStatus } from "./ClaimStatus";
import type { ClaimDetails, ClaimOutcome, Claims } from "./types";

const OUTCOMES: ClaimOutcome[] = ["repair", "replace", "refund", "reject"];

/** A claim: for which unit, how it was decided and why, who sees to it, and how it ended. */
export function ClaimPage({ id }: { id: string }) {
  const path = `/api/warranty-claims/${id}`;
  const { value: claim, error, isRemembered, askedAt, reload } = useRead<ClaimDetails>(path);
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const send = async (what: string, body: Record<string, unknown>) => {
    if (isBusy.value) return;
    isBusy.value = true;
    failed.value = null;
    try {
      await post(`${path}/${what}`, body);
      reload();
    } catch (caught) {
      failed.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  if (!claim) {
    return (
      <Screen title={t("claim")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  const mayWork = may("service") && claim.status !== "closed";
  return (
    <Screen
      class="claims"
      over={t("claim")}
      title={claim.number}
      beside={<ClaimStatus key={claim.status} claim={claim} />}
    >
      {isRemembered && <Remembered at={askedAt} />}
      <Decision claim={claim} />
      <dl class="facts">
        <Fact term={t("unit")}>
          {claim.unit ? (
            <Link to={`/unit/${claim.unit.id}`} class="fact-link">
              {claim.unit.serial_no}
            </Link>
          ) : (
            claim.serial_text
          )}
          {claim.unit && <small>{claim.unit.item_name}</small>}
        </Fact>
        <Fact term={t("customer")}>{claim.customer.name}</Fact>
        <Fact term={t("claimed_on")}>{date(claim.claimed_on)}</Fact>
        <Fact term={t("technician")}>{claim.technician ?? t("nobody_yet")}</Fact>
      </dl>
      <section>
        <h2>{t("complaint")}</h2>
        <p class="card">{claim.complaint}</p>
        <p class="card-text">{t("by_at", { name: claim.entered_by, at: dateTime(claim.entered_at) })}</p>
      </section>
      {claim.outcome && (
        <p class="notice">
          <Icon name="check" />
          <span>
            <strong>{t(`claim_${claim.outcome}`)}</strong> {claim.outcome_remark}
            <small>{t("by_at", { name: claim.ended_by ?? "", at: dateTime(claim.ended_at ?? "") })}</small>
          </span>
        </p>
      )}
      <Attachments attachments={claim.attachments} />
      <RepairOfClaim claim={claim} />
      {failed.value !== null && <Failure error={failed.value} />}
      {mayWork && claim.status === "draft" && <FoundUnit send={send} />}
      {mayWork && <Assign claim={claim} isBusy={isBusy.value} send={send} />}
      {mayWork && claim.status === "submitted" && <End isBusy={isBusy.value} send={send} />}
    </Screen>
  );
}

/** Where its unit is repaired, or the way to take it in. */
function RepairOfClaim({ claim }: { claim: ClaimDetails }) {
  const { repair_order: order, unit } = claim;
  if (!order && !(claim.outcome === "repair" && unit && may("service"))) return null;
  const to = order
    ? `/service/repairs/${order.id}`
    : `/service/repairs/new?unit=${unit?.id}&claim=${claim.id}`;
  return (
    <Link to={to} class="card card-link">
      <Icon name="box" />
      <span class="card-title">{order ? t("repaired_on", { number: order.number }) : t("take_in")}</span>
      <Icon name="forward" />
    </Link>
  );
}

type Send = (what: string, body: Record<string, unknown>) => Promise<void>;

function Decision({ claim }: { claim: ClaimDetails }) {
  const kind =
    claim.decision === "accepted" ? "accepted" : claim.decision === "held" ? "warning" : "rejected";
  return (
    <div class={`notice notice-${kind}`}>
      <Icon name={claim.decision === "held" ? "pause" : "shield"} />
      <div>
        <p class="notice-title">{t(`decision_${claim.decision}`)}</p>
        <p>{claim.decision_reason}</p>
        {claim.goodwill_reason && <p>{t("goodwill_because", { reason: claim.goodwill_reason })}</p>}
      </div>
    </div>
  );
}

/** A claim that is held waits for the label to be read: the next code is its unit. */
function FoundUnit({ send }: { send: Send }) {
  useCodes(code => void send("unit", { serial_no: code.text.trim() }), []);
  return <CodeField label={t("which_unit_is_it")} button={t("decide")} />;
}

function Assign({ claim, isBusy, send }: { claim: ClaimDetails; isBusy: boolean; send: Send }) {
  const claims = useRead<Claims>(`/api/warranty-claims?site=${claim.site}&technician=-&status=draft`);
  return (
    <>
      <label>
        <span class="label">{t("give_to")}</span>
        <select
          value={claim.technician ?? ""}
          disabled={isBusy}
          onChange={event => void send("technician", { technician: event.currentTarget.value })}
        >
          <option value="" disabled>
            {t("choose")}
          </option>
          <TechnicianOptions of={claims.value?.technicians ?? []} chosen={claim.technician ?? ""} />
        </select>
      </label>
      <ListNote of={claims} />
    </>
  );
}

function End({ isBusy, send }: { isBusy: boolean; send: Send }) {
  const remark = useSignal("");
  const isHere = useSignal(true);
  const end = (outcome: ClaimOutcome) => {
    const order = outcome === "repair" && isHere.value ? crypto.randomUUID() : null;
    return send("outcome", { outcome, remark: remark.value.trim() || null, repair_order_id: order });
  };
  return (
    <section class="form">
      <h2>{t("end_claim")}</h2>
      <label>
        <span class="label">{t("remark")}</span>
        <input
          type="text"
          maxLength={500}
          autocomplete="off"
          value={remark.value}
          onInput={event => {
            remark.value = event.currentTarget.value;
          }}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isHere.value}
          onChange={event => {
            isHere.value = event.currentTarget.checked;
          }}
        />
        {t("repaired_here")}
      </label>
      <div class="claim-outcomes">
        {OUTCOMES.map(outcome => (
          <button
            key={outcome}
            type="button"
            class={`button ${outcome === "reject" ? "button-danger" : ""}`}
            disabled={isBusy}
            onClick={() => void end(outcome)}
          >
            {t(`claim_${outcome}`)}
          </button>
        ))}
      </div>
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
