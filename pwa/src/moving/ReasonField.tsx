import type { Signal } from "@preact/signals";
import { t } from "../i18n/t";

interface Props {
  reason: Signal<string>;
  /** Reasons that are common here, offered to be chosen; any other may be typed. */
  common: string[];
  onChange: () => void;
}

/** Why goods leave: one tap for what is common, words for the rest. */
export function ReasonField({ reason, common, onChange }: Props) {
  const say = (text: string) => {
    reason.value = text;
    onChange();
  };
  return (
    <fieldset class="reasons">
      <legend class="label">{t("reason")}</legend>
      <div class="choices">
        {common.map(text => (
          <button
            key={text}
            type="button"
            class="button"
            aria-pressed={reason.value === text}
            onClick={() => say(text)}
          >
            {text}
          </button>
        ))}
      </div>
      <input
        type="text"
        aria-label={t("reason")}
        value={reason.value}
        maxLength={500}
        autocomplete="off"
        onInput={event => say(event.currentTarget.value)}
      />
    </fieldset>
  );
}
