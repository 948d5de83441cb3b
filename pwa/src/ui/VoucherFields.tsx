import { t } from "../i18n/t";

/** The number that a voucher is to have, where it is not to be drawn from its series. */
export function OwnNumberField() {
  return (
    <label>
      <span class="label">{t("own_number")}</span>
      <input type="text" name="number" maxLength={64} autocomplete="off" />
    </label>
  );
}

/** What is remarked on a voucher. */
export function RemarkField({ known }: { known: string | null | undefined }) {
  return (
    <label>
      <span class="label">{t("remark")}</span>
      <input type="text" name="remark" maxLength={500} autocomplete="off" defaultValue={known ?? ""} />
    </label>
  );
}
