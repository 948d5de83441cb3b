import { useState } from "preact/hooks";
import type { Location } from "../api-types";
import { t, tOr } from "../i18n/t";
import { navigate, route } from "../router";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { ChoiceField, FieldGroup, NumberField, SaveBar, TextField } from "./fields";
import { MasterList } from "./MasterList";
import { Retire } from "./Retire";
import type { Place } from "./types";
import { useMaster } from "./use-master";

const LIST = "/api/masters/places";
const KINDS = ["warehouse", "bin", "reject"];

/** The places of the site, level by level in walking order; a search goes through all of them. */
export function PlaceList() {
  const inside = route.value.query.get("in");
  const parent = useRead<Place>(inside ? `${LIST}/${inside}` : null).value;
  if (!site.value) return null;
  const way = parent ? [...(parent.way ?? []), parent] : [];
  return (
    <MasterList<Place>
      key={inside}
      kind="places"
      query={`&site=${site.value.id}`}
      unsearched={`&parent_id=${inside ?? site.value.id}`}
      newAt={`/masters/places/new${inside ? `?in=${inside}` : ""}`}
      above={
        parent && (
          <nav class="way" aria-label={t("way")}>
            {way.map(step => (
              <Link
                key={step.id}
                to={step.id === site.value?.id ? "/masters/places" : `/masters/places?in=${step.id}`}
                class="button"
                isCurrent={step.id === parent.id}
              >
                {step.code}
              </Link>
            ))}
          </nav>
        )
      }
      card={place => (
        <div class="card card-row">
          <Link to={`/masters/places/${place.id}`} class="card-way">
            <span class="card-title">{place.code}</span> {place.name}
            <span class="card-text">
              {tOr(`place_${place.kind}`, place.kind)} · {t("walk_order_is", { order: place.walk_order })}
            </span>
          </Link>
          {place.places_inside > 0 && (
            <Link to={`/masters/places?in=${place.id}`} class="button">
              {t("places_inside", { count: place.places_inside })}
            </Link>
          )}
        </div>
      )}
    />
  );
}

/** One place; `id` null makes a new one. Another parent moves it with all that is in it. */
export function PlaceEditor({ id }: { id: string | null }) {
  const editor = useMaster<Place>(LIST, id);
  const { master } = editor;
  if (id !== null && !master) {
    return (
      <Screen title={t("place")}>
        {editor.error !== null ? <Failure error={editor.error} retry={editor.reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen
      title={master ? master.path : t("new_places")}
      over={<Link to="/masters/places">{t("masters_places")}</Link>}
      beside={master?.retired_at && <span class="chip">{t("is_retired")}</span>}
      class="masters"
    >
      <Form key={`${master?.version} ${editor.state}`} editor={editor} />
      {master && may("masters.manage") && (
        <Retire<Place> address={`${LIST}/${master.id}`} master={master} onDone={editor.take} />
      )}
    </Screen>
  );
}

function Form({ editor }: { editor: ReturnType<typeof useMaster<Place>> }) {
  const { master } = editor;
  const here = site.value;
  const all = useRead<{ locations: Location[] }>(here ? `/api/locations?site=${here.id}` : null);
  const [code, setCode] = useState<string | null>(master?.code ?? null);
  const [name, setName] = useState<string | null>(master?.name ?? null);
  const [kind, setKind] = useState(master?.kind ?? (route.value.query.get("in") ? "bin" : "warehouse"));
  const [parent, setParent] = useState(String(master?.parent_id ?? route.value.query.get("in") ?? here?.id));
  const [walkOrder, setWalkOrder] = useState<number | null>(master?.walk_order ?? 0);
  const parents = (all.value?.locations ?? []).filter(
    each => ["site", ...KINDS].includes(each.kind) && each.id !== master?.id,
  );
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    const body = { code, name, kind, parent_id: Number(parent), walk_order: walkOrder ?? 0 };
    const saved = await editor.save(master ? body : { ...body, site: here?.id });
    if (saved && !master) navigate(`/masters/places/${saved.id}`, { replace: true });
  };
  const mayEdit = may("masters.manage");
  return (
    <form class="form" onSubmit={event => void onSubmit(event)}>
      {editor.error !== null && <Failure error={editor.error} retry={master ? editor.reload : undefined} />}
      <fieldset class="form" disabled={!mayEdit} aria-label={t("place")}>
        <FieldGroup title={t("place")}>
          <TextField label={t("code")} value={code} most={64} isRequired onChange={setCode} />
          <TextField label={t("name")} value={name} isRequired onChange={setName} />
          <ChoiceField
            label={t("kind")}
            value={kind}
            values={KINDS}
            prefix="place"
            onChange={value => setKind(value ?? "bin")}
          />
          <div class="field">
            <label class="label" for="parent">
              {t("lies_in")}
            </label>
            <select id="parent" value={parent} onChange={event => setParent(event.currentTarget.value)}>
              {parents.map(each => (
                <option key={each.id} value={String(each.id)}>
                  {each.kind === "site" ? each.name : each.path}
                </option>
              ))}
            </select>
            <ListNote of={all} />
          </div>
          <NumberField
            label={t("walk_order")}
            value={walkOrder}
            most={1_000_000}
            hint={t("walk_order_hint")}
            onChange={setWalkOrder}
          />
        </FieldGroup>
      </fieldset>
      {mayEdit && <SaveBar isBusy={editor.isBusy} isNew={!master} />}
    </form>
  );
}
