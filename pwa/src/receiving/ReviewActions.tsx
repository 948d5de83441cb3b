import { t } from "../i18n/t";
import type { AnsweredScan } from "../offline/db";
import { findAddress } from "../screens/Find";
import { Link } from "../ui/Link";
import type { OpenReceipt } from "./open-receipt";

interface Props {
  open: OpenReceipt;
  answered: AnsweredScan;
}

/**
 * What a person can do about a scan that was not taken, from the actions that the server names. Batch and
 * expiry are not here: they are asked for once, for all scans that lack them.
 */
export function ReviewActions({ open, answered }: Props) {
  const kinds = new Set(answered.outcome.actions.map(action => action.kind));
  if (answered.open === 0 || kinds.size === 0) return null;
  const proposal = answered.outcome.actions.find(action => action.kind === "use_proposal");
  return (
    <div class="review-actions">
      {kinds.has("choose_item") &&
        open.receipt.value?.lines.map(({ item }) => (
          <button
            key={item.id}
            type="button"
            class="button"
            onClick={() => void open.correct(answered, { item_id: item.id })}
          >
            {item.item_code}
          </button>
        ))}
      {proposal && <ProposalButton open={open} answered={answered} facts={proposal} />}
      {kinds.has("retype") && (
        <button
          type="button"
          class="button"
          onClick={() => {
            open.textToMend.value = answered.scan.text;
            void open.clear([answered.id]);
          }}
        >
          {t("retype")}
        </button>
      )}
      {(kinds.has("return_intake") || kinds.has("repair_intake")) && (
        <Link to={findAddress(answered.scan)} class="button">
          {t("show_unit")}
        </Link>
      )}
    </div>
  );
}

/** The server's reading of a code that lost its separators, to be taken only when a person says so. */
function ProposalButton({ open, answered, facts }: Props & { facts: Record<string, unknown> }) {
  const serial = typeof facts.serial_no === "string" ? facts.serial_no : null;
  const batch = typeof facts.batch_no === "string" ? facts.batch_no : null;
  if (!serial) return null;
  const take = () => {
    const itemId = typeof facts.item_id === "number" ? facts.item_id : answered.scan.item_id;
    void open.correct(answered, { text: serial, batch_no: batch, item_id: itemId });
  };
  return (
    <button type="button" class="button" onClick={take}>
      {t("use_proposal", { serial, batch: batch ?? "–" })}
    </button>
  );
}
