import type { BoardDevice, BoardRow } from "../api-types";
import { number, t, time } from "../i18n/t";
import { Icon } from "../ui/Icon";
import { late } from "../ui/late";
import { Progress } from "../ui/Progress";
import { WhenNear } from "../ui/WhenNear";

/** The figures are read without it. */
const Curve = late(async () => (await import("./Curve")).Curve, true);

/** One receipt on the board: how far it is, how fast it goes, and who is at it. */
export function ReceiptPanel({ row, now }: { row: BoardRow; now: number }) {
  const isDone = row.accepted + row.rejected >= row.expected;
  return (
    <article class={`panel ${row.status === "draft" ? "" : "panel-closed"}`} aria-label={row.number}>
      <header class="panel-head">
        <div>
          <h2>{row.number}</h2>
          <p class="panel-sub">
            {row.purchase_order_number} · {row.supplier}
          </p>
        </div>
        <span class="chip">
          <Icon name="place" />
          {row.location}
        </span>
      </header>
      <p class="panel-figure">
        <strong data-testid="board-accepted">{row.accepted}</strong>
        <span class="counter-of">/ {row.expected}</span>
        {isDone && (
          <span class="state state-accepted">
            <Icon name="check" />
            {t("complete")}
          </span>
        )}
        {row.status !== "draft" && <span class="state">{t(`status_${row.status}`)}</span>}
      </p>
      <Progress
        value={row.accepted}
        max={row.expected}
        label={t("received_of", { accepted: row.accepted, expected: row.expected })}
      />
      <dl class="panel-facts">
        <div>
          <dt>{t("rate")}</dt>
          <dd>{number(Math.round(row.scans_per_minute * 10) / 10)}</dd>
        </div>
        <div class={row.rejected > 0 ? "fact-rejected" : ""}>
          <dt>{t("rejected")}</dt>
          <dd>{row.rejected}</dd>
        </div>
        <div class={row.refused > 0 ? "fact-refused" : ""}>
          <dt>{t("refused")}</dt>
          <dd>{row.refused}</dd>
        </div>
        <div class={row.needs_review > 0 ? "fact-refused" : ""}>
          <dt>{t("board_unknown")}</dt>
          <dd>{row.needs_review}</dd>
        </div>
        <div class="fact-finish">
          <dt>{t("board_finish")}</dt>
          <dd>{row.estimated_finish ? time(row.estimated_finish) : "–"}</dd>
        </div>
      </dl>
      <p class="panel-last">
        {row.last_scan ? (
          <>
            <Icon name="user" />
            <span>
              {row.last_scan.by}
              {row.last_scan.device && ` · ${row.last_scan.device}`}
            </span>
            <span class="panel-last-text">{row.last_scan.text}</span>
            <time dateTime={row.last_scan.at}>{time(row.last_scan.at, "second")}</time>
          </>
        ) : (
          t("no_scans")
        )}
      </p>
      {row.status === "draft" && <Devices devices={row.devices} />}
      {(row.status === "draft" || row.curve.length > 1) && (
        <WhenNear class="panel-curve">
          <Curve row={row} now={now} />
        </WhenNear>
      )}
    </article>
  );
}

/** Who scans, and what was not heard of for a while. */
function Devices({ devices }: { devices: BoardDevice[] }) {
  if (devices.length === 0) return null;
  return (
    <ul class="panel-devices" aria-label={t("board_devices")}>
      {devices.map(device => (
        <li key={device.name} class={device.is_quiet ? "state state-refused" : "state state-accepted"}>
          <Icon name={device.is_quiet ? "no-network" : "check"} />
          {device.is_quiet
            ? t("board_quiet", { device: device.name, at: time(device.last_seen_at) })
            : device.name}
          {device.unsent !== null && device.unsent > 0 && ` · ${t("board_unsent", { count: device.unsent })}`}
        </li>
      ))}
    </ul>
  );
}
