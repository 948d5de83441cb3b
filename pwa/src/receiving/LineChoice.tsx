import { t } from "../i18n/t";
import type { OpenReceipt } from "./open-receipt";

/** The lines of a receipt with several items. A label that names its item needs no choice; a bare serial may. */
export function LineChoice({ open }: { open: OpenReceipt }) {
  const lines = open.receipt.value?.lines ?? [];
  if (lines.length < 2) return null;
  return (
    <fieldset class="lines-choice" aria-label={t("lines")}>
      {lines.map(line => {
        const isChosen = open.itemId.value === line.item.id;
        return (
          <button
            key={line.id}
            type="button"
            class="button line-choice"
            aria-pressed={isChosen}
            onClick={() => {
              open.itemId.value = isChosen ? null : line.item.id;
            }}
          >
            <strong>{line.item.item_code}</strong>
            <span>
              {line.accepted}/{line.expected}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
