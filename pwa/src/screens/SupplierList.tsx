import "../styles/adding.css";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { countEntries, readList } from "../adding/read-list";
import { ApiError, post } from "../api";
import type { PurchaseOrder } from "../api-types";
import { t } from "../i18n/t";
import { ExpectedSerials } from "../receiving/ExpectedSerials";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { FileInput } from "../ui/FileInput";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** The serial numbers that a supplier announced for an order: typed, pasted, or out of a file. */
export function SupplierList({ id }: { id: string }) {
  const order = useRead<PurchaseOrder>(`/api/purchase-orders/${id}`);
  const turn = useSignal(0);
  const items =
    order.value?.lines.map(line => line.item).filter(item => item.tracking.includes("serial")) ?? [];
  const onTaken = () => {
    turn.value += 1;
  };
  return (
    <Screen title={t("supplier_list")} over={order.value?.number}>
      {order.error !== null && <Failure error={order.error} retry={order.reload} />}
      {!order.value && order.error === null && <Busy />}
      {order.value && <ExpectedSerials key={turn.value} path={`/api/purchase-orders/${id}`} />}
      {[...new Map(items.map(item => [item.id, item])).values()].map(item => (
        <Announced key={item.id} orderId={id} item={item} onTaken={onTaken} />
      ))}
      {items.length > 0 && <EpcisEvents orderId={id} onTaken={onTaken} />}
    </Screen>
  );
}

/** One list at a time goes to the server, which takes all of it or says what is wrong of each. */
function useTaking(onTaken: () => void) {
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const refused = useSignal<{ message: string }[]>([]);
  const work = async (job: () => Promise<void>) => {
    isBusy.value = true;
    error.value = null;
    refused.value = [];
    try {
      await job();
      onTaken();
    } catch (caught) {
      const facts = caught instanceof ApiError ? caught.problem.facts : undefined;
      refused.value = (facts?.refused as { message: string }[] | undefined) ?? [];
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  const answer = (
    <>
      {error.value !== null && <Failure error={error.value} />}
      {refused.value.length > 0 && (
        <ul class="refused-list">
          {refused.value.slice(0, 50).map((each, index) => (
            <li key={index}>{each.message}</li>
          ))}
        </ul>
      )}
    </>
  );
  return { work, isBusy, answer };
}

/** A supplier's EPCIS events, for all items of the order at once. */
function EpcisEvents({ orderId, onTaken }: { orderId: string; onTaken: () => void }) {
  const taken = useSignal<number | null>(null);
  const { work, isBusy, answer } = useTaking(onTaken);
  const upload = (file: File) =>
    work(async () => {
      taken.value = null;
      let document: unknown;
      try {
        document = JSON.parse(await file.text());
      } catch {
        throw new ApiError("problem", 422, {
          detail: t("epcis_not_json", { name: file.name }),
          next_step: t("epcis_not_json_next"),
        });
      }
      const path = `/api/purchase-orders/${orderId}/epcis-events`;
      taken.value = (await post<{ units: number }>(path, document, { timeoutMs: 60_000 })).units;
    });
  return (
    <section class="form">
      <label>
        <span class="label">{t("epcis_upload")}</span>
        <FileInput
          accept=".json,.jsonld,application/ld+json"
          disabled={isBusy.value}
          onChoose={file => void upload(file)}
        />
        <small>{t("epcis_upload_hint")}</small>
      </label>
      {taken.value !== null && (
        <p class="notice notice-accepted" role="status">
          <Icon name="check" />
          {t("epcis_taken", { count: taken.value })}
        </p>
      )}
      {answer}
    </section>
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
  const path = `/api/purchase-orders/${orderId}/expected-serials`;
  const { work, isBusy, answer } = useTaking(onTaken);
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
        <FileInput accept=".csv,.txt,.tsv,.xlsx" onChoose={file => void upload(file)} />
      </label>
      {answer}
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
