import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ApiError, post } from "../api";
import { t } from "../i18n/t";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Progress } from "../ui/Progress";
import { UnfinishedNote } from "../ui/UnfinishedNote";
import { useUnfinished } from "../ui/use-unfinished";
import type { Adding, ParsedList, RefusedSerial } from "./adding-types";
import { countEntries, readList } from "./read-list";

const SHOWN = 100;
/** The server takes ten thousand in seconds; a slow network and a busy site get their time, too. */
const PATIENCE_MS = 60_000;

/** One, many, or ranges: typed or pasted, read by the server, mended in place, put on all or none. */
export function TypeMany({ path, item, details, onAdded }: Adding) {
  const field = useRef<HTMLTextAreaElement>(null);
  const count = useSignal(0);
  const ranges = useSignal(false);
  const parsed = useSignal<ParsedList | null>(null);
  const refused = useSignal<RefusedSerial[]>([]);
  const done = useSignal<number | null>(null);
  const error = useSignal<unknown>(null);
  // Made once for a list: sent again after a lost answer it counts once.
  const asked = useSignal<{ id: string; of: string }>({ id: crypto.randomUUID(), of: "" });

  const listId = useSignal<string>(crypto.randomUUID());
  const listText = () => field.current?.value ?? "";
  const write = (text: string) => {
    if (field.current) field.current.value = text;
    count.value = countEntries(text);
  };
  const unfinished = useUnfinished(`${path}/units`, listId, listText, write);
  /** Another list: what was said of the one before holds no more. */
  const changed = () => {
    count.value = countEntries(listText());
    parsed.value = null;
    refused.value = [];
    listId.value = crypto.randomUUID();
    if (count.value === 0) unfinished.settle();
  };

  const work = async (job: () => Promise<void>) => {
    error.value = null;
    done.value = 0;
    try {
      await job();
    } catch (caught) {
      const facts = caught instanceof ApiError ? caught.problem.facts : undefined;
      refused.value = (facts?.refused as RefusedSerial[] | undefined) ?? [];
      if (refused.value.length === 0) error.value = caught;
    } finally {
      done.value = null;
    }
  };

  const check = () =>
    work(async () => {
      refused.value = [];
      parsed.value = await readList(listText(), ranges.value, part => {
        done.value = part;
      });
    });

  const good = parsed.value?.serial_nos ?? [];
  const numbers = parsed.value?.secondary_serials ?? [];

  const put = (serialNos: string[], takesUnexpected: boolean) =>
    work(async () => {
      const taken = new Set(serialNos.map(serial => serial.toLowerCase()));
      const body = {
        item_id: item.id,
        serial_nos: serialNos,
        ...details,
        takes_unexpected: takesUnexpected,
        secondary_serials: numbers.filter(each => taken.has(each.serial_no.toLowerCase())),
      };
      const of = JSON.stringify(body);
      if (asked.value.of !== of) asked.value = { id: crypto.randomUUID(), of };
      done.value = 0.9;
      const answer = await post<{ added: number }>(
        `${path}/units`,
        { id: asked.value.id, ...body },
        { timeoutMs: PATIENCE_MS },
      );
      write("");
      changed();
      onAdded(answer.added);
    });

  const mend = (text: string, right: string) => {
    const lines = listText().split("\n");
    const index = lines.findIndex(line => line.includes(text));
    if (index < 0) return;
    lines[index] = (lines[index] ?? "").replace(text, right);
    write(lines.filter(line => line.trim() !== "").join("\n"));
    listId.value = crypto.randomUUID();
    void check();
  };

  const bad = new Set(refused.value.map(each => each.serial_no));
  const isOnlyUnexpected =
    refused.value.length > 0 && refused.value.every(each => each.code === "serial_not_expected");
  const isBusy = done.value !== null;
  const kinds = item.secondary_kinds ?? [];
  return (
    <div class="form">
      <UnfinishedNote
        unfinished={unfinished}
        onAnew={() => {
          write("");
          changed();
        }}
      />
      <label>
        <span class="label">{t("type_serials")}</span>
        <textarea
          ref={field}
          class="serials-field"
          rows={6}
          spellcheck={false}
          autocapitalize="characters"
          placeholder={"NB25-0001\nNB25-0002\nSN-01::10"}
          onInput={changed}
        />
      </label>
      <p class="hint">{t("type_serials_hint")}</p>
      {kinds.length > 0 && (
        <p class="hint">{t("type_numbers_hint", { names: kinds.map(kind => `${kind}=…`).join(" ") })}</p>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={ranges.value}
          onChange={event => {
            ranges.value = event.currentTarget.checked;
            parsed.value = null;
          }}
        />
        {t("read_ranges")}
      </label>
      <button
        type="button"
        class="button"
        disabled={isBusy || count.value === 0}
        onClick={() => void check()}
      >
        <Icon name="search" />
        {t("check_entries", { count: count.value })}
      </button>
      {done.value !== null && <Progress value={done.value * 100} max={100} label={t("loading")} />}
      {error.value !== null && <Failure error={error.value} />}
      {parsed.value && (
        <section aria-live="polite" class="form">
          <p class="notice notice-accepted" data-testid="understood">
            <Icon name="check" />
            <span>
              {t("understood_serials", { count: good.length })}
              {good.length > 0 && (
                <span class="key-data">
                  {" "}
                  {good[0]}
                  {good.length > 1 && ` … ${good[good.length - 1]}`}
                </span>
              )}
              {numbers.length > 0 && ` · ${t("understood_numbers", { count: numbers.length })}`}
            </span>
          </p>
          {parsed.value.possible_ranges.length > 0 && (
            <p class="notice notice-warning">
              {t("maybe_ranges", { text: parsed.value.possible_ranges.slice(0, 3).join(", ") })}
            </p>
          )}
          {parsed.value.refused.length > 0 && (
            <Mending
              refused={parsed.value.refused.slice(0, SHOWN)}
              total={parsed.value.refused.length}
              mend={mend}
            />
          )}
          {refused.value.length > 0 && (
            <div class="notice notice-refused" role="alert">
              <div>
                <p class="notice-title">{t("serials_refused", { count: refused.value.length })}</p>
                <ul class="refused-list">
                  {refused.value.slice(0, SHOWN).map(each => (
                    <li key={each.index}>{each.message}</li>
                  ))}
                </ul>
                {isOnlyUnexpected && (
                  <button type="button" class="button" disabled={isBusy} onClick={() => void put(good, true)}>
                    {t("take_unexpected_all")}
                  </button>
                )}
                {good.length > bad.size && (
                  <button
                    type="button"
                    class="button"
                    disabled={isBusy}
                    onClick={() =>
                      void put(
                        good.filter(serial => !bad.has(serial)),
                        false,
                      )
                    }
                  >
                    {t("put_on_without", { count: good.length - bad.size })}
                  </button>
                )}
              </div>
            </div>
          )}
          <button
            type="button"
            class="button button-primary"
            disabled={isBusy || good.length === 0 || refused.value.length > 0}
            onClick={() => void put(good, false)}
          >
            <Icon name="check" />
            {t("put_on", { count: good.length })}
          </button>
        </section>
      )}
    </div>
  );
}

interface MendingProps {
  refused: ParsedList["refused"];
  total: number;
  mend: (text: string, right: string) => void;
}

/** What is no serial number, with its reason, and a field to mend each. */
function Mending({ refused, total, mend }: MendingProps) {
  return (
    <div class="notice notice-refused">
      <div>
        <p class="notice-title">{t("not_understood", { count: total })}</p>
        <ul class="refused-list">
          {refused.map((each, index) => (
            <li key={`${each.line} ${each.text} ${index}`}>
              <p>
                {t("line_no", { line: each.line })}: {each.message}
              </p>
              <form
                class="code-field"
                onSubmit={event => {
                  event.preventDefault();
                  mend(each.text, String(new FormData(event.currentTarget).get("right")).trim());
                }}
              >
                <label>
                  <span class="visually-hidden">{t("correct_entry", { text: each.text })}</span>
                  <input
                    name="right"
                    type="text"
                    defaultValue={each.text}
                    autocomplete="off"
                    spellcheck={false}
                  />
                </label>
                <button type="submit" class="button">
                  {t("correct")}
                </button>
              </form>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
