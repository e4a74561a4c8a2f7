import { processingCase } from "../processing/processing-case";

/** What an upload of ordinary length takes. */
export const benchmark = processingCase({
  name: "process-long",
  clip: { size: "1920x1080", seconds: 600 },
  turns: { least: 2, most: 4 },
  onlyByName: "it takes over an hour",
});
