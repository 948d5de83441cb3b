import { date, t } from "../i18n/t";
import { Link } from "../ui/Link";
import { ClaimStatus } from "./ClaimStatus";
import type { Claim } from "./types";

/** Claims, each a way to its page. */
export function ClaimCards({ claims }: { claims: Claim[] }) {
  return (
    <ul class="cards">
      {claims.map(claim => (
        <li key={claim.id}>
          <Link to={`/claims/${claim.id}`} class="card">
            <span class="card-head">
              <span class="card-title key-data">{claim.unit?.serial_no ?? claim.serial_text}</span>
              <ClaimStatus claim={claim} />
            </span>
            <span>{claim.complaint}</span>
            <span class="card-text">
              {claim.number} · {claim.customer.name} · {date(claim.claimed_on)} ·{" "}
              {claim.technician ?? t("nobody_yet")}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
