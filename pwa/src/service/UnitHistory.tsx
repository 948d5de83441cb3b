import type { HistoryLine } from "../api-types";
import { dateTime, t, tOr } from "../i18n/t";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";

/** All movements of a unit, newest first. */
export function UnitHistory({ history }: { history: HistoryLine[] }) {
  return (
    <section class="unit-history">
      <h2>{t("history")}</h2>
      <ol class="history">
        {history.toReversed().map(line => (
          <HistoryItem key={`${line.posted_at} ${line.seq}`} line={line} />
        ))}
      </ol>
    </section>
  );
}

/** One line of the ledger: who, when by the device and by the server, from where to where, by which voucher. */
function HistoryItem({ line }: { line: HistoryLine }) {
  return (
    <li class="history-line">
      <p class="history-what">
        <strong>{tOr(`what_${line.what}`, line.what.replaceAll("_", " "))}</strong>
        {line.voucher && (
          <Link to={`/vouchers/${line.voucher.id}`} class="history-voucher">
            {line.voucher.number}
          </Link>
        )}
      </p>
      {(line.from || line.to) && (
        <p class="history-way">
          {line.from?.path ?? "–"} <Icon name="forward" /> <span class="visually-hidden">{t("to")}</span>
          {line.to?.path ?? "–"}
        </p>
      )}
      <p class="history-who">
        <Icon name="user" />
        {line.actor}
        {line.device && ` · ${line.device}`}
      </p>
      <dl class="history-times">
        {line.scanned_at && (
          <div>
            <dt>{t("device_time")}</dt>
            <dd>
              <time dateTime={line.scanned_at}>{dateTime(line.scanned_at)}</time>
            </dd>
          </div>
        )}
        <div>
          <dt>{t("server_time")}</dt>
          <dd>
            <time dateTime={line.posted_at}>{dateTime(line.posted_at)}</time>
          </dd>
        </div>
      </dl>
    </li>
  );
}
