import { tOr } from "../i18n/t";
import { CheckField } from "../masters/fields";

interface Props {
  title: string;
  values: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Words for a value: the text `<prefix>_<value>`. */
  prefix: string;
}

/** Any of some values, each with a box to tick. */
export function Choices({ title, values, chosen, onChange, prefix }: Props) {
  const choose = (value: string, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, value] : chosen.filter(each => each !== value));
  return (
    <fieldset class="program-choices">
      <legend class="label">{title}</legend>
      {values.map(value => (
        <CheckField
          key={value}
          label={tOr(`${prefix}_${value.replaceAll(".", "_")}`, value)}
          value={chosen.includes(value)}
          onChange={isChosen => choose(value, isChosen)}
        />
      ))}
    </fieldset>
  );
}
