import { useId } from "preact/hooks";
import { t } from "../i18n/t";
import { ListNote } from "../ui/ListNote";
import { useRead } from "../ui/use-read";

interface Formats {
  layouts: Record<string, string>;
  placeholders: string[];
}

interface Props {
  subject: string;
  /** Null for the usual lines. */
  value: string | null;
  onChange: (value: string | null) => void;
}

/** The lines of text beside the code: those that are usual for the subject, or a house's own. */
export function LayoutField({ subject, value, onChange }: Props) {
  const id = useId();
  const read = useRead<Formats>("/api/label-formats");
  const formats = read.value;
  if (read.isBusy) return null;
  if (!formats) {
    return (
      <div>
        <span class="label">{t("labels_layout")}</span>
        <ListNote of={read} />
      </div>
    );
  }
  const usual = formats.layouts[subject] ?? "";
  return (
    <details class="label-layout" open={value !== null}>
      <summary class="button">{t("labels_layout")}</summary>
      <label class="label" for={id}>
        {t("labels_layout_lines")}
      </label>
      <textarea
        id={id}
        rows={5}
        maxLength={500}
        spellcheck={false}
        dir="ltr"
        value={value ?? usual}
        aria-describedby={`${id}-hint`}
        // A drawing for every letter that is typed would be asked for in vain.
        onChange={event => {
          const text = event.currentTarget.value;
          onChange(text.trim() === "" || text === usual ? null : text);
        }}
      />
      <small id={`${id}-hint`}>
        {t("labels_layout_hint", { placeholders: formats.placeholders.map(name => `{${name}}`).join(" ") })}
      </small>
      {value !== null && (
        <button type="button" class="button" onClick={() => onChange(null)}>
          {t("labels_layout_usual")}
        </button>
      )}
    </details>
  );
}
