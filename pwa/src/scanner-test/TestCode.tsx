import { t } from "../i18n/t";
import { darkModules, MODULES } from "./test-code";

/** GS1 asks for one module; imagers that look at a screen are glad of more. */
const QUIET = 2;

/** The known code, black on white by day and by night. */
export function TestCode() {
  const size = MODULES + 2 * QUIET;
  return (
    <figure class="test-code">
      <svg
        viewBox={`${-QUIET} ${-QUIET} ${size} ${size}`}
        role="img"
        aria-label={t("scanner_test_code")}
        shape-rendering="crispEdges"
      >
        <rect x={-QUIET} y={-QUIET} width={size} height={size} fill="#fff" />
        <path d={darkModules()} fill="#000" />
      </svg>
      <figcaption>{t("scanner_test_code_lead")}</figcaption>
    </figure>
  );
}
