import { useState } from "preact/hooks";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";

interface Props {
  title: string;
  secret: string;
  onClose: () => void;
}

/** A secret, the only time that it is shown. */
export function Secret({ title, secret, onClose }: Props) {
  const [isCopied, setIsCopied] = useState<boolean | null>(null);
  const copy = () =>
    // Without HTTPS a browser has no clipboard; then the text is selected by hand.
    Promise.resolve(navigator.clipboard?.writeText(secret) ?? Promise.reject(new Error("no clipboard"))).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{t("secret_once")}</p>
      <p class="secret" data-testid="secret">
        {secret}
      </p>
      <p role="status">
        {isCopied === true && t("secret_copied")}
        {isCopied === false && t("secret_not_copied")}
      </p>
      <div class="program-tools">
        <button type="button" class="button button-primary" onClick={() => void copy()}>
          <Icon name={isCopied ? "check" : "boxes"} />
          {t("secret_copy")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("secret_kept")}
        </button>
      </div>
    </Dialog>
  );
}
