import { date, number, t } from "../i18n/t";
import { parse, type ScannedCode } from "../scan/gs1";
import { Icon, type IconName } from "../ui/Icon";
import { type Finding, findings, pace } from "./findings";
import { type Heard, pointOf, type Stroke, visible } from "./recorder";

const ICONS: Record<Finding["tone"], IconName> = { accepted: "check", note: "search", warning: "warning" };

/** One pull of the trigger: what Serialtrail understands, what is to be changed, and each sign that came. */
export function HeardCard({ heard }: { heard: Heard }) {
  const timing = pace(heard);
  return (
    <article class="heard" data-testid="heard">
      {heard.code ? (
        <Understood code={parse(heard.code.text, heard.code.symbology)} />
      ) : (
        <p class="card-title">{t("scanner_not_taken")}</p>
      )}
      <ul class="findings">
        {findings(heard).map(({ tone, about, facts }) => (
          <li key={about} class={`notice notice-${tone}`}>
            <Icon name={ICONS[tone]} />
            <div>
              <p class="notice-title">{t(`scanner_${about}`, facts)}</p>
              {tone !== "accepted" && <p>{t(`scanner_${about as Mendable}_do`, facts)}</p>}
            </div>
          </li>
        ))}
      </ul>
      <h2>{t("scanner_came", { count: heard.strokes.length })}</h2>
      <p class="card-text">
        {t(`scanner_way_${heard.way}`)}
        {timing && ` ${t("scanner_pace", { mean: timing.mean, longest: timing.longest })}`}
      </p>
      <ol class="strokes" dir="ltr">
        {heard.strokes.map((stroke, index) => (
          <StrokeMark key={`${index}-${stroke.text}`} stroke={stroke} />
        ))}
        {heard.end && (
          <li class="stroke stroke-control">
            <strong>{heard.end === "Enter" ? "⏎" : "⇥"}</strong>
            <small>{heard.end}</small>
          </li>
        )}
      </ol>
    </article>
  );
}

/** What has something to be changed about it. */
type Mendable = Exclude<Finding["about"], "gs_kept" | "content_right" | "ends_with_key" | "symbology_sent">;

function StrokeMark({ stroke: { text, key, gap } }: { stroke: Stroke }) {
  const isControl = text === "" || text < " ";
  const isPlainKey = [text, `Key${text.toUpperCase()}`, `Digit${text}`, `Numpad${text}`].includes(key);
  return (
    <li class={`stroke ${isControl ? "stroke-control" : ""}`}>
      <strong>{text === "" ? key : visible(text)}</strong>
      {text !== "" && <small>{pointOf(text)}</small>}
      {text !== "" && key !== "" && !isPlainKey && <small>{key}</small>}
      {gap !== null && <small>{`${number(gap)} ms`}</small>}
    </li>
  );
}

function Understood({ code }: { code: ScannedCode }) {
  const rows: [label: string, value: string | null][] = [
    [t("scanner_kind"), t(`scanner_kind_${code.kind}`)],
    [t("scanner_symbology"), code.symbology || t("scanner_symbology_unknown")],
    ["GTIN (01)", code.gtin],
    [t("scanner_serial"), code.serialNo],
    [t("scanner_batch"), code.batchNo],
    [t("scanner_expiry"), code.expiresOn && date(code.expiresOn)],
    [t("scanner_best_before"), code.bestBefore && date(code.bestBefore)],
    [t("scanner_made"), code.manufacturedOn && date(code.manufacturedOn)],
    [t("scanner_count"), code.count === null ? null : number(code.count)],
    ["SSCC (00)", code.sscc],
    ...Object.entries({ ...code.locations, ...code.extra }).map(([ai, value]): [string, string] => [
      `(${ai})`,
      value,
    ]),
  ];
  return (
    <>
      <dl class="understood">
        {rows.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
      {code.problems
        // Said by a finding, with what to change.
        .filter(problem => problem.code !== "separator_missing")
        .map(problem => (
          <p key={problem.code} class="card-text">
            {problem.message}
          </p>
        ))}
    </>
  );
}
