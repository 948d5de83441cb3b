import { type Signal, useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import type { NewAttachment } from "../offline/attachments";
import type { Draft } from "./draft";
import { SignaturePad } from "./SignaturePad";

interface Props {
  draft: Draft;
  isOnSite: boolean;
  signature: Signal<NewAttachment | null>;
  onChange: (changes: Partial<Draft>) => void;
}

/** Who was there when the work was done: a name and a signature, the name alone, or why there is none. */
export function SignOff({ draft, isOnSite, signature, onChange }: Props) {
  const isNobodyThere = useSignal(draft.unsigned_reason !== "");
  return (
    <section>
      <h2>{t("sign_off")}</h2>
      {!isOnSite && <p>{t("no_signature_needed")}</p>}
      {isNobodyThere.value ? (
        <label>
          <span class="label">{t("unsigned_reason")}</span>
          <input
            type="text"
            form="visit"
            required
            maxLength={500}
            autocomplete="off"
            value={draft.unsigned_reason}
            onInput={event => onChange({ unsigned_reason: event.currentTarget.value })}
          />
        </label>
      ) : (
        <>
          <label>
            <span class="label">{t("signer_name")}</span>
            <input
              type="text"
              form="visit"
              required={isOnSite || signature.value !== null}
              maxLength={200}
              autocomplete="off"
              value={draft.signer_name}
              onInput={event => onChange({ signer_name: event.currentTarget.value })}
            />
          </label>
          <SignaturePad
            onChange={blob => {
              signature.value = blob && { id: crypto.randomUUID(), kind: "signature", picture: blob };
            }}
          />
        </>
      )}
      {isOnSite && (
        <label class="check">
          <input
            type="checkbox"
            checked={isNobodyThere.value}
            onChange={event => {
              isNobodyThere.value = event.currentTarget.checked;
              signature.value = null;
              onChange({ unsigned_reason: "", signer_name: "" });
            }}
          />
          {t("nobody_signs")}
        </label>
      )}
    </section>
  );
}
