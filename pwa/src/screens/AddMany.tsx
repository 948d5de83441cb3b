import "../styles/adding.css";
import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { AdmitMore } from "../adding/AdmitMore";
import type { AddDetails, AddItem, Adding } from "../adding/adding-types";
import { CountMany } from "../adding/CountMany";
import { NumberMany } from "../adding/NumberMany";
import { TypeMany } from "../adding/TypeMany";
import { UploadMany } from "../adding/UploadMany";
import { post } from "../api";
import type { Receipt } from "../api-types";
import { type TextKey, t } from "../i18n/t";
import { ExpectedSerials } from "../receiving/ExpectedSerials";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon, type IconName } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

interface Props {
  id: string;
  kind: "purchase-receipts" | "opening-stocks";
}

interface Way {
  way: string;
  label: TextKey;
  icon: IconName;
  Part: ComponentType<Adding>;
}

const WAYS: Way[] = [
  { way: "type", label: "way_type", icon: "keyboard", Part: TypeMany },
  { way: "file", label: "way_file", icon: "download", Part: UploadMany },
  { way: "number", label: "way_number", icon: "boxes", Part: NumberMany },
];

/** Of goods without serial numbers. */
const QUANTITY_WAYS: Way[] = [
  { way: "type", label: "way_type", icon: "keyboard", Part: CountMany },
  { way: "file", label: "way_file", icon: "download", Part: UploadMany },
];

/** Many units at once: typed or pasted, out of a file, numbered by the system; goods without numbers as a quantity. */
export function AddMany({ id, kind }: Props) {
  const path = `/api/${kind}/${id}`;
  const receipt = useRead<Receipt>(path);
  const isOpening = kind === "opening-stocks";
  const items = useRead<{ items: AddItem[] }>(
    isOpening && site.value ? `/api/items?site=${site.value.id}` : null,
  );
  const back = isOpening ? `/opening/${id}` : `/receive/${id}`;
  const ordered = receipt.value?.lines.map(line => line.item) ?? [];
  const choices = isOpening
    ? (items.value?.items ?? [])
    : [...new Map(ordered.map(each => [each.id, each])).values()];
  return (
    <Screen title={t("add_many")} over={receipt.value?.number} class="add-many">
      {receipt.error !== null && <Failure error={receipt.error} retry={receipt.reload} />}
      {receipt.isBusy && <Busy />}
      <ListNote of={items} />
      {receipt.value && receipt.value.status !== "draft" && (
        <p class="notice notice-warning">{t("receipt_is_closed")}</p>
      )}
      {receipt.value?.status === "draft" && choices.length > 0 && (
        <Ways
          path={path}
          choices={choices}
          receipt={receipt.value}
          reload={receipt.reload}
          isOpening={isOpening}
        />
      )}
      <div class="bottom-bar">
        <Link to={back} class="button">
          <Icon name="camera" />
          {t("way_scan")}
        </Link>
      </div>
    </Screen>
  );
}

interface WaysProps {
  path: string;
  choices: AddItem[];
  receipt: Receipt;
  reload: () => void;
  isOpening: boolean;
}

function Ways({ path, choices, receipt, reload, isOpening }: WaysProps) {
  const itemId = useSignal((choices.find(each => each.tracking.includes("serial")) ?? choices[0])?.id ?? 0);
  const way = useSignal("type");
  const details = useSignal<AddDetails>({ batch_no: null, manufactured_on: null, expires_on: null });
  const added = useSignal<number | null>(null);
  const item = choices.find(each => each.id === itemId.value) ?? choices[0];
  if (!item) return null;
  const hasSerial = item.tracking.includes("serial");
  const ways = hasSerial ? WAYS : QUANTITY_WAYS;
  const Part = (ways.find(each => each.way === way.value) ?? ways[0])?.Part ?? TypeMany;
  const { accepted, expected } = receipt.counts;
  return (
    <div class="add-columns">
      <div class="form">
        <p class="lead" data-testid="on-receipt">
          {expected > 0 ? t("received_of", { accepted, expected }) : t("on_voucher", { count: accepted })}
        </p>
        {choices.length > 1 && (
          <label>
            <span class="label">{t("item")}</span>
            <select
              value={String(item.id)}
              onChange={event => {
                itemId.value = Number(event.currentTarget.value);
                details.value = { batch_no: null, manufactured_on: null, expires_on: null };
              }}
            >
              {choices.map(each => (
                <option key={each.id} value={String(each.id)}>
                  {each.item_code} · {each.name}
                </option>
              ))}
            </select>
          </label>
        )}
        {item.tracking.includes("batch") && <Details path={path} item={item} details={details} />}
        {!isOpening && <ExpectedSerials key={accepted} path={path} />}
        {!isOpening && may("override") && <AdmitMore key={item.id} path={path} item={item} />}
      </div>
      <div class="form">
        <fieldset class="choices" aria-label={t("ways_in")}>
          {ways.map(each => (
            <button
              key={each.way}
              type="button"
              class="button"
              aria-pressed={Part === each.Part}
              onClick={() => {
                way.value = each.way;
              }}
            >
              <Icon name={each.icon} />
              {t(each.label)}
            </button>
          ))}
        </fieldset>
        {added.value !== null && (
          <p class="notice notice-accepted" role="status" data-testid="added">
            <Icon name="check" />
            {t("added_units", { count: added.value })}
          </p>
        )}
        <Part
          key={`${item.id} ${way.value}`}
          path={path}
          item={item}
          details={details.value}
          onAdded={count => {
            added.value = count;
            reload();
          }}
        />
      </div>
    </div>
  );
}

interface DetailsProps {
  path: string;
  item: AddItem;
  details: { value: AddDetails };
}

/** Batch and dates that hold for all; a batch without a number on it is numbered here. */
function Details({ path, item, details }: DetailsProps) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const change = (name: keyof AddDetails, value: string) => {
    details.value = { ...details.value, [name]: value.trim() === "" ? null : value };
  };
  const number = async () => {
    isBusy.value = true;
    error.value = null;
    const { manufactured_on, expires_on } = details.value;
    try {
      const { batch_no } = await post<{ batch_no: string }>(`${path}/batches`, {
        id: crypto.randomUUID(),
        item_id: item.id,
        manufactured_on,
        expires_on,
      });
      details.value = { ...details.value, batch_no };
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  const day = (name: "manufactured_on" | "expires_on", label: TextKey) => (
    <label>
      <span class="label">{t(label)}</span>
      <input
        type="date"
        value={details.value[name] ?? ""}
        onInput={event => change(name, event.currentTarget.value)}
      />
    </label>
  );
  return (
    <>
      <div class="code-field">
        <label>
          <span class="label">{t("batch")}</span>
          <input
            type="text"
            maxLength={64}
            autocomplete="off"
            value={details.value.batch_no ?? ""}
            onInput={event => change("batch_no", event.currentTarget.value)}
          />
        </label>
        {details.value.batch_no === null && (
          <button type="button" class="button" disabled={isBusy.value} onClick={() => void number()}>
            {t("number_batch")}
          </button>
        )}
      </div>
      <div class="two-fields">
        {day("manufactured_on", "manufactured")}
        {day("expires_on", "expiry_optional")}
      </div>
      {error.value !== null && <Failure error={error.value} />}
    </>
  );
}
