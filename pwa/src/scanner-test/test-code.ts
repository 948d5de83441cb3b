/** A code whose content is known, so that what arrives can be compared with what was sent. */
const GS = "\u001d";

/**
 * GTIN, batch, separator, serial number. The letters and signs are those that other keyboard layouts than the
 * scanner's put elsewhere (QWERTZ, AZERTY), in both cases.
 */
export const TEST_TEXT = `010950600013435210aZ-1${GS}21qY/2_w`;

/** GS1 DataMatrix of `TEST_TEXT`, a row of 20 modules a number, the first module its highest bit. */
const ROWS =
  "aaaaa cf0af 8a584 bee49 ecdfa 82f7d 94506 b2651 e4508 d343d e0504 edf15 d7d74 e3e33 c5fc0 e806b 874e4 df1bd 9aef2 fffff";

export const MODULES = 20;

/** The dark modules as the path of an SVG, one unit a module. */
export function darkModules(): string {
  const rows = ROWS.split(" ").map(row => Number.parseInt(row, 16));
  let path = "";
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < MODULES; x++) if ((row >> (MODULES - 1 - x)) & 1) path += `M${x} ${y}h1v1h-1z`;
  }
  return path;
}
