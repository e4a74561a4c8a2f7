import { processingCase } from "../processing/processing-case";

/** Long enough for a realistic share of per-video work. */
export const benchmark = processingCase({
  name: "process",
  clip: { size: "1280x720", seconds: 30 },
  turns: { least: 3, most: 10 },
});
