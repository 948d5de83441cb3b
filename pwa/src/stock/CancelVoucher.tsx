import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { may } from "../session";
import { Icon } from "../ui/Icon";
import { ReasonDialog } from "./ReasonDialog";

interface Props {
  voucher: { id: string; number: string; status: string };
  onCancelled: () => void;
}

/** Takes a posted voucher back, with a reason; for those who may, on whatever screen shows it. */
export function CancelVoucher({ voucher, onCancelled }: Props) {
  const isAsking = useSignal(false);
  if (!may("cancel") || !["submitted", "closed"].includes(voucher.status)) return null;
  return (
    <>
      <button
        type="button"
        class="button button-quiet"
        onClick={() => {
          isAsking.value = true;
        }}
      >
        <Icon name="undo" />
        {t("cancel_voucher")}
      </button>
      {isAsking.value && (
        <ReasonDialog
          title={t("cancel_voucher_question", { number: voucher.number })}
          button={t("cancel_voucher")}
          isDangerous
          act={async reason => {
            await post(`/api/vouchers/${voucher.id}/cancel`, { reason });
            onCancelled();
          }}
          onClose={() => {
            isAsking.value = false;
          }}
        />
      )}
    </>
  );
}
