/** The server's reading of pictures: one picture of a label, or a burst. */
import { post } from "./api";
import type { DecodedCode } from "./scan/decode-messages";

/** What `POST /api/frames` answers. */
interface FramesAnswer {
  codes: {
    text: string;
    /** Hexadecimal digits. */
    raw: string;
    symbology_identifier: string;
    corners: [number, number][];
    frame: number;
    confidence: { weak?: boolean };
  }[];
  reason: { code: string; message: string } | null;
  kept_id: number | null;
}

export interface ServerCode extends DecodedCode {
  /** Which picture of the burst the corners are in. */
  frame: number;
  /** Read once only, in a symbology that is misread now and then: a person must confirm it. */
  isWeak: boolean;
}

/** Why nothing was read, in the server's words. */
export interface Reason {
  code: string;
  message: string;
}

export interface Reading {
  codes: ServerCode[];
  reason: Reason | null;
}

/** Has the server read up to eight pictures of one label. */
export async function readByServer(pictures: Blob[], signal?: AbortSignal): Promise<Reading> {
  const answer = await post<FramesAnswer>("/api/frames", formOf(pictures), signal ? { signal } : {});
  return { codes: (answer.codes ?? []).map(codeOf), reason: answer.reason ?? null };
}

/** Gives the picture of a label that nobody can read to the supervisors of a site; its number there. */
export async function reportBadLabel(picture: Blob, siteId: number, note: string): Promise<number> {
  const form = formOf([picture]);
  form.set("keep", "bad_label");
  form.set("site", String(siteId));
  if (note.trim() !== "") form.set("note", note.trim());
  const answer = await post<FramesAnswer>("/api/frames", form);
  return answer.kept_id ?? 0;
}

function formOf(pictures: Blob[]): FormData {
  const form = new FormData();
  for (const [index, picture] of pictures.entries()) form.append("frame", picture, `label-${index}.jpg`);
  return form;
}

function codeOf({ text, raw, symbology_identifier, corners, frame, confidence }: FramesAnswer["codes"][0]) {
  return {
    text,
    raw: base64OfHex(raw),
    symbology: symbology_identifier,
    corners: corners.map(([x, y]) => ({ x, y })),
    frame,
    isWeak: confidence?.weak === true,
  };
}

function base64OfHex(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return btoa(String.fromCharCode(...bytes.map(byte => Number.parseInt(byte, 16))));
}
