import type { Ref } from "preact";

interface Props {
  /** Endings and kinds, as the browser takes them. */
  accept: string;
  onChoose: (file: File) => void;
  disabled?: boolean;
  /** Shown by a button that is its label. */
  isHidden?: boolean;
  field?: Ref<HTMLInputElement>;
}

/** A file to choose; the same one again, corrected meanwhile, is a choice, too. */
export function FileInput({ accept, onChoose, disabled = false, isHidden = false, field = null }: Props) {
  return (
    <input
      ref={field}
      class={isHidden ? "file-input" : ""}
      type="file"
      accept={accept}
      disabled={disabled}
      onClick={event => {
        // Else it would be no change to the browser.
        event.currentTarget.value = "";
      }}
      onChange={event => {
        const [file] = event.currentTarget.files ?? [];
        if (file) onChoose(file);
      }}
    />
  );
}
