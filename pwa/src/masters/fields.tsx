import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { t, tOr } from "../i18n/t";

interface Common {
  label: string;
  hint?: string;
  disabled?: boolean;
}

interface TextProps extends Common {
  value: string | null;
  onChange: (value: string | null) => void;
  isRequired?: boolean;
  most?: number;
}

/** A field for a line of text; empty is null. */
export function TextField({ label, hint, value, onChange, isRequired, disabled, most = 200 }: TextProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        value={value ?? ""}
        maxLength={most}
        required={isRequired}
        disabled={disabled}
        autocomplete="off"
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={event => onChange(event.currentTarget.value || null)}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

interface NumberProps extends Common {
  value: number | null;
  onChange: (value: number | null) => void;
  least?: number;
  most?: number;
}

/** A field for a whole number; empty is null. */
export function NumberField({
  label,
  hint,
  value,
  onChange,
  disabled,
  least = 0,
  most = 36500,
}: NumberProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={least}
        max={most}
        step={1}
        value={value ?? ""}
        disabled={disabled}
        onInput={event =>
          onChange(event.currentTarget.value === "" ? null : Number(event.currentTarget.value))
        }
      />
      {hint && <small>{hint}</small>}
    </div>
  );
}

interface ChoiceProps extends Common {
  value: string | null;
  values: readonly string[];
  onChange: (value: string | null) => void;
  /** Words for a value: the text `<prefix>_<value>`. */
  prefix: string;
  /** Said for no choice, which is then one of the choices. */
  none?: string;
}

/** One of a few values. */
export function ChoiceField({ label, hint, value, values, onChange, prefix, none, disabled }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        value={value ?? ""}
        disabled={disabled}
        onChange={event => onChange(event.currentTarget.value || null)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {values.map(each => (
          <option key={each} value={each}>
            {tOr(`${prefix}_${each}`, each)}
          </option>
        ))}
      </select>
      {hint && <small>{hint}</small>}
    </div>
  );
}

interface CheckProps extends Common {
  value: boolean;
  onChange: (value: boolean) => void;
}

/** Yes or no. */
export function CheckField({ label, hint, value, onChange, disabled }: CheckProps) {
  return (
    <label class="check-field">
      <input
        type="checkbox"
        checked={value}
        disabled={disabled}
        onChange={event => onChange(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

/** Fields that belong together, side by side where there is room. */
export function FieldGroup({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="field-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

/** The buttons under a form, where the thumb is. */
export function SaveBar({ isBusy, isNew }: { isBusy: boolean; isNew: boolean }) {
  return (
    <div class="bottom-bar">
      <button type="submit" class="button button-primary" disabled={isBusy}>
        {t(isNew ? "master_create" : "master_save")}
      </button>
    </div>
  );
}
