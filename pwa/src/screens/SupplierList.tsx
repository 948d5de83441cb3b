import "../styles/adding.css";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { RefusedSerial } from "../adding/adding-types";
import { countEntries, readList } from "../adding/read-list";
import { ApiError, post } from "../api";
import type { PurchaseOrder } from "../api-types";
import { t } from "../i18n/t";
import { ExpectedSerials } from "../receiving/ExpectedSerials";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** The serial numbers that a supplier announced for an order: typed, pasted, or out of a file. */
export function SupplierList({ id }: { id: string }) {
  const order = useRead<PurchaseOrder>(`/api/purchase-orders/${id}`);
  const turn = useSignal(0);
  const items =
    order.value?.lines.map(line => line.item).filter(item => item.tracking.includes("serial")) ?? [];
  return (
    <Screen title={t("supplier_list")} over={order.value?.number}>
      {order.error !== null && <Failure error={order.error} retry={order.reload} />}
      {!order.value && order.error === null && <Busy />}
      {order.value && <ExpectedSerials key={turn.value} path={`/api/purchase-orders/${id}`} />}
      {[...new Map(items.map(item => [item.id, item])).values()].map(item => (
        <Announced
          key={item.id}
          orderId={id}
          item={item}
          onTaken={() => {
            turn.value += 1;
          }}
        />
      ))}
    </Screen>
  );
}

interface Props {
  orderId: string;
  item: { id: number; item_code: string };
  onTaken: () => void;
}

function Announced({ orderId, item, onTaken }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const count = useSignal(0);
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const refused = useSignal<RefusedSerial[]>([]);
  const path = `/api/purchase-orders/${orderId}/expected-serials`;

  const work = async (job: () => Promise<void>) => {
    isBusy.value = true;
    error.value = null;
    refused.value = [];
    try {
      await job();
      onTaken();
    } catch (caught) {
      const facts = caught instanceof ApiError ? caught.problem.facts : undefined;
      refused.value = (facts?.refused as RefusedSerial[] | undefined) ?? [];
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  const take = () =>
    work(async () => {
      const parsed = await readList(field.current?.value ?? "", false, () => {});
      const [first] = parsed.refused;
      if (first) throw new ApiError("problem", 422, { detail: first.message, next_step: first.next_step });
      await post(path, { item_id: item.id, serial_nos: parsed.serial_nos }, { timeoutMs: 60_000 });
    });
  const upload = (file: File) =>
    work(async () => {
      const form = new FormData();
      form.set("item_id", String(item.id));
      form.set("file", file);
      await post(`${path}/upload`, form, { timeoutMs: 60_000 });
    });
  return (
    <section class="form">
      <h2>{item.item_code}</h2>
      <label>
        <span class="label">{t("announced_serials")}</span>
        <textarea
          ref={field}
          class="serials-field"
          rows={5}
          spellcheck={false}
          onInput={event => {
            count.value = countEntries(event.currentTarget.value);
          }}
        />
      </label>
      <label>
        <span class="label">{t("or_file")}</span>
        <input
          type="file"
          accept=".csv,.txt,.tsv,.xlsx"
          onChange={event => {
            const file = event.currentTarget.files?.[0];
            if (file) void upload(file);
          }}
        />
      </label>
      {error.value !== null && <Failure error={error.value} />}
      {refused.value.length > 0 && (
        <ul class="refused-list">
          {refused.value.slice(0, 50).map(each => (
            <li key={each.index}>{each.message}</li>
          ))}
        </ul>
      )}
      <button
        type="button"
        class="button button-primary"
        disabled={isBusy.value || count.value === 0}
        onClick={() => void take()}
      >
        <Icon name="check" />
        {t("keep_list", { count: count.value })}
      </button>
    </section>
  );
}
