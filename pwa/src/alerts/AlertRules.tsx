import "../styles/masters.css";
import { useState } from "preact/hooks";
import { t, time, tOr } from "../i18n/t";
import { ChoiceField, NumberField, TextField } from "../masters/fields";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { useSending } from "../ui/use-sending";
import type { AlertKind, AlertRule } from "./types";

interface Rules {
  rules: AlertRule[];
  kinds: AlertKind[];
  can_mail: boolean;
}

/** What the site is watched for, from which number on, and who gets a mail. */
export function AlertRules() {
  const { value, error, reload } = useRead<Rules>(
    site.value ? `/api/alert-rules?site=${site.value.id}` : null,
  );
  const kindOf = (rule: AlertRule) => value?.kinds.find(each => each.kind === rule.kind);
  return (
    <Screen title={t("alert_rules")} over={<Link to="/alerts">{t("alerts")}</Link>} class="masters alerts">
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value && <NewRule kinds={value.kinds} canMail={value.can_mail} reload={reload} />}
      {value?.rules.length === 0 && <p class="empty">{t("alert_rules_none")}</p>}
      <ul class="cards" data-testid="alert-rules">
        {value?.rules.map(rule => (
          <li key={`${rule.id} ${rule.threshold} ${rule.email}`} class="card">
            <Rule rule={rule} kind={kindOf(rule)} canMail={value.can_mail} reload={reload} />
          </li>
        ))}
      </ul>
    </Screen>
  );
}

interface FieldsProps {
  kind: AlertKind | undefined;
  threshold: number | null;
  email: string | null;
  canMail: boolean;
  setThreshold: (value: number | null) => void;
  setEmail: (value: string | null) => void;
}

function Fields({ kind, threshold, email, canMail, setThreshold, setEmail }: FieldsProps) {
  return (
    <>
      {kind?.unit && (
        <NumberField
          label={t(`alert_unit_${kind.unit}`)}
          value={threshold}
          least={kind.least ?? 0}
          most={kind.most ?? 0}
          onChange={setThreshold}
        />
      )}
      <TextField
        label={t("alert_email")}
        hint={t(canMail ? "alert_email_hint" : "alert_no_mail")}
        value={email}
        most={254}
        onChange={setEmail}
      />
    </>
  );
}

interface NewProps {
  kinds: AlertKind[];
  canMail: boolean;
  reload: () => void;
}

function NewRule({ kinds, canMail, reload }: NewProps) {
  const [id, setId] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<AlertKind | undefined>(kinds[0]);
  const [threshold, setThreshold] = useState<number | null>(kinds[0]?.usual ?? null);
  const [email, setEmail] = useState<string | null>(null);
  const { error, send } = useSending(reload);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    const wanted = { id, site: site.value?.id, kind: kind?.kind, threshold, email };
    if (await send("/api/alert-rules", wanted)) setId(crypto.randomUUID());
  };
  const choose = (name: string | null) => {
    const chosen = kinds.find(each => each.kind === name);
    setId(crypto.randomUUID());
    setKind(chosen);
    setThreshold(chosen?.usual ?? null);
  };
  return (
    <form onSubmit={event => void onSubmit(event)}>
      <fieldset class="field-group">
        <legend>{t("alert_new_rule")}</legend>
        <ChoiceField
          label={t("alert_kind")}
          hint={kind && tOr(`alert_about_${kind.kind}`, "")}
          value={kind?.kind ?? null}
          values={kinds.map(each => each.kind)}
          prefix="alert_kind"
          onChange={choose}
        />
        <Fields {...{ kind, threshold, email, canMail, setThreshold, setEmail }} />
        <button type="submit" class="button button-primary">
          <Icon name="check" />
          {t("alert_set")}
        </button>
        {error !== null && <Failure error={error} />}
      </fieldset>
    </form>
  );
}

interface RuleProps {
  rule: AlertRule;
  kind: AlertKind | undefined;
  canMail: boolean;
  reload: () => void;
}

function Rule({ rule, kind, canMail, reload }: RuleProps) {
  const [threshold, setThreshold] = useState(rule.threshold);
  const [email, setEmail] = useState(rule.email);
  const { error, send } = useSending(reload);
  const isChanged = threshold !== rule.threshold || email !== rule.email;
  const name = tOr(`alert_kind_${rule.kind}`, rule.kind);
  return (
    <form
      class="alert-rule"
      aria-label={name}
      onSubmit={event => {
        event.preventDefault();
        void send(`/api/alert-rules/${rule.id}`, { threshold, email });
      }}
    >
      <h2>{name}</h2>
      <Fields {...{ kind, threshold, email, canMail, setThreshold, setEmail }} />
      <p class="card-text">
        {t("alert_rule_told", { count: rule.alerts })} ·{" "}
        {t("alert_rule_by", { by: rule.made_by, at: time(rule.made_at) })}
      </p>
      <div class="alert-tools">
        {isChanged && (
          <button type="submit" class="button button-primary">
            {t("master_save")}
          </button>
        )}
        <button
          type="button"
          class="button"
          onClick={() => void send(`/api/alert-rules/${rule.id}/stop`, {})}
        >
          <Icon name="stop" />
          {t("alert_stop")}
        </button>
      </div>
      {error !== null && <Failure error={error} />}
    </form>
  );
}
