interface Props {
  value: number;
  max: number;
  label: string;
}

/** A bar over the native element, so that screen readers know it without help. */
export function Progress({ value, max, label }: Props) {
  return <progress class="progress" value={Math.min(value, max)} max={Math.max(max, 1)} aria-label={label} />;
}
