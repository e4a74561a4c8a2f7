import { group, type Settings, wholeNumber } from "../../lib/schema";

export const apiSchema = group({
  /**
   * Requests per second that the whole API takes, on average.
   * @risk What is beyond is answered with 429.
   */
  throttleRate: wholeNumber({ least: 1, most: 10_000, unit: "requests a second" }),
  /** Requests at once above that rate. */
  throttleBurst: wholeNumber({ least: 1, most: 5_000, unit: "requests" }),
});

export type ApiSettings = Settings<typeof apiSchema>;
