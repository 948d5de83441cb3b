import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import { may } from "../session";
import { late } from "../ui/late";

const LinkItemDialog = late(async () => (await import("./LinkItemDialog")).LinkItemDialog);

interface Props {
  text: string;
  symbology: string;
  onLinked: () => void;
}

/** For a code that no item has: who looks after items links it here, everybody else asks them. */
export function LinkToItem({ text, symbology, onLinked }: Props) {
  const isOpen = useSignal(false);
  const linked = useSignal<string | null>(null);
  if (linked.value !== null) {
    return (
      <p class="notice notice-accepted" role="status">
        {t("barcode_linked", { code: text, item: linked.value })}
      </p>
    );
  }
  if (!may("masters.manage")) return <p>{t("ask_supervisor_to_link")}</p>;
  return (
    <>
      <button
        type="button"
        class="button"
        onClick={() => {
          isOpen.value = true;
        }}
      >
        {t("link_to_item")}
      </button>
      {isOpen.value && (
        <LinkItemDialog
          text={text}
          symbology={symbology}
          onClose={() => {
            isOpen.value = false;
          }}
          onLinked={item => {
            isOpen.value = false;
            linked.value = item.item_code;
            onLinked();
          }}
        />
      )}
    </>
  );
}
