import { useEffect, useRef } from "preact/hooks";
import { onCode } from "../scan/codes";

interface Props {
  label: string;
  button: string;
  /** Filled in and focused when it changes: to mend a text that was refused. */
  text?: string | null;
}

/** The typed way in. The field is emptied in the same step in which its text is handed on. */
export function CodeField({ label, button, text }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!text || !input.current) return;
    input.current.value = text;
    input.current.focus();
    input.current.select();
  }, [text]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const field = input.current;
    if (!field) return;
    const typed = field.value;
    field.value = "";
    onCode({ text: typed, raw: null, symbology: "", source: "typed" });
  };
  return (
    <form class="code-field" onSubmit={onSubmit}>
      <label>
        <span class="label">{label}</span>
        <input
          ref={input}
          type="text"
          name="code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterkeyhint="done"
        />
      </label>
      <button type="submit" class="button">
        {button}
      </button>
    </form>
  );
}
