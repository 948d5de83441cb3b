import "../styles/moves.css";
import "../styles/service.css";
import type { Unit as UnitDetails } from "../api-types";
import { date, t } from "../i18n/t";
import { LabelsLink } from "../labels/LabelsLink";
import { CorrectSerial } from "../moving/CorrectSerial";
import { EpcisLink } from "../reports/EpcisLink";
import { navigate } from "../router";
import { useCodes } from "../scan/codes";
import { findAddress } from "../scan/find-address";
import { Jobs } from "../service/JobCards";
import { Plans } from "../service/PlanForm";
import { UnitAnswers } from "../service/UnitAnswers";
import { Components, Facts } from "../service/UnitFacts";
import { UnitHistory } from "../service/UnitHistory";
import { actionsFor } from "../service/unit-actions";
import { WarrantyPanel } from "../service/WarrantyPanel";
import { may } from "../session";
import { atSite } from "../stock/filters";
import { Holds } from "../stock/Holds";
import { Busy } from "../ui/Busy";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { late } from "../ui/late";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { UnitState } from "../ui/UnitState";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";

/** Only units of some items have any. */
const SecondarySerials = late(async () => (await import("../masters/SecondarySerials")).SecondarySerials);

/** The card of one unit: the answers of every call first, what to do next, then all that is known of it. */
export function Unit({ id }: { id: string }) {
  useCodes(code => navigate(findAddress(code)), []);
  const { value: unit, error, isRemembered, askedAt, reload } = useRead<UnitDetails>(`/api/units/${id}`);
  if (!unit) {
    return (
      <Screen title={t("unit")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen
      key={unit.id}
      class="unit"
      over={
        <Link to={atSite(`/items/${unit.item.id}`, unit.site_id)} class="fact-link">
          {unit.item.item_code} · {unit.item.name}
        </Link>
      }
      title={unit.serial_no}
      beside={<UnitState state={unit.returned ? "returned" : unit.availability} />}
    >
      {isRemembered && <Remembered at={askedAt} />}
      <UnitAnswers unit={unit} />
      {unit.recall && (
        <p class="notice notice-refused">
          <Icon name="stop" />
          <Link to={`/vouchers/${unit.recall.id}`} class="fact-link">
            {t("recalled_on", {
              number: unit.recall.number,
              date: date(unit.recall.started_on),
              reason: unit.recall.reason ?? "",
            })}
          </Link>
        </p>
      )}
      <NextActions unit={unit} />
      <WhyNot unit={unit} onChange={reload} />
      {unit.correction && (
        <p class="notice">
          <Icon name="keyboard" />
          <span>
            {t("formerly", { serial: unit.correction.serial_no })} · {unit.correction.reason} ·{" "}
            {unit.correction.by}
          </span>
        </p>
      )}
      {unit.services.length > 0 && (
        <section>
          <h2>{t("jobs")}</h2>
          <Jobs jobs={unit.services} />
        </section>
      )}
      <Facts unit={unit} />
      {unit.warranty && unit.warranty.status !== "none" && <WarrantyPanel unit={unit} />}
      <Components unit={unit} />
      <Plans unit={unit} plans={unit.plans} onChange={reload} />
      {may("cancel") && !unit.correction && (
        <CorrectSerial unitId={unit.id} serialNo={unit.serial_no} onDone={reload} />
      )}
      {(unit.secondary_kinds.length > 0 || unit.secondary_serials.length > 0) && (
        <SecondarySerials
          unitId={unit.id}
          kinds={unit.secondary_kinds}
          serials={unit.secondary_serials}
          reload={reload}
        />
      )}
      {may("reports.read") && (
        <Link to={`/trace?unit=${unit.id}`} class="button">
          <Icon name="forward" />
          {t("trace")}
        </Link>
      )}
      <EpcisLink subject="unit" id={unit.id} />
      <LabelsLink subject="unit" id={unit.id} name={unit.serial_no} />
      <UnitHistory history={unit.history} />
      <section>
        <h2>{t("find_another")}</h2>
        <CodeField label={t("serial_or_code")} button={t("find")} />
      </section>
      <WedgeSink />
    </Screen>
  );
}

/** Why nobody may take the unit, if so; who may, puts it on hold here. */
function WhyNot({ unit, onChange }: { unit: UnitDetails; onChange: () => void }) {
  const { batch, reserved, holds } = unit;
  return (
    <>
      {batch?.state === "expired" && (
        <p class="notice notice-warning">
          <Icon name="clock" />
          {t("is_expired")}
        </p>
      )}
      {reserved && (
        <p class="notice notice-warning">
          <Icon name="user" />
          {t("is_reserved", { number: reserved.order_number ?? reserved.number, name: reserved.by })}
        </p>
      )}
      {(holds.length > 0 || may("hold")) && (
        <Holds
          path={`/api/units/${unit.id}`}
          name={unit.serial_no}
          holds={holds}
          isOwn={hold => hold.serial_id === unit.id}
          onChange={onChange}
        />
      )}
    </>
  );
}

/** What may be done next, each on a screen of its own. */
function NextActions({ unit }: { unit: UnitDetails }) {
  const actions = actionsFor(unit, may);
  if (actions.length === 0) return null;
  return (
    <nav class="next-actions" aria-label={t("next_steps")}>
      {actions.map((action, index) => (
        <Link key={action.to} to={action.to} class={index === 0 ? "button button-primary" : "button"}>
          <Icon name={action.icon} />
          {t(action.text)}
        </Link>
      ))}
    </nav>
  );
}
