import { processingCase } from "../processing/processing-case";

/** Long enough for what is done once for each video to have its true share. */
export const benchmark = processingCase({
  name: "process",
  clip: { size: "1280x720", seconds: 30 },
  turns: { least: 3, most: 10 },
});
