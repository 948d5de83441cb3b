import { useSignal } from "@preact/signals";
import { post } from "../api";
import { date, dateTime, number, t, tOr } from "../i18n/t";
import { LabelsLink } from "../labels/LabelsLink";
import { EpcisLink } from "../reports/EpcisLink";
import { may } from "../session";
import { atSameSite, siteOfPage } from "../stock/filters";
import { Holds } from "../stock/Holds";
import { ReasonDialog } from "../stock/ReasonDialog";
import { StockList } from "../stock/StockList";
import type { Batch } from "../stock/types";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { UnitState } from "../ui/UnitState";
import { useRead } from "../ui/use-read";

const IN_HOUSE = ["in_stock", "on_hold", "in_transit"];

/** A batch: its dates, what keeps it back, how much of it is where, and who changed what. */
export function BatchPage({ id }: { id: string }) {
  const siteId = siteOfPage();
  const at = siteId !== null ? `?site=${siteId}` : "";
  const { value: batch, error, isRemembered, askedAt, reload } = useRead<Batch>(`/api/batches/${id}${at}`);
  const turn = useSignal(0);
  if (!batch) {
    return (
      <Screen title={t("batch")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  const outside = batch.places.filter(place => !IN_HOUSE.includes(place.state));
  const onChange = () => {
    turn.value += 1;
    reload();
  };
  return (
    <Screen
      class="stock unit"
      over={t("batch_of", { item: batch.item.item_code })}
      title={batch.batch_no}
      beside={<UnitState state={batch.state} />}
    >
      {isRemembered && <Remembered at={askedAt} />}
      <Holds
        path={`/api/batches/${batch.id}`}
        name={batch.batch_no}
        holds={batch.holds}
        isOwn={() => true}
        onChange={onChange}
      />
      <LabelsLink subject="batch" id={batch.id} name={batch.batch_no} />
      <dl class="facts">
        <div class="fact">
          <dt>
            <Icon name="box" />
            {t("item")}
          </dt>
          <dd>
            <Link to={atSameSite(`/items/${batch.item.id}`)} class="fact-link">
              {batch.item.item_code}
            </Link>
          </dd>
        </div>
        <div class="fact">
          <dt>
            <Icon name="clock" />
            {t("expiry")}
          </dt>
          <dd>
            {batch.expires_on ? date(batch.expires_on) : t("none")}
            {batch.manufactured_on && <small>{t("made_on", { date: date(batch.manufactured_on) })}</small>}
          </dd>
        </div>
        <div class="fact">
          <dt>
            <Icon name="user" />
            {t("supplier")}
          </dt>
          <dd>
            {batch.supplier ? (
              <Link to={`/vouchers?party=${encodeURIComponent(batch.supplier.code)}`} class="fact-link">
                {batch.supplier.name}
              </Link>
            ) : (
              t("unknown")
            )}
          </dd>
        </div>
      </dl>
      {may("reports.read") && (
        <nav class="stock-tools">
          <Link to={`/trace?batch=${batch.id}`} class="button">
            <Icon name="forward" />
            {t("trace")}
          </Link>
          <EpcisLink subject="batch" id={batch.id} />
          {may("hold") && (
            <Link to={`/recalls/new?batch=${batch.id}`} class="button">
              <Icon name="stop" />
              {t("new_recall")}
            </Link>
          )}
        </nav>
      )}
      {may("masters.manage") && <Dates batch={batch} onChange={onChange} />}
      <StockList key={turn.value} fixed={{ batch: batch.id }} />
      {outside.length > 0 && (
        <section>
          <h2>{t("elsewhere")}</h2>
          <ul class="lines">
            {outside.map(place => (
              <li key={place.id} class="line">
                <UnitState state={place.state} />
                <span class="line-figure">{number(place.qty)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {batch.changes.length > 0 && (
        <section>
          <h2>{t("changed_dates")}</h2>
          <ul class="cards">
            {batch.changes.map(change => (
              <li key={change.changed_at} class="card">
                <p>
                  <strong>{change.reason}</strong>
                </p>
                <p class="card-text">
                  {t("expiry")}: {tOr("", change.expires_before ? date(change.expires_before) : t("none"))} →{" "}
                  {change.expires_on ? date(change.expires_on) : t("none")}
                </p>
                <p class="card-text">
                  {t("by_at", { name: change.changed_by, at: dateTime(change.changed_at) })}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Screen>
  );
}

function Dates({ batch, onChange }: { batch: Batch; onChange: () => void }) {
  const isAsking = useSignal(false);
  const close = () => {
    isAsking.value = false;
  };
  const act = async (reason: string, form: FormData) => {
    await post(`/api/batches/${batch.id}/dates`, {
      manufactured_on: String(form.get("manufactured_on")) || null,
      expires_on: String(form.get("expires_on")) || null,
      reason,
    });
    onChange();
  };
  return (
    <>
      <button
        type="button"
        class="button"
        onClick={() => {
          isAsking.value = true;
        }}
      >
        {t("change_dates")}
      </button>
      {isAsking.value && (
        <ReasonDialog
          title={t("dates_question", { name: batch.batch_no })}
          button={t("change_dates")}
          act={act}
          onClose={close}
        >
          <label>
            <span class="label">{t("manufactured")}</span>
            <input type="date" name="manufactured_on" defaultValue={batch.manufactured_on ?? ""} />
          </label>
          <label>
            <span class="label">{t("expiry")}</span>
            <input type="date" name="expires_on" defaultValue={batch.expires_on ?? ""} />
          </label>
        </ReasonDialog>
      )}
    </>
  );
}
