import type { CorpusCase } from "../corpus-case";
import { CONTAINER_CASES } from "./containers";
import { EXTRA_CASES } from "./extras";
import { PICTURE_CASES } from "./picture";
import { SOUND_CASES } from "./sound";

/** Kinds of files that people upload, after public reports about other products. */
export const CORPUS: readonly CorpusCase[] = [
  ...CONTAINER_CASES,
  ...SOUND_CASES,
  ...PICTURE_CASES,
  ...EXTRA_CASES,
];
