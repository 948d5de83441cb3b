import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Draws what it holds when it is about to be seen, in a place of the size that the style sheet gives it. */
export function WhenNear({ class: className, children }: { class: string; children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useSignal(false);
  useEffect(() => {
    if (!place.current) return;
    const watching = new IntersectionObserver(
      seen => {
        if (!seen.some(each => each.isIntersecting)) return;
        isNear.value = true;
        watching.disconnect();
      },
      { rootMargin: "25%" },
    );
    watching.observe(place.current);
    return () => watching.disconnect();
  }, []);
  return (
    <div ref={place} class={className}>
      {isNear.value && children}
    </div>
  );
}
