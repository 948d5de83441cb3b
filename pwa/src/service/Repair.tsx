import "../styles/service.css";
import { useSignal } from "@preact/signals";
import { date, dateTime, t } from "../i18n/t";
import { act } from "../offline/actions";
import { may } from "../session";
import { ReasonDialog } from "../stock/ReasonDialog";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WaitingActions } from "../ui/WaitingActions";
import { Jobs } from "./JobCards";
import { Attachments } from "./Photos";
import { TechnicianChoice } from "./TechnicianChoice";
import type { Repair as RepairOrder } from "./types";

/** One repair: the unit, what is wrong, what was done, and the ways on. */
export function Repair({ id }: { id: string }) {
  const path = `/api/repair-orders/${id}`;
  const { value: repair, error, isRemembered, askedAt, reload } = useRead<RepairOrder>(path);
  const failed = useSignal<unknown>(null);
  const isScrapping = useSignal(false);
  if (!repair) {
    return (
      <Screen title={t("repair")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  const change = async (what: string, body: Record<string, unknown>) => {
    failed.value = null;
    try {
      await act(`repair_order.${what}`, body, { voucherId: id });
      reload();
    } catch (caught) {
      failed.value = caught;
    }
  };
  const isOpen = repair.status === "submitted";
  return (
    <Screen
      title={repair.unit.serial_no}
      over={`${repair.number} · ${repair.unit.item_name}`}
      beside={
        <span class="chip">
          {t(repair.outcome ? `outcome_${repair.outcome}` : isOpen ? "repair_open" : "repair_cancelled")}
        </span>
      }
    >
      {isRemembered && <Remembered at={askedAt} />}
      <p class="complaint">{repair.complaint}</p>
      <dl class="answers">
        <div>
          <dt>{t("customer")}</dt>
          <dd>{repair.customer?.name ?? t("none")}</dd>
        </div>
        <div>
          <dt>{t("taken_in")}</dt>
          <dd>
            {date(repair.on)} · {repair.by}
          </dd>
        </div>
        {repair.claim && (
          <div>
            <dt>{t("claim")}</dt>
            <dd>
              <Link to={`/claims/${repair.claim.id}`} class="answer-link">
                {repair.claim.number}
              </Link>
            </dd>
          </div>
        )}
        {repair.customer_return && (
          <div>
            <dt>{t("customer_return")}</dt>
            <dd>
              <Link to={`/returns/${repair.customer_return.id}`} class="answer-link">
                {repair.customer_return.number}
              </Link>
            </dd>
          </div>
        )}
        {repair.accessories && (
          <div>
            <dt>{t("accessories")}</dt>
            <dd>{repair.accessories}</dd>
          </div>
        )}
        {repair.ended_at && (
          <div>
            <dt>{t("ended")}</dt>
            <dd>
              {dateTime(repair.ended_at)} · {repair.ended_by}
              {repair.end_remark && ` · ${repair.end_remark}`}
            </dd>
          </div>
        )}
        {(!isOpen || !may("service")) && (
          <div>
            <dt>{t("technician")}</dt>
            <dd>{repair.technician ?? t("nobody_assigned")}</dd>
          </div>
        )}
      </dl>
      <WaitingActions
        kinds={["repair_order.technician", "repair_order.give_back", "repair_order.scrap", "service_visit"]}
        voucherId={id}
      />
      {failed.value !== null && <Failure error={failed.value} />}
      {isOpen && may("service") && (
        <nav class="next-actions" aria-label={t("next_steps")}>
          <Link to={`/service/visits/new?unit=${repair.unit.id}`} class="button button-primary">
            <Icon name="check" />
            {t("report_job")}
          </Link>
          <button type="button" class="button" onClick={() => void change("give_back", {})}>
            <Icon name="outbox" />
            {t("give_back")}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              isScrapping.value = true;
            }}
          >
            <Icon name="damaged" />
            {t("scrap_for_customer")}
          </button>
        </nav>
      )}
      {isOpen && may("service") && (
        <Assign
          technician={repair.technician}
          onChange={technician => void change("technician", { technician })}
        />
      )}
      <Link to={`/unit/${repair.unit.id}`} class="card card-link">
        <Icon name="box" />
        <span class="card-title">{t("unit_card")}</span>
        <Icon name="forward" />
      </Link>
      <section>
        <h2>{t("jobs")}</h2>
        {repair.visits.length === 0 && <p class="empty">{t("no_jobs")}</p>}
        <Jobs jobs={repair.visits} />
      </section>
      <Attachments attachments={repair.attachments} />
      {isScrapping.value && (
        <ReasonDialog
          title={t("scrap_question", { serial: repair.unit.serial_no })}
          button={t("scrap_for_customer")}
          isDangerous
          act={async remark => {
            await act("repair_order.scrap", { remark }, { voucherId: id });
            reload();
          }}
          onClose={() => {
            isScrapping.value = false;
          }}
        />
      )}
    </Screen>
  );
}

function Assign({
  technician,
  onChange,
}: {
  technician: string | null;
  onChange: (username: string) => void;
}) {
  const chosen = {
    get value() {
      return technician ?? "";
    },
    set value(username: string) {
      if (username) onChange(username);
    },
  };
  return <TechnicianChoice value={chosen} />;
}
