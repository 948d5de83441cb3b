import "../styles/claims.css";
import "../styles/service.css";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError } from "../api";
import type { Unit } from "../api-types";
import { t } from "../i18n/t";
import { act } from "../offline/actions";
import type { NewAttachment } from "../offline/attachments";
import { navigate, route } from "../router";
import { useCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { Photos } from "../service/Photos";
import { may, site } from "../session";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";
import { CustomerField } from "./CustomerField";

/** Scan the unit, say whose it is and what is wrong; the answer comes at once, with its reason. */
export function NewClaim() {
  const unitId = route.value.query.get("unit");
  const unit = useRead<Unit>(unitId ? `/api/units/${encodeURIComponent(unitId)}` : null);
  const id = useSignal(crypto.randomUUID());
  const serialNo = useSignal("");
  const itemId = useSignal<number | null>(null);
  const photos = useSignal<NewAttachment[]>([]);
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isCameraOn = useSignal(false);
  const take = (text: string, item: number | null = null) => {
    serialNo.value = text;
    itemId.value = item;
    failed.value = null;
    isCameraOn.value = false;
  };
  useEffect(() => {
    if (unit.value) take(unit.value.serial_no, unit.value.item.id);
  }, [unit.value?.id]);
  useCodes(code => {
    const text = code.text.trim();
    if (text) take(text);
    feedback(text ? "kept" : "warning");
  }, []);
  const refusal = failed.value instanceof ApiError ? failed.value : null;
  const mayBeGoodwill = may("override") && refusal !== null && GOODWILL.has(refusal.code);
  const mayBeHeld = refusal?.code === "serial_unknown";
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim() || null;
    isBusy.value = true;
    try {
      const body = {
        id: id.value,
        site: site.value?.id,
        customer: text("customer"),
        serial_no: serialNo.value,
        item_id: itemId.value,
        complaint: text("complaint"),
        claimed_on: text("claimed_on"),
        goodwill_reason: mayBeGoodwill ? text("goodwill_reason") : null,
        hold: mayBeHeld && form.get("hold") !== null,
        attachment_ids: photos.value.map(photo => photo.id),
      };
      const done = await act("warranty_claim", body, { attachments: photos.value });
      feedback("kept");
      navigate(done?.voucher ? `/claims/${done.voucher.id}` : "/claims", { replace: true });
    } catch (caught) {
      id.value = crypto.randomUUID();
      failed.value = caught;
      feedback("refused");
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Screen title={t("new_claim")} class="claims">
      {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      {serialNo.value ? (
        <p class="claim-unit">
          <strong class="key-data">{serialNo.value}</strong>
          <button type="button" class="button" onClick={() => take("")}>
            {t("another_unit")}
          </button>
        </p>
      ) : (
        <CodeField label={t("serial_or_code")} button={t("add")} />
      )}
      <form class="form" onSubmit={event => void onSubmit(event)}>
        <CustomerField />
        <label>
          <span class="label">{t("complaint")}</span>
          <textarea name="complaint" required maxLength={1000} rows={3} />
        </label>
        <label>
          <span class="label">{t("claimed_on")}</span>
          <input type="date" name="claimed_on" />
        </label>
        <Photos photos={photos} />
        {failed.value !== null && <Failure error={failed.value} />}
        {refusal && <Near error={refusal} choose={take} />}
        {mayBeGoodwill && (
          <label>
            <span class="label">{t("goodwill_reason")}</span>
            <input type="text" name="goodwill_reason" maxLength={500} autocomplete="off" required />
          </label>
        )}
        {mayBeHeld && (
          <label class="check">
            <input type="checkbox" name="hold" />
            {t("hold_for_review")}
          </label>
        )}
        <div class="bottom-bar">
          <CameraButton isOn={isCameraOn} />
          <button type="submit" class="button button-finish" disabled={isBusy.value || !serialNo.value}>
            {t(mayBeGoodwill ? "take_as_goodwill" : "enter_claim")}
          </button>
        </div>
      </form>
      <WedgeSink />
    </Screen>
  );
}

/** What a supervisor may take as goodwill; the server has the last word. */
const GOODWILL = new Set([
  "claim_expired",
  "claim_void",
  "claim_not_started",
  "claim_no_warranty",
  "serial_recalled",
]);

/** Serial numbers that a person or a worn label confuses with the one that nobody knows. */
function Near({ error, choose }: { error: ApiError; choose: (text: string) => void }) {
  const near = error.problem.facts?.suggestions;
  if (!Array.isArray(near) || near.length === 0) return null;
  return (
    <div class="claim-tools">
      {near.map((serial: string) => (
        <button key={serial} type="button" class="button" onClick={() => choose(serial)}>
          {t("it_is", { serial })}
        </button>
      ))}
    </div>
  );
}
