import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo } from "preact/hooks";
import { dateTime, t } from "../i18n/t";
import { ConflictCards } from "../picking/ConflictCard";
import { DeliverPick } from "../picking/DeliverPick";
import { FinishPick } from "../picking/FinishPick";
import { NextUnit } from "../picking/NextUnit";
import { OpenPickList } from "../picking/open-pick-list";
import { PickRows } from "../picking/PickRows";
import { PickSaid } from "../picking/PickSaid";
import { ReleasedUnits } from "../picking/ReleasedUnits";
import { useCodes } from "../scan/codes";
import { wanted } from "../scan/wanted";
import { Busy } from "../ui/Busy";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { LiveMark } from "../ui/LiveMark";
import { Progress } from "../ui/Progress";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { useLive } from "../ui/use-live";
import { WaitingActions } from "../ui/WaitingActions";
import { WedgeSink } from "../ui/WedgeSink";
import "../styles/picking.css";

/** Whether the camera was on at the last pick: who picks with it wants it from the start. */
const CAMERA = "serialtrail.pick-camera";

/** One list: go to the place in large type, scan, hear and see the answer, go on; then finish and deliver. */
export function Pick({ id }: { id: string }) {
  const open = useMemo(() => new OpenPickList(id), [id]);
  useLayoutEffect(() => {
    const stopFollowing = open.follow();
    wanted.value = (text, symbology) => open.isWanted(text, symbology);
    return () => {
      wanted.value = null;
      stopFollowing();
    };
  }, [open]);
  useCodes(code => void open.take(code), [open]);

  const pickList = open.pickList.value;
  const live = useLive(pickList?.site_id, open.id, () => void open.reload());
  if (!pickList) {
    return (
      <Screen title={t("pick_list")}>
        {open.error.value !== null ? (
          <Failure error={open.error.value} retry={() => void open.reload()} />
        ) : (
          <Busy />
        )}
      </Screen>
    );
  }
  const over = (
    <>
      <LiveMark state={live.value} />
      <span class="over-text">
        {pickList.sales_orders.map(order => `${order.number} · ${order.customer.name}`).join(", ")}
      </span>
      <span class="chip">
        <Icon name="place" />
        {pickList.location.path}
      </span>
    </>
  );
  return (
    <Screen key={pickList.id} title={pickList.number} over={over} class="receive pick">
      {open.isRemembered.value && <Remembered at={open.read.value?.askedAt ?? ""} />}
      {pickList.status === "draft" ? <Picking open={open} /> : <Finished open={open} />}
    </Screen>
  );
}

function Picking({ open }: { open: OpenPickList }) {
  const isCameraOn = useSignal(localStorage.getItem(CAMERA) === "on");
  const isFinishing = useSignal(false);
  useEffect(
    () => isCameraOn.subscribe(isOn => localStorage.setItem(CAMERA, isOn ? "on" : "off")),
    [isCameraOn],
  );
  return (
    <div class="receive-columns">
      <div class="receive-work">
        <PickCounter open={open} />
        {open.pickList.value && <ReleasedUnits pickList={open.pickList.value} />}
        <NextUnit open={open} />
        <WaitingActions kinds={["pick_list.submit"]} voucherId={open.id} />
        <PickSaid open={open} />
        <ConflictCards open={open} />
        {isCameraOn.value && <ScanCamera isPaused={open.said.value?.tone === "refused"} receipt={null} />}
        <CodeField label={t("serial_or_code")} button={t("pick")} />
      </div>
      <div class="scans">
        <PickRows open={open} isEditable />
      </div>
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
        <FinishPick
          open={open}
          onClose={() => {
            isFinishing.value = false;
          }}
        />
      )}
      <WedgeSink />
    </div>
  );
}

/** How far the list is: fetched of asked for, what waits on this device, what no place has. */
function PickCounter({ open }: { open: OpenPickList }) {
  const counts = open.counts.value;
  if (!counts) return null;
  const { accepted, expected } = counts;
  const waiting = open.waiting.value.filter(row => row.purpose === "pick").length;
  const said = t("picked_of", { picked: accepted, qty: expected });
  return (
    <section class="counter" aria-label={t("count")}>
      <p class="counter-figure counter-small" data-testid="count">
        <strong>{accepted}</strong>
        <span class="counter-of">/ {expected}</span>
        <span class="visually-hidden">{said}</span>
      </p>
      <ul class="counter-more">
        {waiting > 0 && (
          <li class="state state-waiting">
            <Icon name="clock" />
            {t("count_waiting", { count: waiting })}
          </li>
        )}
        {open.short.value > 0 && (
          <li class="state state-needs_review">
            <Icon name="warning" />
            {t("count_short", { count: open.short.value })}
          </li>
        )}
      </ul>
      <Progress value={accepted} max={expected} label={said} />
    </section>
  );
}

function Finished({ open }: { open: OpenPickList }) {
  const pickList = open.pickList.value;
  if (!pickList || pickList.status === "draft") return null;
  const isDone = pickList.status !== "cancelled";
  return (
    <>
      <div class={`notice ${isDone ? "notice-accepted" : "notice-warning"}`} role="status">
        <Icon name={isDone ? "check" : "warning"} />
        <div>
          <p class="notice-title">{t(`pick_list_${pickList.status}`)}</p>
          {pickList.submitted_at && (
            <p>
              {t("finished_by", { name: pickList.submitted_by ?? "", at: dateTime(pickList.submitted_at) })}
            </p>
          )}
          {pickList.cancel_reason && <p>{pickList.cancel_reason}</p>}
        </div>
      </div>
      <PickCounter open={open} />
      <ReleasedUnits pickList={pickList} />
      {pickList.status === "submitted" && <DeliverPick pickList={pickList} />}
      {pickList.sales_orders.map(order => (
        <Link key={order.id} to={`/sales-orders/${order.id}`} class="card card-link">
          <Icon name="outbox" />
          <span class="card-title">{order.number}</span>
          <span class="card-text">{order.customer.name}</span>
          <Icon name="forward" />
        </Link>
      ))}
      <PickRows open={open} isEditable={false} />
    </>
  );
}
