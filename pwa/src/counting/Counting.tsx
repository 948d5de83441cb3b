import { useSignal } from "@preact/signals";
import { t, time } from "../i18n/t";
import { type Goods, GoodsForm } from "../moving/GoodsForm";
import { act } from "../offline/actions";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon, type IconName } from "../ui/Icon";
import { ScanCamera } from "../ui/scanner";
import { WaitingActions } from "../ui/WaitingActions";
import { WedgeSink } from "../ui/WedgeSink";
import type { OpenCount, Said } from "./open-count";
import type { Count } from "./types";

const TONES: Record<Said["status"], { tone: string; icon: IconName }> = {
  waiting: { tone: "kept", icon: "clock" },
  counted: { tone: "accepted", icon: "check" },
  undone: { tone: "kept", icon: "undo" },
  duplicate: { tone: "warning", icon: "warning" },
  misplaced: { tone: "warning", icon: "place" },
  unknown: { tone: "refused", icon: "stop" },
  refused: { tone: "refused", icon: "stop" },
};

/** Shelf by shelf: where one stands, how many are counted there, and the answer to the last scan. */
export function Counting({ open }: { open: OpenCount }) {
  const isCameraOn = useSignal(false);
  const isFinishing = useSignal(false);
  const goods = useSignal<Goods[]>([]);
  const count = open.count.value;
  if (!count) return null;
  const { shelf } = open;
  return (
    <div class="count-work">
      <Shelves open={open} />
      {shelf.value && (
        <section class="counter" aria-label={t("count")}>
          <p class="counter-figure" data-testid="tally">
            <strong>{shelf.value.counted}</strong>
            {shelf.value.expected !== null && <span class="counter-of">/ {shelf.value.expected}</span>}
          </p>
          <ul class="counter-more">
            <li class="state">
              <Icon name="place" />
              {shelf.value.path}
            </li>
            {open.waiting.value.length > 0 && (
              <li class="state state-waiting">
                <Icon name="clock" />
                {t("count_waiting", { count: open.waiting.value.length })}
              </li>
            )}
          </ul>
        </section>
      )}
      <WaitingActions kinds={["stock_count.submit"]} voucherId={count.id} />
      <SaidBanner said={open.said.value} isReady={shelf.value !== undefined} />
      {open.error.value !== null && <Failure error={open.error.value} retry={() => void open.load()} />}
      {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      <CodeField label={t("serial_or_code")} button={t("add")} />
      {shelf.value && (
        <GoodsForm
          goods={goods}
          onChange={() => {
            for (const each of goods.value) void open.addGoods(each);
            goods.value = [];
          }}
        />
      )}
      <Scans open={open} count={count} />
      <div class="bottom-bar">
        <CameraButton isOn={isCameraOn} />
        <button
          type="button"
          class="button button-finish"
          onClick={() => {
            isFinishing.value = true;
          }}
        >
          <Icon name="check" />
          {t("finish")}
        </button>
      </div>
      {isFinishing.value && (
        <Finish
          open={open}
          count={count}
          onClose={() => {
            isFinishing.value = false;
          }}
        />
      )}
      <WedgeSink />
    </div>
  );
}

function Shelves({ open }: { open: OpenCount }) {
  const shelves = open.count.value?.shelves ?? [];
  if (shelves.length < 2) return null;
  return (
    <fieldset class="choices shelves" aria-label={t("count_shelf")}>
      {shelves.map(shelf => (
        <button
          key={shelf.id}
          type="button"
          class="button place"
          aria-pressed={shelf.id === open.shelfId.value}
          onClick={() => {
            open.shelfId.value = shelf.id;
            open.said.value = null;
          }}
        >
          <strong>{shelf.code}</strong>
          <span>{t("count_on_shelf", { n: shelf.counted })}</span>
        </button>
      ))}
    </fieldset>
  );
}

function SaidBanner({ said, isReady }: { said: Said | null; isReady: boolean }) {
  if (!said) {
    return (
      <p class="said said-ready" role="status">
        {t(isReady ? "count_ready" : "count_choose_shelf")}
      </p>
    );
  }
  const { tone, icon } = TONES[said.status];
  return (
    <div class={`said said-${tone}`} role="status" data-status={said.status}>
      <div class="said-text">
        <Icon name={icon} />
        <div>
          <p class="said-word">{t(`count_said_${said.status}`)}</p>
          <p class="said-title key-data">{said.title}</p>
          {said.message && <p>{said.message}</p>}
        </div>
      </div>
    </div>
  );
}

function Scans({ open, count }: { open: OpenCount; count: Count }) {
  const paths = new Map(count.shelves.map(shelf => [shelf.id, shelf.code]));
  const shown = count.scans.filter(scan => scan.outcome !== "duplicate");
  return (
    <section>
      <h2>{t("count_last_scans")}</h2>
      <ol class="lines" data-testid="count-scans">
        {shown.map(scan => (
          <li key={scan.id} class="line">
            <span>
              <strong class="key-data">{scan.serial_no ?? (scan.text || scan.message)}</strong>
              <small class="card-text">
                {paths.get(scan.location_id)} · {t(`count_said_${scan.outcome}`)} · {time(scan.recorded_at)}
              </small>
            </span>
            <button
              type="button"
              class="button"
              aria-label={t("undo_of", { serial: scan.serial_no ?? scan.text })}
              onClick={() => void open.undo(scan.id)}
            >
              <Icon name="undo" />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Finish({ open, count, onClose }: { open: OpenCount; count: Count; onClose: () => void }) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const empty = count.shelves.filter(shelf => shelf.counted === 0);
  const submit = async () => {
    isBusy.value = true;
    error.value = null;
    try {
      await act("stock_count.submit", { round: count.round }, { voucherId: open.id });
      await open.load();
      onClose();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Dialog title={t("count_finish_question", { number: count.number })} onClose={onClose}>
      <div class="form">
        <p>{t("count_finish_text")}</p>
        {empty.length > 0 && (
          <p class="notice notice-warning">
            <Icon name="warning" />
            <span>{t("count_empty_shelves", { shelves: empty.map(shelf => shelf.code).join(", ") })}</span>
          </p>
        )}
        {error.value !== null && <Failure error={error.value} />}
        <button
          type="button"
          class="button button-primary"
          disabled={isBusy.value}
          onClick={() => void submit()}
        >
          {t("count_submit")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("go_on_scanning")}
        </button>
      </div>
    </Dialog>
  );
}
