import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/t";
import type { CurrentReceipt } from "../receiving/current-receipt";
import { navigate, route } from "../router";
import { takeSharedPicture } from "../scan/shared-picture";
import { Icon } from "./Icon";
import { PictureDialog } from "./scanner";

/** The way in for a photo of a label; opens by itself for a picture that another app has shared. */
export function PictureButton({ receipt }: { receipt: CurrentReceipt | null }) {
  const isOpen = useSignal(false);
  const shared = useSignal<Blob | null>(null);
  const isShared = route.value.query.get("shared") === "now";
  useEffect(() => {
    if (!isShared) return;
    navigate(route.value.path, { replace: true });
    void takeSharedPicture().then(picture => {
      shared.value = picture;
      isOpen.value = picture !== null;
    });
  }, [isShared]);
  const close = () => {
    isOpen.value = false;
    shared.value = null;
  };
  return (
    <>
      <button
        type="button"
        class="button"
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <Icon name="picture" />
        {t("read_picture")}
      </button>
      {isOpen.value && <PictureDialog picture={shared.value} receipt={receipt} onClose={close} />}
    </>
  );
}
