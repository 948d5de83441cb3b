import type { ComponentChildren } from "preact";
import { navigate } from "../router";

interface Props {
  to: string;
  class?: string;
  label?: string;
  isCurrent?: boolean;
  children: ComponentChildren;
}

/** A real link that changes the screen without loading a page, unless the person asks for a new tab. */
export function Link({ to, class: className, label, isCurrent, children }: Props) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a
      href={to}
      class={className}
      aria-label={label}
      aria-current={isCurrent ? "page" : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
