import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError, get, post } from "../api";
import type { Goods } from "../moving/GoodsForm";
import type { ScannedGoods } from "../moving/scanned-goods";
import { navigate, route } from "../router";
import { site } from "../session";
import { type Unfinished, useUnfinished } from "../ui/use-unfinished";
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
  /** What was filled in and neither kept nor posted; on this device, for this person. */
  unfinished: Unfinished;
  keep: () => Promise<void>;
  /** Posts the voucher as an action, which closes the draft; see {@link ScannedGoods.send}. */
  send: (more: Record<string, unknown>) => ReturnType<ScannedGoods["send"]>;
  discard: () => Promise<boolean>;
  /** Gives up what is unfinished: the form is as the draft is, or empty. */
  begin: () => Promise<void>;
  /** Puts the draft of the server into the form. */
  load: () => Promise<void>;
  /** Somebody else has changed or closed it, or it could not be read. */
  isToLoad: boolean;
}

/** A form as it was left; `revision` is that of the draft in it, null where that was still on its way. */
interface Content {
  revision: number | null;
  body: DraftBody;
  units: string[];
  goods: Goods[];
}

/** A form whose fields and goods can be kept as a draft; the address says which draft it goes on with. */
export function useDraft(kind: DraftKind, scanned: ScannedGoods, fields: FormFields): FormDraft {
  const known = useSignal<Draft | null>(null);
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const left = useSignal(0);

  const id = route.value.query.get("draft") ?? "";
  /** The revision that an unfinished form was filled in from. */
  const basis = useSignal<number | null>(null);
  const unfinished = useUnfinished<Content>(
    id ? addressOf({ id, kind }) : ADDRESSES[kind],
    scanned.id,
    () => ({
      revision: known.value?.revision ?? basis.value,
      body: bodyOf(fields),
      units: scanned.units.value,
      goods: scanned.goods.value,
    }),
    content => {
      fill(fields, content.body);
      scanned.units.value = content.units;
      scanned.goods.value = content.goods;
      basis.value = content.revision;
    },
  );

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
    basis.value = null;
    if (early.length === 0) unfinished.settle();
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
  const load = async () => {
    await doing(async () => {
      const draft = await get<Draft>(`/api/voucher-drafts/${id}`);
      const isFirst = known.value === null;
      const revision = isFirst ? basis.value : null;
      scanned.failed.value = null;
      if (draft.status === "draft" && revision === null) {
        await show(draft.body, isFirst ? scanned.units.value : []);
      }
      known.value = { ...draft, revision: revision ?? draft.revision };
    });
  };
  const keep = async () => {
    await doing(async () => {
      const before = open();
      const draft = await post<Draft>("/api/voucher-drafts", {
        id: before?.id ?? scanned.id.value,
        revision: before?.revision ?? 0,
        kind,
        site: site.value?.id,
        body: { ...bodyOf(fields), ...scanned.content() },
      });
      known.value = draft;
      unfinished.settle();
      navigate(addressOf(draft), { replace: true });
    });
  };
  const discard = () =>
    doing(async () => {
      await post(`/api/voucher-drafts/${known.value?.id}/discard`, { revision: known.value?.revision });
      navigate(ADDRESSES[kind], { replace: true });
    });

  const send: FormDraft["send"] = async more => {
    const draft = open();
    const named = draft && { id: draft.id, revision: draft.revision };
    const sent = await scanned.send(kind, { ...more, draft: named });
    if (sent) unfinished.settle();
    return sent;
  };
  const begin = async () => {
    await show({});
    if (id) await load();
  };

  useEffect(() => {
    if (id === (known.value?.id ?? "")) return;
    known.value = null;
    if (unfinished.since.peek() === null) void show({});
    if (id) void load();
  }, [id]);
  const isOver = [failed.value, scanned.failed.value].some(
    error => error instanceof ApiError && ["changed_meanwhile", "draft_closed"].includes(error.code),
  );
  const isToLoad = isOver || (failed.value !== null && id !== "" && known.value === null);
  return { kind, known, failed, isBusy, left, unfinished, begin, keep, send, discard, load, isToLoad };
}
