import { match, route } from "../router";
import { ClaimPage } from "./ClaimPage";
import { Claims } from "./Claims";
import { Contracts } from "./Contracts";
import { NewClaim } from "./NewClaim";
import { NewReturn } from "./NewReturn";
import { ReturnPage } from "./ReturnPage";
import { Returns } from "./Returns";

/** What follows a sale: claims, customer returns and service contracts. */
export function AfterSale() {
  const { path } = route.value;
  if (path.startsWith("/contracts")) return <Contracts />;
  const { kind, id } = match("/:kind/:id", path) ?? {};
  if (kind === "claims" && id) return id === "new" ? <NewClaim /> : <ClaimPage key={id} id={id} />;
  if (kind === "returns" && id) return id === "new" ? <NewReturn /> : <ReturnPage key={id} id={id} />;
  return path.startsWith("/returns") ? <Returns /> : <Claims />;
}
