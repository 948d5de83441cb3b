/** What is typed into the named fields of a form. */
export const fieldsOf = (form: HTMLFormElement | null): Record<string, string> =>
  form ? Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])) : {};

/** Puts texts into the fields of those names. */
export function fillFields(form: HTMLFormElement | null, fields: Record<string, string>): void {
  for (const [name, text] of Object.entries(fields)) {
    const field = form?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = text;
  }
}
