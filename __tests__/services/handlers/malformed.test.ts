import type { Context } from "aws-lambda";
import fc from "fast-check";
import { STATUSES } from "../../../handlers/media/media";
import { httpHandler } from "../../../handlers/runtime/http";
import { createLog } from "../../../handlers/runtime/log";
import { aMedia } from "../../handlers/fakes";
import { aWorld, creator, etagOf } from "../../handlers/media/world";
import { faultOf } from "../../support/openapi";
import { requests } from "./generated-requests";

const REQUESTS = 100_000;
/** Number of requests after which the data is reset. */
const FRESH = 250;

const log = createLog({ service: "test", environment: "dev", level: "ERROR" });
const ids = Array.from({ length: 8 }, (_, n) => `00000000-0000-4000-8000-00000000abc${n}`);
const [, complete = "", busy = "", foreign = ""] = ids;

/**
 * Media in every status: an upload in progress, an upload with all its parts, media being processed, and media of
 * another creator.
 */
function freshHandler() {
  const rows = ids.map((id, index) => aMedia({ id, status: STATUSES[Math.max(0, index - 3)] ?? "ready" }));
  const world = aWorld(rows);
  for (const { id, status, visibility, sizeBytes } of rows) {
    const uploadId = status === "registered" ? `upload-of-${id}` : null;
    const owner = id === foreign ? "somebody-else" : creator;
    world.registry.known.set(id, {
      id,
      status,
      visibility,
      sizeBytes,
      owner,
      uploadId,
      removing: false,
      attempts: 0,
    });
    if (uploadId !== null) world.uploads.open.set(uploadId, { id, parts: new Map() });
  }
  world.uploads.put(`upload-of-${complete}`, 1, rows[1]?.sizeBytes ?? 0, etagOf(1));
  world.registry.busy.add(busy);
  return { world, handler: httpHandler(() => ({ app: world.app, log })) };
}

test(`${REQUESTS} generated requests get no 5xx, and only answers that the API's description promises`, async () => {
  let { world, handler } = freshHandler();
  const statuses = new Map<number, number>();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(requests({ ids, creator }), async (event) => {
      if (++count % FRESH === 0) ({ world, handler } = freshHandler());
      const { statusCode: status, body, multiValueHeaders = {} } = await handler(event, {} as Context);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const failures = world.log.lines.filter(({ level }) => level === "error");
      if (failures.length > 0 || status >= 500)
        throw new Error(`${status}: ${JSON.stringify(failures)} ${body}`);
      const contentType = multiValueHeaders["content-type"]?.[0]?.toString();
      const fault = faultOf(event.httpMethod, event.path, { status, body, contentType });
      if (fault !== undefined) throw new Error(`${event.httpMethod} ${event.path}: ${fault}`);
      if (multiValueHeaders["x-request-id"]?.[0] !== event.requestContext.requestId) throw new Error("no id");
    }),
    { numRuns: REQUESTS },
  );
  expect(count).toBe(REQUESTS);
  // Media for which every answer is reachable.
  for (const status of [200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 415]) {
    const answers = statuses.get(status) ?? 0;
    if (answers < 20) throw new Error(`only ${answers} requests were answered with ${status}`);
  }
});
