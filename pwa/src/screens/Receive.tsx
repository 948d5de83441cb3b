import { useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { dateTime, t } from "../i18n/t";
import { AnnouncementBanner } from "../receiving/AnnouncementBanner";
import { ConditionSwitch } from "../receiving/ConditionSwitch";
import { Counter } from "../receiving/Counter";
import { KeptDetailsBar } from "../receiving/KeptDetailsBar";
import { KeptPictures } from "../receiving/KeptPictures";
import { LineChoice } from "../receiving/LineChoice";
import { OpenReceipt } from "../receiving/open-receipt";
import { ScanList } from "../receiving/ScanList";
import { useCodes } from "../scan/codes";
import { Busy } from "../ui/Busy";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { LiveMark } from "../ui/LiveMark";
import { late } from "../ui/late";
import { PictureButton } from "../ui/PictureButton";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { useLive } from "../ui/use-live";
import { WedgeSink } from "../ui/WedgeSink";

/** The last look: only who has scanned something needs it. */
const FinishDialog = late(async () => (await import("../receiving/FinishDialog")).FinishDialog);

/** Here a receipt that was finished without a network. */
const WaitingActions = late(async () => (await import("../ui/WaitingActions")).WaitingActions, true);

interface Props {
  receiptId: string;
  kind?: "purchase-receipts" | "opening-stocks";
}

/** Goods in: scan, hear and see the answer, scan on; then finish. */
export function Receive({ receiptId, kind = "purchase-receipts" }: Props) {
  const open = useMemo(() => new OpenReceipt(receiptId, kind), [receiptId, kind]);
  useLayoutEffect(() => open.follow(), [open]);
  useCodes(code => void open.take(code), [open]);

  const receipt = open.receipt.value;
  const live = useLive(receipt?.site_id, open.id, () => void open.reload());
  if (open.error.value !== null || !receipt) {
    return (
      <Screen title={t("receipt")}>
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
        {receipt.purchase_order && receipt.supplier
          ? `${receipt.purchase_order.number} · ${receipt.supplier.name}`
          : t("opening_stock")}
      </span>
      <span class="chip">
        <Icon name="place" />
        {receipt.location.path}
      </span>
    </>
  );
  return (
    <Screen key={receipt.id} title={receipt.number} over={over} class="receive">
      {open.isRemembered.value && <Remembered at={open.read.value?.askedAt ?? ""} />}
      {receipt.status === "draft" ? <Scanning open={open} /> : <Finished open={open} />}
    </Screen>
  );
}

function Scanning({ open }: { open: OpenReceipt }) {
  const { id, number } = open.receipt.value ?? { id: open.id, number: "" };
  const receipt = { id, number };
  const isCameraOn = useSignal(false);
  const isFinishing = useSignal(false);
  return (
    <div class="receive-columns">
      <div class="receive-work">
        <Counter open={open} />
        <WaitingActions kinds={["purchase_receipt.submit"]} voucherId={open.id} />
        <AnnouncementBanner open={open} />
        {isCameraOn.value && (
          <ScanCamera isPaused={open.announcement.value?.tone === "refused"} receipt={receipt} />
        )}
        <LineChoice open={open} />
        <div class="receive-options">
          <KeptDetailsBar open={open} />
          <ConditionSwitch open={open} />
        </div>
        <CodeField label={t("serial_or_code")} button={t("add")} text={open.textToMend.value} />
        <PictureButton receipt={receipt} />
        <Link to={`${location.pathname}/add`} class="button">
          <Icon name="boxes" />
          {t("add_many")}
        </Link>
        <KeptPictures open={open} />
      </div>
      <ScanList open={open} isEditable />
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
        <FinishDialog
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

function Finished({ open }: { open: OpenReceipt }) {
  const receipt = open.receipt.value;
  if (!receipt) return null;
  const isPosted = receipt.status === "submitted";
  return (
    <>
      <div class={`notice ${isPosted ? "notice-accepted" : "notice-warning"}`} role="status">
        <Icon name={isPosted ? "check" : "warning"} />
        <div>
          <p class="notice-title">{t(isPosted ? "receipt_posted" : "receipt_discarded")}</p>
          {receipt.submitted_at && (
            <p>{t("posted_by", { name: receipt.submitted_by ?? "", at: dateTime(receipt.submitted_at) })}</p>
          )}
        </div>
      </div>
      <Counter open={open} />
      {isPosted && (
        <Link to={`/labels/print?voucher=${receipt.id}&name=${receipt.number}&now`} class="button">
          <Icon name="outbox" />
          {t("print_labels")}
        </Link>
      )}
      <ScanList open={open} isEditable={false} />
      <div class="bottom-bar">
        <Link to="/" class="button button-primary">
          {t("to_home")}
        </Link>
      </div>
    </>
  );
}
