type Facts = Record<string, unknown>;

/**
 * What puts a language's own words into an answer of the server, in place: wherever an object has a `code` and
 * says something to a person, by the texts `code` and `code_next`. A text that asks for a fact which the answer
 * lacks, and a code without a text, leave the server's English as it is.
 *
 * It imports nothing of the app, which waits for it before the first screen.
 */
export function translating(
  texts: Readonly<Record<string, string>>,
  isolated: (fact: string) => string,
): (answer: unknown) => void {
  const filled = (key: string, facts: Facts): string | null => {
    const missing: string[] = [];
    const text = texts[key]?.replace(/\{(\w+)\}/g, (_, name: string) => {
      const fact = facts[name];
      if (typeof fact === "string" || typeof fact === "number") return isolated(String(fact));
      missing.push(name);
      return "";
    });
    return text === undefined || missing.length > 0 ? null : text;
  };
  return function translate(answer: unknown): void {
    if (typeof answer !== "object" || answer === null) return;
    for (const each of Object.values(answer)) translate(each);
    const said = answer as Facts;
    if (typeof said.code !== "string") return;
    const facts = (said.facts ?? {}) as Facts;
    const message = filled(said.code, facts);
    const nextStep = filled(`${said.code}_next`, facts);
    for (const name of ["message", "detail"]) {
      if (message !== null && typeof said[name] === "string") said[name] = message;
    }
    if (nextStep !== null && typeof said.next_step === "string") said.next_step = nextStep;
  };
}
