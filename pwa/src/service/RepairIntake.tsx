import "../styles/service.css";
import { useSignal } from "@preact/signals";
import type { Unit } from "../api-types";
import { t } from "../i18n/t";
import { act } from "../offline/actions";
import type { NewAttachment } from "../offline/attachments";
import { navigate, route } from "../router";
import { isTechnician, site, username } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { useForm } from "../ui/use-form";
import { useRead } from "../ui/use-read";
import { Photos } from "./Photos";
import { TechnicianChoice } from "./TechnicianChoice";

/** Takes the unit of the address in for repair: what is wrong, what came with it, who looks at it. */
export function RepairIntake() {
  const id = route.value.query.get("unit");
  const { value: unit, error, reload } = useRead<Unit>(id ? `/api/units/${id}` : null);
  const orderId = useSignal(crypto.randomUUID());
  const technician = useSignal(isTechnician() ? (username.value ?? "") : "");
  const photos = useSignal<NewAttachment[]>([]);
  const form = useForm(async text => {
    if (!unit) return;
    const body = {
      id: orderId.value,
      site: site.value?.id,
      serial_no: unit.serial_no,
      item_id: unit.item.id,
      customer: unit.owner?.code ?? "",
      complaint: text("complaint"),
      accessories: text("accessories"),
      technician: technician.value || null,
      claim_id: route.value.query.get("claim") ?? unit.claim?.id ?? null,
      attachment_ids: photos.value.map(photo => photo.id),
    };
    try {
      const done = await act("repair_order", body, { attachments: photos.value });
      navigate(done?.voucher ? `/service/repairs/${done.voucher.id}` : "/service", { replace: true });
    } catch (refusal) {
      orderId.value = crypto.randomUUID();
      throw refusal;
    }
  });
  if (!unit) {
    return (
      <Screen title={t("repair_intake")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen
      title={t("repair_intake_of", { serial: unit.serial_no })}
      over={`${unit.item.name} · ${unit.owner?.name ?? t("none")}`}
    >
      <p class="notice">
        <Icon name="shield" />
        {unit.warranty?.message}
      </p>
      {unit.claim && <p class="card-text">{t("for_claim", { number: unit.claim.number })}</p>}
      <form id="intake" class="form" onSubmit={form.onSubmit}>
        <label>
          <span class="label">{t("complaint")}</span>
          <textarea name="complaint" rows={3} maxLength={1000} required />
        </label>
        <label>
          <span class="label">{t("accessories")}</span>
          <input type="text" name="accessories" maxLength={500} autocomplete="off" />
        </label>
        <TechnicianChoice value={technician} />
      </form>
      <Photos photos={photos} />
      {form.error.value !== null && <Failure error={form.error.value} />}
      <div class="bottom-bar">
        <button type="submit" form="intake" class="button button-primary" disabled={form.isBusy.value}>
          <Icon name="receive" />
          {t("take_in")}
        </button>
      </div>
    </Screen>
  );
}
