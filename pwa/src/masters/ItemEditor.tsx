import { useState } from "preact/hooks";
import { t } from "../i18n/t";
import { navigate } from "../router";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { Barcodes } from "./Barcodes";
import { SaveBar } from "./fields";
import { BLANK, ItemForm } from "./ItemForm";
import { ItemPicture } from "./ItemPicture";
import { Retire } from "./Retire";
import type { Item, ItemFields, Profile } from "./types";
import { useMaster } from "./use-master";

const LIST = "/api/masters/items";

/** One item: its settings, the codes that stand for it, its picture; `id` null makes a new one. */
export function ItemEditor({ id }: { id: string | null }) {
  const editor = useMaster<Item>(LIST, id);
  const { master } = editor;
  if (id !== null && !master) {
    return (
      <Screen title={t("item")}>
        {editor.error !== null ? <Failure error={editor.error} retry={editor.reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen
      title={master ? master.item_code : t("new_items")}
      over={<Link to="/masters/items">{t("masters_items")}</Link>}
      beside={master?.retired_at && <span class="chip">{t("is_retired")}</span>}
      class="masters"
    >
      <Form key={`${master?.version} ${editor.state}`} editor={editor} />
      {master && (
        <>
          <Barcodes item={master} onChange={editor.take} reload={editor.reload} />
          <ItemPicture item={master} onChange={editor.take} reload={editor.reload} />
          {may("masters.manage") && (
            <Retire<Item> address={`${LIST}/${master.id}`} master={master} onDone={editor.take} />
          )}
        </>
      )}
    </Screen>
  );
}

function Form({ editor }: { editor: ReturnType<typeof useMaster<Item>> }) {
  const { master } = editor;
  const profiles = useRead<{ profiles: Profile[] }>("/api/masters/profiles");
  const [code, setCode] = useState<string | null>(master?.item_code ?? null);
  const [fields, setFields] = useState<ItemFields>(master ?? BLANK);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    const body = Object.fromEntries(Object.keys(BLANK).map(key => [key, fields[key as keyof ItemFields]]));
    const saved = await editor.save(
      master
        ? { ...body, item_code: code ?? master.item_code }
        : { ...body, item_code: code, site: site.value?.id },
    );
    if (saved && !master) navigate(`/masters/items/${saved.id}`, { replace: true });
  };
  const mayEdit = may("masters.manage");
  return (
    <form class="form" onSubmit={event => void onSubmit(event)}>
      {editor.error !== null && <Failure error={editor.error} retry={master ? editor.reload : undefined} />}
      {master?.gaps.map(gap => (
        <p key={gap.field} class="notice notice-warning">
          {gap.message}
        </p>
      ))}
      <ItemForm
        code={code}
        onCode={setCode}
        fields={fields}
        onFields={setFields}
        profiles={profiles.value?.profiles ?? []}
        isNew={!master}
        isFixed={master?.has_units ?? false}
        isReadOnly={!mayEdit}
      />
      <ListNote of={profiles} />
      {mayEdit && <SaveBar isBusy={editor.isBusy} isNew={!master} />}
    </form>
  );
}
