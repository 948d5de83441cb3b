import { LANGUAGES, type Language, language, speak } from "../i18n/language";

/** A button for every language but the one that shows, each in its own words. */
export function LanguageChoice() {
  const others = (Object.keys(LANGUAGES) as Language[]).filter(each => each !== language);
  return others.map(each => (
    <button key={each} type="button" class="button" lang={each} onClick={() => speak(each)}>
      {LANGUAGES[each]}
    </button>
  ));
}
