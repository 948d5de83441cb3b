import { t } from "../i18n/t";

/** Shown only after a moment (by CSS), as most answers are there before one can read it. */
export function Busy() {
  return (
    <p class="busy" role="status">
      {t("loading")}
    </p>
  );
}
