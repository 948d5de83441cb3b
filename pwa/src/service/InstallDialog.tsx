import type { Unit } from "../api-types";
import { t } from "../i18n/t";
import { act } from "../offline/actions";
import { feedback } from "../scan/feedback";
import { site } from "../session";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { useForm } from "../ui/use-form";

interface Props {
  unit: Unit;
  onDone: () => void;
  onClose: () => void;
}

/** Notes that a unit was set up at its customer's, which starts its warranty; kept on the phone without a network. */
export function InstallDialog({ unit, onDone, onClose }: Props) {
  const form = useForm(async text => {
    try {
      await act("installation", {
        id: crypto.randomUUID(),
        site: site.value?.id,
        customer: unit.owner?.code,
        serial_no: unit.serial_no,
        item_id: unit.item.id,
        remark: text("remark"),
        dated_on: text("dated_on"),
      });
    } catch (refusal) {
      feedback("refused");
      throw refusal;
    }
    feedback("kept");
    onDone();
    onClose();
  });
  return (
    <Dialog title={t("install_unit")} onClose={onClose}>
      <form class="form" onSubmit={form.onSubmit}>
        <p>{t("install_says", { serial: unit.serial_no, customer: unit.owner?.name ?? "" })}</p>
        <label>
          <span class="label">{t("installed_on")}</span>
          <input type="date" name="dated_on" />
        </label>
        <label>
          <span class="label">{t("installed_where")}</span>
          <input type="text" name="remark" maxLength={500} autocomplete="off" />
        </label>
        {form.error.value !== null && <Failure error={form.error.value} />}
        <button type="submit" class="button button-primary" disabled={form.isBusy.value}>
          {t("install_unit")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
