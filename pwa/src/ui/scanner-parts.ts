/** What is loaded only where somebody scans. */
export { BadLabelDialog } from "./BadLabelDialog";
export { PictureDialog } from "./PictureDialog";
export { ScanCamera } from "./ScanCamera";
