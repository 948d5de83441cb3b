import "../styles/service.css";
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Location, Unit } from "../api-types";
import { date, t } from "../i18n/t";
import { type Goods, GoodsForm } from "../moving/GoodsForm";
import { act } from "../offline/actions";
import type { NewAttachment } from "../offline/attachments";
import { navigate, route } from "../router";
import { useCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";
import { draftOf, dropDraft, field, keepDraft } from "./draft";
import { Photos } from "./Photos";
import { Readings } from "./Readings";
import { SignOff } from "./SignOff";
import type { Plan, VisitResult } from "./types";
import { partOf, VisitParts } from "./VisitParts";

const RESULTS: VisitResult[] = ["fixed", "not_fixed", "needs_part"];
const VAN = "serialtrail.van";

/** A visit report, filled in standing, with one hand; what is scanned meanwhile is a part. */
export function VisitForm() {
  const id = route.value.query.get("unit");
  const { value: unit, error, reload } = useRead<Unit & { plans: Plan[] }>(id ? `/api/units/${id}` : null);
  if (!unit) {
    return (
      <Screen title={t("new_visit")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  return <Form key={unit.id} unit={unit} />;
}

function Form({ unit }: { unit: Unit & { plans: Plan[] } }) {
  const draft = useSignal(draftOf(unit.id));
  const parts = useMemo(() => field(draft, "parts"), []);
  const readings = useMemo(() => field(draft, "readings"), []);
  const goods = useSignal<Goods[]>([]);
  const photos = useSignal<NewAttachment[]>([]);
  const signature = useSignal<NewAttachment | null>(null);
  const from = useSignal(localStorage.getItem(VAN) ?? "");
  const to = useSignal("");
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isCameraOn = useSignal(false);
  const places = useRead<{ locations: Location[] }>(
    site.value ? `/api/locations?site=${site.value.id}` : null,
  );
  useSignalEffect(() => keepDraft(unit.id, draft.value));
  useEffect(() => {
    const reject = places.value?.locations.find(place => place.kind === "reject");
    if (reject && to.value === "") to.value = String(reject.id);
  }, [places.value]);
  useCodes(code => {
    const text = code.text.trim();
    const isKnown = parts.value.some(part => part.serial_no.toLowerCase() === text.toLowerCase());
    if (text && !isKnown) parts.value = [...parts.value, partOf(unit, text)];
    feedback(isKnown || !text ? "warning" : "kept");
  }, []);
  const change = (changes: Partial<typeof draft.value>) => {
    draft.value = { ...draft.value, ...changes };
  };
  const isOnSite = unit.state !== "in_repair";

  const close = async () => {
    isBusy.value = true;
    failed.value = null;
    try {
      const pictures = [...photos.value, ...(signature.value ? [signature.value] : [])];
      const { id, work_done, result, next_visit_on, plan_id, signer_name, unsigned_reason } = draft.value;
      const named = (way: string) => parts.value.filter(part => part.way === way).map(part => part.serial_no);
      const body = {
        id,
        site: site.value?.id,
        serial_no: unit.serial_no,
        item_id: unit.item.id,
        work_done,
        result,
        next_visit_on: next_visit_on || null,
        plan_id: plan_id || null,
        signer_name: signer_name.trim() || null,
        unsigned_reason: unsigned_reason.trim() || null,
        readings: readings.value.map(each => ({ ...each, unit: each.unit || null })),
        attachment_ids: pictures.map(picture => picture.id),
        parts: {
          from_location_id: Number(from.value) || null,
          to_location_id: Number(to.value) || null,
          put_in: named("in"),
          taken_out: named("out"),
          noted: named("noted"),
          goods: goods.value.map(({ item_id, batch_no, qty }) => ({ item_id, batch_no, qty })),
        },
      };
      const done = await act("service_visit", body, { attachments: pictures });
      if (from.value) localStorage.setItem(VAN, from.value);
      dropDraft(unit.id);
      feedback("kept");
      navigate(done?.voucher ? `/service/visits/${done.voucher.id}` : "/service", { replace: true });
    } catch (caught) {
      // A refused visit is kept by the server as refused: what is sent after it is mended is another one.
      change({ id: crypto.randomUUID() });
      failed.value = caught;
      feedback("refused");
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <Screen
      class="visit"
      over={`${unit.item.item_code} · ${unit.owner?.name ?? ""}`}
      title={t("visit_to", { serial: unit.serial_no })}
    >
      <form
        id="visit"
        class="form"
        onSubmit={event => {
          event.preventDefault();
          void close();
        }}
      >
        <label>
          <span class="label">{t("work_done")}</span>
          <textarea
            rows={3}
            maxLength={4000}
            required
            value={draft.value.work_done}
            onInput={event => change({ work_done: event.currentTarget.value })}
          />
        </label>
        <fieldset class="choices results" aria-label={t("visit_result")}>
          {RESULTS.map(result => (
            <button
              key={result}
              type="button"
              class="button"
              aria-pressed={draft.value.result === result}
              onClick={() => change({ result })}
            >
              {t(`result_${result}`)}
            </button>
          ))}
        </fieldset>
      </form>
      <section>
        <h2>{t("parts")}</h2>
        {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
        <CodeField label={t("scan_part")} button={t("add")} />
        <VisitParts unit={unit} parts={parts} places={places.value?.locations ?? []} from={from} to={to} />
        <ListNote of={places} />
        <GoodsForm goods={goods} onChange={() => {}} />
      </section>
      <Readings readings={readings} />
      <Photos photos={photos} />
      <section>
        <h2>{t("next_steps")}</h2>
        {unit.plans.length > 0 && (
          <label>
            <span class="label">{t("fulfils_plan")}</span>
            <select
              value={draft.value.plan_id}
              onChange={event => change({ plan_id: event.currentTarget.value })}
            >
              <option value="">{t("fulfils_none")}</option>
              {unit.plans.map(plan => (
                <option key={plan.id} value={plan.id}>
                  {t("plan_due", { name: plan.name, date: date(plan.next_due_on) })}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          <span class="label">{t("next_visit_on")}</span>
          <input
            type="date"
            value={draft.value.next_visit_on}
            onInput={event => change({ next_visit_on: event.currentTarget.value })}
          />
        </label>
      </section>
      <SignOff draft={draft.value} isOnSite={isOnSite} signature={signature} onChange={change} />
      {failed.value !== null && <Failure error={failed.value} />}
      <div class="bottom-bar">
        <CameraButton isOn={isCameraOn} />
        <button type="submit" form="visit" class="button button-finish" disabled={isBusy.value}>
          <Icon name="check" />
          {t("close_visit")}
        </button>
      </div>
      <WedgeSink />
    </Screen>
  );
}
