import { t } from "../i18n/t";

const SHOWN = 200;

interface Row {
  row: number;
  outcome: string;
  message: string;
  next_step?: string | null;
}

/** What the server says to each row of a file, as many as a person reads; `named` and `told` are the row's own words. */
export function RowAnswers<R extends Row>(props: {
  rows: R[];
  named: (row: R) => string;
  told?: (row: R) => string;
}) {
  const { rows, named, told = row => row.message } = props;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="row-answers" tabIndex={0} aria-label={t("row_answers")}>
        <ol data-testid="rows">
          {rows.slice(0, SHOWN).map(row => (
            <li key={row.row} data-outcome={row.outcome}>
              <span class="row-no">{row.row}</span>
              <span>
                <strong class="key-data">{named(row) || "—"}</strong> {told(row)}
                {row.next_step && <small> {row.next_step}</small>}
              </span>
            </li>
          ))}
        </ol>
      </section>
      {rows.length > SHOWN && <p class="hint">{t("more_rows", { count: rows.length - SHOWN })}</p>}
    </>
  );
}
