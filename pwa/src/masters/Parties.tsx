import { useState } from "preact/hooks";
import { t, tOr } from "../i18n/t";
import { navigate } from "../router";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { ChoiceField, FieldGroup, SaveBar, TextField } from "./fields";
import { MasterList } from "./MasterList";
import { Retire } from "./Retire";
import type { Party } from "./types";
import { useMaster } from "./use-master";

const LIST = "/api/masters/parties";

/** Suppliers and customers, with search over code, name and contact. */
export function PartyList() {
  return (
    <MasterList<Party>
      kind="parties"
      card={party => (
        <Link to={`/masters/parties/${party.id}`} class="card">
          <span>
            <span class="card-title">{party.code}</span> {party.name}
          </span>
          <span class="card-text">
            {tOr(`party_${party.kind}`, party.kind)}
            {party.contact && ` · ${party.contact}`}
          </span>
        </Link>
      )}
    />
  );
}

/** One supplier or customer; `id` null makes a new one. */
export function PartyEditor({ id }: { id: string | null }) {
  const editor = useMaster<Party>(LIST, id);
  const { master } = editor;
  if (id !== null && !master) {
    return (
      <Screen title={t("party")}>
        {editor.error !== null ? <Failure error={editor.error} retry={editor.reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen
      title={master ? master.code : t("new_parties")}
      over={<Link to="/masters/parties">{t("masters_parties")}</Link>}
      beside={master?.retired_at && <span class="chip">{t("is_retired")}</span>}
      class="masters"
    >
      <Form key={`${master?.version} ${editor.state}`} editor={editor} />
      {master && may("masters.manage") && (
        <Retire<Party> address={`${LIST}/${master.id}`} master={master} onDone={editor.take} />
      )}
    </Screen>
  );
}

function Form({ editor }: { editor: ReturnType<typeof useMaster<Party>> }) {
  const { master } = editor;
  const [code, setCode] = useState<string | null>(master?.code ?? null);
  const [kind, setKind] = useState<string>(master?.kind ?? "customer");
  const [name, setName] = useState<string | null>(master?.name ?? null);
  const [contact, setContact] = useState<string | null>(master?.contact ?? null);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    const body = { kind, name, contact };
    const saved = await editor.save(
      master ? { ...body, code: code ?? master.code } : { ...body, code, site: site.value?.id },
    );
    if (saved && !master) navigate(`/masters/parties/${saved.id}`, { replace: true });
  };
  const mayEdit = may("masters.manage");
  return (
    <form class="form" onSubmit={event => void onSubmit(event)}>
      {editor.error !== null && <Failure error={editor.error} retry={master ? editor.reload : undefined} />}
      <fieldset class="form" disabled={!mayEdit} aria-label={t("party")}>
        <FieldGroup title={t("party")}>
          <TextField
            label={t("code")}
            value={code}
            most={64}
            onChange={setCode}
            isRequired={master !== null}
            hint={master ? undefined : t("code_from_series")}
          />
          <ChoiceField
            label={t("kind")}
            value={kind}
            values={["customer", "supplier"]}
            prefix="party"
            disabled={master?.has_vouchers ?? false}
            onChange={value => setKind(value ?? "customer")}
          />
          <TextField label={t("name")} value={name} isRequired onChange={setName} />
          <TextField label={t("contact")} value={contact} onChange={setContact} />
        </FieldGroup>
      </fieldset>
      {mayEdit && <SaveBar isBusy={editor.isBusy} isNew={!master} />}
    </form>
  );
}
