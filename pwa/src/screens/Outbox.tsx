import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dateTime, number, t } from "../i18n/t";
import { announce, listen } from "../offline/channel";
import type { AnsweredScan, OutboxRow } from "../offline/db";
import { close, openAnswers, retryStuck, waiting } from "../offline/outbox";
import { clockIsOff, send, sending } from "../offline/sender";
import { username } from "../session";
import { Icon } from "../ui/Icon";
import { KeptPictureRow, nameInPicture } from "../ui/KeptPictureRow";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { UnreadPictureTools } from "../ui/UnreadPictureTools";
import { useKeptPictures } from "../ui/use-kept-pictures";
import { findAddress } from "./Find";
import { exportFile } from "./outbox-export";

/** Rows shown at once; a long queue is counted, not listed. */
const SHOWN = 100;

/** What this device still owes the server, and what the server did not take. Nothing here goes away by itself. */
export function Outbox() {
  const rows = useSignal<OutboxRow[]>([]);
  const open = useSignal<AnsweredScan[]>([]);
  const pictures = useKeptPictures(() => true);
  const unread = pictures.value.filter(picture => picture.state === "waiting").length;
  useEffect(() => {
    const read = async () => {
      const [nextRows, nextOpen] = await Promise.all([waiting(), openAnswers()]);
      rows.value = nextRows;
      open.value = nextOpen.sort((a, b) => b.scan.n - a.scan.n);
    };
    void read();
    return listen(() => void read());
  }, []);

  const sendNow = async () => {
    await retryStuck();
    await send({ isUrgent: true });
  };
  const clear = async (ids: string[]) => {
    await close(ids);
    announce({ kind: "tidied" });
  };

  return (
    <Screen title={t("outbox")} class="outbox">
      <Summary count={rows.value.length} pictures={unread} />
      {clockIsOff.value && <p class="notice notice-warning">{t("clock_off")}</p>}
      {rows.value.length > 0 && (
        <section>
          <h2>{t("not_sent")}</h2>
          <ul class="lines">
            {rows.value.slice(0, SHOWN).map(row => (
              <li key={row.n} class="line line-tall">
                <span>
                  <strong class="key-data">{row.purpose === "undo" ? t("undo") : row.text}</strong>
                  <small>
                    {t("scan_number", { n: number(row.n) })} · {row.user} · {dateTime(row.scanned_at)}
                  </small>
                  <small class="why">{whyWaiting(row)}</small>
                </span>
              </li>
            ))}
          </ul>
          {rows.value.length > SHOWN && <p>{t("and_more", { count: rows.value.length - SHOWN })}</p>}
        </section>
      )}
      {open.value.length > 0 && (
        <section>
          <h2>{t("to_look_at")}</h2>
          <ul class="lines">
            {open.value.slice(0, SHOWN).map(answered => (
              <li key={answered.id} class="line line-tall">
                <span>
                  <strong class="key-data">{answered.scan.text || t("undo")}</strong>
                  <small>
                    {answered.scan.user} · {dateTime(answered.scan.scanned_at)}
                  </small>
                  <span class="why">
                    <Icon name={answered.outcome.status === "refused" ? "stop" : "warning"} />
                    {answered.outcome.message} {answered.outcome.next_step}
                  </span>
                </span>
                <span class="line-tools">
                  {answered.scan.purpose === "pick" ? (
                    <Link to={`/pick/${answered.scan.voucher_id}`} class="button">
                      {t("open_pick_list")}
                    </Link>
                  ) : (
                    <Link to={`/receive/${answered.scan.voucher_id}`} class="button">
                      {t("open_receipt")}
                    </Link>
                  )}
                  <button type="button" class="button" onClick={() => void clear([answered.id])}>
                    {t("clear")}
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {pictures.value.length > 0 && (
        <section>
          <h2>{t("kept_pictures", { count: pictures.value.length })}</h2>
          <ul class="lines">
            {pictures.value.map(picture => (
              <KeptPictureRow key={picture.id} picture={picture}>
                {picture.receipt ? (
                  <Link to={`/receive/${picture.receipt.id}`} class="button">
                    {t(picture.state === "read" ? "add_in_receipt" : "open_receipt", {
                      number: picture.receipt.number,
                    })}
                  </Link>
                ) : (
                  picture.codes.map(code => (
                    <Link key={code.text} to={findAddress(code)} class="button">
                      {t("find_code", { code: nameInPicture(code) })}
                    </Link>
                  ))
                )}
                <UnreadPictureTools picture={picture} />
              </KeptPictureRow>
            ))}
          </ul>
        </section>
      )}
      {rows.value.length + open.value.length > 0 && (
        <button type="button" class="button" onClick={() => exportFile(rows.value, open.value)}>
          <Icon name="download" />
          {t("export")}
        </button>
      )}
      {rows.value.length + unread > 0 && (
        <div class="bottom-bar">
          <button type="button" class="button button-primary" onClick={() => void sendNow()}>
            <Icon name="outbox" />
            {t("send_now")}
          </button>
        </div>
      )}
    </Screen>
  );
}

function Summary({ count, pictures }: { count: number; pictures: number }) {
  const state = sending.value;
  if (count + pictures === 0) {
    return (
      <p class="notice notice-accepted" role="status">
        <Icon name="check" />
        {t("all_sent")}
      </p>
    );
  }
  const isMoving = state === "idle" || state === "sending";
  return (
    <p class={`notice ${isMoving ? "" : "notice-warning"}`} role="status">
      <Icon name={state === "no_network" ? "no-network" : "clock"} />
      <span>
        {count > 0 && t("outbox_waiting", { count })}{" "}
        {pictures > 0 && t("pictures_waiting", { count: pictures })} {t(`sending_${state}`)}
      </span>
    </p>
  );
}

function whyWaiting(row: OutboxRow): string {
  if (row.stuck !== null) return t("why_stuck", { reason: row.stuck });
  if (row.user !== username.value) return t("why_other_user", { user: row.user });
  return t(`sending_${sending.value}`);
}
