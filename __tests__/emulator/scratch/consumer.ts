import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { eachRecord } from "../../../handlers/runtime/batch";
import { createLog } from "../../../handlers/runtime/log";

const log = createLog({ service: "consumer", environment: "scratch", level: "INFO" });

/** Handles every message except those marked as poison. */
const handleEach = eachRecord({
  log,
  handle: ({ body, attributes }) => {
    if (body.includes("poison")) return Promise.reject(new Error("poison"));
    log.info("handled", { body, receives: attributes.ApproximateReceiveCount });
    return Promise.resolve();
  },
});

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => {
  log.info("batch", { bodies: event.Records.map(({ body }) => body) });
  return handleEach(event);
};
