import "../styles/recall.css";
import { useSignal } from "@preact/signals";
import { post } from "../api";
import { date, dateTime, number, t } from "../i18n/t";
import { may } from "../session";
import { ReasonDialog } from "../stock/ReasonDialog";
import { usePages } from "../stock/use-pages";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { NotSent } from "../ui/NotSent";
import { Progress } from "../ui/Progress";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WaitingActions } from "../ui/WaitingActions";
import { RecalledUnitCard } from "./RecalledUnitCard";
import { type Recall, type RecalledUnits, SHOWN, type Shown } from "./types";

/** One recall: how far it has come, which units are where, and what became of each. */
export function RecallPage({ id }: { id: string }) {
  const { value: recall, error, isRemembered, askedAt, reload } = useRead<Recall>(`/api/recalls/${id}`);
  const shown = useSignal<Shown>("open");
  const turn = useSignal(0);
  if (!recall) {
    return (
      <Screen title={t("recall")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  const onChange = () => {
    turn.value += 1;
    reload();
  };
  const label = t("resolved_of", { resolved: recall.resolved, total: recall.total });
  const isOpen = recall.status === "submitted";
  return (
    <Screen
      class="recall"
      title={recall.number}
      over={recall.scope}
      beside={<span class="chip">{t(`recall_${recall.status}`)}</span>}
    >
      {isRemembered && <Remembered at={askedAt} />}
      <section class="recall-progress" aria-label={t("progress")}>
        <p class="counter-figure">
          <strong>{number(recall.percent)} %</strong>
        </p>
        <p data-testid="resolved">{label}</p>
        <Progress value={recall.resolved} max={recall.total} label={label} />
        <p class="card-text">
          {recall.reason} · {t("by_at", { name: recall.opened_by, at: dateTime(recall.opened_at) })}
        </p>
        {recall.close_reason && (
          <p class="card-text">{t("closed_because", { reason: recall.close_reason })}</p>
        )}
      </section>
      {recall.counts.not_accounted_for > 0 && shown.value !== "not_accounted_for" && (
        <button
          type="button"
          class="notice notice-refused recall-missing"
          onClick={() => {
            shown.value = "not_accounted_for";
          }}
        >
          <Icon name="warning" />
          <span class="notice-title">
            {t("units_not_accounted_for", { count: recall.counts.not_accounted_for })}
          </span>
        </button>
      )}
      <fieldset class="choices" aria-label={t("shown_units")}>
        {SHOWN.map(each => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={each === shown.value}
            onClick={() => {
              shown.value = each;
            }}
          >
            {t(`shown_${each}`)} {number(recall.counts[each])}
          </button>
        ))}
      </fieldset>
      <WaitingActions kinds={["recall_step"]} onSent={reload} />
      <Units
        key={`${shown.value} ${turn.value}`}
        path={`/api/recalls/${id}/units?show=${shown.value}`}
        recallId={id}
        isOpen={isOpen && may("hold")}
        onChange={onChange}
      />
      <nav class="recall-tools">
        <a class="button" href={`/api/recalls/${id}/units.csv`} download>
          <Icon name="download" />
          {t("as_csv")}
        </a>
        <a class="button" href={`/api/recalls/${id}/events.jsonld`} download>
          <Icon name="download" />
          {t("as_epcis")}
        </a>
        <Link to={`/trace?recall=${id}`} class="button">
          <Icon name="forward" />
          {t("trace")}
        </Link>
      </nav>
      {isOpen && may("hold") && <Close recall={recall} onChange={onChange} />}
      {isOpen && <p class="card-text">{t("recall_since", { date: date(recall.opened_at) })}</p>}
    </Screen>
  );
}

interface UnitsProps {
  path: string;
  recallId: string;
  isOpen: boolean;
  onChange: () => void;
}

function Units({ path, recallId, isOpen, onChange }: UnitsProps) {
  const { pages, error, reload, more, isBusy } = usePages<RecalledUnits>(path);
  const units = pages.flatMap(page => page.units);
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (pages.length === 0) return <Busy />;
  return (
    <>
      {units.length === 0 && <p class="empty">{t("no_units_shown")}</p>}
      <ul class="cards recall-units">
        {units.map(unit => (
          <li key={unit.recall_unit_id}>
            <RecalledUnitCard unit={unit} recallId={recallId} isOpen={isOpen} onChange={onChange} />
          </li>
        ))}
      </ul>
      {more && (
        <button type="button" class="button" onClick={more} disabled={isBusy}>
          {t("show_more")}
        </button>
      )}
    </>
  );
}

/** At 100 % one tap closes it; before that it asks why. */
function Close({ recall, onChange }: { recall: Recall; onChange: () => void }) {
  const isAsking = useSignal(false);
  const failed = useSignal<unknown>(null);
  const isWhole = recall.resolved >= recall.total;
  const close = async (reason: string | null) => {
    await post(`/api/recalls/${recall.id}/close`, { reason });
    onChange();
  };
  const onClick = () => {
    if (isWhole)
      close(null).catch(caught => {
        failed.value = caught;
      });
    else isAsking.value = true;
  };
  return (
    <>
      {failed.value !== null && <NotSent error={failed.value} />}
      <button type="button" class={`button ${isWhole ? "button-primary" : ""}`} onClick={onClick}>
        <Icon name="check" />
        {t("close_recall")}
      </button>
      {isAsking.value && (
        <ReasonDialog
          title={t("close_question", { count: recall.total - recall.resolved })}
          button={t("close_recall")}
          isDangerous
          act={close}
          onClose={() => {
            isAsking.value = false;
          }}
        />
      )}
    </>
  );
}
