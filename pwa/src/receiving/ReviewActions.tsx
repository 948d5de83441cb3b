import { t } from "../i18n/t";
import type { AnsweredScan } from "../offline/db";
import { findAddress } from "../scan/find-address";
import { Link } from "../ui/Link";
import { late } from "../ui/late";
import type { OpenReceipt } from "./open-receipt";

/** Only where a code is of no item yet. */
const LinkToItem = late(async () => (await import("../masters/LinkToItem")).LinkToItem);

interface Props {
  open: OpenReceipt;
  answered: AnsweredScan;
}

/** Refusals of the text itself, which a person can read off the label and type. */
const TYPED_BETTER = new Set([
  "separator_missing",
  "repeated_ai",
  "serial_shape",
  "serial_has_control_characters",
  "gtin_check_digit",
  "bad_date",
]);

/**
 * What a person can do about a scan that was not taken, from the actions that the server names. Batch and
 * expiry are not here: they are asked for once, for all scans that lack them.
 */
export function ReviewActions({ open, answered }: Props) {
  const { actions, code } = answered.outcome;
  const of = (kind: string) => actions.filter(action => action.kind === kind);
  const isIntake = of("return_intake").length + of("repair_intake").length > 0;
  const isTypedBetter = TYPED_BETTER.has(code) || of("retype").length > 0;
  const isUnknownItem = code === "item_unknown";
  const isUnexpected = of("take_unexpected").length > 0;
  const known =
    isUnknownItem ||
    isIntake ||
    isTypedBetter ||
    isUnexpected ||
    of("choose_item").length + of("use_proposal").length > 0;
  if (answered.open === 0 || !known) return null;
  const mend = () => {
    open.textToMend.value = answered.scan.text;
    void open.clear([answered.id]);
  };
  return (
    <div class="review-actions">
      {of("choose_item").map(({ item_id, item_code }) => (
        <button
          key={String(item_id)}
          type="button"
          class="button"
          onClick={() => void open.correct(answered, { item_id: Number(item_id) })}
        >
          {String(item_code)}
        </button>
      ))}
      {of("use_proposal").map(({ serial_no, batch_no }) => (
        <button
          key={`${serial_no} ${batch_no}`}
          type="button"
          class="button"
          onClick={() => void open.takeProposal(answered, String(serial_no), textOr(batch_no))}
        >
          {textOr(batch_no) === null
            ? t("use_serial", { serial: String(serial_no) })
            : t("use_proposal", { serial: String(serial_no), batch: String(batch_no) })}
        </button>
      ))}
      {isUnknownItem && (
        <LinkToItem
          key={answered.id}
          text={answered.scan.text}
          symbology={answered.scan.symbology}
          onLinked={() => void open.clear([answered.id])}
        />
      )}
      {isUnexpected && (
        <button
          type="button"
          class="button"
          onClick={() => void open.correct(answered, { takes_unexpected: true })}
        >
          {t("take_unexpected")}
        </button>
      )}
      {isTypedBetter && (
        <button type="button" class="button" onClick={mend}>
          {t("retype")}
        </button>
      )}
      {isIntake && (
        <Link to={findAddress(answered.scan)} class="button">
          {t("show_unit")}
        </Link>
      )}
    </div>
  );
}

const textOr = (value: unknown): string | null => (typeof value === "string" ? value : null);
