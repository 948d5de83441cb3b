/** Our own line icons on a 24 × 24 grid, drawn in the colour of the text around them. */
const PATHS = {
  check: "M4 12.5l5.5 5.5L20 6.5",
  warning: "M12 3.5L22 20.5H2zM12 10v5M12 17.6v.2",
  stop: "M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM8.5 8.5l7 7M15.5 8.5l-7 7",
  clock: "M12 2.5a9.5 9.5 0 1 0 .01 0zM12 7v5.5l3.5 2",
  camera: "M3 7.5h4l2-3h6l2 3h4v12H3zM12 9.5a4 4 0 1 0 .01 0z",
  "camera-off": "M3 7.5h4l2-3h6l2 3h4v12H3zM3 3l18 18",
  picture: "M3 4.5h18v15H3zM3 17l5.500-6 4 4.500 3-3 5.500 5.500M16 8a1.500 1.500 0 1 0 .01 0z",
  torch: "M7 3h10v4l-2.5 4v10h-5V11L7 7zM7 7h10M12 13.5v2.5",
  switch: "M4 9h13l-4-4M20 15H7l4 4",
  undo: "M8 5L3.5 9.5 8 14M4 9.5h9.5a6 6 0 0 1 0 12H9",
  home: "M3 11.5L12 4l9 7.5M5.5 10v10h13V10M10 20v-6h4v6",
  search: "M10.5 3.5a7 7 0 1 0 .01 0zM16 16l5 5",
  board: "M3 4h18v13H3zM9 21h6M12 17v4M7 13V9.5M12 13V7M17 13v-2.5",
  outbox: "M12 14V3.5M7.5 8L12 3.5 16.5 8M3.5 13v7.5h17V13h-5l-1.5 3h-4L8.5 13z",
  back: "M14.5 4.5L7 12l7.5 7.5",
  forward: "M9.5 4.5L17 12l-7.5 7.5",
  user: "M12 3.5a4.5 4.5 0 1 0 .01 0zM3.5 21c.5-5 4-7.5 8.5-7.5s8 2.5 8.5 7.5",
  place: "M12 21.5c-4.5-5-7-8.5-7-12a7 7 0 0 1 14 0c0 3.5-2.5 7-7 12zM12 7a2.5 2.5 0 1 0 .01 0z",
  box: "M12 2.5l8.5 4.5v10L12 21.5 3.5 17V7zM3.5 7l8.5 4.5L20.5 7M12 11.5v10",
  boxes: "M3 13h8v7.5H3zM13 13h8v7.5h-8zM8 3.5h8V11H8z",
  close: "M5 5l14 14M19 5L5 19",
  expand: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  pause: "M8 4.5v15M16 4.5v15",
  play: "M7 4l13 8-13 8z",
  "no-network":
    "M3 3l18 18M5 12.5a10 10 0 0 1 4-2.5M19 12.5a10 10 0 0 0-4.5-2.700M8.5 16a5 5 0 0 1 6.5-.3M2 9a15 15 0 0 1 4.5-3M22 9a15 15 0 0 0-11-4.400M12 19.5v.2",
  damaged: "M12 2.5l8.5 4.5v10L12 21.5 3.5 17V7zM13.5 6l-3.5 5 4 2-3 5",
  download: "M12 3.5V15M7.5 10.5L12 15l4.5-4.5M4 20.5h16",
  theme: "M12 2.5a9.5 9.5 0 1 0 .01 0zM12 2.5v19M14.5 3.200v17.600M17 4.5v15M19.5 7v10",
  keyboard: "M2.5 6h19v12h-19zM6 10v.1M10 10v.1M14 10v.1M18 10v.1M7 14.5h10",
  receive: "M12 3v10M7.5 8.5L12 13l4.5-4.5M3.5 12v8.5h17V12",
  shield: "M12 2.5l8 3v6c0 5-3.5 8.5-8 10-4.5-1.500-8-5-8-10v-6z",
  logout: "M14 4H4v16h10M9 12h12M17 7.5l4.5 4.5-4.5 4.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
