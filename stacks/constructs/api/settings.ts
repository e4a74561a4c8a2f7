import { group, type Settings, wholeNumber } from "../../lib/schema";

export const apiSchema = group({
  /**
   * Average requests per second for the whole API.
   * @risk Requests above it get 429.
   */
  throttleRate: wholeNumber({ least: 1, most: 10_000, unit: "requests per second" }),
  /** Burst of requests above that rate. */
  throttleBurst: wholeNumber({ least: 1, most: 5_000, unit: "requests" }),
});

/** What one creator may upload within 24 hours. */
export const quotasSchema = group({
  /**
   * Videos that are registered, also if they were deleted since.
   * @risk Uploads above it get 429, as with the other quotas.
   */
  videos: wholeNumber({ least: 1, most: 100_000, unit: "videos" }),
  /** Size of their sources together. */
  gibibytes: wholeNumber({ least: 1, most: 900_000, unit: "GiB" }),
  /**
   * Length of those that are ready: it is unknown before. Uploads are refused when it is reached. What was uploaded until then
   * is still processed: at most `quotas.videos` videos of 12 hours each, and `quotas.gibibytes` together.
   */
  minutes: wholeNumber({ least: 1, most: 1_000_000, unit: "minutes" }),
});

export type QuotasSettings = Settings<typeof quotasSchema>;
export type ApiSettings = Settings<typeof apiSchema>;
