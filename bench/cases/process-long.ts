import { processingCase } from "../processing/processing-case";

/** Processing of an upload of ordinary length. */
export const benchmark = processingCase({
  name: "process-long",
  clip: { size: "1920x1080", seconds: 600 },
  turns: { least: 2, most: 4 },
  onlyByName: "it takes over an hour",
});
