import { t } from "../i18n/t";

/** Attributes of a field for a quantity; who types anything else is told at the field what a quantity is. */
export const quantityField = () =>
  ({
    type: "text",
    inputMode: "decimal",
    autocomplete: "off",
    required: true,
    pattern: "(?=.*[1-9])[0-9]{1,9}([.,][0-9]{1,6})?",
    title: t("a_quantity_is"),
  }) as const;

/** A quantity as it was typed, for a route: "2,5" is 2.5. */
export const quantityOf = (typed: FormDataEntryValue | null): string =>
  String(typed).trim().replace(",", ".");
