/** Adds what is typed on a screen and not added yet, so that nothing is sent without it; what is wrong is said there. */
export function addTyped(screen: Element | null): "nothing" | "added" | "wrong" {
  const fields =
    screen?.querySelectorAll<HTMLInputElement>(".code-field input, details input[name=qty]") ?? [];
  const typed = [...fields].find(field => field.value.trim() !== "");
  if (!typed) return "nothing";
  typed.closest("details")?.setAttribute("open", "");
  typed.form?.requestSubmit();
  return typed.value === "" ? "added" : "wrong";
}
