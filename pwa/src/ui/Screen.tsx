import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/t";

interface Props {
  title: string;
  /** Small line above the title: where one is. */
  over?: ComponentChildren;
  /** What stands beside the title. */
  beside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

/** The frame of a screen. Its heading takes the focus, so that a screen reader says where one has come. */
export function Screen({ title, over, beside, class: className, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = `${title} · ${t("app_name")}`;
  }, [title]);
  return (
    <main class={`screen ${className ?? ""}`}>
      <header class="screen-head">
        <div class="screen-title">
          {over && <p class="over">{over}</p>}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
        </div>
        {beside}
      </header>
      {children}
    </main>
  );
}
