import { date, t, time } from "../i18n/t";
import { Icon, type IconName } from "../ui/Icon";
import { TakeGoods } from "./NextUnit";
import type { OpenPickList } from "./open-pick-list";
import type { PickLine } from "./types";
import { isOpenGoods, type UnitNow } from "./units-now";

const ICONS: Record<UnitNow["state"], IconName> = {
  proposed: "box",
  waiting: "clock",
  chosen: "check",
  posted: "check",
};

/** Every unit and all goods of the list: first what is still to be fetched, in walking order, then what was. */
export function PickRows({ open, isEditable }: { open: OpenPickList; isEditable: boolean }) {
  const units = open.units.value;
  const goods = open.lines.value.filter(line => !line.item.tracking.includes("serial"));
  const fetched = units.filter(unit => unit.state !== "proposed");
  const toFetch = units.filter(unit => unit.state === "proposed");
  const replaced = open.pickList.value?.replaced ?? [];
  return (
    <>
      {toFetch.length + goods.filter(isOpenGoods).length > 0 && (
        <section class="scans">
          <h2>{t("to_fetch", { count: toFetch.length })}</h2>
          <ol class="scan-list" data-testid="to-fetch">
            {toFetch.map(unit => (
              <UnitRow key={unit.serialNo} open={open} unit={unit} isEditable={false} />
            ))}
            {goods.filter(isOpenGoods).map(line => (
              <GoodsRow key={line.id} open={open} line={line} isEditable={isEditable} />
            ))}
          </ol>
        </section>
      )}
      <section class="scans">
        <h2>{t("fetched", { count: fetched.length })}</h2>
        {fetched.length === 0 && goods.every(line => !line.picked) && (
          <p class="empty">{t("nothing_fetched")}</p>
        )}
        <ol class="scan-list" data-testid="fetched">
          {fetched.map(unit => (
            <UnitRow key={unit.serialNo} open={open} unit={unit} isEditable={isEditable} />
          ))}
          {goods
            .filter(line => line.picked > 0)
            .map(line => (
              <GoodsRow key={line.id} open={open} line={line} isEditable={false} />
            ))}
        </ol>
      </section>
      {replaced.length > 0 && (
        <section class="scans">
          <h2>{t("replaced")}</h2>
          <ul class="lines" data-testid="replaced">
            {replaced.map(each => (
              <li key={each.serial_no} class="line line-tall">
                <span>
                  <span>{t("taken_instead", { taken: each.taken, serial: each.serial_no })}</span>
                  <small>
                    {each.by} · {time(each.at)}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function UnitRow({ open, unit, isEditable }: { open: OpenPickList; unit: UnitNow; isEditable: boolean }) {
  const more = [
    unit.itemCode,
    unit.batchNo && t("batch_is", { batch: unit.batchNo }),
    unit.expiresOn && t("expires_on", { date: date(unit.expiresOn) }),
  ];
  const isFetched = unit.state !== "proposed";
  const forWhom = open.forWhom(unit.order);
  return (
    <li
      class={`scan-row scan-${unit.state === "waiting" ? "waiting" : isFetched ? "accepted" : "proposed"}`}
      data-state={unit.state}
    >
      <div class="scan-main">
        <p class="scan-title key-data">{unit.serialNo}</p>
        {forWhom && <p class="scan-more scan-order">{forWhom}</p>}
        <p class="scan-more">{more.filter(Boolean).join(" · ")}</p>
        <p class="scan-more">
          <span class={`state state-${isFetched && unit.state !== "waiting" ? "accepted" : "waiting"}`}>
            <Icon name={ICONS[unit.state]} />
            {unit.isUndoWaiting ? t("undo_waiting") : t(`pick_${unit.state}`)}
          </span>
          {isFetched && unit.at ? (
            <>
              <time dateTime={unit.at}>{time(unit.at)}</time> {unit.by}
            </>
          ) : (
            unit.place
          )}
        </p>
      </div>
      {isEditable && unit.scanId && unit.state !== "posted" && (
        <button
          type="button"
          class="button scan-undo"
          disabled={unit.isUndoWaiting}
          aria-label={t("undo_of", { serial: unit.serialNo })}
          onClick={() => void open.undo(unit)}
        >
          <Icon name="undo" />
          {t("undo")}
        </button>
      )}
    </li>
  );
}

function GoodsRow({ open, line, isEditable }: { open: OpenPickList; line: PickLine; isEditable: boolean }) {
  const forWhom = open.forWhom(line.sales_order);
  const more = [line.item.name, line.batch_no && t("batch_is", { batch: line.batch_no })];
  return (
    <li class={`scan-row scan-${line.picked >= line.qty ? "accepted" : "proposed"}`} data-state="goods">
      <div class="scan-main">
        <p class="scan-title key-data">{line.item.item_code}</p>
        {forWhom && <p class="scan-more scan-order">{forWhom}</p>}
        <p class="scan-more">{more.filter(Boolean).join(" · ")}</p>
        <p class="scan-more">
          {t("picked_of", { picked: line.picked, qty: line.qty })} {line.location?.path}
        </p>
        {isEditable && <TakeGoods open={open} line={line} />}
      </div>
    </li>
  );
}
