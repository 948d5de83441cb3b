import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import type { Transfer as TransferDetails, TransferLine } from "../moving/types";
import { act } from "../offline/actions";
import { type Code, useCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { parse } from "../scan/gs1";
import { may } from "../session";
import { CancelVoucher } from "../stock/CancelVoucher";
import { Busy } from "../ui/Busy";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Progress } from "../ui/Progress";
import { quantityField, quantityOf } from "../ui/quantity";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { useRead } from "../ui/use-read";
import { WaitingActions } from "../ui/WaitingActions";
import { WedgeSink } from "../ui/WedgeSink";

/** One transfer; while something is in transit, each scan says that it has arrived. */
export function Transfer({ id }: { id: string }) {
  const read = useRead<TransferDetails>(`/api/stock-transfers/${id}`);
  const failed = useSignal<unknown>(null);
  const isCameraOn = useSignal(false);
  const transfer = read.value;
  const isOpen = transfer?.status === "submitted" && may("move");
  const arrive = async (what: Record<string, unknown>) => {
    failed.value = null;
    try {
      const done = await act("stock_transfer.receive", what, { voucherId: id });
      feedback("kept");
      if (done) read.reload();
    } catch (caught) {
      failed.value = caught;
      feedback("refused");
    }
  };
  const take = (code: Code) => {
    const serialNo = (parse(code.text, code.symbology).serialNo ?? code.text).trim();
    if (serialNo) void arrive({ serial_nos: [serialNo] });
  };
  useCodes(isOpen ? take : null, [isOpen, id]);
  if (!transfer) {
    return (
      <Screen title={t("transfer")}>
        {read.error !== null ? <Failure error={read.error} retry={read.reload} /> : <Busy />}
      </Screen>
    );
  }
  const { received, qty } = transfer;
  return (
    <Screen
      key={transfer.id}
      title={transfer.number}
      over={`${transfer.from.path} → ${transfer.to.path}`}
      beside={<span class="chip">{t(`transfer_${transfer.status}`)}</span>}
    >
      <section class="counter" aria-label={t("transfer")}>
        <p class="counter-figure" data-testid="arrived">
          <strong>{received}</strong>
          <span class="counter-of">/ {qty}</span>
        </p>
        <Progress
          value={received}
          max={qty}
          label={t("received_of", { accepted: received, expected: qty })}
        />
      </section>
      {failed.value !== null && <Failure error={failed.value} />}
      <WaitingActions kinds={["stock_transfer.receive"]} voucherId={id} onSent={read.reload} />
      {isOpen && isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      {isOpen && <CodeField label={t("scan_what_arrived")} button={t("add")} />}
      {transfer.lines
        .filter(line => !line.by_serial)
        .map(line => (
          <GoodsLine key={line.id} line={line} isOpen={isOpen} arrive={arrive} />
        ))}
      <ul class="lines">
        {transfer.units.map(unit => (
          <li key={unit.id} class="line">
            <Link to={`/unit/${unit.id}`} class="key-data">
              {unit.serial_no}
            </Link>
            <span class={`state state-${unit.in_transit ? "in_transit" : "in_stock"}`}>
              <Icon name={unit.in_transit ? "forward" : "check"} />
              {unit.in_transit ? t("in_transit") : unit.place}
            </span>
          </li>
        ))}
      </ul>
      <CancelVoucher voucher={transfer} onCancelled={read.reload} />
      {isOpen && (
        <div class="bottom-bar">
          <CameraButton isOn={isCameraOn} />
        </div>
      )}
      <WedgeSink />
    </Screen>
  );
}

interface LineProps {
  line: TransferLine;
  isOpen: boolean;
  arrive: (what: Record<string, unknown>) => Promise<void>;
}

function GoodsLine({ line, isOpen, arrive }: LineProps) {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const qty = Number(quantityOf(new FormData(event.currentTarget as HTMLFormElement).get("qty")));
    if (qty > 0) void arrive({ goods: [{ line_id: line.id, qty }] });
  };
  return (
    <form class="line line-tall" onSubmit={onSubmit}>
      <span>
        <strong>{line.item_code}</strong>
        <small class="card-text">
          {line.name} {line.batch_no && t("batch_is", { batch: line.batch_no })}
        </small>
      </span>
      <span class="line-figure">
        {line.received} / {line.qty}
      </span>
      {isOpen && line.received < line.qty && (
        <span class="code-field">
          <label>
            <span class="label">{t("arrived_in_all")}</span>
            <input name="qty" {...quantityField()} defaultValue={String(line.qty)} />
          </label>
          <button type="submit" class="button">
            {t("add")}
          </button>
        </span>
      )}
    </form>
  );
}
