import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dateTime, number, type TextKey, t, time } from "../i18n/t";
import { keptCatalogue } from "../offline/catalogue";
import { announce, listen } from "../offline/channel";
import {
  type ActionEntry,
  type Answered,
  entryOf,
  isAnsweredScan,
  type OutboxEntry,
  type ScanEntry,
} from "../offline/db";
import { close, openAnswers, retryStuck, waiting } from "../offline/outbox";
import { timeOfEntry, titleOfEntry } from "../offline/said";
import { clockIsOff, lost, send, sending } from "../offline/sender";
import { storage } from "../offline/storage";
import { findAddress } from "../scan/find-address";
import { username } from "../session";
import { Icon } from "../ui/Icon";
import { KeptPictureRow, nameInPicture } from "../ui/KeptPictureRow";
import { Link } from "../ui/Link";
import { LossText } from "../ui/LossText";
import { Screen } from "../ui/Screen";
import { UnreadPictureTools } from "../ui/UnreadPictureTools";
import { useKeptPictures } from "../ui/use-kept-pictures";
import { exportFile, exportTable } from "./outbox-export";

/** Rows shown at once; a long queue is counted, not listed. */
const SHOWN = 100;

/** What this device still owes the server, and what the server did not take. Nothing here goes away by itself. */
export function Outbox() {
  const rows = useSignal<OutboxEntry[]>([]);
  const open = useSignal<Answered[]>([]);
  const pictures = useKeptPictures(() => true);
  const unread = pictures.value.filter(picture => picture.state === "waiting").length;
  useEffect(() => {
    const read = async () => {
      const [nextRows, nextOpen] = await Promise.all([waiting(), openAnswers()]);
      rows.value = nextRows;
      open.value = nextOpen.sort((a, b) => entryOf(b).n - entryOf(a).n);
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
      {lost.value && (
        <div class="notice notice-refused" data-testid="lost">
          <Icon name="stop" />
          <div>
            <LossText gap={lost.value} />
          </div>
        </div>
      )}
      {storage.value === "not_kept" && <p class="notice">{t("storage_not_kept")}</p>}
      {clockIsOff.value && <p class="notice notice-warning">{t("clock_off")}</p>}
      {keptCatalogue.value && (
        <p class="notice" data-testid="kept">
          {t("kept_as_of", { at: time(keptCatalogue.value.asOf) })}{" "}
          {keptCatalogue.value.leftOut > 0 && t("kept_left_out", { count: keptCatalogue.value.leftOut })}
        </p>
      )}
      {rows.value.length > 0 && (
        <section>
          <h2>{t("not_sent")}</h2>
          <ul class="lines">
            {rows.value.slice(0, SHOWN).map(row => (
              <li key={row.n} class="line line-tall">
                <span>
                  <strong class="key-data">{titleOfEntry(row)}</strong>
                  <small>
                    {t("scan_number", { n: number(row.n) })} · {row.user} · {dateTime(timeOfEntry(row))}
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
                  <strong class="key-data">{titleOfEntry(entryOf(answered))}</strong>
                  <small>
                    {entryOf(answered).user} · {dateTime(timeOfEntry(entryOf(answered)))}
                  </small>
                  <span class="why">
                    <Icon name={answered.outcome.status === "refused" ? "stop" : "warning"} />
                    {answered.outcome.message} {answered.outcome.next_step}
                  </span>
                </span>
                <span class="line-tools">
                  <WhereItWasDone answered={answered} />
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
        <>
          <button type="button" class="button" onClick={() => exportFile(rows.value, open.value)}>
            <Icon name="download" />
            {t("export")}
          </button>
          <button type="button" class="button" onClick={() => exportTable(rows.value, open.value)}>
            <Icon name="download" />
            {t("export_table")}
          </button>
        </>
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

function WhereItWasDone({ answered }: { answered: Answered }) {
  const place = isAnsweredScan(answered) ? placeOfScan(answered.scan) : placeOfAction(answered.action);
  if (place === null) return null;
  return (
    <Link to={place.to} class="button">
      {t(place.label)}
    </Link>
  );
}

const placeOfScan = ({ purpose, voucher_id }: ScanEntry): { to: string; label: TextKey } =>
  purpose === "pick"
    ? { to: `/pick/${voucher_id}`, label: "open_pick_list" }
    : { to: `/receive/${voucher_id}`, label: "open_receipt" };

function placeOfAction({ kind, voucher_id }: ActionEntry): { to: string; label: TextKey } | null {
  if (kind === "stock_transfer") return { to: "/transfers", label: "transfers" };
  if (voucher_id === null) return null;
  if (kind.startsWith("stock_transfer.")) return { to: `/transfers/${voucher_id}`, label: "transfer" };
  if (kind.startsWith("stock_count.")) return { to: `/counts/${voucher_id}`, label: "count" };
  if (kind.startsWith("pick_list.")) return { to: `/pick/${voucher_id}`, label: "open_pick_list" };
  if (kind.startsWith("purchase_receipt.")) return { to: `/receive/${voucher_id}`, label: "open_receipt" };
  return null;
}

function whyWaiting(row: OutboxEntry): string {
  if (row.stuck !== null) return t("why_stuck", { reason: row.stuck });
  if (row.user !== username.value) return t("why_other_user", { user: row.user });
  return t(`sending_${sending.value}`);
}
