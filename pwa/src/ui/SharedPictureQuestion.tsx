import { useEffect, useMemo } from "preact/hooks";
import { t } from "../i18n/t";
import { currentReceipt } from "../receiving/current-receipt";
import { navigate } from "../router";
import { Dialog } from "./Dialog";

const FIND = "/find?shared=now";

/** Another app shared a picture while a receipt is open: only the person knows which of the two it is for. */
export function SharedPictureQuestion() {
  const receipt = useMemo(currentReceipt, []);
  const goTo = (address: string) => navigate(address, { replace: true });
  useEffect(() => {
    if (!receipt) goTo(FIND);
  }, []);
  if (!receipt) return null;
  return (
    <Dialog title={t("picture_shared")} onClose={() => goTo(FIND)}>
      <div class="form">
        <button
          type="button"
          class="button button-primary"
          onClick={() => goTo(`/receive/${receipt.id}?shared=now`)}
        >
          {t("receive_into", { number: receipt.number })}
        </button>
        <button type="button" class="button button-primary" onClick={() => goTo(FIND)}>
          {t("find_unit")}
        </button>
      </div>
    </Dialog>
  );
}
