import { eachRecord } from "../../../handlers/runtime/batch";
import { createLog } from "../../../handlers/runtime/log";

const log = createLog({ service: "consumer", environment: "scratch", level: "INFO" });

/** Handles every message except those marked as poison. */
export const handler = eachRecord({
  log,
  handle: ({ body, attributes }) => {
    if (body.includes("poison")) return Promise.reject(new Error("poison"));
    log.info("handled", { body, receives: attributes.ApproximateReceiveCount });
    return Promise.resolve();
  },
});
