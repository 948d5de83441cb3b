import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/t";
import { ListNote } from "./ListNote";
import { useRead } from "./use-read";

/** A supplier or customer, by its code. */
export interface Named {
  code: string;
  name: string;
}

interface Props {
  kind: "supplier" | "customer";
  choice: Signal<string>;
  /** The one that a draft names; it may be retired since, and is offered all the same. */
  known?: Named | null | undefined;
  onChange?: () => void;
}

/** Whom a voucher is for. Of more than the server lists at once a part of the code or name finds the others. */
export function PartyChoice({ kind, choice, known, onChange }: Props) {
  const text = useSignal("");
  const isLong = useSignal(false);
  const chosen = useSignal<Named | null>(known ?? null);
  const search = text.value.trim() && `&q=${encodeURIComponent(text.value.trim())}`;
  const read = useRead<{ parties: Named[]; next: string | null }>(
    `/api/masters/parties?kind=${kind}&limit=200${search}`,
  );
  const { value } = read;
  const choose = (code: string) => {
    choice.value = code;
    chosen.value = value?.parties.find(each => each.code === code) ?? chosen.value;
  };
  useEffect(() => {
    if (!value) return;
    isLong.value ||= value.next !== null;
    const [only] = value.parties;
    if (only && value.parties.length === 1 && !search && choice.value === "") choose(only.code);
  }, [value]);
  const found = value?.parties ?? [];
  const isFound = found.some(each => each.code === choice.value);
  return (
    <>
      {isLong.value && (
        <label>
          <span class="label">{t(`search_${kind}`)}</span>
          <input
            type="search"
            maxLength={100}
            autocomplete="off"
            value={text.value}
            onInput={event => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      <label>
        <span class="label">{t(kind)}</span>
        <select
          required
          value={choice.value}
          onChange={event => {
            choose(event.currentTarget.value);
            onChange?.();
          }}
        >
          <option value="">{t("choose")}</option>
          {!isFound && chosen.value && <option value={chosen.value.code}>{chosen.value.name}</option>}
          {!isFound && choice.value !== "" && choice.value !== chosen.value?.code && (
            <option value={choice.value}>{choice.value}</option>
          )}
          {found.map(each => (
            <option key={each.code} value={each.code}>
              {each.name}
            </option>
          ))}
        </select>
      </label>
      <ListNote of={read} />
    </>
  );
}
