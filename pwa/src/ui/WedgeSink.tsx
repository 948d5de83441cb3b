import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/t";
import { SINK } from "../scan/wedge";

/** The heading keeps the focus this long, so that a screen reader gets to say it. */
const AFTER_HEADING_MS = 1000;

/**
 * The invisible field for handhelds whose input method commits the code as text, without key events: it can
 * only commit into a focused field. It takes the focus on touch devices when nothing else needs it, shows no
 * keyboard, and never takes the focus from a field that a person types in, nor from somebody using Tab.
 */
export function WedgeSink() {
  const sink = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const take = () => {
      const active = document.activeElement;
      const isTyping = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
      if (!isTyping && !document.querySelector("dialog[open]")) sink.current?.focus({ preventScroll: true });
    };
    const afterTouch = (event: PointerEvent) => {
      if (event.pointerType === "touch") setTimeout(take);
    };
    addEventListener("pointerup", afterTouch);
    const timer = matchMedia("(pointer: coarse)").matches ? setTimeout(take, AFTER_HEADING_MS) : undefined;
    return () => {
      removeEventListener("pointerup", afterTouch);
      clearTimeout(timer);
    };
  }, []);
  return (
    <textarea
      ref={sink}
      class="wedge-sink"
      inputMode="none"
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      tabIndex={-1}
      aria-label={t("wedge_sink")}
      {...{ [SINK]: "" }}
    />
  );
}
