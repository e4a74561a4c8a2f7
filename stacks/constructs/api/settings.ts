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

export type ApiSettings = Settings<typeof apiSchema>;
