import { t } from "../i18n/t";
import type { Claim } from "./types";

/** Where a claim stands, in a word: held, open, assigned, or how it ended. */
export function ClaimStatus({ claim }: { claim: Claim }) {
  const word =
    claim.status === "draft"
      ? "held"
      : (claim.outcome ?? (claim.status === "closed" ? "closed" : claim.technician ? "assigned" : "open"));
  return <span class={`claim-status claim-status-${word}`}>{t(`claim_${word}`)}</span>;
}
