import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { HistoryLine, Unit as UnitDetails } from "../api-types";
import { date, dateTime, t, tOr } from "../i18n/t";
import { LabelsLink } from "../labels/LabelsLink";
import { navigate } from "../router";
import { takeCodes } from "../scan/codes";
import { may } from "../session";
import { Busy } from "../ui/Busy";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon, type IconName } from "../ui/Icon";
import { Link } from "../ui/Link";
import { late } from "../ui/late";
import { Screen } from "../ui/Screen";
import { UnitState } from "../ui/UnitState";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";
import { findAddress } from "./Find";

const CorrectSerial = late(async () => (await import("../moving/CorrectSerial")).CorrectSerial);
/** Only units of some items have any. */
const SecondarySerials = late(async () => (await import("../masters/SecondarySerials")).SecondarySerials);
/** Its question and its history are of no use to most who look a unit up. */
const Holds = late(async () => (await import("../stock/Holds")).Holds);

/** Everything known of one unit: where it is, where it came from, its warranty, and its whole history. */
export function Unit({ id }: { id: string }) {
  useEffect(() => takeCodes(code => navigate(findAddress(code))), []);
  const { value: unit, error, isRemembered, reload } = useRead<UnitDetails>(`/api/units/${id}`);
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
        <Link to={`/items/${unit.item.id}`} class="fact-link">
          {unit.item.item_code} · {unit.item.name}
        </Link>
      }
      title={unit.serial_no}
      beside={<UnitState state={unit.availability} />}
    >
      {isRemembered && <p class="notice notice-warning">{t("remembered")}</p>}
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
      <Facts unit={unit} />
      <LabelsLink subject="unit" id={unit.id} name={unit.serial_no} />
      <Components unit={unit} />
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
      <section>
        <h2>{t("history")}</h2>
        <ol class="history">
          {unit.history.toReversed().map(line => (
            <HistoryItem key={line.seq} line={line} />
          ))}
        </ol>
      </section>
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

/** What is built into the unit, and what the unit is built into. */
function Components({ unit }: { unit: UnitDetails }) {
  if (unit.components.length === 0 && !unit.part_of) return null;
  return (
    <section>
      {unit.part_of && (
        <p>
          {t("part_of")}{" "}
          <Link to={`/unit/${unit.part_of.unit_id}`} class="key-data">
            {unit.part_of.serial_no}
          </Link>
        </p>
      )}
      {unit.components.length > 0 && <h2>{t("components")}</h2>}
      <ul class="lines">
        {unit.components.map(each => (
          <li key={`${each.number} ${each.unit_id ?? each.item_code}`} class="line">
            {each.unit_id === null ? (
              <span>
                {each.qty} × {each.item_code}
              </span>
            ) : (
              <Link to={`/unit/${each.unit_id}`} class="key-data">
                {each.serial_no}
              </Link>
            )}
            <span>
              {each.number}
              {each.removed_at && ` · ${t("taken_out")}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ unit }: { unit: UnitDetails }) {
  const { batch, supplier, received, sold, owner, warranty, technician, location } = unit;
  return (
    <dl class="facts">
      <Fact icon="place" term={t("place")}>
        {location ? (
          <Link to={`/places/${location.id}`} class="fact-link">
            {location.path}
          </Link>
        ) : (
          t("not_in_stock")
        )}
      </Fact>
      <Fact icon="boxes" term={t("batch")}>
        {batch ? (
          <Link to={`/batches/${batch.id}`} class="fact-link">
            {batch.batch_no}
          </Link>
        ) : (
          t("none")
        )}
        {batch?.expires_on && <small>{t("expires_on", { date: date(batch.expires_on) })}</small>}
        {batch?.manufactured_on && <small>{t("made_on", { date: date(batch.manufactured_on) })}</small>}
      </Fact>
      <Fact icon="shield" term={t("warranty")}>
        {warranty ? warranty.message : t("none")}
        {warranty?.start && warranty.end && (
          <small>
            {date(warranty.start)} – {date(warranty.end)}
          </small>
        )}
      </Fact>
      <Fact icon="user" term={t("owner")}>
        {owner ? owner.name : t("none")}
        {sold && (
          <Link to={`/vouchers/${sold.voucher_id}`} class="fact-link">
            <small>{t("sold_on", { date: date(sold.on), number: sold.number })}</small>
          </Link>
        )}
      </Fact>
      <Fact icon="receive" term={t("receipt")}>
        {received ? (
          <Link to={`/vouchers/${received.voucher_id}`} class="fact-link">
            {received.number}
          </Link>
        ) : (
          t("none")
        )}
        {received && (
          <small>
            {date(received.on)}
            {received.purchase_order && ` · ${received.purchase_order}`}
          </small>
        )}
      </Fact>
      <Fact icon="box" term={t("supplier")}>
        {supplier ? supplier.name : t("unknown")}
      </Fact>
      {technician && (
        <Fact icon="user" term={t("technician")}>
          {technician}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ icon, term, children }: { icon: IconName; term: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>
        <Icon name={icon} />
        {term}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

/** One line of the ledger: who, when by the device and by the server, from where to where, by which voucher. */
function HistoryItem({ line }: { line: HistoryLine }) {
  return (
    <li class="history-line">
      <p class="history-what">
        <strong>{tOr(`what_${line.what}`, line.what.replaceAll("_", " "))}</strong>
        {line.voucher && (
          <Link to={`/vouchers/${line.voucher.id}`} class="history-voucher">
            {line.voucher.number}
          </Link>
        )}
      </p>
      {(line.from || line.to) && (
        <p class="history-way">
          {line.from?.path ?? "–"} <Icon name="forward" /> <span class="visually-hidden">{t("to")}</span>
          {line.to?.path ?? "–"}
        </p>
      )}
      <p class="history-who">
        <Icon name="user" />
        {line.actor}
        {line.device && ` · ${line.device}`}
      </p>
      <dl class="history-times">
        {line.scanned_at && (
          <div>
            <dt>{t("device_time")}</dt>
            <dd>
              <time dateTime={line.scanned_at}>{dateTime(line.scanned_at)}</time>
            </dd>
          </div>
        )}
        <div>
          <dt>{t("server_time")}</dt>
          <dd>
            <time dateTime={line.posted_at}>{dateTime(line.posted_at)}</time>
          </dd>
        </div>
      </dl>
    </li>
  );
}
