import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError, get, post } from "../api";
import type { ScannedGoods } from "../moving/scanned-goods";
import { navigate, route } from "../router";
import { site } from "../session";
import { bodyOf, type FormFields, fill, goodsOf } from "./form-body";
import { ADDRESSES, addressOf, type Draft, type DraftBody, type DraftKind } from "./types";

/** The draft that a form goes on with, if it is one; kept, loaded and discarded on the server, for everybody there. */
export interface FormDraft {
  kind: DraftKind;
  /** As it was kept last; null while the form is a new voucher. */
  known: Signal<Draft | null>;
  /** What was kept, opened or discarded in vain. */
  failed: Signal<unknown>;
  isBusy: Signal<boolean>;
  /** How many goods of the draft are of items that are not offered any more, and so not in the form. */
  left: Signal<number>;
  keep: () => Promise<void>;
  /** Posts the voucher as an action, which closes the draft; see {@link ScannedGoods.send}. */
  send: (more: Record<string, unknown>) => ReturnType<ScannedGoods["send"]>;
  discard: () => Promise<boolean>;
  /** Puts the draft of the server into the form. */
  load: () => Promise<void>;
  /** Somebody else has changed or closed it, or it could not be read. */
  isToLoad: boolean;
}

const named = (): string => route.value.query.get("draft") ?? "";

/** A form whose fields and goods can be kept as a draft; the address says which draft it goes on with. */
export function useDraft(kind: DraftKind, scanned: ScannedGoods, fields: FormFields): FormDraft {
  const known = useSignal<Draft | null>(null);
  const newId = useSignal<string>(crypto.randomUUID());
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const left = useSignal(0);

  const open = () => (known.value?.status === "draft" ? known.value : null);

  /** `early` are units that were scanned while the draft was on its way. */
  const show = async (body: DraftBody, early: string[] = []) => {
    const goods = body.goods ?? body.lines ?? [];
    const { items } = goods.length
      ? await get<{ items: { id: number; item_code: string }[] }>(`/api/items?site=${site.value?.id}`)
      : { items: [] };
    fill(fields, body);
    const units = (body.serial_nos ?? []).toReversed();
    scanned.units.value = [...early.filter(each => !units.includes(each)), ...units];
    scanned.goods.value = goodsOf(goods, items);
    left.value = goods.length - scanned.goods.value.length;
    scanned.changed();
  };
  const doing = async (what: () => Promise<void>): Promise<boolean> => {
    isBusy.value = true;
    failed.value = null;
    try {
      await what();
      return true;
    } catch (caught) {
      failed.value = caught;
      return false;
    } finally {
      isBusy.value = false;
    }
  };
  const load = async (isFirst = false) => {
    await doing(async () => {
      const draft = await get<Draft>(`/api/voucher-drafts/${named()}`);
      scanned.failed.value = null;
      if (draft.status === "draft") await show(draft.body, isFirst ? scanned.units.value : []);
      known.value = draft;
    });
  };
  const keep = async () => {
    await doing(async () => {
      const before = open();
      const draft = await post<Draft>("/api/voucher-drafts", {
        id: before?.id ?? newId.value,
        revision: before?.revision ?? 0,
        kind,
        site: site.value?.id,
        body: { ...bodyOf(fields), ...scanned.content() },
      });
      known.value = draft;
      navigate(addressOf(draft), { replace: true });
    });
  };
  const discard = () =>
    doing(async () => {
      await post(`/api/voucher-drafts/${known.value?.id}/discard`, { revision: known.value?.revision });
      navigate(ADDRESSES[kind], { replace: true });
    });

  const send: FormDraft["send"] = more => {
    const draft = open();
    return scanned.send(kind, { ...more, draft: draft && { id: draft.id, revision: draft.revision } });
  };

  const id = named();
  useEffect(() => {
    if (id === (known.value?.id ?? "")) return;
    known.value = null;
    newId.value = crypto.randomUUID();
    void show({});
    if (id) void load(true);
  }, [id]);
  const isOver = [failed.value, scanned.failed.value].some(
    error => error instanceof ApiError && ["changed_meanwhile", "draft_closed"].includes(error.code),
  );
  const isToLoad = isOver || (failed.value !== null && id !== "" && known.value === null);
  return { kind, known, failed, isBusy, left, keep, send, discard, load, isToLoad };
}
