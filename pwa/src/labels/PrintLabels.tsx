import { useEffect, useMemo, useState } from "preact/hooks";
import { ApiError, post } from "../api";
import { dateTime, t } from "../i18n/t";
import { ChoiceField, NumberField, TextField } from "../masters/fields";
import { route } from "../router";
import { site } from "../session";
import "../styles/labels.css";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { type Choice, dpiOf, endingOf, FORMATS, PRINTERS, remember, remembered, SYMBOLS } from "./choice";
import { LayoutField } from "./LayoutField";

/** A page of more buttons than these is no help: whoever has so many labels prints them. */
const MOST_PICTURES = 24;

interface Wanted {
  voucher_id?: string;
  ids?: number[];
}

interface Print {
  id: string;
  labels: number;
  reason: string | null;
  by: string;
  at: string;
}

function wantedOf(voucher: string | null, item: number | null, ids: number[]): Wanted {
  if (voucher) return { voucher_id: voucher };
  return item ? {} : { ids };
}

/** What is printed: things by their ids, the units that a voucher moved, or an item's units by ranges. */
function useSubject() {
  const query = route.value.query;
  const voucher = query.get("voucher");
  const ids = (query.get("ids") ?? "")
    .split(",")
    .map(Number)
    .filter(id => Number.isInteger(id) && id > 0);
  const subject = query.get("subject") ?? "unit";
  const name = query.get("name") ?? "";
  const item = Number(query.get("item")) || null;
  const isNow = query.has("now");
  return useMemo(() => ({ subject, name, isNow, item, wanted: wantedOf(voucher, item, ids) }), [query]);
}

/** Labels for units, batches, places, items and people, if any are chosen. */
export function PrintLabels() {
  const subject = useSubject();
  if (subject.wanted.ids?.length !== 0) return <Printing {...subject} />;
  return (
    <Screen title={t("labels_print")} class="labels">
      <div class="notice">
        <Icon name="search" />
        <div>
          <p class="notice-title">{t("labels_nothing")}</p>
          <p>{t("labels_nothing_next")}</p>
        </div>
      </div>
      <div class="labels-ways">
        <Link to="/find" class="button">
          {t("find")}
        </Link>
        <Link to="/vouchers" class="button">
          {t("vouchers")}
        </Link>
      </div>
    </Screen>
  );
}

/** The choices stay as they were the last time. */
function Printing({ subject, name, isNow, item, wanted }: ReturnType<typeof useSubject>) {
  const siteId = site.value?.id ?? 0;
  const [choice, setChoice] = useState<Choice>(remembered);
  const [serials, setSerials] = useState("");
  const [drawn, setDrawn] = useState("");
  const [copies, setCopies] = useState(1);
  const [skip, setSkip] = useState(0);
  const [reason, setReason] = useState<string | null>(null);
  const [done, setDone] = useState<Print | null>(null);
  const [error, setError] = useState<unknown>(null);
  const isAgain = error instanceof ApiError && error.code === "reprint_reason_needed";
  const content = {
    site: siteId,
    subject,
    ...wanted,
    ...(item && { item_id: item, serials }),
    symbol: choice.symbol,
    format: choice.format,
    dpi: dpiOf(choice.printer),
    copies,
    skip,
    layout: choice.layouts[subject] ?? null,
  };
  const change = (part: Partial<Choice>) => {
    setChoice({ ...choice, ...part });
    setDone(null);
  };
  const lay = (lines: string | null) => {
    const { [subject]: _before, ...others } = choice.layouts;
    change({ layouts: lines === null ? others : { ...others, [subject]: lines } });
  };
  const print = async () => {
    setError(null);
    const asked = { id: crypto.randomUUID(), done_at: new Date().toISOString(), ...content, reason };
    try {
      setDone(await post<Print>("/api/label-prints", asked));
      remember(choice);
    } catch (caught) {
      setError(caught);
    }
  };
  useEffect(() => {
    if (isNow) void print();
  }, []);
  return (
    <Screen title={t("labels_print")} over={name} class="labels">
      {done && <Ready print={done} printer={choice.printer} />}
      {error !== null && !(isAgain && reason === null) && <Failure error={error} />}
      {isAgain && (
        <div class="notice notice-warning">
          <p>{t("labels_again", { count: Number(error.problem.facts?.again ?? 1) })}</p>
        </div>
      )}
      {(isAgain || reason !== null) && (
        <TextField
          label={t("labels_reason")}
          hint={t("labels_reason_hint")}
          value={reason}
          most={500}
          isRequired
          onChange={setReason}
        />
      )}
      {item && (
        <label>
          <span class="label">{t("type_serials")}</span>
          <textarea
            rows={4}
            maxLength={20_000}
            spellcheck={false}
            value={serials}
            onInput={event => {
              setSerials(event.currentTarget.value);
              setDone(null);
            }}
            // A drawing for every letter that is typed would be asked for in vain.
            onChange={event => setDrawn(event.currentTarget.value)}
          />
          <small>{t("type_serials_hint")}</small>
        </label>
      )}
      {(!item || drawn.trim()) && <Preview content={item ? { ...content, serials: drawn } : content} />}
      <ChoiceField
        label={t("labels_code")}
        value={choice.symbol}
        values={SYMBOLS}
        prefix="label_symbol"
        onChange={symbol => change({ symbol: symbol ?? choice.symbol })}
      />
      <ChoiceField
        label={t("labels_size")}
        value={choice.format}
        values={FORMATS}
        prefix="label_format"
        onChange={format => change({ format: format ?? choice.format })}
      />
      <LayoutField subject={subject} value={content.layout} onChange={lay} />
      <ChoiceField
        label={t("labels_printer")}
        value={choice.printer}
        values={PRINTERS}
        prefix="label_printer"
        onChange={printer => change({ printer: printer ?? choice.printer })}
      />
      <NumberField
        label={t("labels_copies")}
        value={copies}
        least={1}
        most={10}
        onChange={value => setCopies(value ?? 1)}
      />
      {!choice.format.startsWith("roll") && (
        <NumberField
          label={t("labels_skip")}
          value={skip}
          most={64}
          onChange={value => setSkip(value ?? 0)}
        />
      )}
      {wanted.ids?.length === 1 && (
        <Before siteId={siteId} subject={subject} id={wanted.ids[0] ?? 0} key={done?.id} />
      )}
      <div class="bottom-bar">
        <button
          type="button"
          class="button button-primary"
          disabled={item !== null && !serials.trim()}
          onClick={() => void print()}
        >
          <Icon name="outbox" />
          {t("labels_print")}
        </button>
      </div>
    </Screen>
  );
}

function Ready({ print, printer }: { print: Print; printer: string }) {
  const ending = endingOf(printer);
  const isPicture = ending === "png" || ending === "svg";
  const address = `/api/label-prints/${print.id}/labels.${ending}`;
  return (
    <div class="notice notice-accepted" role="status">
      <Icon name="check" />
      <div>
        <p class="notice-title">{t("labels_ready", { count: print.labels })}</p>
        {isPicture ? (
          <Pictures address={address} count={print.labels} ending={ending} />
        ) : (
          <a
            class="button button-primary"
            href={address}
            {...(ending === "pdf" ? { target: "_blank", rel: "noopener" } : { download: "labels.zpl" })}
          >
            <Icon name="download" />
            {t(ending === "pdf" ? "labels_open" : "labels_save_zpl")}
          </a>
        )}
      </div>
    </div>
  );
}

/** A picture holds one label. */
function Pictures({ address, count, ending }: { address: string; count: number; ending: string }) {
  const shown = Math.min(count, MOST_PICTURES);
  return (
    <>
      <div class="labels-ways">
        {Array.from({ length: shown }, (_, index) => (
          <a
            key={index}
            class="button"
            href={`${address}?index=${index}`}
            download={`label-${index + 1}.${ending}`}
          >
            <Icon name="download" />
            {t("labels_save_picture", { number: index + 1 })}
          </a>
        ))}
      </div>
      {count > shown && <p>{t("labels_more_pictures", { count: count - shown })}</p>}
    </>
  );
}

/** The drawing is an image, so that nothing in it could ever run. */
function Preview({ content }: { content: Record<string, unknown> }) {
  const [picture, setPicture] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const asked = JSON.stringify({ ...content, skip: 0 });
  useEffect(() => {
    let isGone = false;
    post<{ svg: string }>("/api/label-previews", JSON.parse(asked)).then(
      answer => {
        if (isGone) return;
        setPicture(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(answer.svg)}`);
        setError(null);
      },
      (caught: unknown) => {
        if (!isGone) setError(caught);
      },
    );
    return () => {
      isGone = true;
    };
  }, [asked]);
  if (error !== null) return <Failure error={error} />;
  return <div class="label-preview">{picture && <img src={picture} alt={t("labels_preview")} />}</div>;
}

function Before({ siteId, subject, id }: { siteId: number; subject: string; id: number }) {
  const path = `/api/label-prints?site=${siteId}&subject=${subject}&subject_id=${id}`;
  const read = useRead<{ prints: Print[] }>(path);
  const prints = read.value?.prints;
  if (read.isBusy || prints?.length === 0) return null;
  return (
    <section>
      <h2>{t("labels_before")}</h2>
      <ListNote of={read} />
      <ul class="cards">
        {prints?.map(print => (
          <li key={print.id} class="card">
            <span class="card-title">{t("labels_by", { by: print.by, at: dateTime(print.at) })}</span>
            {print.reason && <span class="card-text">{print.reason}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
